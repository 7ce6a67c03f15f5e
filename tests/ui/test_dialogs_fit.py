"""Every dialog fits into the smallest window: with any font and size, with long names, with all that can be wrong."""

from collections.abc import Callable, Iterator
from functools import partial
from math import ceil
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.config.toml_file import Fault
from podium.core.ids import InstanceId
from podium.core.instances import InstancePolicy, InstanceSpec, Kind, StopBy, StopMethod, ThemeName
from podium.core.themes import load_tokens
from podium.core.workspace_files.file import WorkspaceEntry, WorkspaceFile
from podium.ui.dialogs.agents import agent_fields
from podium.ui.dialogs.confirm_dialog import PasteDialog, QuitDialog, RenameDialog
from podium.ui.dialogs.links import LinkDialog
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.dialogs.opening_dialogs import FaultsDialog, OpenedInstanceDialog, WorkspaceQuestion
from podium.ui.dialogs.recovery_dialog import RecoveryDialog, ReportDialog
from podium.ui.dialogs.sheet import Sheet
from podium.ui.main_window import MINIMUM_SIZE, MainWindow
from podium.ui.theme import fonts
from podium.ui.theme.plain_text import wrapped_label
from podium.workspace.at_work import AtWork
from podium.workspace.views import InstanceState, InstanceView
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.tools import tools
from tests.ui.windows import MakeWindow, opened

pytestmark = pytest.mark.fault("G1")

LONG = "a name of sixty-four characters, which is the most there can be "[:64]
SIZES = (1.0, 1.5)


def families() -> list[str | None]:
    """The usual font, and Inter and a wide one where they are."""
    QApplication.instance() or QApplication([])
    wanted = ("Inter", "DejaVu Sans Mono")
    return [None, *(family for family in wanted if family in QFontDatabase.families())]


def set_font(monkeypatch: pytest.MonkeyPatch, family: str | None, size: float) -> None:
    tokens = load_tokens()
    types = {
        role: (round(pair[0] * size), *pair[1:])
        for role, pair in tokens.type.items()
        if isinstance(pair, tuple)
    }
    monkeypatch.setattr(fonts, "load_tokens", lambda: SimpleNamespace(type={**tokens.type, **types}))
    if family is not None:
        monkeypatch.setattr(fonts, "_family", lambda: family)
    fonts.font.cache_clear()


@pytest.fixture(autouse=True)
def _fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(agent_fields, "find_tools", tools(*TOOLS))
    yield
    fonts.font.cache_clear()


TOOLS = ("claude", "codex", "gemini", "opencode", "copilot", "amp", "aider")


def mission(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window._commands.run(CommandId.NEW_MISSION)
    sheet = opened(window, NewInstanceDialog)
    wrong(sheet)
    qtbot.waitUntil(lambda: bool(sheet.folder.error) and bool(sheet.mission.error))


def command(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window._commands.run(CommandId.NEW_COMMAND)
    sheet = opened(window, NewInstanceDialog)
    sheet.command.edit.setText("echo 'open")
    wrong(sheet)
    sheet.command.edit.setText("echo")
    sheet.create_button.click()
    qtbot.waitUntil(lambda: bool(sheet.folder.error))


def agent(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window._commands.run(CommandId.NEW_AGENT)
    sheet = opened(window, NewInstanceDialog)
    qtbot.waitUntil(lambda: sheet.agents.tool is not None)
    sheet.agents.missing.click()
    sheet.agents.prompt.setPlainText("x" * 200_000)
    wrong(sheet)
    sheet.agents.launch()


def wrong(sheet: NewInstanceDialog) -> None:
    sheet.more.toggle.click()
    sheet.more.memory.setText("x")
    sheet.name.edit.setText(LONG)
    sheet.create_button.click()
    sheet.more.memory.setText("")
    sheet.create_button.click()


def shell(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window._commands.run(CommandId.NEW_SHELL)
    opened(window, NewInstanceDialog).more.toggle.click()


def views(workspace: FakeWorkspace) -> list[InstanceView]:
    """36 instances, none of which the window has to show."""
    return [
        InstanceView(
            spec=InstanceSpec(
                InstanceId(f"{kind}-{number}"), LONG, kind, ThemeName.ROSE, "/", ("npm", "run")
            ),
            number=number,
            state=InstanceState.RUNNING,
            label="Running",
            detail="npm run dev " * 8,
            round=2,
        )
        for kind in (Kind.MISSION, Kind.COMMAND, Kind.SHELL)
        for number in range(12)
    ]


def quitting(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    ending = [AtWork(view, "vim a/long/path/to/a/file.txt " * 3) for view in views(workspace)]
    window.open_sheet(QuitDialog(window.themes, window.sheet_host(), ending))


def closing(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    id = workspace.add(LONG, state=InstanceState.RUNNING)
    workspace.jobs[id] = "vim a/long/path/to/a/file.txt " * 3
    window._commands.run(CommandId.CLOSE, id)


def pasting(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window.open_sheet(PasteDialog(window.themes, window.sheet_host(), "make\n" * 500, LONG))


def renaming(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window.open_sheet(RenameDialog(window.themes, window.sheet_host(), LONG))
    opened(window, RenameDialog).name.show_error("Enter a name.")


def link(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    address = "https://example.org/" + "a-very-long-word-without-a-break" * 60
    window.open_sheet(LinkDialog(window.themes, window.sheet_host(), address))


def recovering(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window.open_sheet(
        RecoveryDialog(
            window.themes,
            window.sheet_host(),
            interrupted=[msgspec.structs.replace(view, label="Was running") for view in views(workspace)],
            processes=[f"tmux: server ({pid}), of {LONG}: {'tmux new-session ' * 4}" for pid in range(40)],
            report=True,
            screens_kept=True,
        )
    )


def report(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window.open_sheet(
        ReportDialog(
            window.themes, window.sheet_host(), "Traceback\n" * 200, "~/.local/state/" + "crash" * 40
        )
    )


def shortcuts(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    window._commands.run(CommandId.SHOW_SHORTCUTS)


def opening_a_workspace(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    entries = tuple(
        WorkspaceEntry(
            name=f"{number} {LONG}"[:64],
            kind=kind,
            folder="/a-very-long-word-without-a-break" * 8,
            command=("sh", "-c", "\u202e" * 200, "word " * 100) if kind is Kind.COMMAND else (),
            mission="/m" * 300 if kind is Kind.MISSION else "",
            policy=InstancePolicy(stop=StopMethod(StopBy.TEXT, "x" * 256), failure_codes=tuple(range(256))),
            memory_max_mib=16 << 20,
        )
        for number in range(3)
        for kind in Kind
    )
    file = WorkspaceFile(file=Path("/" + "folder" * 40), name=LONG, instances=entries)
    window.open_sheet(WorkspaceQuestion(window.themes, window.sheet_host(), file, entries))


def faulty(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    several = [Fault("/f" * 200, "instances[1].command", "w" * 500, "Write it. " * 9) for _ in range(60)]
    window.open_sheet(FaultsDialog(window.themes, window.sheet_host(), "f" * 200, several))


def opening_a_mission(window: MainWindow, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    several = [Fault("/f", "agents[1].command", "w" * 300, "Write it. " * 9)] * 9
    window.open_sheet(
        OpenedInstanceDialog(
            workspace.as_workspace,
            window.themes,
            window.sheet_host(),
            Kind.MISSION,
            "/nowhere" * 20,
            lambda: "",
            nothing,
            mission="/nowhere" * 40 + ".mission.toml",
            faults=several,
        )
    )


def nothing(*_: object, **__: object) -> None:
    """The disk does not answer."""


DIALOGS = (
    mission,
    command,
    shell,
    quitting,
    closing,
    pasting,
    renaming,
    link,
    recovering,
    report,
    shortcuts,
    opening_a_workspace,
    faulty,
    opening_a_mission,
)


def holds(area: QScrollArea, widget: QWidget) -> bool:
    content = area.widget()
    return content is not None and content.isAncestorOf(widget)


def faults(sheet: QWidget) -> list[str]:
    """What of an open dialog cannot be seen or reached."""
    found = []
    host = sheet.parentWidget()
    assert host is not None
    if not host.rect().contains(sheet.geometry()):
        found.append(f"{sheet.geometry()} is not in {host.rect()}")
    areas = sheet.findChildren(QScrollArea)
    for widget in sheet.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, QScrollArea) or "qt_" in widget.objectName():
            continue
        around = next((area for area in areas if holds(area, widget)), None)
        left = widget.mapTo(sheet, QPoint(0, 0)).x()
        if left < 0 or left + widget.width() > sheet.width():
            found.append(f"{name(widget)} is cut off at the side")
        parent = widget.parentWidget()
        assert parent is not None
        if parent.objectName() != "qt_scrollarea_viewport" and not parent.rect().contains(widget.geometry()):
            found.append(f"{name(widget)} is cut off by {type(parent).__name__}")
        if around is None and not sheet.rect().contains(widget.mapTo(sheet, widget.rect().bottomRight())):
            found.append(f"{name(widget)} is cut off below")
        if isinstance(widget, QLabel) and widget.text():
            needed = (
                widget.heightForWidth(widget.width()) if widget.wordWrap() else widget.sizeHint().height()
            )
            if widget.height() < needed:
                found.append(f"{name(widget)} is too low: {widget.height()} of {needed}")
    for area in areas:
        content = area.widget()
        if content is None:
            continue
        if content.width() > area.viewport().width():
            found.append(f"content of {content.width()} px in {area.viewport().width()}")
        room = content.height() - area.viewport().height()
        if area.verticalScrollBar().maximum() < room:
            found.append("its end can't be scrolled to")
    return found


def fits(sheet: QWidget) -> bool:
    return not faults(sheet)


def name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return f"{type(widget).__name__} {widget.accessibleName() or text!r}"


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("family", families())
def test_every_dialog_fits_into_the_smallest_window(
    qtbot: QtBot,
    make_window: MakeWindow,
    workspace: FakeWorkspace,
    monkeypatch: pytest.MonkeyPatch,
    family: str | None,
    size: float,
) -> None:
    set_font(monkeypatch, family, size)
    workspace.add("a", folder="/nowhere/at/all")
    window = make_window(*MINIMUM_SIZE)
    wrong = {}
    for opener in DIALOGS:
        opener(window, workspace, qtbot)
        sheet = window.sheets[-1]
        try:
            qtbot.waitUntil(partial(fits, sheet), timeout=10_000)
        except qtbot.TimeoutError:
            wrong[opener.__name__] = faults(sheet)
        sheet.reject()
    assert not wrong


@pytest.mark.parametrize("opener", DIALOGS, ids=[opener.__name__ for opener in DIALOGS])
def test_a_window_made_small_while_a_dialog_is_open_still_has_all_of_it(
    qtbot: QtBot,
    make_window: MakeWindow,
    workspace: FakeWorkspace,
    monkeypatch: pytest.MonkeyPatch,
    opener: Callable[[MainWindow, FakeWorkspace, QtBot], None],
) -> None:
    workspace.add("a", folder="/nowhere/at/all")
    window = make_window(1440, 900)
    opener(window, workspace, qtbot)
    window.resize(*MINIMUM_SIZE)
    sheet = window.sheets[-1]
    host = sheet.parentWidget()
    assert host is not None
    qtbot.waitUntil(lambda: host.height() <= MINIMUM_SIZE[1])
    qtbot.waitUntil(lambda: faults(sheet) == [])


def test_text_that_just_fills_a_line_leaves_no_scrollbar(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    """Beside a scrollbar it would need one line more, for which there is no room: the scrollbar would stay."""
    window = make_window(1440, 900)
    label = wrapped_label("make is running in it. Closing ends it.")
    label.setFont(fonts.font(fonts.Role.BODY))
    padding = 2 * 24
    width = ceil(QFontMetricsF(label.font()).horizontalAdvance(label.text())) + 1
    sheet = Sheet(window.themes, window.sheet_host(), "Close make?", width=width + padding)
    row = QWidget()
    row.setFixedHeight(28)
    sheet.body.addWidget(label)
    sheet.body.addWidget(row)
    window.open_sheet(sheet)
    area = sheet.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)
    qtbot.waitUntil(lambda: faults(sheet) == [])
    assert label.heightForWidth(width) < label.heightForWidth(
        width - area.verticalScrollBar().sizeHint().width()
    )
    assert area.viewport().width() == width
    assert area.verticalScrollBar().maximum() == 0


def test_what_has_the_focus_is_scrolled_to(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_font(monkeypatch, None, 1.6)
    workspace.add("a", folder="/nowhere/at/all")
    window = make_window(*MINIMUM_SIZE)
    mission(window, workspace, qtbot)
    sheet = opened(window, NewInstanceDialog)
    seen = set()
    for _ in range(40):
        sheet.focusNextPrevChild(True)
        focused = sheet.focusWidget()
        seen.add(focused)
        area = sheet.findChild(QScrollArea)
        assert isinstance(area, QScrollArea)
        if holds(area, focused):
            rect = focused.rect().translated(focused.mapTo(area.viewport(), QPoint(0, 0)))
            assert area.viewport().rect().contains(rect), name(focused)
    assert sheet.more.memory in seen
