"""What is remembered of checks for updates: when the last unasked one was, and which version was told."""

from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.private_files import read_small, write_private

_DAY_SECONDS: Final = 24 * 3600.0
_MOST_BYTES: Final = 4096


class _Memory(msgspec.Struct, frozen=True):
    checked: float = 0.0
    """Seconds since 1970."""
    told: str = ""


def begin_check(path: Path, now: float) -> bool:
    """Whether a day has passed since the last unasked check; if so, this one is written down.

    Raises OSError: what can't be written down must not be done, or it would be done at each start.
    """
    memory = _read(path)
    if 0 <= now - memory.checked < _DAY_SECONDS:
        return False
    _write(path, msgspec.structs.replace(memory, checked=now))
    return True


def tell_once(path: Path, version: str) -> bool:
    """Whether ``version`` was not told yet; if so, it is from now on. Raises OSError."""
    memory = _read(path)
    if memory.told == version:
        return False
    _write(path, msgspec.structs.replace(memory, told=version))
    return True


def _read(path: Path) -> _Memory:
    try:
        return msgspec.json.decode(read_small(path, _MOST_BYTES), type=_Memory)
    except (OSError, ValueError, RecursionError):  # Missing or damaged: it is written anew.
        return _Memory()


def _write(path: Path, memory: _Memory) -> None:
    write_private(path, msgspec.json.encode(memory), durable=False)
