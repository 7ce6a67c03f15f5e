"""The hooks of a tool: where its settings are, in which form, and what its events mean."""

import re
from enum import StrEnum
from typing import Any, Final

import msgspec

from podium.core.config.toml_file import AddFault

_PLACE: Final = re.compile(r"(\{[A-Z][A-Z0-9_]*\|[^{}|]+\}|[^{}|])+")
_FIX: Final = 'Write a path such as "{TOOL_HOME|~/.tool}/settings.json".'


class HooksFormat(StrEnum):
    """The form in which a tool takes hooks."""

    NONE = "none"
    """It has none, or none that are known."""
    GROUPS = "groups"
    """A JSON file of settings, comments allowed, with ``hooks``: for each event a list of groups, each with a list
    ``hooks`` of commands.
    """
    FILE = "file"
    """A file of our own in a folder that the tool reads."""


class HookState(StrEnum):
    """What a tool does once an event has happened."""

    WORKING = "working"
    WAITING = "waiting"
    """It asks a person."""
    DONE = "done"
    FAILED = "failed"
    OVER = "over"
    """The conversation has ended; what was said of it no longer holds."""


class HookEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One of a tool's events, which it tells as a JSON object. A *path* leads into it: ``tool_input.command``."""

    name: str
    """The value of ``hook_event_name``."""
    state: HookState | None = None
    """None: it changes nothing."""
    matcher: str = ""
    """For GROUPS: which of these events the tool is to tell; empty: all."""
    when: dict[str, tuple[Any, ...]] = {}
    """It means nothing unless all of these paths have one of their values."""
    question: str = ""
    """What a tool that waits asks: ``{path|other.path}`` is the text at the first path that leads to any."""


class Hooks(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known about a tool's hooks. Places are paths below the home folder or the project's folder;
    ``{VARIABLE|~/.tool}`` is the folder that a variable of the environment names, or else the one behind the bar.
    """

    format: HooksFormat = HooksFormat.NONE
    user: str = ""
    """The file for all that a person does."""
    project: str = ""
    """The file for one project; empty: there is none."""
    text: str = ""
    """For FILE: what it holds. ``{version}`` is the version of our hooks, ``{command}`` our command in quotes, as
    JSON has it.
    """
    timeout: int = 5
    """In the tool's own unit."""
    named: bool = False
    """The tool shows a hook by its ``name``."""
    otherwise: str = ""
    """What its state is known by without them, for a person."""
    note: str = ""
    """What a person has to know once they are installed."""
    tried: bool = False
    """They have been tried with the real tool."""
    events: tuple[HookEvent, ...] = ()


def check_hooks(hooks: Hooks, fault: AddFault) -> None:
    """Tell every fault of ``hooks`` that its types allow."""
    if hooks.format is HooksFormat.NONE:
        return
    for name, place in (("user", hooks.user), ("project", hooks.project)):
        if (name == "user" or place) and not _PLACE.fullmatch(place):
            fault(f"hooks.{name}", f"“{place[:80]}” is no place of a file.", _FIX)
    if not hooks.events:
        fault("hooks.events", "Nothing would be told.", "Add a table [[hooks.events]] for each event.")
    if hooks.format is HooksFormat.FILE and not hooks.text:
        fault("hooks.text", "It is missing.", "Add text = '''…''', what the file is to hold.")
    if not 0 < hooks.timeout <= 60_000:
        fault("hooks.timeout", "No tool waits for that long.", "Write a number from 1 to 60000.")
    for number, event in enumerate(hooks.events):
        if not event.name or not event.name.isprintable():
            fault(f"hooks.events[{number}].name", "No event is called so.", "Write the tool's own word.")
