"""Text that a program sends and submits: what reaches the program in the terminal, and what counts as new after it."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.protocol.reports import ErrorReport, ExitedReport, MatchedReport, Report, SubmittedReport
from podium.core.protocol.requests import InputMark, KeyInput, RawInput, SendText, Watch
from podium.terminal import Emulator
from podium.worker import typed_input
from podium.worker.observers.fresh_output import MAX_KEPT, FreshOutput
from podium.worker.typed_input import TypedInput
from tests.worker.harness import WorkerHarness

COMPOSER = Path(__file__).with_name("composer.py")
LONG = "word " * 18 + "x"


@pytest.fixture
def worker() -> Iterator[WorkerHarness]:
    with WorkerHarness() as harness:
        yield harness


def compose(worker: WorkerHarness, record: Path) -> None:
    worker.start(sys.executable, str(COMPOSER), str(record))
    worker.wait_screen("ready")


def submitted(record: Path) -> list[str]:
    return [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []


# A real worker, real programs


@pytest.mark.fault("E5")
@pytest.mark.parametrize("text", [LONG, "first\nsecond\nthird", "first\r\nsecond\n\n", "y", "no [201~ marks"])
def test_a_composer_gets_one_prompt(worker: WorkerHarness, tmp_path: Path, text: str) -> None:
    compose(worker, tmp_path / "record")
    worker.send(SendText(1, text, submit=True))
    assert worker.wait_for(SubmittedReport).request == 1
    worker.wait_screen("answered")
    assert submitted(tmp_path / "record") == [text.replace("\r\n", "\n").rstrip("\n")]


@pytest.mark.fault("E5")
def test_the_end_of_a_paste_can_not_be_sent(worker: WorkerHarness, tmp_path: Path) -> None:
    compose(worker, tmp_path / "record")
    worker.send(SendText(1, "good\x1b[201~\rbad\x1b[20\x1b[201~1~", submit=True))
    worker.wait_screen("answered")
    assert submitted(tmp_path / "record") == ["good\nbad"]


@pytest.mark.fault("E5")
def test_two_that_send_at_once_do_not_mix_and_keys_wait_their_turn(
    worker: WorkerHarness, tmp_path: Path
) -> None:
    compose(worker, tmp_path / "record")
    worker.send(
        SendText(1, "one one", submit=True),
        RawInput(b"typed by a person"),
        SendText(2, "two", submit=True),
        SendText(3, LONG, submit=True),
    )
    for number in (1, 2, 3):
        assert worker.wait_for(SubmittedReport).request == number
    worker.wait_screen("answered 91")
    assert submitted(tmp_path / "record") == ["one one", "typed by a persontwo", LONG]


@pytest.mark.fault("E5")
def test_a_program_that_ends_meanwhile_is_told(worker: WorkerHarness) -> None:
    worker.shell("stty raw -echo; printf '\\033[?2004hup'; dd bs=1 count=1 2>/dev/null >/dev/null; exit 3")
    worker.wait_screen("up")
    worker.send(SendText(1, "some text", submit=True), SendText(2, "more", submit=True))
    assert [worker.wait_for(ErrorReport).request for _ in range(2)] == [1, 2]


@pytest.mark.lengthy
@pytest.mark.fault("E5")
def test_who_does_not_read_gets_no_return(worker: WorkerHarness) -> None:
    worker.shell("stty raw -echo; printf '\\033[?2004hup'; sleep 60")
    worker.wait_screen("up")
    worker.send(SendText(1, "some text", submit=True))
    told = worker.wait_for(ErrorReport)
    assert told.request == 1
    assert "not read" in told.message


def test_nobody_to_type_for_is_said(worker: WorkerHarness) -> None:
    worker.send(SendText(5, "text", submit=True))
    assert worker.wait_for(ErrorReport).request == 5


@pytest.mark.lengthy
@pytest.mark.fault("E5")
@pytest.mark.parametrize("shell", ["sh", "bash --norc"])
def test_neither_echo_nor_old_text_is_new(worker: WorkerHarness, shell: str) -> None:
    if not shutil.which(shell.split()[0]):
        pytest.skip(f"there is no {shell}")
    worker.start(*shell.split(), PS1="$ ", ENV="", HISTFILE="")
    worker.wait_screen("$")
    worker.send(SendText(1, "echo finished", submit=True))
    worker.wait_for(SubmittedReport)
    worker.wait_screen("\nfinished\n")
    command = ": finished; sleep 0.7; echo begun; sleep 0.7; echo finished"
    worker.send(SendText(2, command, submit=True))
    worker.wait_for(SubmittedReport)
    worker.send(Watch(10, "begun|finished"), Watch(11, "finished"), Watch(12, "finished", new=False))
    # Of new text, first comes what is printed first; in the command's echo "finished" stands too, and before that.
    matched = [worker.wait_for(MatchedReport) for _ in range(3)]
    assert {one.request: one.text for one in matched} == {10: "begun", 11: "finished", 12: "finished"}
    assert worker.screen().count("finished") == 5


@pytest.mark.fault("E5")
def test_what_is_printed_after_a_clear_is_new_even_if_it_stood_there(worker: WorkerHarness) -> None:
    worker.start("/bin/sh", PS1="$ ", ENV="")
    worker.wait_screen("$")
    for number in (1, 2):
        worker.send(SendText(number, "printf '\\033[2J\\033[Hfinish''ed\\n'", submit=True))
        worker.wait_for(SubmittedReport)
        worker.send(Watch(number + 10, "^finished$"))
        assert worker.wait_for(MatchedReport).request == number + 10


@pytest.mark.lengthy
@pytest.mark.fault("E5")
def test_a_prompt_that_a_composer_shows_again_is_not_new(worker: WorkerHarness, tmp_path: Path) -> None:
    compose(worker, tmp_path / "record")
    worker.send(SendText(1, f"{LONG}\nsay marvellous", submit=True))
    worker.wait_for(SubmittedReport)
    worker.send(Watch(2, "(> .*)?marvellous"))
    assert worker.wait_for(MatchedReport).text == "marvellous"
    worker.wait_screen("answered")
    assert "say marvellous" in worker.screen()


@pytest.mark.lengthy
def test_a_start_is_a_mark_too(worker: WorkerHarness) -> None:
    worker.shell("echo ready one")
    worker.wait_for(ExitedReport)
    worker.shell("read x; echo ready two; exec cat")
    worker.send(Watch(1, r"ready \w+"), RawInput(b"go\r"))
    assert worker.wait_for(MatchedReport).text == "ready two"


def test_without_a_mark_new_is_what_comes_from_now_on(worker: WorkerHarness) -> None:
    flood = f"head -c {2 * MAX_KEPT} /dev/zero | tr '\\0' '#'"
    worker.shell(f"echo ready; {flood}; echo; echo ready; echo over; read x; echo go on; cat")
    worker.wait_screen("over")
    worker.send(Watch(1, "ready"))  # So much was printed that all counts again.
    assert worker.wait_for(MatchedReport).request == 1
    worker.send(Watch(2, "ready|go on", new=True), RawInput(b"\r"))
    assert worker.wait_for(MatchedReport).text == "go on"


def test_keys_are_a_mark(worker: WorkerHarness) -> None:
    worker.shell("stty -echo; echo menu: yes; read x; echo chosen; exec cat")
    worker.wait_screen("menu: yes")
    worker.send(RawInput(b"\r"), InputMark(), Watch(1, "yes|chosen"))
    assert worker.wait_for(MatchedReport).text == "chosen"


# The state machine, with a clock of its own


class Program:
    """Reads when it is told to."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.has_read_input = True
        self.full = False

    def write_input(self, data: bytes) -> bool:
        if not self.full:
            self.written.append(data)
        return not self.full


class Setup:
    def __init__(self, modes: bytes = b"\x1b[?2004h") -> None:
        self.now = 100.0
        self.reports: list[Report] = []
        self.marks: list[tuple[str, bool]] = []
        self.program = Program()
        emulator = Emulator(80, 24)
        emulator.feed(modes)
        self.typed = TypedInput(
            emulator,
            lambda sent, pasted: self.marks.append((sent, pasted)),
            self.reports.append,
            lambda: self.now,
        )

    def type(self, *requests: SendText | RawInput | KeyInput | InputMark) -> None:
        for request in requests:
            self.typed.type(request, self.program)

    def pass_time(self, seconds: float) -> list[bytes]:
        self.program.written.clear()
        self.now += seconds
        self.typed.step(self.program)
        return self.program.written


def test_return_waits_until_the_text_was_read_and_the_screen_is_still() -> None:
    setup = Setup()
    setup.program.has_read_input = False
    setup.type(SendText(1, "two words", submit=True))
    assert setup.program.written == [b"\x1b[200~two words\x1b[201~"]
    assert setup.pass_time(1.0) == []
    setup.program.has_read_input = True
    assert setup.pass_time(0.01) == []
    setup.typed.on_output()
    assert setup.pass_time(typed_input.STILL - 0.01) == []
    setup.typed.on_output()
    assert setup.pass_time(typed_input.STILL - 0.01) == []
    assert (setup.marks, setup.reports) == ([], [])
    assert setup.pass_time(0.02) == [b"\r"]
    assert setup.marks == [("two words", True)]
    assert setup.reports == [SubmittedReport(1)]
    setup.type(RawInput(b"next"))
    assert setup.pass_time(typed_input.STILL - 0.01) == []
    setup.program.has_read_input = False
    assert setup.pass_time(0.02) == []
    setup.program.has_read_input = True
    assert setup.pass_time(0.02) == [b"next"]
    assert setup.typed.next_deadline() is None


def test_input_that_the_kernel_hands_on_late_is_not_taken_for_read() -> None:
    setup = Setup()
    setup.type(SendText(1, "text", submit=True))
    assert setup.pass_time(0.0) == []
    setup.program.has_read_input = False
    assert setup.pass_time(typed_input.NO_ECHO + 0.01) == []
    setup.program.has_read_input = True
    assert setup.pass_time(0.02) == []
    assert setup.pass_time(typed_input.NO_ECHO + 0.01) == [b"\r"]


def test_a_screen_that_is_never_still_gets_its_return_all_the_same() -> None:
    setup = Setup()
    setup.type(SendText(1, "text", submit=True))
    setup.pass_time(0.0)
    passed = 0.0
    while not setup.pass_time(0.1):
        setup.typed.on_output()
        passed += 0.1
    assert passed < typed_input.RESTLESS + 0.2


def test_what_shows_nothing_gets_its_return() -> None:
    setup = Setup(modes=b"")
    setup.type(SendText(1, "secret", submit=True))
    assert setup.program.written == [b"secret"]
    setup.pass_time(0.0)
    assert setup.pass_time(typed_input.NO_ECHO + 0.01) == [b"\r"]


def test_return_is_what_the_program_expects_of_the_key() -> None:
    setup = Setup(modes=b"\x1b[>8u")
    setup.type(SendText(1, "", submit=True))
    assert setup.program.written == [b"\x1b[13u"]
    assert setup.reports == [SubmittedReport(1)]


def test_without_paste_marks_lines_are_typed_as_they_are() -> None:
    setup = Setup(modes=b"")
    setup.type(SendText(1, "echo a\necho b\x03", submit=False))
    assert setup.program.written == [b"echo a\recho b\x03"]
    assert setup.reports == [SubmittedReport(1)]


def test_what_waits_is_bounded() -> None:
    setup = Setup()
    setup.type(SendText(1, "text", submit=True))
    for _ in range(typed_input.MAX_WAITING + 1):
        setup.type(KeyInput("A", "a"))
    assert [type(report) for report in setup.reports] == [ErrorReport]
    setup.type(SendText(9, "more"))
    assert setup.reports[-1].request == 9  # type: ignore[union-attr]


def test_a_full_queue_is_said_to_who_sent() -> None:
    setup = Setup()
    setup.program.full = True
    setup.type(SendText(1, "text", submit=True), KeyInput("A", "a"))
    assert [report.request for report in setup.reports if isinstance(report, ErrorReport)] == [1, None]


@pytest.mark.fault("E5")
def test_who_sends_behind_a_program_that_does_not_read_is_told_at_once_and_nothing_comes_late() -> None:
    setup = Setup()
    setup.program.has_read_input = False
    setup.type(
        SendText(1, "one", submit=True), SendText(2, "two", submit=True), RawInput(b"\x03"), SendText(3, "x")
    )
    assert setup.pass_time(typed_input.UNREAD) == [b"\x03"]
    assert [report.request for report in setup.reports if isinstance(report, ErrorReport)] == [1, 2, 3]
    setup.program.has_read_input = True
    assert setup.pass_time(1.0) == []


@pytest.mark.fault("E5")
def test_a_text_is_not_typed_when_its_sender_has_given_up() -> None:
    setup = Setup()
    for number in range(100):
        setup.type(SendText(number, f"text {number}", submit=True))
    began, typed = setup.now, b""
    while setup.typed.next_deadline() is not None:
        typed += b"".join(setup.pass_time(0.05))
        assert setup.now < began + typed_input.PATIENCE + 5
    told = {report.request: type(report) for report in setup.reports}  # type: ignore[union-attr]
    assert set(told) == set(range(100))
    done = [number for number, kind in told.items() if kind is SubmittedReport]
    assert done == list(range(len(done)))
    assert 10 < len(done) < 100
    assert typed.count(b"\r") == len(done)
    assert typed.count(b"text") == len(done) - 1  # The first was typed at once.


@pytest.mark.fault("E5")
def test_a_return_alone_is_no_part_of_what_was_typed_before_it() -> None:
    setup = Setup()
    setup.type(RawInput(b"typed by a script"), SendText(1, "", submit=True))
    assert setup.program.written == [b"typed by a script"]
    setup.pass_time(0.0)
    assert setup.pass_time(typed_input.NO_ECHO + 0.01) == [b"\r"]
    assert setup.reports == [SubmittedReport(1)]


# What is new, byte by byte


@pytest.mark.fault("E1")
@pytest.mark.parametrize("sent", ["| " * 400 + "x", "> " * 400 + "x", "│" * 400 + "x", "a " * 400 + "x"])
@pytest.mark.timeout(20)
def test_no_text_makes_the_search_for_its_echo_slow(sent: str) -> None:
    emulator = Emulator(1000, 50)
    output = FreshOutput(emulator)
    output.mark(sent, shown_again=True)
    line = f"> {sent[:-1]}"[:998].encode()
    data = b"\r\n".join([line] * 40)
    emulator.feed(data)
    output.on_output(data, asked=True)
    output.text()


def fresh(before: bytes, sent: str = "", *, shown_again: bool = False) -> tuple[Emulator, FreshOutput]:
    emulator = Emulator(40, 8, 100)
    emulator.feed(before)
    output = FreshOutput(emulator)
    output.mark(sent, shown_again=shown_again)
    return emulator, output


def drawn(pair: tuple[Emulator, FreshOutput], data: bytes) -> str:
    emulator, output = pair
    emulator.feed(data)
    output.on_output(data, asked=True)
    return output.text()


@pytest.mark.parametrize(
    ("before", "sent", "after", "new"),
    [
        (b"old\r\n$ echo x", "echo x", b"\r\nx\r\n$ ", "x\n$ "),
        # A line editor draws its line once more, without the colours of the paste.
        (b"$ \x1b[7mecho x\x1b[m", "echo x", b"\r$ echo x\r\nx\r\n$ ", "x\n$ "),
        # What is typed wraps.
        (b"$ " + b"w" * 60, "w" * 60, b"\x1b[A\r$ " + b"w" * 60 + b"\r\nx", "x"),
        # An answer on the line itself.
        (b"Sure? y", "y", b" ok", "ok"),
        # Wide characters in front of it.
        ("漢字 $ echo x".encode(), "echo x", "\r漢字 $ echo x\r\nx".encode(), "x"),
    ],
)
def test_what_is_new_after_a_line(before: bytes, sent: str, after: bytes, new: str) -> None:
    text = drawn(fresh(before, sent), after)
    assert [line.lstrip() for line in text.split("\n") if line.strip()] == new.split("\n")


def test_a_row_of_which_a_part_is_drawn_anew_is_searched_as_a_whole() -> None:
    pair = fresh(b"\x1b[?1049h\x1b[3HWorking on it\x1b[5Hold\x1b[8H> ")
    text = drawn(pair, b"\x1b[3;5Hed \x1b[8;3H")
    assert "Worked  on it" in text
    assert "old" not in text


def test_scrolled_away_it_is_still_new() -> None:
    pair = fresh(b"old needle\r\n$ ")
    text = drawn(pair, b"\r\n" + b"".join(b"line %d\r\n" % number for number in range(50)))
    assert "line 0\n" in text
    assert "needle" not in text


def test_after_a_change_of_size_it_is_still_new() -> None:
    pair = fresh(b"old needle\r\n$ ")
    assert "fresh" in drawn(pair, b"\r\nfresh")
    pair[0].resize(30, 6)
    pair[1].on_redrawn()
    text = drawn(pair, b" and more")
    assert "fresh and more" in text
    assert "needle" not in text


def test_what_is_kept_has_an_end() -> None:
    emulator, output = fresh(b"")
    for _ in range(40):
        emulator.feed(b"#" * 4096)
        output.on_output(b"#" * 4096, asked=False)
    assert not output.marked


def test_many_changes_of_size_take_no_room() -> None:
    emulator, output = fresh(b"old\r\n")
    for number in range(1000):
        emulator.resize(40 + number % 9, 8)
        output.on_redrawn()
    assert "fresh" in drawn((emulator, output), b"fresh")
    assert "old" not in output.text()


def test_bytes_that_are_a_mark_are_one_when_they_are_written() -> None:
    setup = Setup()
    setup.type(RawInput(b"a"))
    assert setup.marks == []
    setup.type(RawInput(b"b", mark=True))
    assert (setup.program.written, setup.marks) == ([b"a", b"b"], [("", False)])
