"""What the window's tests share: a workspace double and a window on it, without a screen."""

import os
from typing import Any

from tests.ui.windows import silence

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.core.commands import CommandId
from podium.ui.main_window import MainWindow
from podium.ui.pages.page import PAGES, Page, PageId
from podium.ui.theme.palette import ThemeManager
from podium.ui.window_context import WindowContext
from tests.ui.fake_workspace import FakeWorkspace

HERE = Path(__file__).parent
APP_COMMANDS = (
    CommandId.OPEN_SETTINGS,
    CommandId.COPY_DIAGNOSTICS,
    CommandId.OPEN_HELP,
    CommandId.CHECK_FOR_UPDATES,
    CommandId.CHANGE_SHORTCUTS,
    CommandId.NEW_WINDOW,
)
"""Carried out by the app, see podium.app.startup.window_session."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            # The offscreen platform says so of size hints, raising and grabbing; it says nothing about our windows.
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@pytest.fixture
def workspace(qapp: object) -> FakeWorkspace:
    return FakeWorkspace()


@pytest.fixture
def themes(qapp: object) -> ThemeManager:
    return ThemeManager()


@pytest.fixture
def background(qapp: object) -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


@pytest.fixture
def make_window(qtbot: QtBot, workspace: FakeWorkspace, background: Background) -> Callable[..., MainWindow]:
    def make(width: int = 1440, height: int = 900, **options: Any) -> MainWindow:
        options.setdefault("on_demo", lambda: None)
        options.setdefault("on_quit", lambda: None)
        options.setdefault("look", background.foreign.run)
        options.setdefault("app_commands", dict.fromkeys(APP_COMMANDS, lambda: None))
        options.setdefault("pages", {id: _page(id) for id in PAGES if id is not PageId.TERMINALS})
        alone = WindowContext.alone(workspace.as_workspace, workspace)
        moving = dict.fromkeys(
            (CommandId.MOVE_TO_NEW_WINDOW, CommandId.MOVE_TO_NEXT_WINDOW), lambda _instance: None
        )
        options.setdefault("context", alone._replace(instance_commands=moving))
        window = MainWindow(workspace.as_workspace, workspace.hub, **options)
        qtbot.addWidget(window, before_close_func=lambda _window: silence(workspace.arrangement))
        window.resize(width, height)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        return window

    return make


def _page(id: PageId) -> Callable[[MainWindow], Page]:
    """A page without anything on it: the app makes the real ones."""
    return lambda window: Page(window.themes, PAGES[id].title)
