"""``podium pattern-search``: searches texts for untrusted patterns, in a process that may end without harm.

A short pattern can ask for gigabytes or minutes already when it is compiled, where nothing can interrupt it. So a
session never compiles one: it asks this process, which has little memory, little time, and nothing to lose.
"""

import contextlib
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from podium.core.finding.pattern_messages import MAX_FOUND, Found, Search, SearchLines, framed, unframed
from podium.core.finding.query import SearchQuery

if TYPE_CHECKING:
    import regex

MEMORY_BYTES: Final = 128 << 20
"""Address space; about 40 MiB of it are needed to begin with."""
_KEPT_BYTES: Final = 64 << 20
"""A process that holds more ends after its answer: every session may have one."""
COMPILE_SECONDS: Final = 1
"""CPU time of one request at most, in whole seconds as the system counts it."""
MATCH_SECONDS: Final = 0.25
"""CPU time of one search at most."""
LINES_SECONDS: Final = 0.5
"""CPU time of a search of many lines, looked at after every few of them. Between two looks the system's limit holds."""
_CHECKED: Final = 16
_KEPT: Final = 64
"""Compiled patterns; as many as a session has watches."""
_FAULTS: Final = {
    "missing )": "Bracket is not closed",
    "unbalanced parenthesis": "Bracket was never opened",
    "unterminated character set": "Square bracket is not closed",
    "nothing to repeat": "Nothing to repeat",
    "multiple repeat": "Repeated twice",
    "bad escape (end of pattern)": "Nothing follows the backslash",
    "unknown extension": "Unknown kind of group",
    "bad character range": "The range goes backwards",
    "unknown group": "There is no such group",
    "missing <": "The group's name is not closed",
    "missing >": "The group's name is not closed",
}
"""What the compiler says of a half-typed pattern, in a few words."""


_Key = str | SearchQuery
"""What a compiled pattern is kept under."""


def search(wanted: Search | SearchLines, compiled: "dict[_Key, object]") -> Found:
    """Carry out one request. ``compiled`` keeps patterns for the next ones."""
    try:
        pattern = _compiled(wanted, compiled)
    except MemoryError:
        return Found(fault="The pattern needs too much memory; make its repeats smaller.")
    except Exception as error:  # The compiler raises nearly everything: regex.error, ValueError, IndexError …
        return Found(fault=_no_pattern(wanted, error))
    try:
        if isinstance(wanted, SearchLines):
            return _search_lines(pattern, wanted)
        found = pattern.search(wanted.text, timeout=MATCH_SECONDS)
    except TimeoutError:
        return Found(fault="The pattern takes too long; make it simpler.")
    except MemoryError:
        if len(compiled) > 1:
            compiled.clear()
            return search(wanted, compiled)
        return Found(fault="The pattern needs too much memory; make it simpler.")
    except Exception as error:
        return Found(fault=f"The pattern can't be searched for: {str(error)[:200]}.")
    return Found() if found is None else Found(found.group()[:MAX_FOUND])


def _compiled(wanted: Search | SearchLines, compiled: "dict[_Key, object]") -> "regex.Pattern[str]":
    """The pattern of a request. Raises whatever the compiler does."""
    import regex

    key: _Key = wanted.query if isinstance(wanted, SearchLines) else wanted.pattern
    pattern = compiled.get(key)
    if pattern is None:
        if isinstance(wanted, SearchLines):
            query = wanted.query
            flags = 0 if query.case else regex.IGNORECASE
            pattern = regex.compile(query.text, flags, cache_pattern=False)
            if query.word:
                # Compiled once more inside: alone it has to be right, too.
                pattern = regex.compile(rf"(?<!\w)(?:{query.text})(?!\w)", flags, cache_pattern=False)
        else:
            pattern = regex.compile(wanted.pattern, regex.MULTILINE, cache_pattern=False)
        if len(compiled) >= _KEPT:
            del compiled[next(iter(compiled))]
        compiled[key] = pattern
    assert isinstance(pattern, regex.Pattern)
    return pattern


def _no_pattern(wanted: Search | SearchLines, error: Exception) -> str:
    reason = str(error) or type(error).__name__
    if isinstance(wanted, Search):
        return f"“{wanted.pattern[:80]}” is no pattern: {reason[:200]}."
    known = next((text for part, text in _FAULTS.items() if part in reason), "")
    return known or f"Not a pattern: {reason[:120]}"


def _search_lines(pattern: "regex.Pattern[str]", wanted: SearchLines) -> Found:
    """Every line by itself. A line takes a moment, or so long that the system ends this process."""
    spans: list[tuple[int, int, int]] = []
    count = 0
    find = pattern.finditer
    until = time.process_time() + LINES_SECONDS
    for number, line in enumerate(wanted.lines):
        if not number % _CHECKED and time.process_time() >= until:
            return Found(fault="The pattern takes too long; make it simpler.")
        for found in find(line):
            start, end = found.span()
            if start < end:
                count += 1
                if count <= wanted.most:
                    spans.append((number, start, end))
    return Found(spans=tuple(spans), count=count)


def main(arguments: Sequence[str]) -> int:
    """Answer requests from stdin on stdout until stdin ends."""
    if arguments or sys.stdin is None or sys.stdin.isatty():
        print("podium pattern-search is started by Podium itself; run `podium` instead.", file=sys.stderr)
        return 2
    _limit_memory()
    decoder = msgspec.msgpack.Decoder[Search | SearchLines](Search | SearchLines)
    compiled: dict[_Key, object] = {}
    buffer = bytearray()
    while data := os.read(0, 1 << 16):
        buffer += data
        while (payload := unframed(buffer)) is not None:
            _limit_time()
            try:
                answer = search(decoder.decode(payload), compiled)
            except MemoryError:
                answer = Found(fault="The pattern needs too much memory; make it simpler.")
            last = _resident() > _KEPT_BYTES
            _write(framed(msgspec.structs.replace(answer, last=last)))
            if last:
                return 0
    return 0


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]


def _resident() -> int:
    """Bytes of memory that this process holds; 0 where /proc does not tell."""
    if sys.platform == "win32":
        return 0
    try:
        pages = int(Path("/proc/self/statm").read_bytes().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _limit_memory() -> None:
    if sys.platform == "win32":
        return  # What grows there is ended by its session, after ten seconds.
    import resource

    # Where a limit is not to be had (address space on macOS), the one on time still ends what grows.
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _limit_time() -> None:
    """Let the system end this process when the next request takes longer than it may."""
    if sys.platform == "win32":
        return
    import resource

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    used = int(time.process_time())
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (used + 1 + COMPILE_SECONDS, hard))
