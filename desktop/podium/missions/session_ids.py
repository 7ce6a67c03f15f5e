"""The ids by which tools name their sessions: kept for the next turn, and then an argument of a command line."""

from typing import Final

from podium.missions.text import one_line, shortened

_LONGEST: Final = 200
_SHOWN: Final = 60


def usable_session(id: str) -> bool:
    """Whether a session of this id can be gone on with: as an argument it must be no option, and nothing that a
    terminal or another program takes for more than a name.
    """
    return (
        0 < len(id) <= _LONGEST and not id.startswith("-") and id.isprintable() and not id[0].isspace()
    ) and id.strip() == id


def refusal(id: str) -> str:
    """The message about an id that can't be used."""
    shown = shortened(one_line(id), _SHOWN)
    return f"its session id “{shown}” can’t be used; the next turn starts a fresh session"
