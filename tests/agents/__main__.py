"""Runs a turn that edits a file with each real agent that is installed, through Podium's own adapters.

The agents talk to a model server of ours on loopback with dummy keys, each in a home of its own; where the machine lets
us, in a network that has nothing but loopback. Then the session goes on for one more turn, and a wrong key is tried.
Exit status 1 when an installed agent does not pass.
"""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import NamedTuple

from podium.core.adapters.model import Adapter, Kind
from podium.core.adapters.pricing import Prices, load_prices
from podium.core.adapters.registry import load_adapters
from podium.missions.agent_command import (
    CommandOptions,
    NewSession,
    ResumeSession,
    Session,
    can_resume,
    command_for,
)
from podium.missions.streams.reader import AgentReader
from podium.missions.streams.updates import SessionTotals
from podium.missions.text import cost as shown_cost
from tests.agents import hooked
from tests.agents.model_server import NEW, OLD, ModelServer
from tests.agents.tools import RUN, Tool, environment, installed
from tests.missions.agent_run import Turn, run_turn

_ALONE = "PODIUM_AGENTS_ALONE"
_TIMEOUT = 120.0


class Row(NamedTuple):
    """A line of the table."""

    tool: str
    turn: str
    passed: bool
    seconds: float
    told: str


def prepare_work(folder: Path) -> None:
    """A repository with one file to edit."""
    folder.mkdir(parents=True)
    (folder / "hello.txt").write_text(f"line one\n{OLD}\nline three\n")
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "begin"]):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=folder, check=True)


class Bench:
    """One tool with a work tree and a home."""

    def __init__(self, tool: Tool, adapter: Adapter, prices: Prices, folder: Path) -> None:
        self._tool = tool
        self._adapter = adapter
        self._prices = prices
        self._folder = folder
        self.work = folder / "work"
        prepare_work(self.work)

    def turn(
        self,
        name: str,
        prompt: str,
        server: ModelServer,
        session: Session,
        previous: SessionTotals | None = None,
    ) -> Turn:
        files = ("hello.txt",) if self._tool.name == "aider" else ()
        command = command_for(
            self._adapter,
            prompt,
            folder=self.work,
            model=self._tool.model,
            session=session,
            options=CommandOptions(files=files, scratch=self._folder / f"scratch-{name}"),
        )
        reader = AgentReader(
            self._adapter,
            previous,
            model=self._tool.model,
            session_id=command.session_id,
            prices=self._prices,
        )
        return run_turn(command, reader, environment(self._tool, self._folder / "home", server), _TIMEOUT)

    def rows(self) -> list[Row]:
        rows = [self._edits()]
        session, totals = self._last.report.session_id, self._last.report.totals
        if rows[0].passed and can_resume(self._adapter):
            rows.append(self._goes_on(session, totals))
        rows.append(self._wrong_key())
        if self._tool.name in hooked.TOOLS:
            rows.append(self._tells())
        return rows

    def _edits(self) -> Row:
        with ModelServer() as server:
            prompt = f"Change {OLD} to {NEW} in FILE={self.work / 'hello.txt'} please"
            self._last = turn = self.turn("edit", prompt, server, NewSession(str(uuid.uuid4())))
        report = turn.report
        edited = (self.work / "hello.txt").read_text() == f"line one\n{NEW}\nline three\n"
        passed = (
            report.ok and edited and not report.degraded and bool(report.tokens and report.tokens.used_in)
        )
        return self._row("edits a file", passed, turn, "" if edited else "the file was not edited")

    def _goes_on(self, session: str, totals: SessionTotals) -> Row:
        with ModelServer() as server:
            turn = self.turn("again", "Say that you are done", server, ResumeSession(session), totals)
        report = turn.report
        first, again = self._last.report.tokens, report.tokens
        # The second turn is shorter; had the first been counted again, it would be dearer.
        passed = bool(report.ok and first and again and 0 < again.used_in < first.used_in)
        passed = passed and report.session_id == session
        return self._row("goes on", passed, turn, "" if report.session_id == session else "another session")

    def _wrong_key(self) -> Row:
        with ModelServer("401") as server:
            turn = self.turn("key", "Say hello", server, NewSession(str(uuid.uuid4())))
        passed = not turn.report.ok and turn.report.kind is Kind.AUTH and not turn.report.transient
        return self._row("wrong key", passed, turn, "")

    def _tells(self) -> Row:
        began = time.monotonic()
        told = hooked.try_hooks(self._tool, self._folder / "hooks")
        seen = ", ".join(f"{state} ({source})" for state, source, _ in told.states)
        seconds = time.monotonic() - began
        return Row(self._tool.name, "tells by hooks", not told.fault, seconds, (told.fault or seen)[:150])

    def _row(self, name: str, passed: bool, turn: Turn, fault: str) -> Row:
        report = turn.report
        tokens = f"{report.tokens.used_in} in, {report.tokens.used_out} out" if report.tokens else "–"
        estimate = " est." if report.cost_estimated else ""
        told = f"{shown_cost(report.cost_usd)}{estimate}, {tokens}"
        why = "; ".join(part for part in (fault, report.reason) if part)
        if not passed:
            print(turn.stdout[-3000:].decode(errors="replace"), turn.stderr[-3000:].decode(errors="replace"))
        return Row(self._tool.name, name, passed, turn.seconds, f"{told}  {why}"[:150])


def _version(tool: Tool) -> str:
    home = RUN / f"{tool.name}-version"
    with ModelServer() as server:
        shown = subprocess.run(
            [tool.program, "--version"],
            env=environment(tool, home, server),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    words = (shown.stdout + shown.stderr).split()
    return next((word.strip("()v,.") for word in words if word[:1].isdigit() or word[:2] == "v0"), "?")


def alone(module: str = "tests.agents") -> bool:
    """Whether this process has a network of its own with nothing but loopback; becomes such a one if it can."""
    if os.environ.get(_ALONE):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            request = struct.pack("16sh14x", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
            fcntl.ioctl(probe, 0x8914, request)  # SIOCSIFFLAGS
        return True
    how = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if (
        shutil.which("unshare")
        and subprocess.run([*how, "true"], capture_output=True, check=False).returncode == 0
    ):
        os.environ[_ALONE] = "1"
        os.execvp(how[0], [*how, sys.executable, "-m", module, *sys.argv[1:]])
    return False


def main() -> int:
    print("network:", "loopback alone" if alone() else "as it is, with proxies that lead nowhere")
    tools, missing = installed()
    wanted = set(sys.argv[1:])
    tools = [tool for tool in tools if not wanted or tool.name in wanted]
    registry, (prices, _) = load_adapters(Path("/nonexistent")), load_prices(Path("/nonexistent"))
    folder = RUN
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    failed = False
    for tool in tools:
        began = time.monotonic()
        version = _version(tool)
        rows = Bench(tool, registry.adapters[tool.name], prices, folder / tool.name).rows()
        for row in rows:
            mark = "passed" if row.passed else "FAILED"
            print(
                f"{row.tool:9} {version:12} {row.turn:14} {mark}  {row.seconds:5.1f} s  {row.told}",
                flush=True,
            )
        failed = failed or not all(row.passed for row in rows)
        print(f"{tool.name:9} {version:12} in all {time.monotonic() - began:.1f} s")
    for name in missing:
        print(f"{name:9} is not installed: skipped")
    if not tools:
        print("No agent is installed, so nothing was tried.")
    shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed or not tools else 0


if __name__ == "__main__":
    sys.exit(main())
