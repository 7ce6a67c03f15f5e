"""The terminal engine: bytes in, screen out. It depends on neither PTY nor window.

xterm is the judge. Where we differ from it, we mean to:

- Wrapped lines reflow when the width changes, the cursor's own line too, and nothing is lost: what a smaller
  screen cuts off below the cursor, or on the alternate screen, comes back with the size unless it was erased or
  drawn over. xterm drops it.
- A wrap that was waiting goes on in new columns.
- Character widths go by grapheme cluster (emoji sequences, flags, VS16) and the newest tables.
- Invalid UTF-8, and C1 controls as characters, show as U+FFFD and are never executed.
- Nothing of the input is ever echoed and nothing about the window told: no title, size, checksum or clipboard
  reports, no DECREQTPARM, no pixel mouse, no VT52, no 132 columns, no double-size lines.
- Colour queries are answered with the window's own colours only.

``tests/terminal`` lists the cases: ``DELIBERATE`` against xterm, ``test_pyte.py`` against pyte.
"""

from podium.terminal.compat.cell import Cell
from podium.terminal.emulator import Emulator

__all__ = ["Cell", "Emulator"]
