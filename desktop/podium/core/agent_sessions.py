"""A conversation of an agent's tool in an instance, as the tool itself names it."""

import re
from typing import Final

import msgspec

MAX_TRANSCRIPT: Final = 4096
"""Characters of a path."""
_TOOL: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")
_SESSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")


class ToolSession(msgspec.Struct, frozen=True):
    """The conversation that a hook or a program told of."""

    tool: str
    """The name of its adapter."""
    session: str
    """The tool's own id of it."""
    transcript: str = ""
    """The absolute path of what the tool writes of it; "" when it is not told. It may not be there."""


def tool_session(tool: str, session: str, transcript: str = "") -> ToolSession | None:
    """What was told, or None where a tool or session can't be called so: ids become words of command lines.

    A transcript that is no absolute path in one line is left out.
    """
    if not (_TOOL.fullmatch(tool) and _SESSION.fullmatch(session)):
        return None
    usable = len(transcript) <= MAX_TRANSCRIPT and transcript.isprintable() and transcript.startswith("/")
    return ToolSession(tool, session, transcript if usable else "")
