"""Copy mode in a view: the program gets no key, output goes on, and the cursor stays on its text."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from podium.core.instances import ThemeName
from podium.core.protocol.frames import Cursor, Line, Run, ScreenMode
from podium.core.protocol.reports import FoundReport, LinesReport, Match
from podium.core.protocol.requests import Follow, KeyInput, LinesWanted, Paste, RawInput, TextWanted
from podium.core.themes import load_theme
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from podium.ui.terminal import TerminalView
from podium.ui.terminal.copy_mode.bar import CopyModeBar
from podium.ui.terminal.copy_mode.control import FETCHED_LINES
from tests.ui_terminal.view_frames import FrameMaker, Seen

Key, Held = Qt.Key, Qt.KeyboardModifier
SCREEN = ["one two", "three", "four five", "", "six"]


@pytest.fixture
def screen(view: TerminalView, maker: FrameMaker, seen: Seen) -> FrameMaker:
    """A screen at line 100, the program's cursor on “six”, and copy mode on."""
    view.apply_frame(maker.frame(SCREEN, first_line=100, cursor=Cursor(3, 4)))
    view.toggle_copy_mode()
    seen.clear()
    return maker


def typed(view: TerminalView, keys: str) -> None:
    QTest.keyClicks(view, keys)


def cursor(view: TerminalView) -> tuple[int, int]:
    """Absolute line and column of the cursor that is painted."""
    found = view._hit_tester.cursor(focused=True)
    assert found is not None
    return view.contents.viewport.top + found.row, found.cursor.x


def is_on(view: TerminalView) -> bool:
    (bar,) = view.findChildren(CopyModeBar)
    assert bar.isVisible() is view._copy_mode.active
    return bar.isVisible()


def span(view: TerminalView) -> tuple[object, object] | None:
    return view.contents.selection.bounds()


def test_it_begins_at_the_program_s_cursor_and_takes_all_keys(
    view: TerminalView, seen: Seen, screen: FrameMaker
) -> None:
    assert cursor(view) == (104, 3)
    typed(view, "kkb0x")
    QTest.keyClick(view, Key.Key_Tab)
    QTest.keyClick(view, Key.Key_F5)
    assert cursor(view) == (102, 0)
    assert not seen.of(KeyInput)
    QApplication.sendEvent(view, input_method("h"))
    assert not seen.of(RawInput)
    QTest.keyClick(view, Key.Key_Escape)
    assert not is_on(view)
    QTest.keyClick(view, Key.Key_A)
    assert len(seen.of(KeyInput)) == 1


def input_method(text: str) -> QInputMethodEvent:
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    return event


def test_what_is_selected_is_asked_for_and_copy_mode_ends(
    view: TerminalView, seen: Seen, screen: FrameMaker
) -> None:
    typed(view, "H0wve")
    assert span(view) == ((100, 4), (100, 7))
    typed(view, "y")
    (wanted,) = seen.of(TextWanted)
    assert (wanted.first, wanted.last, wanted.block) == ((100, 4), (100, 6), False)  # type: ignore[attr-defined]
    assert not is_on(view)
    assert span(view) is None


@pytest.mark.parametrize(
    ("keys", "first", "last", "block"),
    [
        ("H0vjl", (100, 0), (101, 1), False),
        ("H0jvk", (100, 0), (101, 0), False),
        ("H0jVk", (100, 0), (101, 19), False),
        ("vo", (104, 3), (104, 3), False),
    ],
)
def test_selections_are_inclusive(
    view: TerminalView, seen: Seen, screen: FrameMaker, keys: str, first: object, last: object, block: bool
) -> None:
    typed(view, keys)
    QTest.keyClick(view, Key.Key_Return)
    (wanted,) = seen.of(TextWanted)
    assert (wanted.first, wanted.last, wanted.block) == (first, last, block)  # type: ignore[attr-defined]


@pytest.mark.parametrize("keys", ["jjhh", "kkhh", "jjll", "kkll"])
def test_a_block_takes_both_corners_whichever_comes_first(
    view: TerminalView, seen: Seen, screen: FrameMaker, keys: str
) -> None:
    typed(view, "H0jjlll")
    QTest.keyClick(view, Key.Key_V, Held.ControlModifier)
    typed(view, keys + "y")
    lines, columns = (
        sorted((102, 102 + 2 * (1 if "j" in keys else -1))),
        sorted((3, 3 + 2 * (1 if "l" in keys else -1))),
    )
    (wanted,) = seen.of(TextWanted)
    assert (wanted.first, wanted.last) == ((lines[0], columns[0]), (lines[1], columns[1]))  # type: ignore[attr-defined]
    assert wanted.block  # type: ignore[attr-defined]


def test_wide_characters_are_selected_whole(view: TerminalView, seen: Seen, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame([[Run("漢字", 0, 2)]], cursor=Cursor(2, 0)))
    view.toggle_copy_mode()
    typed(view, "vh")
    assert span(view) == ((0, 0), (0, 4))
    QTest.keyClick(view, Key.Key_V, Held.ControlModifier)
    assert view.contents.selection.span(0) == (0, 4)


def test_output_goes_on_below_and_all_stays_on_its_text(
    view: TerminalView, seen: Seen, screen: FrameMaker
) -> None:
    typed(view, "kkv$")
    before = span(view)
    view.apply_frame(screen.frame(["a", "b", "c", "d", "e"], first_line=105, cursor=Cursor(1, 4)))
    assert view.contents.viewport.top == 100, "the view does not jump"
    assert cursor(view) == (102, 8)
    assert span(view) == before
    view.apply_frame(screen.frame({0: "other"}, first_line=105))
    QTest.keyClick(view, Key.Key_Escape)
    assert view.contents.viewport.top == 105, "and shows the newest line again"


def test_a_row_that_is_drawn_anew_keeps_its_selection(view: TerminalView, screen: FrameMaker) -> None:
    typed(view, "V")
    before = span(view)
    view.apply_frame(screen.frame({4: "seven"}, first_line=100))
    assert span(view) == before


def test_a_view_that_was_scrolled_stays_there(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(SCREEN, first_line=100))
    view.scroll_lines(-20)
    view.toggle_copy_mode()
    assert cursor(view) == (84, 0), "the lowest row in view"
    typed(view, "kq")
    assert view.contents.viewport.top == 80


def test_the_view_follows_and_asks_for_what_it_shows(
    view: TerminalView, seen: Seen, screen: FrameMaker, qtbot: QtBot
) -> None:
    QTest.keyClick(view, Key.Key_PageUp)
    assert (view.contents.viewport.top, cursor(view)) == (96, (100, 3))
    qtbot.waitUntil(lambda: bool(seen.of(LinesWanted)))
    typed(view, "g")
    assert (view.contents.viewport.top, cursor(view)) == (0, (0, 3))
    typed(view, "G")
    assert (view.contents.viewport.top, cursor(view)) == (100, (104, 3))


def lines(first: int, count: int, request: int) -> LinesReport:
    texts = ("" if number == 90 else f"line {number}" for number in range(first, first + count))
    return LinesReport(request, 0, first, tuple(Line((Run(text),) if text else ()) for text in texts), ())


def test_a_motion_asks_for_the_lines_it_needs(view: TerminalView, seen: Seen, screen: FrameMaker) -> None:
    typed(view, "{{")
    wanted = [one for one in seen.of(LinesWanted) if one.count == FETCHED_LINES]  # type: ignore[attr-defined]
    assert [(one.first) for one in wanted] == [0]  # type: ignore[attr-defined]
    assert cursor(view) == (100, 0)
    typed(view, "l")
    view.apply_lines(lines(50, 50, wanted[0].request))  # type: ignore[attr-defined]
    assert cursor(view) == (90, 1), "what was typed meanwhile follows"


def test_an_answer_without_the_line_ends_the_motion(
    view: TerminalView, seen: Seen, screen: FrameMaker
) -> None:
    typed(view, "{{")
    (wanted,) = [one for one in seen.of(LinesWanted) if one.count == FETCHED_LINES]  # type: ignore[attr-defined]
    view.apply_lines(lines(10, 5, 4711))
    assert view._copy_mode._mode is not None
    assert view._copy_mode._mode.wanted == 99
    view.apply_lines(lines(10, 5, wanted.request))  # type: ignore[attr-defined]
    assert view._copy_mode._mode.wanted is None
    assert cursor(view) == (100, 0)


def test_a_session_that_says_nothing_ends_the_motion(
    view: TerminalView, screen: FrameMaker, qtbot: QtBot
) -> None:
    view._copy_mode._patience.setInterval(1)
    typed(view, "{{")
    mode = view._copy_mode._mode
    qtbot.waitUntil(lambda: mode is not None and mode.wanted is None)
    typed(view, "l")
    assert cursor(view) == (100, 1)


def test_on_the_alternate_screen_it_stays_on_the_screen(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(
        maker.frame(SCREEN, first_line=100, modes=ScreenMode.ALTERNATE_SCREEN, cursor=Cursor(0, 2))
    )
    view.toggle_copy_mode()
    typed(view, "gkk")
    assert cursor(view) == (100, 0), "what is above belongs to another screen"
    typed(view, "v")
    view.apply_frame(maker.frame({0: "x"}, first_line=100))
    assert span(view) is None, "that text is gone"
    assert is_on(view)
    typed(view, "k")
    assert cursor(view) == (99, 0)


def test_a_reflow_keeps_the_place_on_the_screen(view: TerminalView, screen: FrameMaker) -> None:
    typed(view, "kV")
    view.apply_frame(screen.frame(SCREEN, first_line=50, line_epoch=1))
    assert cursor(view) == (53, 3)
    assert span(view) is None
    view.apply_frame(screen.frame(["x"], first_line=55, line_epoch=1))
    assert view.contents.viewport.top == 50


class Flowing:
    """A view of a real terminal in copy mode, and what happens when it gets another width."""

    def __init__(self, view: TerminalView, seen: Seen, data: bytes) -> None:
        self.view, self.seen = view, seen
        self.emulator = Emulator(20, 6, 1000)
        self.emulator.feed(data)
        self.source = FrameSource(self.emulator)
        self.number = 0
        self.show()
        view.toggle_copy_mode()

    def show(self) -> None:
        self.number += 1
        self.view.apply_frame(self.source.take(self.number))

    def resize(self, columns: int) -> None:
        self.view._places.send_now()
        follow = self.seen.of(Follow)[-1]
        assert isinstance(follow, Follow)
        if follow.line_epoch == self.emulator.line_epoch:
            self.emulator.follow(follow.number, follow.places)
        self.emulator.resize(columns, 6)
        self.show()

    def text(self) -> str:
        """What would be copied."""
        wanted = self.view.contents.selection.text_range()
        return (
            self.emulator.text_between(wanted.first, wanted.last, wanted.block) if wanted is not None else ""
        )

    def under_cursor(self) -> str:
        place = cursor(self.view)
        return self.emulator.text_between(place, place)


WRAPS = b"\r\n".join(b"%d the quick brown fox jumps over it" % n for n in range(12))


@pytest.mark.parametrize("columns", [9, 13, 40, 80])
@pytest.mark.parametrize(
    ("keys", "selected"),
    [("kk0vjjl", True), ("kkbbvkkkk", True), ("kV", True), ("kvo", True), ("kkww", False)],
)
def test_a_new_width_keeps_what_is_selected_and_the_cursor_on_its_text(
    view: TerminalView, seen: Seen, columns: int, keys: str, selected: bool
) -> None:
    flowing = Flowing(view, seen, WRAPS)
    typed(view, keys)
    text, character = flowing.text(), flowing.under_cursor()
    assert bool(text) is selected
    for width in (columns, 20):
        flowing.resize(width)
        assert (flowing.text(), flowing.under_cursor()) == (text, character)
    typed(view, "h")
    assert is_on(view)


def test_a_block_is_dropped_with_a_new_width_and_its_cursor_stays(view: TerminalView, seen: Seen) -> None:
    flowing = Flowing(view, seen, WRAPS)
    typed(view, "kk")
    QTest.keyClick(view, Key.Key_V, Held.ControlModifier)
    typed(view, "hh")
    character = flowing.under_cursor()
    flowing.resize(35)
    assert (span(view), flowing.under_cursor()) == (None, character)
    assert is_on(view)


@pytest.mark.parametrize(
    "act",
    [
        lambda view: view.reset(),
        lambda view: view.paste_text("x"),
        lambda view: QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(30, 30)),
        lambda view: view.toggle_copy_mode(),
        lambda view: QTest.keyClick(view, Key.Key_C, Held.ControlModifier),
    ],
)
def test_what_ends_it(view: TerminalView, seen: Seen, screen: FrameMaker, act: object) -> None:
    act(view)  # type: ignore[operator]
    assert not is_on(view)
    assert not seen.of(KeyInput)
    assert view.contents.copy_cursor is None
    assert len(seen.of(Paste)) <= 1


def test_the_wheel_scrolls_and_the_cursor_stays_on_its_text(view: TerminalView, screen: FrameMaker) -> None:
    view.scroll_lines(-50)
    assert view._hit_tester.cursor(focused=True) is None
    typed(view, "h")
    assert cursor(view) == (104, 2)


def test_without_a_screen_there_is_none(view: TerminalView) -> None:
    view.toggle_copy_mode()
    assert not is_on(view)


def test_the_bar_says_what_is_going_on_and_makes_way(view: TerminalView, screen: FrameMaker) -> None:
    (bar,) = view.findChildren(CopyModeBar)
    assert (bar.accessibleName(), bar.y()) == ("Copy mode", 0)
    typed(view, "Hv12")
    assert bar.accessibleName() == "Selecting  12"
    assert bar.geometry().bottom() == view.height() - 1
    view.resize(view.width(), view.height() + 18)
    assert bar.geometry().bottom() == view.height() - 1
    for scheme in (load_theme(ThemeName.AMBER).light, load_theme(ThemeName.AMBER).dark):
        view.set_theme(scheme)
        assert bar.grab().toImage().pixelColor(2, 20).name() == scheme.bar


def test_searching_moves_the_cursor_and_the_selection_with_it(
    view: TerminalView, seen: Seen, screen: FrameMaker, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(view.search_requested):
        typed(view, "v/")
    first, second = Match(100, 4, 100, 7), Match(102, 5, 102, 9)
    view.results.apply(FoundReport(1, 0, False, 0, None, (first, second), 2, 5, True))
    view.match_chosen.connect(lambda match: choose(view, match))
    typed(view, "nn")
    assert cursor(view) == (100, 4)
    typed(view, "n")
    assert cursor(view) == (100, 4), "there is no older one"
    typed(view, "N")
    assert cursor(view) == (102, 5)
    assert span(view) == ((102, 5), (104, 4))
    assert not seen.of(KeyInput)


def choose(view: TerminalView, match: Match) -> None:
    view.results.current = match
    view.reveal(match.line)
