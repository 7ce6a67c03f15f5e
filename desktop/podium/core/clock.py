"""Time as a dependency, so that tests can be in charge of it."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Seconds that only go forward; the origin means nothing."""

monotonic: Clock = time.monotonic
wall: Clock = time.time
"""Seconds since 1970; it may be set back."""
