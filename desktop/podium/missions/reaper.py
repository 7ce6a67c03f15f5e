"""The parent of every agent, gate and set-up command of ``podium mission``: it inherits their orphans and ends them.

    reaper.py CONTROL STATUS KEPT PROGRAM [ARGUMENT …]

CONTROL, STATUS and KEPT are descriptors, KEPT those that the program alone gets, with commas. Lines on STATUS:
``started PID INHERITS`` (1 where orphans are inherited), ``failed ERRNO`` (it could not be started), ``exited CODE``
(negative: by a signal), ``empty`` (nothing lives any more). Bytes on CONTROL: ``t`` asks all that lives to end, ``k``
kills it, and its end means that the mission is gone: both, one after the other.

A process of its own, so that the mission's death is noticed and one program's orphans are never taken for another's.
It starts before every agent, so it needs no more than a little of the standard library.
"""

import os
import select
import signal
import sys
import time

if sys.platform == "win32":
    raise ImportError("It forks, which Windows can't.")

_LINGER = 1.0
_GRACE = 1.0
_POLL = 0.02
_PATIENCE = 2.0
_KILL_SECONDS, _KILL_POLL = 0.1, 0.001
_MOST_AT_ONCE = 500
_PR_SET_CHILD_SUBREAPER, _PR_SET_NAME = 36, 15


def main(arguments: list[str]) -> int:
    if len(arguments) < 4:
        os.write(2, b"podium mission-reaper is started by podium mission itself.\n")
        return 2
    control, status = int(arguments[0]), int(arguments[1])
    kept = [int(number) for number in arguments[2].split(",") if number]
    inherits = _become_subreaper()
    wake, woken = os.pipe()
    for descriptor in (wake, woken):
        os.set_blocking(descriptor, False)
    for descriptor in (control, status):
        os.set_inheritable(descriptor, False)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # A handler, not SIG_IGN, which the program would inherit.
    mission = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:  # nohup wants the mission to go on.
            # The program means the mission when it signals its parent. This process ends when the others have.
            signal.signal(number, lambda number, _: _forward(number, mission))
    program = _start(arguments[3:], status)
    if program is None:
        return 0
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2, *kept):
        os.dup2(null, descriptor, inheritable=False)
    _report(status, f"started {program} {int(inherits)}")
    poller = select.poll()
    poller.register(wake, select.POLLIN)
    poller.register(control, select.POLLIN)
    while _reap(program, status):
        ready = [descriptor for descriptor, _ in poller.poll()]
        if wake in ready:
            os.read(wake, 512)
        if control in ready:
            orders = os.read(control, 16)
            if not orders:
                _end_all(program, status)
                return 1
            _signal(signal.SIGKILL if b"k" in orders else signal.SIGTERM)
            if b"k" in orders:
                _kill_all(program, status)
    _report(status, "empty")
    return 0


def _forward(number: int, mission: int) -> None:
    if os.getppid() == mission:  # Otherwise it is gone, and what became the parent is somebody else.
        os.kill(mission, number)


def _start(argv: list[str], status: int) -> int | None:
    """The pid of the program once it runs, or None after telling why it does not."""
    failed, failure = os.pipe()
    try:
        pid = os.fork()
    except OSError as error:
        _report(status, f"failed {error.errno}")
        return None
    if pid == 0:
        try:
            os.setsid()
            for name in ("SIGPIPE", "SIGXFSZ", "SIGXFZ"):  # Python ignores them, and that would last.
                if hasattr(signal, name):
                    signal.signal(getattr(signal, name), signal.SIG_DFL)
            os.execvp(argv[0], argv)
        except OSError as error:
            os.write(failure, str(error.errno).encode())
        finally:
            os._exit(127)
    os.close(failure)
    number = os.read(failed, 64)
    os.close(failed)
    if not number:
        return pid
    os.waitpid(pid, 0)
    _report(status, f"failed {number.decode()}")
    return None


def _reap(program: int, status: int) -> bool:
    """Reap what has ended, as much as may come at once. False when there is no child left."""
    for _ in range(_MOST_AT_ONCE):
        try:
            pid, code = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == program:
            _report(status, f"exited {os.waitstatus_to_exitcode(code)}")
        if pid == 0:
            return True
    return True


def _end_all(program: int, status: int) -> None:
    """The mission is gone: what runs may come to an end, is asked to, is killed."""
    _wait(program, status, _LINGER)
    _signal(signal.SIGTERM)
    _wait(program, status, _GRACE)
    _kill_all(program, status)


def _wait(program: int, status: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _reap(program, status) and time.monotonic() < deadline:
        time.sleep(_POLL)


def _kill_all(program: int, status: int) -> None:
    # Again and again: one may fork while the list is made.
    deadline = time.monotonic() + _PATIENCE
    while _reap(program, status) and time.monotonic() < deadline:
        _signal(signal.SIGKILL)
        _kill_new_children(program, status)


def _kill_new_children(program: int, status: int) -> None:
    """For a moment, kill each child as soon as it is there: what forks and exits all the time has a new pid at each
    look at all processes.
    """
    seen: set[int] = set()
    own = os.getpid()
    deadline = time.monotonic() + _KILL_SECONDS
    while _reap(program, status) and time.monotonic() < deadline:
        new = set(_all_pids()) - seen
        seen |= new
        for pid in new:
            if _parent(pid) == own:  # Only this process reaps it, so the number stays its own.
                os.kill(pid, signal.SIGKILL)
        time.sleep(_KILL_POLL)


def _signal(number: signal.Signals) -> None:
    for pid in _descendants():
        try:
            os.kill(pid, number)
            if number == signal.SIGTERM:
                os.kill(pid, signal.SIGCONT)
        except OSError:
            pass  # It has gone, or is somebody else's.


def _descendants() -> list[int]:
    """The pids of all that lives below this process, the nearest first; Linux only."""
    children: dict[int, list[int]] = {}
    for pid in _all_pids():
        children.setdefault(_parent(pid), []).append(pid)
    found: list[int] = []
    waiting = [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(0), [])
        found += below
        waiting += below
    return found


def _all_pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - pathlib loads slowly.
    except OSError:
        return []


def _parent(pid: int) -> int:
    """0 for what has ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            data = file.read()
    except OSError:
        return 0
    state, parent = data[data.rindex(b")") + 2 :].split(None, 2)[:2]
    return 0 if state in b"ZX" else int(parent)


def _become_subreaper() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    try:
        import ctypes

        prctl = ctypes.CDLL(None).prctl
        prctl(_PR_SET_NAME, ctypes.c_char_p(b"podium-reaper"))
        zero = ctypes.c_ulong(0)
        return bool(prctl(_PR_SET_CHILD_SUBREAPER, ctypes.c_ulong(1), zero, zero, zero) == 0)
    except (ImportError, OSError, AttributeError):
        return False


def _report(status: int, line: str) -> None:
    try:
        os.write(status, line.encode() + b"\n")
    except OSError:
        pass  # The mission is gone.


if __name__ == "__main__":
    # Nothing is to be tidied up, and it would take as long as the start.
    os._exit(main(sys.argv[1:]))
