"""Frames, sizes, lines and text between the view and its session."""

import time
from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QClipboard, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from podium.core.protocol.frames import Cursor, Line, Run, ScreenMode
from podium.core.protocol.reports import LinesReport, TextReport
from podium.core.protocol.requests import (
    Acknowledge,
    Follow,
    KeyInput,
    LinesWanted,
    Paste,
    Resize,
    TextWanted,
)
from podium.ui.terminal import TerminalView
from podium.ui.terminal.selection.selection import Point
from tests.ui_terminal.view_frames import FrameMaker, Seen


def lines(first: int, count: int, text: str = "line", epoch: int = 0, request: int = 1) -> LinesReport:
    return LinesReport(
        request, epoch, first, tuple(Line((Run(f"{text} {first + n}"),)) for n in range(count)), ()
    )


def shown(view: TerminalView) -> list[str]:
    return [
        "" if row.line is None else "".join(run.text for run in row.line.line.runs)
        for row in view._state.rows()
    ]


def test_a_visible_view_acknowledges_when_painting_has_paid_for_itself(
    view: TerminalView, seen: Seen, maker: FrameMaker, qtbot: QtBot
) -> None:
    view.apply_frame(maker.frame(["a"]))
    qtbot.waitUntil(lambda: seen.of(Acknowledge) == [Acknowledge(1)])  # The view has just painted itself.
    view.apply_frame(maker.frame(["b"], number=2, more=True))
    assert len(seen.of(Acknowledge)) == 1, "parts are not acknowledged"
    view.apply_frame(maker.frame(["c"], number=2))
    qtbot.waitUntil(lambda: seen.of(Acknowledge) == [Acknowledge(1), Acknowledge(2)])


def test_a_hidden_view_withholds_the_acknowledgement(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.hide()
    view.apply_frame(maker.frame(["a"]))
    assert not seen.of(Acknowledge)
    view.show()
    assert seen.of(Acknowledge) == [Acknowledge(1)]
    assert shown(view)[0] == "a"
    view.hide()
    view.show()
    assert len(seen.of(Acknowledge)) == 1


def test_the_first_size_is_sent_on_the_first_show_and_later_ones_when_settled(qtbot: QtBot) -> None:
    view = TerminalView()
    qtbot.addWidget(view)
    seen = Seen()
    view.requested.connect(seen.append)
    view.resize(20 + 80 * 8, 16 + 24 * 18)
    assert view.grid_size() == (80, 24)
    assert not seen
    view.show()
    assert seen.of(Resize) == [Resize(80, 24, 8, 18)]
    for columns in range(81, 90):
        view.resize(20 + columns * 8, 16 + 24 * 18 + 5)
    assert len(seen.of(Resize)) == 1
    qtbot.waitUntil(lambda: len(seen.of(Resize)) == 2)
    assert seen.of(Resize)[-1] == Resize(89, 24, 8, 18)
    view.resize(1, 1)
    qtbot.waitUntil(lambda: len(seen.of(Resize)) == 3)
    assert seen.of(Resize)[-1] == Resize(2, 1, 8, 18)
    view.resize(2, 2)
    qtbot.wait(100)
    assert len(seen.of(Resize)) == 3, "only changes are sent"


def test_the_font_size_changes_the_grid(qtbot: QtBot, view: TerminalView, seen: Seen) -> None:
    view.set_font_size(20)
    assert view.font_size == 20
    qtbot.waitUntil(lambda: bool(seen.of(Resize)))
    assert seen.of(Resize) == [Resize(13, 3, 12, 28)]
    view.set_font_size(99)
    assert view.font_size == 24
    view.set_font_size(1)
    assert view.font_size == 9


def test_scrolling_asks_for_lines_once_and_shows_them(
    qtbot: QtBot, view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["a", "b", "c", "d", "e"], first_line=100))
    view.scroll_lines(-1)
    view.scroll_lines(-19)
    qtbot.waitUntil(lambda: bool(seen.of(LinesWanted)))
    wanted = seen.of(LinesWanted)
    assert [(w.first, w.count) for w in wanted] == [(75, 15)], "the page shown, one above, one below"  # type: ignore[attr-defined]
    assert shown(view) == [""] * 5
    view.scroll_lines(1)
    qtbot.wait(30)
    assert len(seen.of(LinesWanted)) == 1, "that is on its way already"
    view.apply_lines(lines(75, 15))
    assert shown(view)[0] == "line 81"
    view.apply_lines(lines(75, 15, "other", epoch=7))
    assert shown(view)[0] == "line 81", "lines of another numbering are refused"


def test_a_session_hears_what_to_follow_before_the_size_that_moves_it(
    qtbot: QtBot, view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["a"], first_line=100))
    view.scroll_to(40)
    view.resize(view.width() + 80, view.height())
    qtbot.waitUntil(lambda: bool(seen.of(Resize)))
    asked = [request for request in seen if isinstance(request, Follow | Resize)]
    assert asked[0] == Follow(1, 0, ((40, 0),))
    assert isinstance(asked[-1], Resize)
    maker.columns += 10
    view.apply_frame(maker.frame(["a"], first_line=90, line_epoch=1, followed=1, places=((33, 7),)))
    assert view._state.viewport.top == 33
    qtbot.wait(60)
    assert len(seen.of(Follow)) == 1, "the session knows that"
    view.scroll_lines(1)
    qtbot.waitUntil(lambda: len(seen.of(Follow)) == 2)
    assert seen.of(Follow)[1] == Follow(2, 1, ((34, 0),))
    view.scroll_to_bottom()
    qtbot.waitUntil(lambda: len(seen.of(Follow)) == 3)
    assert seen.of(Follow)[2] == Follow(3, 1)
    view.apply_frame(maker.frame(["b"], first_line=91, line_epoch=1))
    qtbot.wait(60)
    assert len(seen.of(Follow)) == 3


def test_new_output_does_not_move_a_scrolled_view(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["a", "b", "c", "d", "e"], first_line=100))
    view.apply_lines(lines(90, 10))
    view.scroll_lines(-3)
    before = shown(view)
    assert before == ["line 97", "line 98", "line 99", "a", "b"]
    view.apply_frame(maker.frame(["f", "g", "h", "i", "j"], first_line=105))
    assert shown(view) == before, "rows that scrolled off are shown from memory"
    view.scroll_to_bottom()
    assert shown(view) == ["f", "g", "h", "i", "j"]


def test_lines_that_are_dropped_push_an_anchored_view(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["a"], first_line=100))
    view.scroll_lines(-90)
    assert view._state.viewport.top == 10
    view.apply_frame(maker.frame({}, first_line=200, oldest_line=50))
    assert view._state.viewport.top == 50


def test_typing_and_pasting_return_to_the_bottom(
    qtbot: QtBot, view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["a"], first_line=100))
    view.scroll_pages(-2)
    QTest.keyClick(view, Qt.Key.Key_Shift)
    assert not view._state.viewport.at_bottom
    QTest.keyClicks(view, "x")
    assert view._state.viewport.at_bottom
    view.scroll_pages(-2)
    view.paste_text("y")
    assert view._state.viewport.at_bottom
    assert len(seen.of(KeyInput)) == 1


def test_the_cursor_hides_while_it_is_scrolled_out(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["a"], first_line=100, cursor=Cursor(0, 3)))
    assert view._state.cursor() is not None
    view.scroll_lines(-2)
    assert view._state.cursor() is None
    view.scroll_lines(1)
    found = view._state.cursor()
    assert found is not None
    assert found[0] == 4


def test_copy_asks_the_session_and_fills_the_clipboard(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    QGuiApplication.clipboard().setText("before")
    view.apply_frame(maker.frame(["hello", "world"]))
    view.copy()
    assert not seen.of(TextWanted), "nothing is selected"
    view.select_all()
    view.copy()
    (wanted,) = seen.of(TextWanted)
    assert isinstance(wanted, TextWanted)
    assert (wanted.first, wanted.last, wanted.block) == ((0, 0), (1, 19), False)
    view.apply_text(TextReport(wanted.request + 7, "somebody else's"))
    view.apply_text(TextReport(wanted.request, "hel\u202elo\n", more=True))
    assert QGuiApplication.clipboard().text() == "before"
    view.apply_text(TextReport(wanted.request, "world"))
    assert QGuiApplication.clipboard().text() == "hello\nworld"


def copied(view: TerminalView, seen: Seen, maker: FrameMaker) -> TextWanted:
    """The request of a copy of “hello”, which is known to be on line 33."""
    view.apply_frame(maker.frame(["", "", "", "hello"], first_line=30))
    view.contents.selection.select(Point(33, 0), Point(33, 5))
    view._places.send_now()
    view.copy()
    wanted = seen.of(TextWanted)[-1]
    assert isinstance(wanted, TextWanted)
    assert (wanted.first, wanted.last, wanted.line_epoch) == ((33, 0), (33, 4), 0)
    return wanted


def flown(view: TerminalView, seen: Seen, maker: FrameMaker) -> None:
    """The first frame of another width: “hello” is on line 11."""
    follow = seen.of(Follow)[-1].number  # type: ignore[attr-defined]
    places = ((11, 0), (11, 0), (11, 5), (11, 5))
    rows = ["", "hello"]
    view.apply_frame(maker.frame(rows, first_line=10, line_epoch=1, followed=follow, places=places))


@pytest.mark.parametrize("frame_first", [True, False])
def test_a_copy_that_meets_a_reflow_is_asked_for_again(
    view: TerminalView, seen: Seen, maker: FrameMaker, frame_first: bool
) -> None:
    QGuiApplication.clipboard().setText("before")
    first = copied(view, seen, maker)
    steps: list[Callable[[], object]] = [
        lambda: flown(view, seen, maker),
        lambda: view.text_is_stale(first.request),
    ]
    for step in steps if frame_first else reversed(steps):
        assert len(seen.of(TextWanted)) == 1
        step()
    again = seen.of(TextWanted)[-1]
    assert isinstance(again, TextWanted)
    assert (again.first, again.last, again.line_epoch) == ((11, 0), (11, 4), 1)
    view.apply_text(TextReport(first.request, "other text"))
    assert QGuiApplication.clipboard().text() == "before"
    view.apply_text(TextReport(again.request, "hello"))
    assert QGuiApplication.clipboard().text() == "hello"
    flown(view, seen, maker)
    assert len(seen.of(TextWanted)) == 2


@pytest.mark.fault(39)
@pytest.mark.parametrize(
    ("text", "modes", "asks"),
    [
        ("ls", 0, False),
        ("ls\nrm -r x\n", 0, True),
        ("ls\nrm -r x\n", int(ScreenMode.BRACKETED_PASTE), False),
        ("\x1b[201~", 0, True),
    ],
)
def test_a_paste_that_would_run_at_once_is_asked_about(
    view: TerminalView, seen: Seen, maker: FrameMaker, text: str, modes: int, asks: bool
) -> None:
    asked: list[str] = []
    view.paste_requested.connect(asked.append)
    view.apply_frame(maker.frame(["$ "], modes=modes))
    QGuiApplication.clipboard().setText(text)
    view.paste()
    assert asked == ([text] if asks else [])
    assert seen.of(Paste) == ([] if asks else [Paste(text)])


def test_dropped_files_are_pasted_as_quoted_paths(view: TerminalView, seen: Seen) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/my file.txt"), QUrl.fromLocalFile("/tmp/b")])
    event = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    view.dropEvent(event)
    assert seen.of(Paste) == [Paste("'/tmp/my file.txt' /tmp/b ")]


def test_one_view_is_zoomed_and_keeps_that_when_all_change(view: TerminalView) -> None:
    view.set_font_size(13)
    view.zoom(3)
    assert view.font_size == 16
    view.set_font_size(14)
    assert view.font_size == 17
    view.zoom(99)
    assert view.font_size == 24
    view.zoom(-1)
    assert view.font_size == 23, "there is no way back from where it never went"
    view.zoom(0)
    assert view.font_size == 14


def test_primary_selection_round_trip(view: TerminalView, seen: Seen, maker: FrameMaker) -> None:
    if not QGuiApplication.clipboard().supportsSelection():
        pytest.skip("this platform has no primary selection")
    view.apply_frame(maker.frame(["hello"]))
    view.select_all()
    view.copy_selected()
    (wanted,) = seen.of(TextWanted)
    view.apply_text(TextReport(wanted.request, "hello"))  # type: ignore[attr-defined]
    assert QGuiApplication.clipboard().text(QClipboard.Mode.Selection) == "hello"
    view.paste_primary()
    assert seen.of(Paste) == [Paste("hello")]


def test_reset_forgets_the_session(view: TerminalView, seen: Seen, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["a"], first_line=100))
    view.scroll_pages(-1)
    view.reset()
    assert shown(view) == []
    assert view._state.viewport.at_bottom
    view.apply_frame(FrameMaker().frame(["b"]))
    assert shown(view)[0] == "b"


def test_an_idle_view_has_no_ticking_timer_and_a_blinking_one_stops(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.apply_frame(maker.frame(["a"], cursor=Cursor(0, 0)))
    assert not view._cursor.blink.is_ticking
    monkeypatch.setattr("podium.ui.terminal.painting.cursor_blink.BLINK_SECONDS", 0.5)
    QGuiApplication.styleHints().setCursorFlashTime(100)
    try:
        view.apply_frame(maker.frame({}, cursor=Cursor(0, 0, blinking=True)))
        assert view._cursor.blink.is_ticking
        qtbot.waitUntil(lambda: not view._cursor.blink.on)
        qtbot.waitUntil(lambda: not view._cursor.blink.is_ticking)
        assert view._cursor.blink.on, "it rests switched on"
        QTest.keyClicks(view, "x")
        assert view._cursor.blink.is_ticking
        view.clearFocus()
        assert not view._cursor.blink.is_ticking
    finally:
        QGuiApplication.styleHints().setCursorFlashTime(1000)


def test_painting_a_full_screen_is_fast(qtbot: QtBot) -> None:
    """A generous bound, to catch a change that makes painting slower by an order."""
    view = TerminalView()
    qtbot.addWidget(view)
    view.resize(20 + 120 * 8, 16 + 40 * 18)
    view.show()
    maker = FrameMaker(120, 40)
    view.apply_frame(maker.frame([f"{row:3} " + "the quick brown fox " * 5 for row in range(40)]))
    view.grab()
    rows = view._state.rows()
    best = 1.0
    for _ in range(5):
        view._canvas.set_palette(view._palette())
        start = time.perf_counter()
        view._canvas.image.show(rows)
        best = min(best, time.perf_counter() - start)
    assert best < 0.05
