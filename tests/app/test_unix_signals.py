"""Signal in, an orderly end out; in a process of its own, because handlers belong to the whole process."""

import subprocess
import sys

import pytest

_PROGRAM = """
import os, signal, sys
signal.signal(signal.SIGHUP, getattr(signal, sys.argv[1]))
from PySide6.QtCore import QCoreApplication, QTimer
from podium.app.startup.unix_signals import EndSignals
application = QCoreApplication([])
signals = EndSignals(lambda: (print("asked to end"), application.quit()))
QTimer.singleShot(0, lambda: os.kill(os.getpid(), getattr(signal, sys.argv[2])))
QTimer.singleShot(1000, application.quit)
application.exec()
"""


@pytest.mark.parametrize(
    ("hangup", "sent", "said"),
    [
        ("SIG_DFL", "SIGTERM", "asked to end\n"),
        ("SIG_DFL", "SIGINT", "asked to end\n"),
        ("SIG_DFL", "SIGHUP", "asked to end\n"),
        ("SIG_IGN", "SIGHUP", ""),  # nohup podium
    ],
)
def test_a_signal_ends_the_loop_unless_it_was_ignored_from_the_start(
    hangup: str, sent: str, said: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _PROGRAM, hangup, sent], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == (said, "", 0)
