"""Our hooks in a file of settings in JSON, where others may have theirs beside them."""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from podium.core.adapters.hooks import Hooks
from podium.hooks.command import hook_command, is_ours
from podium.hooks.json_edits import Edit, Style, added, applied, taken_out, undoing
from podium.hooks.json_text import Member, NoJson, Value, line_of, member, parse, plain

_HOOKS: Final = "hooks"


class Entry(msgspec.Struct, frozen=True):
    """One of our hooks, as it is or ought to be."""

    event: str
    matcher: Any
    hook: dict[str, Any]


def wanted(tool: str, hooks: Hooks) -> list[Entry]:
    """The entries that the tool ought to have."""
    hook: dict[str, Any] = {"type": "command", "command": hook_command(tool), "timeout": hooks.timeout}
    if hooks.named:
        hook = {"name": "podium", **hook}
    events = {(event.name, event.matcher): None for event in hooks.events}
    return [Entry(name, matcher, hook) for name, matcher in events]


def found(text: str) -> list[Entry]:
    """Our entries in ``text``. Raises NoJson."""
    root = parse(text)
    return [
        Entry(event.key, matcher if (matcher := _matcher(group)) is not None else "", plain(one.value))
        for event in _events(root)
        for group in event.value.members
        for one in _ours(group)
    ]


def put_in(text: str, entries: list[Entry]) -> tuple[str, list[list[Edit]]]:
    """``text`` with ``entries`` behind all that is there, and the edits that undo it, step by step.

    Raises NoJson, also where something else stands in their place.
    """
    style = Style(text)
    if parse(text) is None:
        tables: dict[str, list[Any]] = {}
        for entry in entries:
            tables.setdefault(entry.event, []).append(_group(entry))
        end = len(text)
        new = style.written({_HOOKS: tables}, 0, spread=True) + style.newline
        if text and not text.endswith("\n"):
            new = style.newline + new
        return text + new, [[Edit(end, end + len(new), "")]]
    undo: list[list[Edit]] = []
    for entry in entries:
        edits = _edits(text, style, entry)
        undo.insert(0, undoing(text, edits))
        text = applied(text, edits)
    return text, undo


def take_out(text: str) -> str:
    """``text`` without our entries, and without what held nothing else, no comment either. Raises NoJson."""
    root = parse(text)
    table = _table(root)
    if root is None or table is None:
        return text
    whole = [event for event in table.members if _wholly(event)]
    if whole and len(whole) == len(table.members) and not table.comments:
        return applied(text, taken_out(text, root, [one for one in root.members if one.value is table]))
    edits = taken_out(text, table, whole) if whole else []
    for event in _events(root):
        if event in whole:
            continue
        groups = [group for group in event.value.members if _all_ours(group)]
        edits += taken_out(text, event.value, groups) if groups else []
        for group in event.value.members:
            if group not in groups and (ours := _ours(group)):
                hooks = member(group.value, _HOOKS)
                assert hooks is not None
                edits += taken_out(text, hooks, ours)
    return applied(text, edits)


def is_empty(text: str) -> bool:
    """Whether nothing is set in ``text``, and nothing said in a comment. Raises NoJson."""
    return text.strip().replace(" ", "").replace("\n", "").replace("\r", "").replace("\t", "") in ("", "{}")


def _edits(text: str, style: Style, entry: Entry) -> list[Edit]:
    """The edits that add ``entry`` to the object in ``text``."""
    root = parse(text)
    if root is None or root.kind != "object":
        raise NoJson(1, "the settings are no object in braces")
    if [one.key for one in root.members].count(_HOOKS) > 1:
        raise NoJson(line_of(text, root.start), "“hooks” is there twice")
    table = member(root, _HOOKS)
    if table is None:
        return added(text, style, root, 0, _HOOKS, {entry.event: [_group(entry)]})
    if table.kind != "object":
        raise NoJson(line_of(text, table.start), "“hooks” is no object in braces")
    groups = member(table, entry.event)
    if groups is None:
        return added(text, style, table, 1, entry.event, [_group(entry)])
    if groups.kind != "array":
        raise NoJson(line_of(text, groups.start), f"“{entry.event}” is no list in brackets")
    return added(text, style, groups, 2, "", _group(entry))


def _group(entry: Entry) -> dict[str, Any]:
    matcher = {"matcher": entry.matcher} if entry.matcher else {}
    return {**matcher, _HOOKS: [entry.hook]}


def _table(root: Value | None) -> Value | None:
    table = member(root, _HOOKS) if root is not None else None
    return table if table is not None and table.kind == "object" else None


def _events(root: Value | None) -> Iterator[Member]:
    table = _table(root)
    for event in table.members if table is not None else ():
        if event.value.kind == "array":
            yield event


def _matcher(group: Member) -> Any:
    found = member(group.value, "matcher")
    return None if found is None else plain(found)


def _ours(group: Member) -> list[Member]:
    hooks = member(group.value, _HOOKS)
    if hooks is None or hooks.kind != "array":
        return []
    return [one for one in hooks.members if (said := member(one.value, "command")) and is_ours(plain(said))]


def _all_ours(group: Member) -> bool:
    hooks = member(group.value, _HOOKS)
    if hooks is None or not hooks.members or hooks.comments or group.value.comments:
        return False
    return len(_ours(group)) == len(hooks.members)


def _wholly(event: Member) -> bool:
    groups = event.value.members if event.value.kind == "array" else []
    return bool(groups) and not event.value.comments and all(map(_all_ours, groups))
