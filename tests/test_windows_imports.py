"""Every module can be imported where Python lacks what it lacks on Windows, but for those that POSIX alone needs."""

import subprocess
import sys

POSIX_ONLY = {
    "podium.missions.reaper",
    "podium.worker.program.posix_pty",
}
"""Nothing imports these on Windows, and they say so themselves."""

_IMPORTS = """
import importlib, os, pathlib, pkgutil, select, signal, socket, sys
import podium

def names():
    return [module.name for module in pkgutil.walk_packages(podium.__path__, "podium.")]

# Once as it is, for the libraries: they know for themselves where they run, and only our own modules are put to the
# test.
for name in names():
    importlib.import_module(name)
for name in [name for name in sys.modules if name.partition(".")[0] == "podium"]:
    del sys.modules[name]
for name in ("fcntl", "grp", "posix", "ptyprocess", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for module, missing in {
    os: "fork forkpty openpty getsid setsid getpgid getuid geteuid getgid killpg set_blocking setpriority "
    "tcgetpgrp pidfd_open waitid WNOHANG WNOWAIT WEXITED P_ALL O_CLOEXEC O_NOFOLLOW O_DIRECTORY O_NONBLOCK O_NOCTTY "
    "fchmod pread pwrite sysconf mkfifo uname PRIO_PROCESS",
    select: "poll epoll",
    signal: "SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGSTOP SIGUSR1 SIGWINCH "
    "pthread_sigmask pidfd_send_signal SIG_SETMASK",
    socket: "AF_UNIX SO_PEERCRED",
}.items():
    for name in missing.split():
        if hasattr(module, name):
            delattr(module, name)
signal.SIGBREAK = signal.Signals(21)
# Paths go by os.name too, and those of Windows can't be made here.
sys.modules[pathlib.Path.__module__].WindowsPath = pathlib.PosixPath
sys.platform, os.name = "win32", "nt"
import podium
for name in names():
    try:
        importlib.import_module(name)
    except Exception as error:
        print(name, type(error).__name__)
"""


def test_every_module_can_be_imported_on_windows() -> None:
    done = subprocess.run([sys.executable, "-P", "-c", _IMPORTS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(done.stdout.splitlines()) == {f"{name} ImportError" for name in POSIX_ONLY}
