"""PySide6 6.12.0 drops a reference to None with each call that returns nothing, and aborts after some thousand."""

import subprocess
import sys

SCRIPT = """
from PySide6.QtCore import QCoreApplication, QTimer
application = QCoreApplication([])
timer = QTimer()
for _ in range(200_000):
    timer.stop()
print("alive")
"""


def test_calls_that_return_nothing_leave_none_alone() -> None:
    # In a process of its own: what it guards against is an abort.
    result = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.strip()) == (0, "alive")
