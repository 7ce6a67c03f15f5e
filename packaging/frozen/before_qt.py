"""Runs before PyInstaller's own hook for PySide6, which loads Qt whatever the program is about to do.

A worker with Qt in it takes twice the time to start and twice the memory. So all that needs no window is carried out
here, and the process ends with it.
"""

import sys

from podium.__main__ import ENTRIES, main

if sys.argv[1:2] and (sys.argv[1] in ENTRIES or sys.argv[1] in ("serve", "--version", "--help", "-h")):
    sys.exit(main())
