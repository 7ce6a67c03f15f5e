"""A Windows console as a terminal of a session: what pywinpty would say goes in, what the session gets comes out."""

import os
import select
import signal
import sys
from collections.abc import Iterator, Mapping
from queue import SimpleQueue
from types import ModuleType

import pytest

from podium.core.system.signals import HANG_UP, KILL
from podium.worker.program.child_watch import Ended
from podium.worker.program.conpty import ConPty, spawn
from podium.worker.program.pty import TerminalSize
from tests.worker.harness import PATIENCE

_END = object()


class WinptyError(Exception):
    """As pywinpty's own."""


class FakeTerminal:
    """A ``winpty.PTY`` that prints what the test puts in, and takes no argument that the real one does not."""

    made: "list[FakeTerminal]"

    def __init__(self, cols: int, rows: int, backend: int | None = None) -> None:
        self.size = (cols, rows)
        self.backend = backend
        self.pid: int | None = None
        self.output: SimpleQueue[object] = SimpleQueue()
        self.asked: SimpleQueue[None] = SimpleQueue()
        """One for each call of ``read``."""
        self.written: SimpleQueue[str] = SimpleQueue()
        self.spawned: tuple[str, str | None, str | None, str | None] | None = None
        self.status: int | None = None
        self.over = False
        self.made.append(self)

    def spawn(
        self, appname: str, cmdline: str | None = None, cwd: str | None = None, env: str | None = None
    ) -> bool:
        if "broken" in appname:
            raise WinptyError("is no program")
        self.spawned = (appname, cmdline, cwd, env)
        self.pid = 4711
        return True

    def read(self, blocking: bool = False) -> str:
        assert blocking
        self.asked.put(None)
        if self.over:
            return ""
        said = self.output.get()
        if said is _END:
            self.over = True
            raise WinptyError("EOF")
        assert isinstance(said, str)
        return said

    def write(self, to_write: str) -> int:
        if self.status is not None:
            raise WinptyError("it has ended")
        self.written.put(to_write)
        return 0

    def set_size(self, cols: int, rows: int) -> None:
        if self.status is not None:
            raise WinptyError("it has ended")
        self.size = (cols, rows)

    def isalive(self) -> bool:
        return self.status is None

    def get_exitstatus(self) -> int | None:
        return self.status

    def end(self, status: int) -> None:
        self.status = status
        self.output.put(_END)


@pytest.fixture(autouse=True)
def winpty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType("winpty")
    FakeTerminal.made = []
    module.PTY, module.WinptyError = FakeTerminal, WinptyError  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "winpty", module)
    yield
    for terminal in FakeTerminal.made:
        terminal.end(0)  # Its threads end with it.


def started(*argv: str, environment: Mapping[str, str] | None = None) -> tuple[ConPty, FakeTerminal]:
    pty = spawn(argv or ("cmd.exe",), "C:\\work", environment or {}, TerminalSize(80, 24), ())
    return pty, FakeTerminal.made[0]


def next_output(pty: ConPty) -> bytes:
    ready, _, _ = select.select([pty.fileno()], [], [], PATIENCE)
    assert ready
    return pty.read(65536)


def input_of(terminal: FakeTerminal, length: int) -> str:
    """The next ``length`` characters."""
    text = ""
    while len(text) < length:
        text += terminal.written.get(timeout=PATIENCE)
    return text


def test_a_program_is_started_with_its_words_folder_and_variables() -> None:
    pty, terminal = started("C:\\Program Files\\git.exe", "two words", environment={"A": "1", "B": "é"})
    line = '"C:\\Program Files\\git.exe" "two words"'
    assert terminal.spawned == (line, None, "C:\\work", "A=1\0B=é\0")
    assert (terminal.size, terminal.backend, pty.pid) == ((80, 24), 0, 4711)
    pty.set_size(TerminalSize(0, 0))
    assert terminal.size == (2, 1)
    pty.close()


def test_a_program_that_does_not_start_says_why_and_its_terminal_is_never_let_go_of() -> None:
    with pytest.raises(OSError, match="is no program"):
        started("broken.exe")
    terminal = FakeTerminal.made.pop()
    held = sys.getrefcount(terminal)
    another = FakeTerminal(80, 24)
    FakeTerminal.made.clear()
    assert held == sys.getrefcount(another) + 1


def test_output_wakes_the_loop_and_its_end_is_told() -> None:
    pty, terminal = started()
    with pytest.raises(BlockingIOError):
        pty.read(100)
    terminal.output.put("größer\r\n")
    assert next_output(pty) == "größer\r\n".encode()
    terminal.end(0)
    assert next_output(pty) == b""
    pty.close()


def test_half_a_character_is_no_fault() -> None:
    pty, terminal = started()
    terminal.output.put("\ud83d!")
    assert next_output(pty) == b"?!"
    pty.close()


def test_a_console_that_says_nothing_more_ends_with_its_program() -> None:
    pty, terminal = started()
    terminal.over = True
    terminal.output.put("last")
    assert next_output(pty) == b"last"
    terminal.status = 0
    assert next_output(pty) == b""
    pty.close()


def test_input_arrives_as_characters_however_it_was_cut() -> None:
    pty, terminal = started()
    first, last = "é".encode()[:1], "é".encode()[1:]
    assert (pty.write(b"ls " + first), pty.write(last), pty.write(bytearray(b"\r"))) == (4, 1, 1)
    assert input_of(terminal, 5) == "ls é\r"
    pty.close()


def test_input_that_nobody_reads_never_blocks_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    stuck: SimpleQueue[None] = SimpleQueue()
    monkeypatch.setattr(FakeTerminal, "write", lambda *_: stuck.get())
    pty, _ = started()
    written = iter(lambda: pty.write(bytes(65536)), 0)
    with pytest.raises(BlockingIOError):
        sum(written)
    pty.close()
    stuck.put(None)


def test_an_interrupt_is_a_key_and_a_request_to_end_asks_the_same() -> None:
    pty, terminal = started()
    assert pty.signal(signal.SIGTERM) == {4711}
    pty.signal_foreground(signal.SIGINT)
    pty.signal_foreground(signal.SIGTERM)
    pty.write(b"x")
    assert input_of(terminal, 3) == "\x03\x03x"
    pty.close()


def test_a_shell_that_loses_its_terminal_is_ended_while_its_pid_is_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    killed: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda pid, number: killed.append((pid, number)))
    pty, terminal = started()
    assert pty.signal(HANG_UP) == {4711}
    terminal.status = 0
    pty.signal(HANG_UP)
    assert killed == [(4711, KILL)]
    pty.close()


def test_a_program_that_has_ended_takes_no_size_and_no_input() -> None:
    pty, terminal = started()
    terminal.status = 0
    with pytest.raises(OSError, match="it has ended"):
        pty.set_size(TerminalSize(80, 24))
    assert pty.write(b"x") == 1
    pty.signal(signal.SIGTERM)
    pty.close()


def test_the_end_is_told_after_the_last_output_with_a_code_and_no_signal() -> None:
    pty, terminal = started()
    watch = pty.watch()
    assert (watch.descriptor, watch.poll()) == (None, None)
    terminal.status = 0xC000013A
    assert watch.poll() is None
    terminal.output.put("last")
    terminal.end(0xC000013A)
    assert (next_output(pty), next_output(pty)) == (b"last", b"")
    pty._reader.join(PATIENCE)
    assert watch.poll() == Ended(0xC000013A, None)
    pty.close()


def test_a_console_that_never_ends_holds_up_its_program_s_end_for_a_moment_only() -> None:
    now = [100.0]
    terminal = FakeTerminal(80, 24)
    pty = ConPty(terminal, 4711, lambda: now[0])
    watch = pty.watch()
    terminal.status = 3
    assert watch.poll() is None
    now[0] += 1.5
    assert watch.poll() == Ended(3, None)
    pty.close()


def test_a_terminal_that_was_let_go_of_reads_as_ended_and_is_held_until_its_program_ends() -> None:
    pty, terminal = started()
    pty.let_go()
    assert next_output(pty) == b""
    assert pty.fileno() >= 0
    pty.close()
    terminal.output.put("to nobody")
    terminal.output.put("nor this")
    for _ in range(3):
        terminal.asked.get(timeout=PATIENCE)
    assert pty._reader.is_alive()
    terminal.end(0)
    pty._reader.join(PATIENCE)
    assert not pty._reader.is_alive()
