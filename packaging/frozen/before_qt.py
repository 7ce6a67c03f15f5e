"""Runs before PyInstaller's own hook for PySide6, which loads Qt whatever the program is about to do.

A worker with Qt in it takes twice the time to start and twice the memory. So all that needs no window is carried out
here, and the process ends with it.
"""

import os
import sys

import pyimod02_importers

if sys.platform == "linux":
    # A new version may be put in place of this program while it runs. What it has not imported by then is read from the
    # file it was started from, which the system keeps as long as it is open here.
    archive = os.open(sys.executable, os.O_RDONLY | os.O_CLOEXEC)
    pyimod02_importers.pyz_archive._filename = f"/proc/self/fd/{archive}"

from podium.__main__ import ENTRIES, main

if sys.argv[1:2] and (sys.argv[1] in ENTRIES or sys.argv[1] in ("serve", "--version", "--help", "-h")):
    sys.exit(main())
