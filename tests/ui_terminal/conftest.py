import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


import pytest
from pytestqt.qtbot import QtBot

from podium.ui.terminal import TerminalView
from tests.ui_terminal.view_frames import FrameMaker, Seen


@pytest.fixture
def view(qtbot: QtBot) -> TerminalView:
    """A shown, focused view of 20 × 5 cells of 8 × 18 pixels."""
    widget = TerminalView()
    qtbot.addWidget(widget)
    widget.resize(2 * 10 + 20 * 8, 2 * 8 + 5 * 18)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()
    widget.setFocus()
    qtbot.waitUntil(widget.hasFocus)
    return widget


@pytest.fixture
def seen(view: TerminalView) -> Seen:
    """What the view emits from now on."""
    requests = Seen()
    view.requested.connect(requests.append)
    return requests


@pytest.fixture
def maker() -> FrameMaker:
    return FrameMaker()
