"""Panes of instances that do not run: what was kept of them in, dimmed text to scroll and copy out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.frames import ChangedRow, Frame, Line, Run
from podium.core.protocol.reports import LinesReport
from podium.core.protocol.requests import Resize
from podium.core.protocol.saved_screen import KeptScreen, encode
from podium.core.themes import ColorScheme
from podium.ui.main_window import MainWindow
from podium.ui.terminal.view import TerminalView
from podium.workspace.kept_screens import KeptScreens
from podium.workspace.workspace import Workspace
from tests.ui.windows import silence, terminal_of
from tests.workspace.doubles import FakeBackend

A = InstanceId("a")


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def workspace(backend: FakeBackend, tmp_path: Path, qapp: object) -> Workspace:
    lines = tuple(Line((Run(f"line {n} "), Run("█" * 8))) for n in range(300))
    (tmp_path / "a.screen").write_bytes(encode(KeptScreen(80, lines, marker="7", saved_at=1.0)))
    made = Workspace(
        backend.hub, {"PATH": "/bin", "SHELL": "/bin/sh"}, kept=KeptScreens(wall_clock=lambda: 0.5)
    )
    made.create(InstanceSpec(A, "shell", Kind.SHELL, ThemeName.INDIGO, "/"), start=False)
    made.keep_screens_in(tmp_path)
    return made


@pytest.fixture
def window(
    workspace: Workspace, backend: FakeBackend, background: Background, qtbot: QtBot
) -> Iterator[MainWindow]:
    made = MainWindow(
        workspace,
        backend.hub,
        on_demo=lambda: None,
        on_quit=lambda: None,
        look=background.foreign.run,
        ask_on_close=False,
    )
    qtbot.addWidget(made, before_close_func=lambda _window: silence(workspace.arrangement))
    with qtbot.waitExposed(made):
        made.show()
    yield made
    workspace.arrangement.blockSignals(True)


def terminal(window: MainWindow) -> TerminalView:
    found = terminal_of(window, A)
    assert found is not None
    return found


def painted(view: TerminalView) -> set[str]:
    """The colours in sight."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return {
        QColor(image.pixel(x, y)).name()
        for x in range(0, image.width(), 2)
        for y in range(0, image.height(), 2)
    }


def top_line(view: TerminalView) -> str:
    row = view._state.rows()[0].line
    return "".join(run.text for run in row.line.runs) if row is not None else ""


def copied(view: TerminalView) -> str:
    QGuiApplication.clipboard().clear()
    view.copy()
    return QGuiApplication.clipboard().text()


@pytest.mark.parametrize("scheme", list(ColorScheme))
def test_what_was_kept_is_shown_dimmed_in_every_scheme(
    window: MainWindow, workspace: Workspace, backend: FakeBackend, qtbot: QtBot, scheme: ColorScheme
) -> None:
    window.themes.choose(scheme)
    view = terminal(window)
    foreground = view._palette().foreground.name()
    assert foreground not in painted(view)
    workspace.start(A)
    backend.run(A)
    backend.report(A, Frame(1, 80, 24, changed=(ChangedRow(0, Line((Run("█" * 8),))),)))
    qtbot.waitUntil(lambda: foreground in painted(view))


def test_it_fills_the_pane_scrolls_to_its_first_line_and_is_copied(
    window: MainWindow, workspace: Workspace
) -> None:
    view = terminal(window)
    lines = view.grid_size()[1]
    assert top_line(view).startswith(f"line {300 - lines} ")
    view.scroll_to(0)
    assert top_line(view).startswith("line 0 ")
    view.select_all()
    text = copied(view).split("\n")
    assert len(text) == 300
    assert (text[0], text[-1]) == ("line 0 " + "█" * 8, "line 299 " + "█" * 8)


def test_a_start_renews_the_pane(window: MainWindow, workspace: Workspace, backend: FakeBackend) -> None:
    view = terminal(window)
    view.scroll_to(0)
    workspace.start(A)
    assert top_line(view).startswith("line 0 ")
    backend.run(A)
    backend.report(A, Frame(1, 80, 24, changed=(ChangedRow(0, Line((Run("$ "),))),)))
    assert top_line(view) == "$ "
    assert not view._state.can_scroll


def test_a_dead_sessions_text_is_copied_and_its_scrollback_comes_from_the_file(
    window: MainWindow, workspace: Workspace, backend: FakeBackend, qtbot: QtBot
) -> None:
    view = terminal(window)
    workspace.start(A)
    backend.become(A, WorkerState.RUNNING, generation=1, marker="7")
    rows = (ChangedRow(0, Line((Run("x" * 80),), wrapped=True)), ChangedRow(1, Line((Run("y"),))))
    backend.report(A, Frame(1, 80, 24, changed=rows, first_line=300))
    backend.become(A, WorkerState.FAILED, generation=1, marker="7", reason="It crashed.")
    view.select_all()
    assert copied(view) == "x" * 80 + "y"
    view.scroll_to(100)
    qtbot.waitUntil(lambda: top_line(view).startswith("line 100 "))
    assert view._palette().foreground.name() in painted(view), "as it looked, not dimmed"


def test_a_pane_that_is_resized_shows_it_anew(window: MainWindow, backend: FakeBackend, qtbot: QtBot) -> None:
    view = terminal(window)
    heard: list[object] = []
    backend.hub.subscribe_to(A, LinesReport, heard.append)
    view.requested.connect(lambda request: heard.append(request))
    window.resize(900, 620)
    qtbot.waitUntil(lambda: any(isinstance(one, LinesReport) for one in heard))
    size = next(one for one in heard if isinstance(one, Resize))
    assert top_line(view).startswith(f"line {300 - size.lines} ")
