"""A plugin for ``pytest -p tests.installed_copy``: the tests run on an installed Podium, or not at all."""

import sysconfig
from pathlib import Path

import pytest

import podium
import podium_resources


def pytest_sessionstart() -> None:
    site = Path(sysconfig.get_path("purelib")).resolve()
    for module in (podium, podium_resources):
        place = Path(str(module.__file__)).resolve()
        if not place.is_relative_to(site):
            pytest.exit(f"{module.__name__} was imported from {place}, not from {site}.", returncode=4)


def pytest_report_header() -> str:
    return f"podium is installed in {Path(str(podium.__file__)).parent}"
