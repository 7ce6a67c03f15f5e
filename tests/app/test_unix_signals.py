"""Signal in, an orderly end out; in a process of its own, because handlers belong to the whole process."""

import subprocess
import sys
from pathlib import Path

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


_DESTROYED = """
import os, signal, sys
from PySide6.QtCore import QCoreApplication
from podium.app.startup.unix_signals import EndSignals
application = QCoreApplication([])
before = signal.signal(signal.SIGINT, lambda *_: print("handled"))
made = EndSignals(lambda: print("asked to end"))
waking = signal.set_wakeup_fd(-1)
signal.set_wakeup_fd(waking, warn_on_full_buffer=False)
{destroy}
reused = os.open(sys.argv[1], os.O_CREAT | os.O_RDWR)
os.dup2(reused, waking)
os.kill(os.getpid(), signal.SIGINT)
application.processEvents()
print(signal.set_wakeup_fd(-1), os.fstat(reused).st_size, signal.getsignal(signal.SIGTERM) is signal.SIG_DFL)
"""


@pytest.mark.parametrize("destroy", ["import shiboken6; shiboken6.delete(made)", "del made"])
def test_once_it_is_destroyed_signals_do_what_they_did_before(destroy: str, tmp_path: Path) -> None:
    program = _DESTROYED.format(destroy=destroy)
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(tmp_path / "file")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("handled\n-1 0 True\n", "", 0)
