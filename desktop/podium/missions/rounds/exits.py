"""The exit codes of ``podium mission``, and how a mission may end."""

from typing import Final

import msgspec

from podium.core.protocol.exits import INTERRUPTED
from podium.core.protocol.exits import PARTLY_DONE as PARTLY_DONE

DONE: Final = 0
GATES_FAILING: Final = 1
BAD_FILE: Final = 2
CRASHED: Final = 70
"""A fault of Podium's own; apart from the codes that say how the mission went."""
STOPPED: Final = INTERRUPTED


class End(msgspec.Struct, frozen=True):
    """The end of a mission: ``what`` for the log, ``outcome`` and ``reason`` for the event."""

    code: int
    outcome: str
    what: str
    reason: str = ""

    @property
    def for_good(self) -> bool:
        """Nothing is left to resume."""
        return self.outcome != "stopped"


def stopped(what: str, reason: str) -> End:
    return End(STOPPED, "stopped", what, reason)
