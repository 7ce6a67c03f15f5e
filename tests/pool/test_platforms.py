"""What other platforms lack is missed when it is used, not when the window is imported."""

import subprocess
import sys

_WINDOW_ON_WINDOWS = """
import os, pathlib, select, signal, sys
# The libraries know for themselves where they run; only our own modules are put to the test.
import concurrent.futures, psutil, pyte, selectors, socket, subprocess, tempfile
import PySide6.QtCore, PySide6.QtGui, PySide6.QtWidgets
for name in ("fcntl", "grp", "ptyprocess", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for module, names in {
    os: ("fork", "forkpty", "getsid", "killpg", "pidfd_open", "set_blocking", "setpriority", "tcgetpgrp"),
    select: ("epoll", "poll"),
    signal: ("SIGCONT", "SIGHUP", "SIGKILL", "SIGWINCH", "pthread_sigmask"),
    PySide6.QtCore.QProcess: ("UnixProcessFlag", "UnixProcessParameters", "setUnixProcessParameters"),
}.items():
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
signal.SIGBREAK = signal.Signals(21)
# Paths go by os.name too, and those of Windows can't be made here.
sys.modules[pathlib.Path.__module__].WindowsPath = pathlib.PosixPath
sys.platform, os.name = "win32", "nt"
import podium.pool.direct_sessions, podium.pool.worker_pool, podium.ui.main_window, podium.workspace.workspace
from podium.app.startup.unix_signals import EndSignals
application = PySide6.QtCore.QCoreApplication([])
EndSignals(lambda: None)
podium.pool.worker_pool.WorkerPool(object())
"""


def test_the_window_can_be_imported_without_posix() -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", _WINDOW_ON_WINDOWS], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
