"""A session of a marking shell: what it answers about commands, types at the prompt, and tells of itself."""

from typing import Any

import pytest

from podium.core.protocol.command_reports import FailedReport, RanOutputReport, RanReport
from podium.core.protocol.command_requests import (
    CommandsWanted,
    CommandTextWanted,
    FailedWanted,
    MoveCursor,
    PromptWanted,
    RanOutputWanted,
    RanWanted,
    RunAtPrompt,
)
from podium.core.protocol.marks import CommandState, ShellCommand
from podium.core.protocol.reports import (
    CommandEndedReport,
    CommandsReport,
    ErrorReport,
    StaleReport,
    SubmittedReport,
    TextReport,
)
from podium.core.protocol.requests import (
    RawInput,
    SendText,
    TextWanted,
)
from podium.ipc.framing import encode
from podium.pool.message_limits import MAX_PLAIN_BYTES
from tests.terminal.test_shell_marks import mark, run
from tests.worker.simulation import Simulation

PROMPT = mark("A") + b"$ " + mark("B")


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Simulation:
    made = Simulation(monkeypatch)
    made.program.has_read_input = True  # type: ignore[attr-defined]
    return made


def reported(world: Simulation, kind: type) -> list[Any]:
    return [report for report in world.reports if isinstance(report, kind)]


def pass_time(world: Simulation, seconds: float) -> None:
    world.now += seconds
    world.step()


def test_what_is_asked_about_commands_is_answered(world: Simulation) -> None:
    world.output(run("first", "a b") + run("second", code=1) + PROMPT)
    world.session.handle(CommandsWanted(1, 0, 3))
    world.session.handle(PromptWanted(2, 3, above=True))
    world.session.handle(PromptWanted(3, 3))
    world.session.handle(PromptWanted(4, 99))
    world.session.handle(CommandTextWanted(5, 2))
    found = {report.request: report for report in reported(world, CommandsReport)}
    assert [command.line for command in found[1].commands] == [0, 3]
    assert [command.exit_code for command in found[1].commands] == [0, 1]
    assert [[command.line for command in found[n].commands] for n in (2, 3, 4)] == [[0], [4], []]
    assert found[1].line_epoch == world.frames[-1].line_epoch
    assert reported(world, TextReport)[-1] == TextReport(5, "first")


def test_commands_are_listed_and_their_output_told(world: Simulation) -> None:
    world.output(run("first", "a b") + run("second", "c", code=1) + PROMPT)
    world.session.handle(RanWanted(1, 1 << 40, 10))
    world.session.handle(RanWanted(2, 1 << 40, 1))
    world.session.handle(RanOutputWanted(3, 1))
    world.session.handle(RanOutputWanted(4))
    world.session.handle(FailedWanted(5))
    ran = {report.request: report for report in reported(world, RanReport)}
    assert [(one.number, one.text) for one in ran[1].commands] == [(1, "first"), (2, "second")]
    assert [one.number for one in ran[2].commands] == [2]
    assert (ran[1].older, ran[2].older) == (False, True)
    assert [(one.request, one.command.number, one.line) for one in reported(world, RanOutputReport)] == [
        (3, 1, "first"),
        (4, 2, "second"),
    ]
    assert [(one.request, one.text) for one in reported(world, TextReport)] == [(3, "a\nb\n"), (4, "c\n")]
    assert [(one.lines, one.line_epoch) for one in reported(world, FailedReport)] == [((3,), 0)]


@pytest.mark.parametrize("number", [0, 1, 7, -1, 1 << 60])
def test_a_command_that_is_not_there_is_said_not_to_be(world: Simulation, number: int) -> None:
    world.output(b"no marks\r\n")
    world.session.handle(RanOutputWanted(1, number))
    (failure,) = reported(world, ErrorReport)
    assert failure.request == 1
    assert "keeps it no more" in failure.message
    assert reported(world, RanOutputReport) == []


def test_a_list_of_commands_fits_into_a_message(world: Simulation) -> None:
    folder = "/" + "d" * 3000
    world.output(b"".join(f"\x1b]7;file://{folder}{n}\x07".encode() + run("x" * 900) for n in range(120)))
    world.session.handle(RanWanted(1, 1 << 60, 1 << 30))
    world.session.handle(RanWanted(2, 1 << 60, -5))
    many, one = reported(world, RanReport)
    assert many.older
    assert 0 < len(many.commands) < 100
    assert many.commands[-1].number == 120
    assert len(encode(many)) < MAX_PLAIN_BYTES
    assert [command.number for command in one.commands] == [120]


def test_text_by_numbers_of_before_a_reflow_is_stale(world: Simulation) -> None:
    world.output(b"hello\r\n")
    epoch = world.frames[-1].line_epoch
    place = (0, 0), (0, 4)
    for number, wanted in ((1, epoch), (2, None), (3, epoch + 1)):
        world.session.handle(TextWanted(number, *place, line_epoch=wanted))
    assert [(one.request, one.text) for one in reported(world, TextReport)] == [(1, "hello"), (2, "hello")]
    assert [one.request for one in reported(world, StaleReport)] == [3]


def test_an_answer_about_commands_is_bounded(world: Simulation) -> None:
    world.output(run("x") * 5000)
    world.session.handle(CommandsWanted(1, 0, 1 << 60))
    (report,) = reported(world, CommandsReport)
    assert 0 < len(report.commands) <= 2000


def test_frames_say_when_marks_are_new(world: Simulation) -> None:
    world.output(b"no marks\r\n\x1b]7;file:///tmp\x07")
    assert world.frames[-1].marks == 0
    world.now += 1
    world.output(PROMPT)
    first = world.frames[-1].marks
    assert first > 0
    world.now += 1
    world.output(b"typed")
    assert world.frames[-1].marks == first
    world.now += 1
    world.output(b"\r\n" + mark("C"))
    second = world.frames[-1].marks
    world.now += 1
    world.output(b"\x1b[2J")
    assert first < second < world.frames[-1].marks


@pytest.mark.parametrize(("seconds", "told"), [(0.9, []), (41.0, [CommandEndedReport(41.0, 2, "make all")])])
def test_a_command_that_took_a_while_is_told(
    world: Simulation, seconds: float, told: list[CommandEndedReport]
) -> None:
    world.output(PROMPT + b"make   all\r\n" + mark("C") + b"working\r\n")
    world.now += seconds
    world.output(b"\x1b[H\x1b[2J" + mark("D;2") + PROMPT)
    assert reported(world, CommandEndedReport) == told
    world.now += 99
    world.output(b"\r\n" + mark("D;2") + PROMPT)
    assert reported(world, CommandEndedReport) == told


def test_a_long_command_line_is_told_in_short(world: Simulation) -> None:
    world.output(PROMPT + b"\r\n" + mark(f"C;cmdline_url={'x' * 900}"))
    world.now += 5
    world.output(mark("D"))
    (report,) = reported(world, CommandEndedReport)
    assert report.exit_code is None
    assert report.command == "x" * 199 + "…"


def test_the_cursor_is_moved_at_a_prompt_alone(world: Simulation) -> None:
    world.output(PROMPT + b"hello")
    world.session.handle(MoveCursor(0, 4))
    assert world.program.written == b"\x1b[D" * 3
    world.output(b"\r\n" + mark("C"))
    world.session.handle(MoveCursor(0, 4))
    assert world.program.written == b"\x1b[D" * 3


def test_a_command_runs_at_a_free_prompt(world: Simulation) -> None:
    world.output(b"\x1b[?2004h" + PROMPT)
    world.session.handle(RunAtPrompt(7, "for x in 1\ndo true; done"))
    for _ in range(4):
        pass_time(world, 1)
    assert world.program.written == b"\x1b[200~for x in 1\rdo true; done\x1b[201~\r" or (
        world.program.written == b"\x1b[200~for x in 1\ndo true; done\x1b[201~\r"
    )
    assert reported(world, SubmittedReport) == [SubmittedReport(7)]


@pytest.mark.parametrize(
    ("keys", "before"), [(b"\x1b", b"\x1b\x15"), (b"\x1b\x07", b"\x1b\x07"), (b"\x03", b"\x03")]
)
def test_an_escape_at_the_prompt_takes_nothing_of_the_command(
    world: Simulation, keys: bytes, before: bytes
) -> None:
    """Shells wait for the rest of the key that an escape begins."""
    world.output(b"\x1b[?2004h" + PROMPT)
    for key in keys:
        world.session.handle(RawInput(bytes([key])))
    world.session.handle(RunAtPrompt(7, "make all"))
    for _ in range(4):
        pass_time(world, 1)
    assert world.program.written == before + b"\x1b[200~make all\x1b[201~\r"
    world.session.handle(RunAtPrompt(8, "make"))
    for _ in range(4):
        pass_time(world, 1)
    assert world.program.written.endswith(b"\r\x1b[200~make\x1b[201~\r")


@pytest.mark.parametrize(
    "screen", [b"", b"$ ", PROMPT + b"half", PROMPT + b"cat\r\n" + mark("C"), PROMPT + b"\x1b[?1049h"]
)
def test_elsewhere_no_command_runs(world: Simulation, screen: bytes) -> None:
    world.output(screen)
    world.session.handle(RunAtPrompt(7, "rm -r x"))
    pass_time(world, 30)
    assert world.program.written == b""
    assert [report.request for report in reported(world, ErrorReport)] == [7]


def test_what_is_typed_before_it_counts(world: Simulation) -> None:
    """A Return that is still to come ends the prompt: what waits behind it is judged when its turn comes."""
    world.output(b"\x1b[?2004h" + PROMPT)
    world.session.handle(SendText(1, "sleep 9", submit=True))
    world.session.handle(RunAtPrompt(2, "rm -r x"))
    for _ in range(3):
        pass_time(world, 0.1)
        world.output(b"sleep 9" if world.now < 1000.15 else b"")
    pass_time(world, 1)
    world.output(b"\r\n" + mark("C"))
    pass_time(world, 5)
    assert b"rm" not in world.program.written
    assert [report.request for report in reported(world, ErrorReport)] == [2]
    world.session.handle(RawInput(b"y"))
    assert world.program.written.endswith(b"y")


def test_a_command_of_an_ended_shell_runs_no_more(world: Simulation) -> None:
    world.output(PROMPT + b"sleep 9\r\n" + mark("C"))
    world.session._emulator.reset_after_exit()
    world.session.handle(CommandsWanted(1, 0, 4))
    (report,) = reported(world, CommandsReport)
    assert report.commands == (ShellCommand(0, CommandState.ENDED, (0, 2), (1, 0), text="sleep 9"),)
