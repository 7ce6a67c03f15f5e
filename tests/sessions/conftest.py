"""A hub over a backend without sessions, for the tests of this folder."""

import sys

import pytest

from podium.core.protocol.backend import WorkerState
from podium.sessions.hub import SessionHub
from tests.sessions.instances import A, B
from tests.workspace.doubles import FakeBackend


@pytest.fixture
def backend() -> FakeBackend:
    made = FakeBackend()
    for instance in (A, B):
        made.become(instance, WorkerState.RUNNING)
    return made


@pytest.fixture
def hub(backend: FakeBackend) -> SessionHub:
    return backend.hub


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """What receivers raised, as the program's crash reports hear of it."""
    heard: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: heard.append(error))
    return heard
