"""When Python looks for garbage: it does so in one go, and whoever holds the window up for that long is seen."""

import gc
from typing import Final

_COLLECT_AFTER: Final = 10_000
"""New objects between two looks for garbage. A frame makes a thousand, and none of them in circles."""
_COLLECT_AFTER_SERVING: Final = 1_000
"""With the control API: each request leaves a few circles, and a look at ten thousand objects of its thread would
hold up the window for several frames.
"""


def calm_collector(*, serving: bool = False) -> None:
    """Never walk through what is there by now again: that alone would take two frames' time."""
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER_SERVING if serving else _COLLECT_AFTER, 20, 50)
    gc.enable()
