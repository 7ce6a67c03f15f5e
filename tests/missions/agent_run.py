"""Runs an agent's command line as a mission does, and reads it with an AgentReader."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from typing import NamedTuple

from podium.missions.agent_command import AgentCommand
from podium.missions.streams.reader import AgentReader
from podium.missions.streams.updates import AgentReport, Update


class Turn(NamedTuple):
    report: AgentReport
    updates: list[Update]
    seconds: float
    stdout: bytes
    stderr: bytes
    exit_code: int
    """Negative: the number of a signal."""


def full_environment(command: AgentCommand, inherited: Mapping[str, str]) -> dict[str, str]:
    """``inherited`` as a mission hands it on to ``command``."""
    kept = {name: value for name, value in inherited.items() if name not in command.unset}
    return {**kept, **command.environment, "PWD": str(command.folder)}


def run_turn(
    command: AgentCommand,
    reader: AgentReader,
    environment: Mapping[str, str],
    timeout: float = 60.0,
    stop_after: int | None = None,
) -> Turn:
    """One turn to its end or to ``timeout`` seconds; then its process group is ended.

    ``stop_after``: end it when so many bytes of stdout have been read.
    """
    command.prepare()
    started = time.monotonic()
    process = subprocess.Popen(
        command.argv,
        cwd=command.folder,
        env=full_environment(command, environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    heard: dict[str, list[bytes]] = {"stdout": [], "stderr": []}
    updates: list[Update] = []
    lock = threading.Lock()

    enough = threading.Event()
    if stop_after == 0:
        enough.set()

    def listen(name: str, descriptor: int) -> None:
        while data := os.read(descriptor, 65536):
            heard[name].append(data)
            with lock:
                updates.extend(reader.feed(data) if name == "stdout" else reader.feed_stderr(data))
            if name == "stdout" and stop_after is not None and sum(map(len, heard[name])) >= stop_after:
                enough.set()

    threads = [
        threading.Thread(target=listen, args=("stdout", process.stdout.fileno()), daemon=True),
        threading.Thread(target=listen, args=("stderr", process.stderr.fileno()), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        if stop_after is not None:
            enough.wait(timeout)
            timeout = 0.0
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(2)
        except subprocess.TimeoutExpired:
            pass
    for thread in threads:
        thread.join(0.5)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(10)
    for thread in threads:
        thread.join(10)
    seconds = time.monotonic() - started
    with lock:
        report = reader.end(process.returncode, reports=command.read_reports())
    process.stdout.close()
    process.stderr.close()
    return Turn(
        report, updates, seconds, b"".join(heard["stdout"]), b"".join(heard["stderr"]), process.returncode
    )
