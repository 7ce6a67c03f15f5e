"""``podium mission`` forked from a process that has imported it: importing takes as long as most missions of tests.

Arguments, environment, folder, output and exit code are those of a program that a shell has started under a pipe.
"""

import atexit
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


def run_forked(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float
) -> tuple[int, bytes]:
    """The exit code of ``podium mission ARGUMENTS``, and all that it wrote. Killed after ``timeout`` seconds: then
    raises TimeoutError.
    """
    order = [["mission", *arguments], os.fspath(folder), dict(environment)]
    ours, theirs = socket.socketpair()
    output, writing = os.pipe()
    with ours, os.fdopen(output, "rb", buffering=0) as reading, ours.makefile("rb") as replies:
        with theirs, os.fdopen(writing, "wb"):
            socket.send_fds(_server(os.getpid()), [b"."], [theirs.fileno(), writing])
        ours.sendall(json.dumps(order).encode())
        ours.shutdown(socket.SHUT_WR)
        mission = int(replies.readline())
        written, deadline = b"", time.monotonic() + timeout
        while True:
            if not select.select([reading], [], [], max(0.0, deadline - time.monotonic()))[0]:
                os.kill(mission, signal.SIGKILL)
                raise TimeoutError(f"podium mission {arguments} did not end: {written!r}")
            if not (data := reading.read(65536)):
                return int(replies.readline()), written
            written += data


@functools.cache
def _server(own: int) -> socket.socket:
    """The way to the process that forks missions for this one, ``own``; a fork of it gets another."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", __file__, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )

    def end() -> None:
        if os.getpid() == own:
            ours.close()
            process.wait(10)

    atexit.register(end)
    return ours


def _serve(connection: socket.socket) -> int:
    """Fork a mission for each order until there is nobody left to give one. Returns the mission's status in each."""
    from podium import __main__ as podium

    for name in ("command_line", "actions.check", "actions.clean", "actions.new", "actions.run"):
        importlib.import_module(f"podium.missions.{name}")
    gc.freeze()
    while True:
        data, descriptors, *_ = socket.recv_fds(connection, 1, 2)
        if not data:
            return 0
        output = descriptors[1]
        with socket.socket(fileno=descriptors[0]) as client:
            mission = os.fork()
            if mission == 0:
                connection.close()
                with client.makefile("rb") as order:
                    arguments, folder, environment = json.load(order)
                client.close()
                _become(folder, environment, output)
                return podium.main(arguments)
            os.close(output)
            client.sendall(b"%d\n" % mission)
            _, status = os.waitpid(mission, 0)
            client.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _become(folder: str, environment: Mapping[str, str], output: int) -> None:
    """Have what a program is started with."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape")  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)


if __name__ == "__main__":
    sys.exit(_serve(socket.socket(fileno=int(sys.argv[1]))))
