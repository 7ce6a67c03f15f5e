"""A terminal as assistive technology reads it: rows in, text, offsets and what is read aloud out."""

import gc
from collections.abc import Sequence

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleTextUpdateEvent,
)
from pytestqt.qtbot import QtBot

from podium.core.protocol.frames import Cursor, Run, ScreenMode
from podium.ui.terminal import TerminalView
from podium.ui.terminal.accessible.interface import make_interface
from podium.ui.terminal.accessible.new_output import MOST_CHARACTERS, NewOutput
from podium.ui.terminal.accessible.view_text import TextChange, ViewText
from tests.ui_terminal.view_frames import FrameMaker

WIDE = [*"ab", "港", "", *"c  "]
ASTRAL = ["🌊", "", *"xy"]


# The text


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ([], ""),
        ([[]], ""),
        ([list("ab  "), [], list("c")], "ab\n\nc"),
        ([WIDE, ASTRAL], "ab港c\n🌊xy"),
        ([["港", ""]], "港"),
        ([[" ", " "], list(" x ")], "\n x"),
    ],
)
def test_rows_are_lines_without_blanks_at_their_ends(rows: Sequence[Sequence[str]], text: str) -> None:
    assert ViewText(rows).text == text


def test_offsets_are_those_of_a_qstring() -> None:
    text = ViewText([ASTRAL, WIDE])
    assert text.length == 2 + 2 + 1 + 4
    assert (text.offset(0, 0), text.offset(0, 2), text.offset(1, 0), text.offset(1, 4)) == (0, 2, 5, 8)
    assert text.slice(0, 2) == "🌊"
    assert text.slice(5, -1) == "ab港c"
    assert text.slice(4, 99) == "\nab港c"
    assert text.slice(7, 3) == ""


@pytest.mark.parametrize("rows", [[list("ab"), list("cd")], [WIDE, [], ASTRAL], [ASTRAL, ASTRAL], [[]], []])
def test_each_offset_leads_to_its_cell_and_back(rows: Sequence[Sequence[str]]) -> None:
    text = ViewText(rows)
    for offset in range(text.length + 1):
        row, column = text.place(offset)
        assert text.offset(row, column) <= offset
        assert text.place(text.offset(row, column)) == (row, column)
    assert text.place(-3) == text.place(0)
    assert text.place(999) == text.place(text.length)


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ("ab", "ab", None),
        ("", "ab", TextChange(0, "", "ab")),
        ("$ l", "$ ls", TextChange(3, "", "s")),
        ("$ ls", "$ l", TextChange(3, "s", "")),
        ("aXc", "aYc", TextChange(1, "X", "Y")),
        ("aaa", "aa", TextChange(2, "a", "")),
        ("🌊a", "🌊b", TextChange(2, "a", "b")),
    ],
)
def test_the_smallest_change_is_told(before: str, after: str, change: TextChange | None) -> None:
    assert ViewText([list(after)]).change_from(ViewText([list(before)])) == change


# What is read aloud


class Screen:
    """Lines of a terminal, and what is said of them."""

    def __init__(self) -> None:
        self.lines = ["$ "]
        self.output = NewOutput()
        self.say()

    def say(self, *printed: str, typing: bool = False, epoch: int = 0) -> str:
        for line in printed:
            self.lines.append(line)
        return self.output.take(
            epoch, len(self.lines) - 1, lambda number: self.lines[number].rstrip(), typing=typing
        )


def test_what_was_there_before_is_not_said() -> None:
    assert Screen().say() == ""


def test_complete_lines_are_said_once_with_the_prompt_behind_them() -> None:
    screen = Screen()
    screen.lines[-1] = "$ ls"
    assert screen.say(typing=True) == ""
    assert screen.say("a.txt", "b.txt", "$ ") == "a.txt\nb.txt\n$"
    assert screen.say() == ""


def test_a_question_without_a_new_line_is_said() -> None:
    screen = Screen()
    screen.lines[-1] = "Go on? [y/n]"
    assert screen.say() == "Go on? [y/n]"
    assert screen.say() == ""


def test_what_is_typed_is_not_repeated() -> None:
    screen = Screen()
    for typed in ("$ g", "$ gi", "$ git"):
        screen.lines[-1] = typed
        assert screen.say(typing=True) == ""


def test_a_flood_is_summed_up() -> None:
    screen = Screen()
    said = screen.say(*(f"line {number}" for number in range(500)))
    assert said == "499 lines\nline 499"
    assert len(screen.say("x" * 5000)) == MOST_CHARACTERS


def test_after_a_reflow_or_a_full_screen_program_nothing_old_is_said() -> None:
    screen = Screen()
    assert screen.say("old", "$ ", epoch=1) == ""
    screen.lines += ["drawn", "drawn too"]
    screen.output.skip(1, len(screen.lines) - 1)
    assert screen.say("new", "$ ", epoch=1) == "drawn too\nnew\n$"
    screen.lines = ["$ "]
    assert screen.say(epoch=1) == "$"


# The view


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[QAccessibleEvent]:
    events: list[QAccessibleEvent] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", events.append)
    return events


def announced(events: list[QAccessibleEvent]) -> list[str]:
    return [event.message() for event in events if isinstance(event, QAccessibleAnnouncementEvent)]


def test_a_terminal_has_a_text_with_its_cursor(view: TerminalView, maker: FrameMaker) -> None:
    interface = make_interface("", view)
    assert interface is not None
    view.setAccessibleName("Terminal of atlas")
    view.apply_frame(maker.frame(["$ ls", [Run("港", width=2), "x"]], cursor=Cursor(3, 1)))
    text = interface.textInterface()
    assert interface.role() == QAccessible.Role.Terminal
    assert interface.text(QAccessible.Text.Name) == "Terminal of atlas"
    assert text.text(0, text.characterCount()).rstrip("\n") == "$ ls\n港x"
    assert text.cursorPosition() == 7
    first, wide, last = (text.characterRect(offset) for offset in (0, 5, 6))
    assert (first.width(), wide.width(), last.left()) == (8, 16, first.left() + 16)
    assert text.offsetAtPoint(last.center()) == 6
    assert first.topLeft() == view.mapToGlobal(QPoint(10, 8))
    assert interface.actionInterface() is None
    assert interface.valueInterface() is None


def test_only_terminals_are_made_for(qtbot: QtBot, view: TerminalView) -> None:
    assert make_interface("", view.parent() or view.cursor) is None  # type: ignore[arg-type]


def test_views_come_and_go_with_their_interfaces(qtbot: QtBot) -> None:
    for _ in range(50):
        view = TerminalView()
        interface = make_interface("", view)
        assert interface is not None
        assert interface.textInterface().characterCount() == 0
        del interface
        view.deleteLater()
    qtbot.wait(1)
    gc.collect()


def test_changes_and_new_output_are_told(
    qtbot: QtBot, told: list[QAccessibleEvent], maker: FrameMaker, view: TerminalView
) -> None:
    view.reading._tell_timer.setInterval(0)
    view.reading._say_timer.setInterval(0)
    view.apply_frame(maker.frame(["$ make"], cursor=Cursor(6, 0)))
    qtbot.waitUntil(lambda: any(isinstance(event, QAccessibleTextUpdateEvent) for event in told))
    qtbot.waitUntil(lambda: not view.reading._say_timer.isActive())
    told.clear()
    view.apply_frame(maker.frame({1: "all done", 2: "$ "}, cursor=Cursor(2, 2)))
    qtbot.waitUntil(lambda: announced(told) == ["all done\n$"])
    [update] = [event for event in told if isinstance(event, QAccessibleTextUpdateEvent)]
    assert update.textInserted() == "all done\n$"


def test_a_full_screen_program_and_a_view_without_the_keyboard_are_not_read_aloud(
    qtbot: QtBot, told: list[QAccessibleEvent], maker: FrameMaker, view: TerminalView
) -> None:
    view.reading._say_timer.setInterval(0)
    view.apply_frame(maker.frame(["$ "], cursor=Cursor(2, 0)))
    qtbot.waitUntil(lambda: not view.reading._say_timer.isActive())
    told.clear()
    view.apply_frame(maker.frame({0: "a", 1: "b"}, cursor=Cursor(0, 1), modes=ScreenMode.ALTERNATE_SCREEN))
    qtbot.waitUntil(lambda: not view.reading._say_timer.isActive())
    view.clearFocus()
    view.apply_frame(maker.frame({0: "c", 1: "d", 2: "e"}, cursor=Cursor(0, 2)))
    qtbot.waitUntil(lambda: not view.reading._say_timer.isActive())
    assert announced(told) == []


def test_it_costs_nothing_while_nobody_listens(
    view: TerminalView, maker: FrameMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QAccessible, "isActive", lambda: False)
    view.apply_frame(maker.frame(["$ make"], cursor=Cursor(6, 0)))
    assert not view.reading._tell_timer.isActive()
    assert not view.reading._say_timer.isActive()
