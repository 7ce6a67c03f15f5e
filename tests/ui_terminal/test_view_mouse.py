"""Selecting with the mouse, and what a program that tracks the mouse hears."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from podium.core.config.settings import Terminal
from podium.core.links.targets import WebLink
from podium.core.protocol.frames import Attributes, ScreenMode
from podium.core.protocol.reports import TextReport
from podium.core.protocol.requests import (
    KeyInput,
    Modifier,
    MouseAction,
    MouseButton,
    MouseInput,
    TextWanted,
)
from podium.ui.terminal import TerminalView
from tests.ui_terminal.view_frames import FrameMaker, Seen

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier


def at(column: float, row: float) -> QPoint:
    """A point in a cell; the fraction says where in it."""
    return QPoint(round(10 + column * 8), round(8 + row * 18 + 9))


def drag(view: TerminalView, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = NONE) -> None:
    QTest.mousePress(view, LEFT, held, start)
    move(view, end, LEFT, held)
    QTest.mouseRelease(view, LEFT, held, end)


def move(
    view: TerminalView,
    to: QPoint,
    buttons: Qt.MouseButton = Qt.MouseButton.NoButton,
    held: Qt.KeyboardModifier = NONE,
) -> None:
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(to),
        QPointF(view.mapToGlobal(to)),
        Qt.MouseButton.NoButton,
        buttons,
        held,
    )
    QApplication.sendEvent(view, event)


def turn(view: TerminalView, notches: float, held: Qt.KeyboardModifier = NONE, pixels: int = 0) -> None:
    point = QPointF(at(3.5, 1))
    event = QWheelEvent(
        point,
        QPointF(view.mapToGlobal(point.toPoint())),
        QPoint(0, pixels),
        QPoint(0, round(notches * 120)),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view, event)


@pytest.fixture
def text(view: TerminalView, maker: FrameMaker) -> FrameMaker:
    view.apply_frame(maker.frame(["one two three", "src/a.py:12 end", "abcdef", "abcdef", "abcdef"]))
    return maker


def test_dragging_selects_characters(view: TerminalView, text: FrameMaker) -> None:
    drag(view, at(4.1, 0), at(6.9, 0))
    assert view.selected_text() == "two"
    drag(view, at(8.1, 0), at(2.9, 1))
    assert view.selected_text() == "three\nsrc"
    QTest.mouseClick(view, LEFT, NONE, at(0, 4))
    assert view.selected_text() == ""


def test_double_and_triple_clicks(qtbot: QtBot, view: TerminalView, text: FrameMaker) -> None:
    QTest.mouseDClick(view, LEFT, NONE, at(5.5, 1))
    assert view.selected_text() == "src/a.py:12"
    QTest.mouseRelease(view, LEFT, NONE, at(5.5, 1))
    QTest.mouseClick(view, LEFT, NONE, at(5.5, 1))
    assert view.selected_text() == "src/a.py:12 end"


def test_shift_click_extends(view: TerminalView, text: FrameMaker) -> None:
    drag(view, at(4.1, 0), at(5.9, 0))
    QTest.mouseClick(view, LEFT, SHIFT, at(12.9, 0))
    assert view.selected_text() == "two three"


def test_alt_drag_selects_a_block(view: TerminalView, text: FrameMaker) -> None:
    drag(view, at(1.1, 2), at(2.9, 4), ALT)
    assert view.selected_text() == "bc\nbc\nbc"


def test_the_selection_stays_on_its_text_while_output_scrolls(view: TerminalView, text: FrameMaker) -> None:
    drag(view, at(0, 2), at(5.9, 2))
    rows = ["src/a.py:12 end", "abcdef", "abcdef", "abcdef", "new"]
    view.apply_frame(text.frame(rows, first_line=1))
    assert view.selected_text() == "abcdef"
    assert view._state.selection.span(2) == (0, 6)
    view.apply_frame(text.frame({1: "changed"}, first_line=1))
    assert view.selected_text() == "", "its text is gone"


def test_a_reflow_or_the_alternate_screen_ends_the_selection(view: TerminalView, text: FrameMaker) -> None:
    view.select_all()
    view.apply_frame(text.frame({}, line_epoch=1))
    assert view._state.selection.is_empty
    view.select_all()
    view.apply_frame(text.frame({}, line_epoch=1, modes=int(ScreenMode.ALTERNATE_SCREEN)))
    assert view._state.selection.is_empty


def test_dragging_beyond_the_edge_scrolls(qtbot: QtBot, view: TerminalView, text: FrameMaker) -> None:
    view.apply_frame(text.frame(["1", "2", "3", "4", "5"], first_line=50))
    QTest.mousePress(view, LEFT, NONE, at(3, 2))
    move(view, QPoint(30, -30), LEFT)
    qtbot.waitUntil(lambda: view._state.viewport.top < 45)
    QTest.mouseRelease(view, LEFT, NONE, QPoint(30, -30))
    bounds = view._state.selection.bounds()
    assert bounds is not None
    assert bounds[0].line < 45
    assert bounds[1].line == 52


def test_a_tracking_program_hears_presses_and_releases(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["x"], modes=int(ScreenMode.MOUSE_CLICKS)))
    seen.clear()
    drag(view, at(3.5, 1), at(6.5, 2), Qt.KeyboardModifier.ControlModifier)
    QTest.mouseClick(view, Qt.MouseButton.RightButton, NONE, at(500, 500))
    assert seen == [
        MouseInput(MouseAction.PRESS, MouseButton.LEFT, 3, 1, Modifier.CONTROL),
        MouseInput(MouseAction.RELEASE, MouseButton.LEFT, 6, 2, Modifier.CONTROL),
        MouseInput(MouseAction.PRESS, MouseButton.RIGHT, 19, 4),
        MouseInput(MouseAction.RELEASE, MouseButton.RIGHT, 19, 4),
    ]
    assert view._state.selection.is_empty


def test_a_tracking_program_hears_of_back_and_forward(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["x"], modes=int(ScreenMode.MOUSE_DRAG)))
    seen.clear()
    buttons = (Qt.MouseButton.BackButton, Qt.MouseButton.ForwardButton, Qt.MouseButton.ExtraButton3)
    for button in (*buttons, Qt.MouseButton.ExtraButton4, Qt.MouseButton.ExtraButton5):
        QTest.mouseClick(view, button, NONE, at(3.5, 1))
    heard = [(request.action, request.button) for request in seen]  # type: ignore[attr-defined]
    assert heard == [(action, button) for button in (8, 9, 10, 11) for action in (0, 1)]


def test_drags_and_moves_by_mode_once_a_cell(view: TerminalView, seen: Seen, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["x"], modes=int(ScreenMode.MOUSE_DRAG)))
    seen.clear()
    move(view, at(1, 1))
    QTest.mousePress(view, LEFT, NONE, at(1, 1))
    move(view, at(1.8, 1), LEFT)
    move(view, at(2.5, 1), LEFT)
    QTest.mouseRelease(view, LEFT, NONE, at(2.5, 1))
    assert [(r.action, r.button, r.x) for r in seen] == [(0, 1, 1), (2, 1, 2), (1, 1, 2)]  # type: ignore[attr-defined]
    view.apply_frame(maker.frame({}, modes=int(ScreenMode.MOUSE_MOTION)))
    seen.clear()
    move(view, at(4, 1))
    move(view, at(4.5, 1))
    assert seen == [MouseInput(MouseAction.MOVE, MouseButton.NONE, 4, 1)]


def test_each_pixel_counts_where_the_program_wants_them(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    modes = ScreenMode.MOUSE_MOTION | ScreenMode.MOUSE_PIXELS
    view.apply_frame(maker.frame(["x"], first_line=9, modes=int(modes)))
    seen.clear()
    move(view, QPoint(10 + 8, 8 + 18))
    move(view, QPoint(10 + 9, 8 + 18))
    move(view, QPoint(10 + 9, 8 + 18))
    QTest.mousePress(view, LEFT, NONE, QPoint(1, 1))
    QTest.mouseRelease(view, LEFT, NONE, QPoint(500, 500))
    turn(view, 1)
    assert seen == [
        MouseInput(MouseAction.MOVE, MouseButton.NONE, 1, 1, 0, 8, 18),
        MouseInput(MouseAction.MOVE, MouseButton.NONE, 1, 1, 0, 9, 18),
        MouseInput(MouseAction.PRESS, MouseButton.LEFT, 0, 0, 0, 0, 0),
        MouseInput(MouseAction.RELEASE, MouseButton.LEFT, 19, 4, 0, 159, 89),
        MouseInput(MouseAction.WHEEL, MouseButton.WHEEL_UP, 3, 1, 0, 28, 27),
    ]
    seen.clear()
    view.scroll_lines(-2)
    QTest.mouseClick(view, LEFT, NONE, at(3, 1))
    QTest.mousePress(view, LEFT, NONE, at(3, 2))
    assert seen.of(MouseInput) == [MouseInput(MouseAction.PRESS, MouseButton.LEFT, 3, 0, 0, 24, 9)]


def test_shift_selects_in_spite_of_tracking(view: TerminalView, seen: Seen, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["hello"], modes=int(ScreenMode.MOUSE_CLICKS)))
    drag(view, at(0, 0), at(4.9, 0), SHIFT)
    assert view.selected_text() == "hello"
    assert not seen.of(MouseInput)


def test_the_wheel_scrolls_by_notches_and_pixels(view: TerminalView, seen: Seen, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["x"], first_line=100))
    turn(view, 1)
    assert view._state.viewport.top == 97
    turn(view, 0.5)
    turn(view, 0.5)
    assert view._state.viewport.top == 94
    turn(view, -5)
    assert view._state.viewport.at_bottom
    turn(view, 0, pixels=36)
    assert view._state.viewport.top == 98
    assert not seen.of(KeyInput)


def test_the_wheel_belongs_to_a_tracking_program_unless_shift_is_held(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["x"], first_line=100, modes=int(ScreenMode.MOUSE_CLICKS)))
    turn(view, 2)
    turn(view, -1)
    buttons = [request.button for request in seen.of(MouseInput)]  # type: ignore[attr-defined]
    assert buttons == [MouseButton.WHEEL_UP, MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN]
    assert (seen.of(MouseInput)[0].x, seen.of(MouseInput)[0].y) == (3, 1)  # type: ignore[attr-defined]
    turn(view, 1, SHIFT)
    assert view._state.viewport.top == 97


def test_the_wheel_sends_arrows_on_the_alternate_screen(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    modes = ScreenMode.ALTERNATE_SCREEN | ScreenMode.ALTERNATE_SCROLL
    view.apply_frame(maker.frame(["x"], first_line=100, modes=int(modes)))
    turn(view, 1)
    turn(view, -1)
    assert [request.key for request in seen.of(KeyInput)] == ["Up"] * 3 + ["Down"] * 3  # type: ignore[attr-defined]
    assert view._state.viewport.at_bottom
    view.apply_frame(maker.frame({}, first_line=100, modes=int(ScreenMode.ALTERNATE_SCREEN)))
    seen.clear()
    turn(view, 1)
    assert not seen


def test_the_scrollbar_can_be_dragged(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["x"], first_line=95))
    edge = view.width() - 5
    thumb = view._hit_tester.scrollbar_thumb()
    assert thumb.bottom() == view.height() - 4
    QTest.mousePress(view, LEFT, NONE, QPoint(edge, thumb.center().y()))
    assert view._state.viewport.at_bottom
    move(view, QPoint(edge, 0), LEFT)
    assert view._state.viewport.top == 0
    QTest.mouseRelease(view, LEFT, NONE, QPoint(edge, 0))
    move(view, QPoint(edge, 60))
    assert view._state.viewport.top == 0
    assert view._state.selection.is_empty
    assert view._hit_tester.scrollbar_thumb().width() == 8
    move(view, at(2, 2))
    assert view._hit_tester.scrollbar_thumb().width() == 4


def test_control_click_activates_a_link(qtbot: QtBot, view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame([[("docs", Attributes(link="https://example.org"))]]))
    with qtbot.waitSignal(view.links.activated) as caught:
        QTest.mouseClick(view, LEFT, Qt.KeyboardModifier.ControlModifier, at(1, 0))
    assert caught.args == [WebLink("https://example.org", "docs")]


@pytest.mark.parametrize(
    ("modes", "held", "zooms"),
    [
        (0, Qt.KeyboardModifier.ControlModifier, True),
        (0, NONE, False),
        (
            ScreenMode.ALTERNATE_SCREEN | ScreenMode.ALTERNATE_SCROLL,
            Qt.KeyboardModifier.ControlModifier,
            True,
        ),
        (ScreenMode.MOUSE_CLICKS, Qt.KeyboardModifier.ControlModifier, False),
        (ScreenMode.MOUSE_CLICKS, Qt.KeyboardModifier.ControlModifier | SHIFT, True),
    ],
)
def test_control_and_the_wheel_zoom_unless_the_program_has_the_mouse(
    view: TerminalView, seen: Seen, maker: FrameMaker, modes: int, held: Qt.KeyboardModifier, zooms: bool
) -> None:
    view.apply_frame(maker.frame(["x"], modes=int(modes)))
    seen.clear()
    before = view.font_size
    turn(view, 0.5, held)
    assert view.font_size == before
    turn(view, 0.5, held)
    turn(view, 1, held)
    assert view.font_size == before + (2 if zooms else 0)
    if zooms:
        assert not [request for request in seen if isinstance(request, KeyInput | MouseInput)]
        turn(view, -3, held)
        assert view.font_size == before - 1


@pytest.mark.parametrize("wanted", [True, False])
def test_what_was_selected_goes_to_the_clipboard_if_that_is_wanted(
    view: TerminalView, text: FrameMaker, seen: Seen, wanted: bool
) -> None:
    QGuiApplication.clipboard().setText("before")
    view.set_text(Terminal(copy_on_select=wanted))
    drag(view, at(4.1, 0), at(6.9, 0))
    for request in seen.of(TextWanted):
        view.apply_text(TextReport(request.request, "cop"))  # type: ignore[attr-defined]
    assert QGuiApplication.clipboard().text() == ("cop" if wanted else "before")


def test_a_click_that_selects_nothing_leaves_the_clipboard(
    view: TerminalView, text: FrameMaker, seen: Seen
) -> None:
    view.set_text(Terminal(copy_on_select=True))
    QTest.mouseClick(view, LEFT, NONE, at(4.1, 0))
    assert seen.of(TextWanted) == []
