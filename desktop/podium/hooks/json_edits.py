"""Changes of a JSON text that leave every other character where it is."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from podium.hooks.json_text import Member, Value, skip_blanks

_LAST_COMMENT: Final = re.compile(r"[ \t\r\n]*\Z")
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_REST_OF_LINE: Final = re.compile(r"[ \t]*\r?\n")
_INDENT: Final = re.compile(r"\n([ \t]+)\S")


class Edit(msgspec.Struct, frozen=True):
    """``text`` takes the place of what is at ``start`` to ``end``."""

    start: int
    end: int
    text: str


def applied(text: str, edits: Sequence[Edit]) -> str:
    """``text`` with ``edits``, which do not overlap; those at one place in their order."""
    for edit in sorted(edits, key=lambda one: one.start)[::-1]:
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def undoing(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits that make ``text`` again of what ``applied`` has made of it."""
    undo, moved = [], 0
    for edit in sorted(edits, key=lambda one: one.start):
        start = edit.start + moved
        undo.append(Edit(start, start + len(edit.text), text[edit.start : edit.end]))
        moved += len(edit.text) - (edit.end - edit.start)
    return undo


class Style:
    """How a text is laid out."""

    def __init__(self, text: str) -> None:
        found = _INDENT.search(text)
        self._unit = found[1] if found else "  "
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def indent(self, depth: int) -> str:
        return self._unit * depth

    def written(self, value: Any, depth: int, *, spread: bool) -> str:
        """``value`` as JSON; its first line goes on in one that is there, at ``depth`` levels."""
        if not spread:
            return json.dumps(value, ensure_ascii=False)
        lines = json.dumps(value, ensure_ascii=False, indent=self._unit).split("\n")
        return (self.newline + self.indent(depth)).join(lines)


def added(text: str, style: Style, container: Value, depth: int, key: str, value: Any) -> list[Edit]:
    """Put a member, or an item where ``key`` is "", at the end of ``container``, which is ``depth`` levels deep."""
    # Whether its members stand on lines of their own. One without any goes by the whole text.
    spread = "\n" in (text[container.start : container.end] if container.members else text.strip())
    spread = spread or not (container.members or depth)
    name = f"{json.dumps(key, ensure_ascii=False)}: " if key else ""
    new = name + style.written(value, depth + 1, spread=spread) + ("," if container.trailing_comma else "")
    at, close = _before(text, container), container.end - 1
    edits = []
    if container.members and not container.trailing_comma:
        end = container.members[-1].value.end
        edits.append(Edit(end, end, ","))
    if not spread:
        return [*edits, Edit(at, at, (" " if container.members else "") + new)]
    new = style.newline + style.indent(depth + 1) + new
    if "\n" not in text[at:close]:
        new += style.newline + style.indent(depth)
    return [*edits, Edit(at, at, new)]


def taken_out(text: str, container: Value, unwanted: Sequence[Member]) -> list[Edit]:
    """Take ``unwanted`` members out of ``container``, each with its comma and the blanks before it."""
    edits = [
        Edit(_start(text, container, number), _end(text, one), "")
        for number, one in enumerate(container.members)
        if one in unwanted
    ]
    kept = [one for one in container.members if one not in unwanted]
    if not kept and not _rest(text, container, edits):
        return [Edit(container.start + 1, container.end - 1, "")]
    if kept and container.members[-1] in unwanted and not container.trailing_comma:
        comma = skip_blanks(text, kept[-1].value.end)
        edits.append(Edit(comma, comma + 1, ""))
    return edits


def _rest(text: str, container: Value, edits: Sequence[Edit]) -> str:
    """What would be left in ``container`` of comments."""
    inside, at = "", container.start + 1
    for edit in sorted(edits, key=lambda one: one.start):
        inside += text[at : edit.start]
        at = edit.end
    return (inside + text[at : container.end - 1]).strip()


def _start(text: str, container: Value, number: int) -> int:
    """The place from which on the member goes: the blanks before it go too, unless what follows it would become part of
    a comment then.
    """
    one = container.members[number]
    begin = _end(text, container.members[number - 1]) if number else container.start + 1
    at = _blanks_end(text, one.start)
    comments = _COMMENT.findall(text[begin:at])
    if comments and comments[-1].startswith("//") and not _REST_OF_LINE.match(text, _end(text, one)):
        return text.index("\n", at) + 1
    return at


def _end(text: str, one: Member) -> int:
    """The place behind ``one`` and its comma."""
    at = skip_blanks(text, one.value.end)
    return at + 1 if text[at : at + 1] == "," else one.value.end


def _blanks_end(text: str, at: int) -> int:
    """The place behind what stands before ``at`` and is no blank."""
    while text[at - 1] in " \t\r\n":
        at -= 1
    return at


def _before(text: str, container: Value) -> int:
    """The place behind the last member, comma or comment of ``container``."""
    inside = text[container.start + 1 : container.end - 1]
    found = _LAST_COMMENT.search(inside)
    assert found is not None
    return container.start + 1 + found.start()
