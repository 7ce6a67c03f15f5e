"""A worker's session is lowered while it floods, and rises again."""

import pytest

from podium.worker.program.priority import FLOODING_NICENESS, LOOK_EVERY, QUIET_NICENESS, SessionPriority


class Kernel:
    def __init__(self, groups_sessions: bool = True) -> None:
        self.now = self.spent = 0.0
        self.set: list[int] = []
        self._groups_sessions = groups_sessions

    def set_niceness(self, niceness: int) -> bool:
        self.set.append(niceness)
        return self._groups_sessions

    def priority(self) -> SessionPriority:
        return SessionPriority(self.set_niceness, lambda: self.now, lambda: self.spent)

    def run(self, priority: SessionPriority, share: float, seconds: float = 2.0) -> None:
        for _ in range(round(seconds / LOOK_EVERY)):
            self.now += LOOK_EVERY
            self.spent += LOOK_EVERY * share
            priority.step()


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


def test_a_quiet_session_is_set_once(kernel: Kernel) -> None:
    kernel.run(kernel.priority(), 0.02)
    assert kernel.set == [QUIET_NICENESS]


def test_a_flood_lowers_it_once_and_its_end_raises_it(kernel: Kernel) -> None:
    priority = kernel.priority()
    kernel.run(priority, 0.9)
    assert kernel.set == [QUIET_NICENESS, FLOODING_NICENESS]
    kernel.run(priority, 0.02)
    assert kernel.set == [QUIET_NICENESS, FLOODING_NICENESS, QUIET_NICENESS]


def test_turns_in_quick_succession_are_not_looked_at(kernel: Kernel) -> None:
    priority = kernel.priority()
    kernel.now = kernel.spent = LOOK_EVERY / 2
    priority.step()
    assert kernel.set == [QUIET_NICENESS]


def test_where_sessions_are_not_grouped_nothing_is_tried_again() -> None:
    kernel = Kernel(groups_sessions=False)
    kernel.run(kernel.priority(), 0.9)
    assert kernel.set == [QUIET_NICENESS]
