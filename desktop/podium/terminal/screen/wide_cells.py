"""Simple characters as what their columns hold.

Interpreted, as mypyc makes no dictionaries with a ``__missing__`` of their own.
"""

from typing import Final

from podium.terminal.screen.row import RIGHT_HALF
from podium.terminal.screen.width_tables import is_simple_wide

_MOST_CELLS: Final = 0x10000


class _Cells(dict[int, str]):
    """For ``str.translate``; worked out once each."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_CELLS:
            self.clear()
        char = chr(code)
        cell = self[code] = char + RIGHT_HALF if is_simple_wide(code) else char
        return cell


CELLS: Final = _Cells()
