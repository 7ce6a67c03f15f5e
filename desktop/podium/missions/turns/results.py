"""Results of an agent's turn."""

from typing import Any

import msgspec

from podium.core.costs import Cost


class AttemptResult(msgspec.Struct, frozen=True):
    """The outcome of one attempt. ``reason`` is why it failed, empty when it did not."""

    reason: str = ""
    summary: str = ""
    cost: Cost = Cost()
    done: bool = False
    session: str = ""
    totals: dict[str, Any] = {}
    """The tool's own count of the session, for its next turn."""
    transient: bool = False
    """The same may go better a little later."""
    retry_at: float | None = None
    """Seconds since 1970 before which it will not."""
    fresh: bool = False
    """The session to go on with is not there: try with a new one."""


class AgentResult(msgspec.Struct, frozen=True):
    """The result of one agent's turn, with all its attempts."""

    agent: str
    seconds: float = 0.0
    cost: Cost = Cost()
    summary: str = ""
    reason: str = ""
    """Why it failed; empty when it did not."""
    stopped: bool = False
    """It was made to end: by the person, a budget or the round's timeout."""
    done: bool = False
    """It says that nothing is left to do."""
    session: str = ""
