"""The pages of each window, and what leads to them."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from podium.app.health.maintenance import Maintenance
from podium.app.state.shortcut_store import ShortcutStore
from podium.core.commands import CommandId
from podium.ui.main_window import MainWindow
from podium.ui.pages.page import Page, PageId

if TYPE_CHECKING:
    from podium.ui.settings.settings_page import SettingsPage

# Each page is loaded when it is first shown.


class WindowPages:
    """Makes a page when a window first shows it. All windows show the same settings and keys."""

    def __init__(self, maintenance: Maintenance, shortcuts: ShortcutStore) -> None:
        self._maintenance = maintenance
        self._shortcuts = shortcuts

    def makers(self) -> Mapping[PageId, Callable[[MainWindow], Page]]:
        return {PageId.SETTINGS: self._make_settings}

    def commands(self, window: Callable[[], MainWindow]) -> Mapping[CommandId, Callable[[], None]]:
        """Commands of ``window``, which is asked for when one is carried out."""
        return {CommandId.CHANGE_SHORTCUTS: lambda: self._settings(window()).reveal_shortcuts()}

    def connect(self, window: MainWindow) -> None:
        """Lead from the palette of ``window`` to its pages."""
        window.palette_opener.on_setting = lambda key: self._settings(window).reveal(key)

    def _make_settings(self, window: MainWindow) -> Page:
        from podium.ui.settings.settings_page import SettingsPage
        from podium.ui.shortcuts.editor import ShortcutEditor

        def make_editor() -> ShortcutEditor:
            return ShortcutEditor(window.themes, self._shortcuts, window.offered())

        store, open_file = self._maintenance.store, self._maintenance.open_settings
        return SettingsPage(window.themes, store, open_file, make_editor)

    def _settings(self, window: MainWindow) -> "SettingsPage":
        """The settings page of ``window``, which shows it from now on."""
        from podium.ui.settings.settings_page import SettingsPage

        window.pages.show(PageId.SETTINGS)
        page = window.pages.page
        assert isinstance(page, SettingsPage)
        return page
