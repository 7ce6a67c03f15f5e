"""Real shells in real terminals: what runs in the foreground is named, a prompt is not."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from podium.core.protocol.reports import (
    ExitedReport,
    FoldersReport,
    ForegroundReport,
    ProgramState,
    Report,
    StatusReport,
)
from podium.core.protocol.requests import (
    FoldersWanted,
    ForegroundWanted,
    Init,
    RawInput,
    Start,
    Stop,
    TreePolicy,
)
from podium.worker.program.foreground import is_shell
from podium.worker.session import Session

PATIENCE = 60.0
PLAIN = {"PATH": os.environ["PATH"], "PS1": "ready$ ", "HOME": "/", "LC_ALL": "C"}


class Terminal:
    """A session in this process, turned until what is waited for has come."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.session = Session(Init("a"), self.reports.append)
        self._number = 0

    def start(
        self, *argv: str, folder: str = "/", tree: TreePolicy = TreePolicy.SESSION, **more: str
    ) -> None:
        self.session.handle(Start(argv, folder, PLAIN, tree, **more))
        self.wait(lambda: any(isinstance(report, StatusReport) for report in self.reports))

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.reports[-3:]
            self.session.step()
            if self.session.program is not None:
                self.session.program.flush()
            time.sleep(0.005)

    def type(self, text: str) -> None:
        self.session.handle(RawInput(text.encode()))

    def job(self) -> str:
        self._number += 1
        self.session.handle(ForegroundWanted(self._number))
        [job] = [
            report.job
            for report in self.reports
            if isinstance(report, ForegroundReport) and report.request == self._number
        ]
        return job

    def folders(self, *lines: int) -> tuple[str, ...]:
        self._number += 1
        self.session.handle(FoldersWanted(self._number, lines))
        [folders] = [
            report.folders
            for report in self.reports
            if isinstance(report, FoldersReport) and report.request == self._number
        ]
        return folders

    def wait_job(self, job: str) -> None:
        self.wait(lambda: self.job() == job)

    def interrupt(self) -> None:
        """Press Ctrl+C until the shell is at its prompt: a program that is just starting may miss one."""

        def look() -> bool:
            if self.job() == "":
                return True
            self.type("\x03")
            return False

        self.wait(look)

    def stop(self) -> ExitedReport:
        self.session.handle(Stop(2.0))
        return self.exited()

    def exited(self) -> ExitedReport:
        self.wait(lambda: any(isinstance(report, ExitedReport) for report in self.reports))
        [exited] = [report for report in self.reports if isinstance(report, ExitedReport)]
        self.reports.clear()
        return exited


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    terminal = Terminal()
    yield terminal
    terminal.session.kill()
    terminal.wait(lambda: terminal.session.ended)
    terminal.session.close()


SHELLS = [("bash", "--norc", "--noprofile"), ("sh",), ("dash",), ("zsh", "-f"), ("fish", "--no-config")]


@pytest.mark.fault("G2")
@pytest.mark.parametrize("shell", SHELLS, ids=lambda argv: argv[0])
def test_a_job_is_named_and_a_prompt_is_not(terminal: Terminal, shell: tuple[str, ...]) -> None:
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    terminal.start(*shell)
    assert terminal.job() == "", "while it starts it is at its prompt"
    terminal.type("sleep 1001\r")
    terminal.wait_job("sleep 1001")
    terminal.type("\x1a")  # Suspended, it is behind the prompt.
    terminal.wait_job("")
    terminal.type("bg\r")
    terminal.type("echo still here\r")
    terminal.wait_job("")
    terminal.type("fg\r")
    terminal.wait_job("sleep 1001")


def test_the_folder_is_that_of_the_job_in_the_foreground(terminal: Terminal, tmp_path: Path) -> None:
    assert terminal.folders(1) == ("",)
    (tmp_path / "inner").mkdir()
    outer, inner = str(tmp_path), str(tmp_path / "inner")
    terminal.start("bash", "--norc", "--noprofile", folder=outer)
    terminal.wait(lambda: terminal.folders(1, 2) == (outer, outer))
    terminal.type("(cd inner; sleep 1001; true)\r")
    terminal.wait(lambda: terminal.folders(7) == (inner,))
    terminal.interrupt()
    assert terminal.folders(7) == (outer,)
    terminal.type("cd inner\r")
    terminal.wait(lambda: terminal.folders(7) == (inner,))


@pytest.mark.fault("G2")
def test_kinds_of_jobs(terminal: Terminal, tmp_path: Path) -> None:
    script = tmp_path / "deploy"
    script.write_text("#!/bin/sh\nsleep 1002; true\n")
    script.chmod(0o755)
    terminal.start("bash", "--norc", "--noprofile", folder=str(tmp_path))
    for typed, job in (
        ("./deploy", "sh ./deploy"),
        ("true | sleep 1003", "sleep 1003"),  # The leader of the group has ended.
        ("sleep 1004 | cat", "sleep 1004"),
        ("(sleep 1005; true)", "bash --norc --noprofile"),
    ):
        terminal.type(f"{typed}\r")
        terminal.wait_job(job)
        terminal.interrupt()
    terminal.type("bash --norc --noprofile\r")  # Another shell is another group, at its prompt or not.
    terminal.wait_job("bash --norc --noprofile")
    terminal.type("exit\r")
    terminal.wait_job("")
    terminal.type("exec sleep 1007\r")  # The shell has become another program.
    terminal.wait_job("sleep 1007")


@pytest.mark.fault("G2")
def test_a_shell_that_becomes_another_shell_is_at_its_prompt(terminal: Terminal) -> None:
    terminal.start("bash", "--norc", "--noprofile")
    terminal.type("exec sh\r")
    pid = terminal.session.program.pid
    terminal.wait(lambda: Path(f"/proc/{pid}/comm").read_text() == "sh\n")
    assert terminal.job() == ""
    deadline = time.monotonic() + PATIENCE
    while terminal.job() != "sleep 1008":  # What is typed while the programs change may be dropped.
        assert time.monotonic() < deadline
        terminal.type("sleep 1008\r")
        pause = time.monotonic() + 0.3
        terminal.wait(lambda pause=pause: time.monotonic() > pause)
    terminal.interrupt()


@pytest.mark.fault("G2")
def test_a_command_is_its_own_job_and_a_shell_run_as_one_has_a_prompt(terminal: Terminal) -> None:
    terminal.start("sleep", "1009", tree=TreePolicy.TREE)
    terminal.wait_job("sleep 1009")
    terminal.stop()
    assert terminal.job() == ""
    terminal.start("bash", "--norc", "--noprofile", tree=TreePolicy.TREE)
    terminal.type("sleep 1010\r")
    terminal.wait_job("sleep 1010")
    terminal.interrupt()


@pytest.mark.fault("G2")
def test_a_login_shell_of_any_name_has_a_prompt(terminal: Terminal, tmp_path: Path) -> None:
    shell = tmp_path / "a-shell-with-a-long-name"
    shell.symlink_to(shutil.which("dash") or "/bin/sh")
    terminal.session.handle(Start((str(shell),), "/", {**PLAIN, "SHELL": str(shell)}, TreePolicy.SESSION))
    terminal.type("sleep 1011\r")
    terminal.wait_job("sleep 1011")
    terminal.interrupt()


@pytest.mark.fault("G2")
def test_what_runs_in_place_of_a_shell_is_a_job(terminal: Terminal) -> None:
    terminal.start("sleep", "1012")
    terminal.wait_job("sleep 1012")


@pytest.mark.parametrize(
    ("argv", "shell"),
    [
        (("bash",), True),
        (("/usr/bin/zsh", "-il"), True),
        (("-bash",), True),
        (("sh", "deploy.sh"), False),
        (("bash", "-lc", "make"), False),
        (("make",), False),
        ((), False),
    ],
)
def test_what_waits_at_a_prompt(argv: tuple[str, ...], shell: bool) -> None:
    assert is_shell(argv) is shell


@pytest.mark.fault("G2")
def test_where_a_shell_was_is_told_when_it_is_stopped_and_when_it_ends_by_itself(
    terminal: Terminal, tmp_path: Path
) -> None:
    folder = tmp_path / "a b"
    folder.mkdir()
    for end in ("stop", "exit"):
        terminal.start("bash", "--norc", "--noprofile")
        terminal.type(f"cd '{folder}'\r")
        terminal.type("sleep 1011\r")
        terminal.wait_job("sleep 1011")
        terminal.interrupt()
        if end == "stop":
            assert terminal.stop().folder == str(folder)
        else:
            terminal.type("exit\r")
            assert terminal.exited().folder == str(folder)


@pytest.mark.fault("G2")
def test_a_shell_whose_last_folder_is_gone_starts_in_its_own(terminal: Terminal, tmp_path: Path) -> None:
    terminal.start("sh", folder=str(tmp_path / "gone"), other_folder=str(tmp_path))
    terminal.type("pwd > where\r")
    terminal.wait(lambda: (tmp_path / "where").exists() and (tmp_path / "where").read_text() != "")
    assert (tmp_path / "where").read_text().strip() == str(tmp_path)
    assert [report.state for report in terminal.reports if isinstance(report, StatusReport)] == [
        ProgramState.RUNNING
    ]
