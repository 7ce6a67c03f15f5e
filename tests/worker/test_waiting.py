"""What a session wants in, what the loop waits for out."""

from types import SimpleNamespace
from typing import cast

import pytest

from podium.core.system.pipes.descriptors import READABLE
from podium.worker import loop as loop_module
from podium.worker.loop import SessionLoop, Transport
from podium.worker.session import Session

EVENTS, TRANSPORT = 40, 41


class PlayedPoller:
    def __init__(self) -> None:
        self.waited_for: dict[int, int] = {}
        self.timeout: float | None = -1

    def register(self, descriptor: int, events: int) -> None:
        self.waited_for[descriptor] = events

    def poll(self, timeout: float | None) -> list[tuple[int, int]]:
        self.timeout = timeout
        return []


class PausedSession:
    """Wants no events until a pause is over, and the pause is over as soon as it was asked once."""

    program = SimpleNamespace(
        wants_to_write=False,
        waiting_control=None,
        events=EVENTS,
        watch=SimpleNamespace(descriptor=None),
        flush=lambda: None,
    )
    reads_output = busy = False
    asked = 0

    @property
    def reads_events(self) -> bool:
        self.asked += 1
        return self.asked > 1

    def next_deadline(self) -> float | None:
        return None if self.reads_events else 1000.0

    def descriptors(self) -> dict[int, int]:
        return {}


def test_a_pause_that_ends_while_the_wait_is_put_together_is_not_waited_for_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    poller = PlayedPoller()
    monkeypatch.setattr(loop_module, "new_poller", lambda: poller)
    transport = cast(Transport, SimpleNamespace(read_descriptor=TRANSPORT, unsent=False))
    loop = SessionLoop(transport, 1, "test", clock=lambda: 999.0)
    loop._session = cast(Session, PausedSession())
    loop._wait()
    assert poller.waited_for[EVENTS] == READABLE
