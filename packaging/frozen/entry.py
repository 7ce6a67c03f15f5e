"""The frozen program's script: ``podium ARGUMENTS``. What needs no window never gets here; see ``before_qt.py``."""

import sys

from podium.__main__ import main

sys.exit(main())
