"""Prompts of a marking shell in a view: what stands beside them, and what the mouse and the commands do there."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from podium.core.config.shell_settings import ClickMoves
from podium.core.instances import ThemeName
from podium.core.protocol.command_reports import FailedReport
from podium.core.protocol.command_requests import (
    CommandsWanted,
    CommandTextWanted,
    FailedWanted,
    MoveCursor,
    PromptWanted,
)
from podium.core.protocol.frames import Cursor, ScreenMode
from podium.core.protocol.marks import CommandState, ShellCommand
from podium.core.protocol.reports import CommandsReport
from podium.core.protocol.requests import (
    MouseInput,
    TextWanted,
)
from podium.core.themes import load_theme
from podium.ui.terminal import TerminalView
from podium.ui.terminal.prompts.row_notes import Mark, RowNote, row_note
from tests.ui_terminal.test_view_mouse import at, drag
from tests.ui_terminal.view_frames import FrameMaker, Seen

LEFT = Qt.MouseButton.LeftButton
NONE, ALT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.AltModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
TYPED, RUNNING, ENDED = CommandState.TYPED, CommandState.RUNNING, CommandState.ENDED
ROWS = ["$ ls", "a", "b", "$ false", "$ "]
FIRST = ShellCommand(10, ENDED, (10, 2), (11, 0), (13, 0), 0, 0.1)
SECOND = ShellCommand(13, ENDED, (13, 2), (14, 0), (14, 0), 1, 41.24)
LAST = ShellCommand(14, TYPED, (14, 2))


def mark_at(row: int) -> QPoint:
    return QPoint(4, at(0, row).y())


def answer(view: TerminalView, *commands: ShellCommand, line_epoch: int = 0) -> None:
    view.prompts.take(CommandsReport(1, line_epoch, commands))


@pytest.fixture
def shell(view: TerminalView, maker: FrameMaker, seen: Seen, qtbot: QtBot) -> TerminalView:
    """A view of ``ROWS`` with its commands, below ten lines of scrollback."""
    view.apply_frame(maker.frame(ROWS, marks=9, first_line=10, cursor=Cursor(2, 4)))
    qtbot.waitUntil(lambda: bool(seen.of(CommandsWanted)))
    answer(view, FIRST, SECOND, LAST)
    return view


@pytest.mark.parametrize(
    ("command", "seconds", "live", "note"),
    [
        (LAST, None, True, RowNote(Mark.NONE)), (FIRST, 0.99, True, RowNote(Mark.SUCCEEDED)),
        (FIRST, 1.0, True, RowNote(Mark.SUCCEEDED, "1.0 s")), (FIRST, None, True, RowNote(Mark.SUCCEEDED)),
        (SECOND, 41.24, True, RowNote(Mark.FAILED, "exit 1 · 41.2 s")),
        (SECOND, 0.2, False, RowNote(Mark.FAILED, "exit 1")),
        (FIRST, 59.94, True, RowNote(Mark.SUCCEEDED, "59.9 s")), (FIRST, 59.96, True, RowNote(Mark.SUCCEEDED, "1:00")),
        (FIRST, 3849, True, RowNote(Mark.SUCCEEDED, "1:04:09")),
        (ShellCommand(0, RUNNING), 192.4, True, RowNote(Mark.RUNNING, "running 3:12")),
        (ShellCommand(0, RUNNING), 0.4, True, RowNote(Mark.RUNNING)),
        (ShellCommand(0, RUNNING), 192.4, False, RowNote(Mark.NONE)),
        (ShellCommand(0, ENDED), 5, True, RowNote(Mark.NONE)),
    ],
)  # fmt: skip
def test_what_stands_beside_a_prompt(
    command: ShellCommand, seconds: float | None, live: bool, note: RowNote
) -> None:
    assert row_note(command, seconds, live=live) == note


def test_what_is_asked_for(view: TerminalView, maker: FrameMaker, seen: Seen, qtbot: QtBot) -> None:
    view.apply_frame(maker.frame(ROWS, first_line=100))
    view.prompts._on_due()
    assert not seen.of(CommandsWanted), "a session without marks is not asked for any"
    view.apply_frame(maker.frame({0: "$ cd"}, first_line=100, marks=3))
    qtbot.waitUntil(lambda: bool(seen.of(CommandsWanted)))
    (wanted,) = seen.of(CommandsWanted)
    assert isinstance(wanted, CommandsWanted)
    assert (wanted.first, wanted.last) == (95, 109)
    view.apply_frame(maker.frame({0: "$ x"}, first_line=101, marks=3))
    view.scroll_to(97)
    view.prompts._on_due()
    assert len(seen.of(CommandsWanted)) == 1, "what is known is not asked for again"
    view.scroll_to(50)
    view.prompts._on_due()
    asked = seen.of(CommandsWanted)[-1]
    assert isinstance(asked, CommandsWanted)
    assert (asked.first, asked.last) == (45, 59)
    view.apply_frame(maker.frame({0: "$ x"}, first_line=101, marks=4))
    view.prompts._on_due()
    assert len(seen.of(CommandsWanted)) == 3
    view.prompts._on_due()
    assert len(seen.of(CommandsWanted)) == 3


def pixels(view: TerminalView, x: range, y: range) -> set[str]:
    image = view.grab().toImage()
    return {image.pixelColor(column, row).name() for column in x for row in y}


def test_the_marks_are_painted_in_the_padding(shell: TerminalView) -> None:
    theme = load_theme(ThemeName.INDIGO).dark
    failed = pixels(shell, range(10), range(8 + 3 * 18 + 2, 8 + 4 * 18))
    assert theme.bright[1] in failed
    assert theme.bar in pixels(shell, range(5, 100), range(8 + 3 * 18, 8 + 3 * 18 + 1))
    assert pixels(shell, range(10), range(8 + 18, 8 + 3 * 18)) == {theme.background}
    answer(shell)
    assert pixels(shell, range(10), range(8, 8 + 5 * 18)) == {theme.background}


def test_words_stand_where_the_row_is_empty(shell: TerminalView, maker: FrameMaker) -> None:
    end = range(10 + 8 * 12, 10 + 8 * 18)
    row = range(8 + 3 * 18 + 2, 8 + 4 * 18)
    background = load_theme(ThemeName.INDIGO).dark.background
    answer(shell, FIRST, ShellCommand(13, ENDED, (13, 2), (14, 0), (14, 0), 1), LAST)
    assert pixels(shell, end, row) != {background}
    shell.apply_frame(maker.frame({3: "$ false            |"}, marks=9, first_line=10))
    assert pixels(shell, range(10 + 8 * 12, 10 + 8 * 18), row) == {background}


def test_full_screen_programs_have_no_marks(shell: TerminalView, maker: FrameMaker, seen: Seen) -> None:
    modes = int(ScreenMode.ALTERNATE_SCREEN)
    shell.apply_frame(maker.frame({0: "vim"}, marks=9, first_line=10, modes=modes))
    assert pixels(shell, range(10), range(8, 98)) == {load_theme(ThemeName.INDIGO).dark.background}
    assert not shell.prompts.any
    shell.prompts.go(above=True)
    assert not seen.of(PromptWanted)


def test_commands_of_another_numbering_are_dropped(shell: TerminalView, maker: FrameMaker) -> None:
    shell.apply_frame(maker.frame(ROWS, marks=9, first_line=10, line_epoch=1))
    assert shell.prompts.command is None or shell.prompts._known.shown() == []
    answer(shell, FIRST, line_epoch=0)
    assert shell.prompts._known.shown() == []
    shell.prompts._on_due()
    answer(shell, FIRST, line_epoch=1)
    assert [row for row, _ in shell.prompts._known.shown()] == [0]


def test_a_click_on_a_mark_selects_the_output(shell: TerminalView, seen: Seen) -> None:
    QTest.mouseClick(shell, LEFT, NONE, mark_at(0))
    assert shell.selected_text() == "a\nb"
    assert not seen.of(MoveCursor)
    QTest.mouseClick(shell, LEFT, NONE, mark_at(3))
    assert shell.selected_text() == "a\nb", "a command without output leaves the selection"


def test_the_mouse_shows_where_a_mark_is(shell: TerminalView) -> None:
    QTest.mouseMove(shell, mark_at(0))
    assert shell.cursor().shape() is Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(shell, mark_at(1))
    assert shell.cursor().shape() is Qt.CursorShape.IBeamCursor


def test_the_output_of_the_command_under_the_pointer_is_copied(shell: TerminalView, seen: Seen) -> None:
    shell.prompts.point_at(at(5, 2))
    shell.prompts.copy_output()
    (wanted,) = seen.of(TextWanted)
    assert isinstance(wanted, TextWanted)
    assert (wanted.first, wanted.last) == ((11, 0), (12, 19))


def test_without_a_pointer_it_is_the_newest_command(shell: TerminalView, seen: Seen) -> None:
    assert shell.prompts.command == SECOND
    shell.prompts.run_again()
    assert [wanted.line for wanted in seen.of(CommandTextWanted)] == [13]  # type: ignore[attr-defined]
    shell.prompts.point_at(at(0, 4))
    assert shell.prompts.command is None, "nothing was run there yet"
    QTest.mouseClick(shell, LEFT, NONE, at(3, 1))
    assert shell.prompts.command == SECOND


def test_from_prompt_to_prompt(shell: TerminalView, seen: Seen) -> None:
    shell.prompts.go(above=True)
    shell.scroll_to(4)
    shell.prompts.go(above=False)
    asked = [(one.line, one.above) for one in seen.of(PromptWanted)]  # type: ignore[attr-defined]
    assert asked == [(10, True), (4, False)]
    shell.prompts.take_prompt(CommandsReport(1, 0, (ShellCommand(7, TYPED),)))
    assert shell._state.viewport.top == 7
    shell.prompts.take_prompt(CommandsReport(1, 3, (ShellCommand(2, TYPED),)))
    shell.prompts.take_prompt(CommandsReport(1, 0))
    assert shell._state.viewport.top == 7
    shell.prompts.take_prompt(CommandsReport(1, 0, (SECOND,)))
    assert shell._state.viewport.at_bottom


@pytest.mark.parametrize(
    ("setting", "held", "moves"),
    [
        (ClickMoves.CLICK, NONE, True), (ClickMoves.CLICK, ALT, True), (ClickMoves.CLICK, SHIFT, False),
        (ClickMoves.CLICK, CONTROL, False), (ClickMoves.ALT_CLICK, NONE, False), (ClickMoves.ALT_CLICK, ALT, True),
        (ClickMoves.OFF, NONE, False), (ClickMoves.OFF, ALT, False),
    ],
)  # fmt: skip
def test_a_click_moves_the_cursor(
    shell: TerminalView, seen: Seen, setting: ClickMoves, held: Qt.KeyboardModifier, moves: bool
) -> None:
    shell.prompts.click_moves = setting
    QTest.mouseClick(shell, LEFT, held, at(3.2, 4))
    assert seen.of(MoveCursor) == ([MoveCursor(14, 3)] if moves else [])


def test_what_is_no_click_moves_no_cursor(shell: TerminalView, maker: FrameMaker, seen: Seen) -> None:
    drag(shell, at(0.2, 4), at(5.8, 4))
    QTest.mouseClick(shell, Qt.MouseButton.RightButton, NONE, at(3, 4))
    shell.apply_frame(maker.frame(marks=9, first_line=10, modes=int(ScreenMode.MOUSE_CLICKS)))
    QTest.mouseClick(shell, LEFT, NONE, at(3, 4))
    assert not seen.of(MoveCursor)
    assert len(seen.of(MouseInput)) == 2
    shell.apply_frame(maker.frame(marks=9, first_line=10))
    shell.set_live(False)
    QTest.mouseClick(shell, LEFT, NONE, at(3, 4))
    assert not seen.of(MoveCursor)


def test_the_click_that_brings_the_keyboard_moves_no_cursor(shell: TerminalView, seen: Seen) -> None:
    shell.prompts.focus_came(Qt.FocusReason.MouseFocusReason)
    QTest.mouseClick(shell, LEFT, NONE, at(3, 4))
    assert not seen.of(MoveCursor)
    QTest.mouseClick(shell, LEFT, NONE, at(3, 4))
    assert len(seen.of(MoveCursor)) == 1


def test_room_for_marks_is_there_from_the_start(view: TerminalView) -> None:
    view.resize(10 + 20 + 20 * 8, view.height())
    assert view.grid_size() == (21, 5)
    view.set_marks_prompts(True)
    assert view.grid_size() == (20, 5)
    view.set_marks_prompts(False)
    assert view.grid_size() == (21, 5)


def test_another_session_has_other_prompts(shell: TerminalView) -> None:
    shell.reset()
    assert shell.prompts.command is None
    assert not shell.prompts.any


def failed(view: TerminalView, *lines: int, first: int = 0, reached: int = 0, line_epoch: int = 0) -> None:
    view.prompts.take_failed(FailedReport(1, line_epoch, first, reached, lines))


def ask_failed(view: TerminalView, seen: Seen) -> int:
    """The line from which failed commands are asked for by now; -1 when they are not."""
    before = len(seen.of(FailedWanted))
    view.prompts._on_due()
    asked = seen.of(FailedWanted)[before:]
    return asked[0].first if asked else -1  # type: ignore[attr-defined]


def test_failed_prompts_are_asked_for_when_marks_are_new(
    view: TerminalView, maker: FrameMaker, seen: Seen, qtbot: QtBot
) -> None:
    view.apply_frame(maker.frame(ROWS, first_line=100))
    assert ask_failed(view, seen) == -1, "a session without marks is not asked"
    view.apply_frame(maker.frame({0: "x"}, first_line=100, marks=3))
    qtbot.waitUntil(lambda: bool(seen.of(FailedWanted)))
    assert [one.first for one in seen.of(FailedWanted)] == [0]  # type: ignore[attr-defined]
    failed(view, 20, 60, reached=70)
    assert ask_failed(view, seen) == -1, "what is known is not asked for again"
    view.apply_frame(maker.frame({0: "y"}, first_line=100, marks=4))
    assert ask_failed(view, seen) == 70, "only what may have changed"
    failed(view, 75, first=70, reached=90)
    assert view.contents.failed_prompts.lines == [20, 60, 75]
    # The screen grew: rows of the scrollback are on it again.
    view.apply_frame(maker.frame({0: "z"}, first_line=65, marks=5))
    assert ask_failed(view, seen) == 65
    failed(view, first=60, reached=65)
    assert view.contents.failed_prompts.lines == [20]
    view.apply_frame(maker.frame({0: "z"}, first_line=200, oldest_line=21, marks=5))
    assert view.contents.failed_prompts.lines == []


def test_failed_prompts_of_another_numbering_are_asked_for_anew(
    view: TerminalView, maker: FrameMaker, seen: Seen
) -> None:
    view.apply_frame(maker.frame(ROWS, first_line=100, marks=3))
    assert ask_failed(view, seen) == 0
    failed(view, 20, reached=50)
    view.apply_frame(maker.frame(ROWS, first_line=150, marks=3, line_epoch=1))
    assert view.contents.failed_prompts.lines == []
    assert ask_failed(view, seen) == 0
    failed(view, 20, reached=50)
    assert view.contents.failed_prompts.lines == [], "an answer from before the new width"
    assert ask_failed(view, seen) == 0
    failed(view, 33, reached=50, line_epoch=1)
    assert view.contents.failed_prompts.lines == [33]
    modes = int(ScreenMode.ALTERNATE_SCREEN)
    view.apply_frame(maker.frame({0: "vim"}, first_line=150, marks=4, line_epoch=1, modes=modes))
    assert view.contents.failed_prompts.lines == []
    assert ask_failed(view, seen) == -1
    view.apply_frame(maker.frame({0: "$"}, first_line=150, marks=4, line_epoch=1))
    assert view.contents.failed_prompts.lines == [33]
    view.reset()
    assert view.contents.failed_prompts.lines == []


def test_failed_prompts_have_ticks_beside_those_of_matches(shell: TerminalView, maker: FrameMaker) -> None:
    shell.apply_frame(maker.frame({4: "$ "}, first_line=1000, marks=9))
    theme = load_theme(ThemeName.INDIGO).dark
    strip = range(shell.width() - 12, shell.width() - 9)
    assert pixels(shell, strip, range(shell.height())) == {theme.background}
    failed(shell, 500, reached=900)
    (y,) = shell._hit_tester.ticks().failed
    assert abs(y - shell.height() // 2) <= 2
    assert pixels(shell, strip, range(y - 1, y + 2)) == {theme.bright[1]}
    assert theme.bright[1] not in pixels(
        shell, range(shell.width() - 9, shell.width()), range(shell.height())
    )
    QTest.mouseClick(shell, LEFT, pos=QPoint(shell.width() - 11, y))
    assert shell.contents.viewport.top == 500
    failed(shell, first=400, reached=900)
    assert pixels(shell, strip, range(y - 1, y + 2)) == {theme.background}


def test_thousands_of_failed_prompts_have_no_more_ticks_than_there_are_pixels(
    shell: TerminalView, maker: FrameMaker
) -> None:
    shell.apply_frame(maker.frame({4: "$ "}, first_line=9000, marks=9))
    for start in range(0, 6000, 2000):
        failed(shell, *range(start, start + 2000), first=start, reached=start + 2000)
    assert len(shell.contents.failed_prompts.lines) == 2000, "and no more are kept than an answer has"
    assert 0 < len(shell._hit_tester.ticks().failed) <= shell.height()
