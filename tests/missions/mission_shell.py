"""``podium mission`` from a plain shell: under a pipe or in a terminal, in repositories made for a test."""

import contextlib
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec
from tests.missions.forked_mission import run_forked
from tests.repositories.git_shell import git

from podium.core.costs import CostEntry
from podium.core.missions.state import MissionState, state_path
from podium.core.system.app_dirs import history_path
from podium.history.costs import of_run
from podium.history.database import open_database

COMMAND = (sys.executable, "-P", "-m", "podium", "mission")
DEADLINE = 90.0


HEAD = "name = 'Try'\nmax_rounds = 1\n"


def agent(name: str, script: str, more: str = "") -> str:
    return f"[[agents]]\nid = '{name}'\ncommand = ['sh', '-c', '''{script}''']\n{more}\n"


def write(folder: Path, text: str) -> Path:
    file = folder / "mission.toml"
    file.write_text(text)
    return file


def branches(folder: Path) -> list[str]:
    return git(folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/podium").splitlines()


def result(folder: Path) -> str:
    (found,) = [name for name in branches(folder) if name.endswith("/result")]
    return found


def files(folder: Path, branch: str) -> list[str]:
    return git(folder, "ls-tree", "-r", "--name-only", branch).splitlines()


class Done(msgspec.Struct):
    code: int
    log: str

    @property
    def words(self) -> str:
        """The log without its line breaks."""
        return " ".join(self.log.split())


def mission(*arguments: str | Path, folder: Path, environment: Mapping[str, str] | None = None) -> Done:
    """Run ``podium mission ARGUMENTS`` under a pipe; with an ``environment`` as a program that starts in it."""
    if environment is None:
        inherited = {**os.environ, "COLUMNS": "100"}
        code, output = run_forked([*map(str, arguments)], folder, inherited, DEADLINE)
        return Done(code, output.decode())
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "COLUMNS": "100", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=DEADLINE,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode())


def mission_in_terminal(*arguments: str | Path, folder: Path, keys: bytes = b"", ahead: bytes = b"") -> Done:
    """The same in a terminal, where ``keys`` are typed once it asks, and ``ahead`` before it has begun."""
    master, slave = pty.openpty()
    os.write(master, ahead)
    process = subprocess.Popen(
        [*COMMAND, *map(str, arguments)], cwd=folder, stdin=slave, stdout=slave, stderr=slave
    )
    os.close(slave)
    output = b""
    deadline = time.monotonic() + DEADLINE
    try:
        while time.monotonic() < deadline:
            if not select.select([master], [], [], 0.1)[0]:
                continue
            try:
                data = os.read(master, 65536)
            except OSError:  # Linux says so when the last program has left the terminal.
                data = b""
            if not data:
                break
            output += data
            if keys and b"[y/n]" in output:
                os.write(master, keys)
                keys = b""
        return Done(process.wait(60), output.decode("utf-8", "replace"))
    finally:
        process.kill()
        process.wait()
        os.close(master)


def state_of(file: Path) -> MissionState:
    return msgspec.json.decode(state_path(file).read_bytes(), type=MissionState)


def ledger() -> list[CostEntry]:
    """Every entry of the cost ledger."""
    database = open_database(history_path()).database
    try:
        with database.reading() as connection:
            runs = [run for (run,) in connection.execute("SELECT DISTINCT run FROM costs")]
        return [entry for run in runs for entry in of_run(database, run)]
    finally:
        database.close()


@contextlib.contextmanager
def running(*arguments: str | Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A mission under way; killed at the end, if it has not been before."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=folder
    ) as process:
        try:
            yield process
        finally:
            # Asked first: only then does it take its agents along.
            process.terminate()
            try:
                process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                process.kill()


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for ``condition``."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"not in time: {what}"
        time.sleep(0.02)
