"""The messages between whoever has a pattern searched for and ``podium pattern-search``, which does so."""

from typing import Final

import msgspec

from podium.core.finding.query import SearchQuery

MAX_FOUND: Final = 1024
"""Characters of what matched."""
_LENGTH_BYTES: Final = 4


class Search(msgspec.Struct, frozen=True, tag=True):
    """Look for ``pattern``, a regular expression, in ``text``."""

    pattern: str
    text: str


class SearchLines(msgspec.Struct, frozen=True, tag=True):
    """Look for all matches of a query in each of ``lines``. Places of the first ``most`` are wanted."""

    query: SearchQuery
    lines: tuple[str, ...]
    most: int


class Found(msgspec.Struct, frozen=True, tag=True):
    """The answer to one request: of a Search what matched, None for nothing; or why there is none, for a person."""

    text: str | None = None
    fault: str = ""
    last: bool = False
    """The process ends after this answer."""
    spans: tuple[tuple[int, int, int], ...] = ()
    """Of a SearchLines: number of the line, start and end of each match, in order."""
    count: int = 0
    """Of a SearchLines: the number of all matches."""


def framed(message: Search | SearchLines | Found) -> bytes:
    payload = msgspec.msgpack.encode(message)
    return len(payload).to_bytes(_LENGTH_BYTES, "big") + payload


def unframed(buffer: bytearray) -> bytes | None:
    """Take the first whole message's payload out of ``buffer``; None when there is none yet."""
    end = _LENGTH_BYTES + int.from_bytes(buffer[:_LENGTH_BYTES], "big")
    if len(buffer) < _LENGTH_BYTES or len(buffer) < end:
        return None
    payload = bytes(buffer[_LENGTH_BYTES:end])
    del buffer[:end]
    return payload
