"""A view costs nothing while nothing happens, or while nobody sees it."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from podium.core.instances import ThemeName
from podium.core.protocol.frames import Attributes, Cursor, Style, Underline
from podium.core.protocol.requests import Acknowledge
from podium.core.themes import load_theme
from podium.ui.terminal import TerminalView
from tests.rest import Paints, restless, wait_for_rest
from tests.ui_terminal.view_frames import FrameMaker, Seen


def on_screen(view: TerminalView) -> QImage:
    """What was painted, without painting it again."""
    device = view.backingStore().paintDevice()
    assert isinstance(device, QImage)
    return device.copy()


@pytest.mark.parametrize("focused", [True, False])
def test_a_view_comes_to_rest(qtbot: QtBot, view: TerminalView, maker: FrameMaker, focused: bool) -> None:
    """Nothing ticks and nothing is painted while nothing happens, whatever is on the screen."""
    if not focused:
        view.clearFocus()
    curly = Attributes(style=int(Style.BLINK), underline=int(Underline.CURLY), link="https://example.org")
    view.apply_frame(maker.frame([[("blinking", curly)], "漢😀"], cursor=Cursor(3, 0), first_line=90))
    view.select_all()
    view.scroll_lines(-3)
    wait_for_rest(qtbot, view)


def test_a_timer_is_no_rest_and_a_painting_is_seen(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    timer = view.startTimer(1000)
    assert restless(view) == [view]
    view.killTimer(timer)
    wait_for_rest(qtbot, view)
    assert not restless(view)
    paints = Paints()
    view.apply_frame(maker.frame(["a"]))
    qtbot.waitUntil(lambda: paints.of == [view])


def test_a_hidden_view_costs_no_painting_and_is_right_the_moment_it_shows(
    qtbot: QtBot, view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["old"], cursor=Cursor(0, 0)))
    view.hide()
    wait_for_rest(qtbot, view)
    paints, acknowledged = Paints(), len(seen.of(Acknowledge))
    view.apply_frame(maker.frame({0: "new", 4: "row"}, cursor=Cursor(4, 2, blinking=True), first_line=7))
    view.set_theme(load_theme(ThemeName.ROSE).light)
    view.select_all()
    view.scroll_lines(-2)
    view.scroll_to_bottom()
    wait_for_rest(qtbot, view)
    assert not paints.of
    assert view._canvas._image is None
    assert len(seen.of(Acknowledge)) == acknowledged, "so the session sends nothing more"

    view.show()
    view.activateWindow()
    view.setFocus()
    qtbot.waitUntil(lambda: view in paints.of)
    first = on_screen(view)
    view.repaint()
    assert on_screen(view) == first, "the first painting shows all there is"
    assert [request.number for request in seen.of(Acknowledge)[acknowledged:]] == [2]  # type: ignore[attr-defined]
