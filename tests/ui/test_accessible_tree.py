"""The tree that assistive technology walks: names, roles and states of every part of the window and its dialogs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.attention.alerts import Alert, AlertKind
from podium.core.commands import CommandId
from podium.core.config.declared import find_row
from podium.core.config.loading import LoadedSettings
from podium.core.config.toml_file import Fault
from podium.core.instances import Kind
from podium.ui.main_window import MainWindow
from podium.ui.pages.page import PageId
from podium.ui.settings.settings_page import SettingsPage
from podium.ui.terminal.accessible.interface import make_interface as make_terminal_interface
from podium.ui.widgets.accessible import make_interface
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.test_settings_page import Source, settings_page
from tests.ui.windows import MakeWindow

_FILL = {QAccessible.Role.Client, QAccessible.Role.LayeredPane, QAccessible.Role.NoRole}
"""What a plain widget is taken for."""


@pytest.fixture(autouse=True, scope="module")
def _factories(qapp: object) -> None:
    for make in (make_terminal_interface, make_interface):
        QAccessible.installFactory(make)


class Node(NamedTuple):
    role: QAccessible.Role
    name: str
    state: QAccessible.State
    widget: QWidget


def walk(interface: QAccessibleInterface) -> Iterator[Node]:
    """All that is shown below and including ``interface``."""
    for index in range(interface.childCount()):
        child = interface.child(index)
        if child is None:
            continue
        widget = child.object()
        if isinstance(widget, QWidget) and not widget.isVisible():
            continue
        if isinstance(widget, QWidget):
            yield Node(child.role(), child.text(QAccessible.Text.Name), child.state(), widget)
        yield from walk(child)


def nodes(window: MainWindow) -> list[Node]:
    return list(walk(QAccessible.queryAccessibleInterface(window)))


def named(found: list[Node], role: QAccessible.Role) -> list[str]:
    return [node.name for node in found if node.role == role]


def check(found: list[Node]) -> None:
    """What can have the keyboard, and what can be pressed, has a name and a role."""
    for node in found:
        interactive = node.widget.focusPolicy() != Qt.FocusPolicy.NoFocus or node.state.checkable
        if interactive and node.widget.isEnabled() and node.widget.focusProxy() is None:
            what = f"{type(node.widget).__name__} in {type(node.widget.parentWidget()).__name__}"
            assert node.name, f"no name: {what}"
            assert node.role not in _FILL, f"no role: {what}"
    for role in (QAccessible.Role.PushButton, QAccessible.Role.ScrollBar, QAccessible.Role.EditableText):
        assert all(named(found, role)), role


def filled(workspace: FakeWorkspace) -> None:
    for name, kind in (("atlas", Kind.MISSION), ("shell", Kind.SHELL), ("server", Kind.COMMAND)):
        workspace.add(name, kind=kind, state=InstanceState.RUNNING)


def test_the_terminals_page(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    filled(workspace)
    window = make_window()
    window.show()
    for layout in (Layout.TABS, Layout.GRID):
        workspace.arrangement.set_layout(layout)
        found = nodes(window)
        check(found)
        assert len(named(found, QAccessible.Role.PageTab)) == 3
        chosen = [
            node.name for node in found if node.role == QAccessible.Role.PageTab and node.state.selected
        ]
        assert chosen == ["atlas, Running"]
        assert named(found, QAccessible.Role.PageTabList) == ["Instances"]
        radio = {n.name: n.state.checked for n in found if n.role == QAccessible.Role.RadioButton}
        assert radio["Tabs"] == (layout is Layout.TABS)
        assert radio["Grid"] == (layout is Layout.GRID)
        assert radio["Terminals"]
        terminals = named(found, QAccessible.Role.Terminal)
        assert len(terminals) == (1 if layout is Layout.TABS else 3)
        assert all(name.startswith("Terminal of ") for name in terminals)


def test_the_empty_window(make_window: MakeWindow) -> None:
    window = make_window()
    window.show()
    found = nodes(window)
    check(found)
    assert "New shell" in named(found, QAccessible.Role.PushButton)


@pytest.mark.parametrize(
    "command",
    [
        CommandId.NEW_MISSION,
        CommandId.NEW_SHELL,
        CommandId.NEW_COMMAND,
        CommandId.SHOW_SHORTCUTS,
        CommandId.COMMAND_PALETTE,
        CommandId.RENAME,
        CommandId.FIND,
        CommandId.FIND_ALL,
        CommandId.INBOX,
    ],
)
def test_each_dialog_and_panel(make_window: MakeWindow, workspace: FakeWorkspace, command: CommandId) -> None:
    filled(workspace)
    window = make_window()
    window.show()
    window._commands.run(command)
    check(nodes(window))


def test_the_settings_page(make_window: MakeWindow, qtbot: QtBot) -> None:
    source = Source()
    pages = {PageId.SETTINGS: lambda window: settings_page(window.themes, source)}
    window = make_window(pages=pages)
    window.run(CommandId.SHOW_SETTINGS, None)
    page = window.findChild(SettingsPage)
    assert page is not None
    page.reveal("links.ask")
    qtbot.waitUntil(page.views["links.ask"].isVisible)
    source.change("links.ask", False, lambda _: None)
    source.load(
        LoadedSettings(source.current.settings, (Fault("f", "links.ask", "This is text.", "Fix it."),))
    )
    found = nodes(window)
    check(found)
    title = find_row("links.ask")[1].title
    (switch,) = [node for node in found if node.name == title and node.state.checkable]
    assert not switch.state.checked
    assert f"Reset: {switch.name}" in named(found, QAccessible.Role.PushButton)
    assert "Links, 1 can't be used" in [node.name for node in found]


def test_kinds_and_themes_are_choices(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    window = make_window()
    window.show()
    window._commands.run(CommandId.NEW_SHELL)
    found = nodes(window)
    choices = {n.name: n.state.checked for n in found if n.role == QAccessible.Role.RadioButton}
    assert choices["Shell"]
    assert not choices["Mission"]
    assert "Emerald" in choices


def test_a_press_from_outside_is_a_click(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    filled(workspace)
    window = make_window()
    window.show()
    tabs = [node for node in nodes(window) if node.role == QAccessible.Role.PageTab]
    actions = QAccessible.queryAccessibleInterface(tabs[1].widget).actionInterface()
    assert actions.actionNames() == ["Press"]
    actions.doAction("Press")
    assert workspace.arrangement.current == workspace.ids()[1]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    events: list[QAccessibleEvent] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", events.append)
    return lambda: [event.message() for event in events if isinstance(event, QAccessibleAnnouncementEvent)]


def test_toasts_are_read_aloud(make_window: MakeWindow, told: Callable[[], list[str]]) -> None:
    window = make_window()
    window.show()
    window.show_message("Nobody waits for you.")
    assert told() == ["Nobody waits for you."]


def test_who_waits_is_read_aloud(
    make_window: MakeWindow, workspace: FakeWorkspace, told: Callable[[], list[str]]
) -> None:
    first = workspace.add("atlas", state=InstanceState.RUNNING)
    second = workspace.add("flaky", state=InstanceState.RUNNING)
    window = make_window()
    window.show()
    workspace.arrangement.select(first)
    workspace.set(second, state=InstanceState.WAITING, question="Apply the migration?")
    window._signs._on_raised(Alert(1, second, AlertKind.QUESTION, workspace.now))
    assert told() == ["flaky: Waiting for you: Apply the migration?"]
