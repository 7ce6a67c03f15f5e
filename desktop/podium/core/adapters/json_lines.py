"""One line of a tool's output as a JSON object, whatever state it is in."""

import json
from typing import Any, Final

import msgspec

MAX_LINE_BYTES: Final = 16 << 20
"""Longer lines are skipped and counted."""


class Lines:
    """Cuts a stream into lines; holds at most one line of at most ``limit`` bytes."""

    def __init__(self, limit: int = MAX_LINE_BYTES) -> None:
        self._limit = limit
        self._parts: list[bytes] = []
        self._held = 0
        self._skipping = False
        self.skipped = 0
        """Lines that were longer than the limit."""

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that ``data`` completes, without their ends; empty ones too."""
        lines: list[bytes] = []
        *complete, rest = data.split(b"\n")
        for piece in complete:
            self._hold(piece)
            lines.extend(self._take())
        self._hold(rest)
        return lines

    def end(self) -> list[bytes]:
        """The last line, if it has no end."""
        return [line for line in self._take() if line]

    def _hold(self, piece: bytes) -> None:
        if self._skipping or not piece:
            return
        self._held += len(piece)
        if self._held > self._limit:
            self._skipping = True
            self._parts.clear()
            self.skipped += 1
        else:
            self._parts.append(piece)

    def _take(self) -> list[bytes]:
        line, skipped = b"".join(self._parts).rstrip(b"\r"), self._skipping
        self._parts.clear()
        self._held, self._skipping = 0, False
        return [] if skipped else [line]


def looks_like_json(line: bytes) -> bool:
    """Whether ``line`` was meant to be an object."""
    return line.lstrip()[:1] == b"{"


def json_object(line: bytes) -> dict[str, Any] | None:
    """The object on ``line``; None if there is none, as on a line that was cut or nests too deeply.

    Bad UTF-8 is replaced, and NaN and Infinity become null, so that one odd value does not lose the line.
    """
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError):
        value = _lenient(line)
    except RecursionError:
        return None
    return value if isinstance(value, dict) else None


def _lenient(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8", "replace"), parse_constant=lambda _: None, strict=False)
    except (ValueError, RecursionError):
        return None


def safe_text(text: str) -> str:
    """``text`` without halves of surrogate pairs, which could not be written anywhere."""
    return text.encode("utf-8", "replace").decode("utf-8")
