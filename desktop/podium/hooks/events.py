"""What an event means that a tool has told one of its hooks."""

import re
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from podium.core.adapters.hooks import HookEvent, Hooks, HookState
from podium.core.agent_sessions import ToolSession, tool_session

_PLACE: Final = re.compile(r"\{([^{}]+)\}")
_MOST: Final = 400
"""Characters of a question."""


class HookSaid(msgspec.Struct, frozen=True):
    """What a hook says of its instance."""

    state: HookState | None
    """None: nothing is different."""
    question: str = ""
    session: ToolSession | None = None


def said(tool: str, hooks: Hooks, event: Mapping[str, Any]) -> HookSaid:
    """The meaning of ``event`` for the tool with these ``hooks``. Whatever it holds, nothing is raised."""
    id = _text(event.get("session_id")) or _text(event.get("sessionId"))
    session = tool_session(tool, id, _text(event.get("transcript_path")))
    known = next((one for one in hooks.events if _is(one, event)), None)
    if known is None:
        return HookSaid(None, "", session)
    waits = known.state is HookState.WAITING
    return HookSaid(known.state, _question(known.question, event) if waits else "", session)


def _is(known: HookEvent, event: Mapping[str, Any]) -> bool:
    return event.get("hook_event_name") == known.name and all(
        any(_same(_at(event, path), one) for one in values) for path, values in known.when.items()
    )


def _same(value: Any, wanted: Any) -> bool:
    return type(value) is type(wanted) and value == wanted


def _question(template: str, event: Mapping[str, Any]) -> str:
    def text(found: re.Match[str]) -> str:
        texts = (_text(_at(event, path)) for path in found[1].split("|"))
        return next((one for one in texts if one), "")

    return " ".join(_PLACE.sub(text, template).split())[:_MOST].rstrip(" :")


def _at(event: Any, path: str) -> Any:
    for key in path.split("."):
        if isinstance(event, Mapping):
            event = event.get(key)
        elif isinstance(event, list) and key.isdecimal():
            event = next(iter(event[int(key[:3]) :]), None)
        else:
            return None
    return event


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
