"""Two wheels in, what differs out. The sdist itself is built by ``make wheel``."""

import zipfile
from pathlib import Path

from tests.packaging_scripts.conftest import Load


def wheel(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/"), text)
    return path


def test_wheels_differ_where_a_file_is_missing_or_another(load: Load, tmp_path: Path) -> None:
    one = wheel(tmp_path / "one.whl", podium__a="1", podium__b="1", podium__c="1")
    other = wheel(tmp_path / "other.whl", podium__a="1", podium__b="2")
    assert load("check_sdist").differences(one, other) == ["podium/b", "podium/c"]


def test_the_commit_that_only_a_checkout_knows_is_no_difference(load: Load, tmp_path: Path) -> None:
    wheels = [
        tmp_path / "one.whl",
        tmp_path / "other.whl",
    ]
    for path, text in zip(wheels, ("1", "2"), strict=True):
        with zipfile.ZipFile(path, "w") as archive:
            for name in ("podium_resources/build.json", "podium-1.dist-info/RECORD"):
                archive.writestr(name, text)
    assert load("check_sdist").differences(*wheels) == []
