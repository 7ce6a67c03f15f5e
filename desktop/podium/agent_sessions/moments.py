"""Times as tools write them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from podium.core.adapters.line_paths import Scope

_MILLISECONDS_FROM: Final = 1e11
"""Seconds since 1970 are less for three thousand years."""
_MOST: Final = 1e15


def moment_at(scope: Scope, paths: Sequence[str]) -> float | None:
    """The first time at one of ``paths``, in seconds since 1970; None when there is none."""
    for path in paths:
        for value in scope.values(path)[:10]:
            if (moment := moment_of(value)) is not None:
                return moment
    return None


def moment_of(value: Any) -> float | None:
    """Seconds or milliseconds since 1970, or a date and time (of UTC, unless it says another zone)."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        if not 0 < value < _MOST:
            return None
        return float(value) / 1000 if value >= _MILLISECONDS_FROM else float(value)
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        when = datetime.fromisoformat(value)
        return (when if when.tzinfo is not None else when.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
