"""Pages: which is shown, who has the keyboard, and what the terminals' commands do meanwhile."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from podium.core.commands import CommandId
from podium.ui.main_window import MainWindow
from podium.ui.pages import page as page_module
from podium.ui.pages.page import PAGES, Page, PageEntry, PageId
from tests.ui.fake_workspace import FakeWorkspace

MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = PageEntry("History", "history", CommandId.COPY_DIAGNOSTICS)
    monkeypatch.setattr(page_module, "PAGES", {**PAGES, PageId.HISTORY: entry})
    for user in ("podium.ui.pages.page_switch", "podium.ui.sidebar.rail"):
        monkeypatch.setattr(f"{user}.PAGES", page_module.PAGES)


def with_page(make_window: MakeWindow) -> MainWindow:
    window = make_window(pages={PageId.HISTORY: lambda window: Page(window.themes, "History")})
    window.show()
    return window


@pytest.mark.usefixtures("history")
def test_a_page_is_shown_instead_of_the_terminals(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    workspace.add("a")
    window = with_page(make_window)
    window.rail.pages[PageId.HISTORY].click()
    page = window.pages.page
    assert page is not None
    assert page.isVisible()
    assert not window.pane_area.isVisible()
    assert not window.tab_bar.isVisible()
    assert window.rail.pages[PageId.HISTORY].isChecked()
    assert not window.rail.pages[PageId.TERMINALS].isChecked()


@pytest.mark.usefixtures("history")
def test_escape_leads_back(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    workspace.add("a")
    window = with_page(make_window)
    window.pages.show(PageId.HISTORY)
    page = window.pages.page
    assert page is not None
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert window.pages.current is PageId.TERMINALS
    assert window.pane_area.isVisible()
    assert not page.isVisible()


@pytest.mark.usefixtures("history")
def test_what_a_person_goes_to_is_shown(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    workspace.add("a")
    workspace.add("b")
    window = with_page(make_window)
    window.pages.show(PageId.HISTORY)
    workspace.arrangement.reveal(workspace.ids()[1])
    assert window.pages.current is PageId.TERMINALS
    for command in (CommandId.NEXT, CommandId.TOGGLE_LAYOUT, CommandId.INBOX):
        window.pages.show(PageId.HISTORY)
        window._commands.run(command)
        assert window.pages.current is PageId.TERMINALS


@pytest.mark.usefixtures("history")
def test_nothing_is_typed_or_cleared_unseen(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    workspace.add("a")
    window = with_page(make_window)
    assert window._commands.can_run(CommandId.PASTE)
    window.pages.show(PageId.HISTORY)
    assert not window._commands.can_run(CommandId.PASTE)
    # Another instance becomes the current one: the page stays, and keeps the keyboard.
    workspace.add("b")
    workspace.arrangement.select(workspace.ids()[1])
    assert window.pages.current is PageId.HISTORY
