"""``podium pattern-search``: searches texts for untrusted patterns, in a process that may end without harm.

A short pattern can ask for gigabytes or minutes already when it is compiled, where nothing can interrupt it. So a
session never compiles one: it asks this process, which has little memory, little time, and nothing to lose.
"""

import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

MEMORY_BYTES: Final = 128 << 20
"""Address space; about 40 MiB of it are needed to begin with."""
_KEPT_BYTES: Final = 64 << 20
"""A process that holds more ends after its answer: every session may have one."""
COMPILE_SECONDS: Final = 1
"""CPU time of one request at most, in whole seconds as the system counts it."""
MATCH_SECONDS: Final = 0.25
"""CPU time of one search at most."""
MAX_FOUND: Final = 1024
"""Characters of what matched."""
_KEPT: Final = 64
"""Compiled patterns; as many as a session has watches."""
_LENGTH_BYTES: Final = 4


class Search(msgspec.Struct, frozen=True):
    """Look for ``pattern``, a regular expression, in ``text``."""

    pattern: str
    text: str


class Found(msgspec.Struct, frozen=True):
    """The answer to one Search: what matched, None for nothing; or why there is none, for a person."""

    text: str | None = None
    fault: str = ""
    last: bool = False
    """The process ends after this answer."""


def framed(message: Search | Found) -> bytes:
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


def search(wanted: Search, compiled: "dict[str, object]") -> Found:
    """Carry out one request. ``compiled`` keeps patterns for the next ones."""
    import regex

    pattern = compiled.get(wanted.pattern)
    if pattern is None:
        try:
            pattern = regex.compile(wanted.pattern, regex.MULTILINE, cache_pattern=False)
        except MemoryError:
            return Found(fault="The pattern needs too much memory; make its repeats smaller.")
        except (
            Exception
        ) as error:  # The compiler raises nearly everything: regex.error, ValueError, IndexError …
            reason = str(error) or type(error).__name__
            return Found(fault=f"“{wanted.pattern[:80]}” is no pattern: {reason[:200]}.")
        if len(compiled) >= _KEPT:
            del compiled[next(iter(compiled))]
        compiled[wanted.pattern] = pattern
    assert isinstance(pattern, regex.Pattern)
    try:
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


def main(arguments: Sequence[str]) -> int:
    """Answer requests from stdin on stdout until stdin ends."""
    if arguments or sys.stdin is None or sys.stdin.isatty():
        print("podium pattern-search is started by Podium itself; run `podium` instead.", file=sys.stderr)
        return 2
    _limit_memory()
    decoder = msgspec.msgpack.Decoder(Search)
    compiled: dict[str, object] = {}
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
    import time

    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    used = int(time.process_time())
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (used + 1 + COMPILE_SECONDS, hard))
