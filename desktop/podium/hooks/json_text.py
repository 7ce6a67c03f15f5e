"""JSON with comments, read with the places of its values, so that one can be changed and all else stays as it is."""

import json
import re
from typing import Any, Final

import msgspec

_BLANK: Final = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_SCALAR: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w)")
_DEEPEST: Final = 100
_DECODER: Final = json.JSONDecoder()


class NoJson(Exception):
    """The text is no JSON. ``line`` counts from 1; the message is for a person."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


class Value(msgspec.Struct):
    """A value at ``start`` to ``end`` of the text. ``members`` are those of an object or the items of an array."""

    start: int
    end: int = 0
    kind: str = "scalar"
    """``object``, ``array`` or ``scalar``."""
    plain: Any = None
    """The value of a scalar."""
    members: "list[Member]" = []
    trailing_comma: bool = False
    comments: bool = False
    """There are some between its members."""


class Member(msgspec.Struct):
    """A member of an object, from its key on, or an item of an array, whose key is ""."""

    start: int
    key: str
    value: Value


def parse(text: str) -> Value | None:
    """The value that ``text`` holds; None when there are only blanks and comments. Raises NoJson."""
    at = skip_blanks(text, 0)
    if at == len(text):
        return None
    value = _value(text, at, 0)
    if (at := skip_blanks(text, value.end)) != len(text):
        raise _wrong(text, at, "there is something after the end of the value")
    return value


def member(value: Value, key: str) -> Value | None:
    """The value of ``key``; the last one, as in all readers, where it is there twice."""
    found = [one.value for one in value.members if one.key == key] if value.kind == "object" else []
    return found[-1] if found else None


def plain(value: Value) -> Any:
    """``value`` as Python's own."""
    if value.kind == "object":
        return {one.key: plain(one.value) for one in value.members}
    if value.kind == "array":
        return [plain(one.value) for one in value.members]
    return value.plain


def line_of(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _value(text: str, at: int, depth: int) -> Value:
    first = text[at : at + 1]
    if first == "{" or first == "[":
        if depth >= _DEEPEST:
            raise _wrong(text, at, f"it is nested more than {_DEEPEST} deep")
        return _container(text, at, depth)
    if first == '"':
        content, end = _string(text, at)
        return Value(at, end, plain=content)
    if (found := _SCALAR.match(text, at)) is None:
        what = f"“{text[at : at + 12].split()[0]}” is no value" if first.strip() else "the end is missing"
        raise _wrong(text, at, what)
    # As in JavaScript no number is too long.
    return Value(at, found.end(), plain=json.loads(found[0], parse_int=float))


def _container(text: str, start: int, depth: int) -> Value:
    value = Value(start, kind="object" if text[start] == "{" else "array")
    close = "}" if value.kind == "object" else "]"

    def skip(at: int) -> int:
        end = skip_blanks(text, at)
        value.comments = value.comments or "/" in text[at:end]
        return end

    at = skip(start + 1)
    while text[at : at + 1] != close:
        began, key = at, ""
        if value.kind == "object":
            key, at = _key(text, at)
            at = skip(at)
            if text[at : at + 1] != ":":
                raise _wrong(text, at, f"a colon is missing after “{key[:40]}”")
            at = skip(at + 1)
        one = _value(text, at, depth + 1)
        value.members.append(Member(began, key, one))
        at = skip(one.end)
        value.trailing_comma = text[at : at + 1] == ","
        if value.trailing_comma:
            at = skip(at + 1)
        elif text[at : at + 1] != close:
            raise _wrong(
                text, at, "a comma or the end is missing" if at < len(text) else "the end is missing"
            )
    value.end = at + 1
    return value


def _key(text: str, at: int) -> tuple[str, int]:
    if at >= len(text):
        raise _wrong(text, at, "the end is missing")
    if text[at] != '"':
        raise _wrong(text, at, "a name in double quotes is missing")
    return _string(text, at)


def _string(text: str, at: int) -> tuple[str, int]:
    try:
        content, end = _DECODER.raw_decode(text, at)
    except json.JSONDecodeError as error:
        raise _wrong(
            text, error.pos, "a text in quotes has no end, or a character that must be escaped"
        ) from None
    return str(content), end


def skip_blanks(text: str, at: int) -> int:
    """The end of the blanks and comments that begin at ``at``."""
    found = _BLANK.match(text, at)
    assert found is not None
    if text.startswith("/*", found.end()):
        raise _wrong(text, found.end(), "a comment has no end")
    return found.end()


def _wrong(text: str, at: int, reason: str) -> NoJson:
    return NoJson(line_of(text, min(at, len(text))), reason)
