"""A workspace over a backend without sessions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def workspace(backend: FakeBackend, time: Time, qapp: object) -> Iterator[Workspace]:
    made = Workspace(backend.hub, {"PATH": "/bin", "SHELL": "/bin/sh"}, time)
    yield made
    made.deleteLater()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where screens are kept."""
    return tmp_path / "screens"
