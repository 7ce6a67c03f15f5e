"""A real Podium with real programs, driven from outside."""

from collections.abc import Callable

import pytest

from tests.control.running import Running


@pytest.fixture
def podium(run: Callable[..., Running]) -> Running:
    return run()


@pytest.fixture(params=["pool", "no pool"])
def either(request: pytest.FixtureRequest, run: Callable[..., Running]) -> Running:
    return run() if request.param == "pool" else run("--no-pool")
