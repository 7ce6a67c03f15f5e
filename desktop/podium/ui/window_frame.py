"""Placement of the window's parts: rail, sidebar and terminals side by side, or the first two as one overlay in a
narrow window; or the rail and another page.
"""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QStackedWidget, QWidget

from podium.core.commands import CommandId
from podium.core.themes import load_tokens
from podium.ui.sidebar.rail import Rail
from podium.ui.sidebar.sidebar import Sidebar
from podium.ui.tabs.tab_bar import TabBar
from podium.ui.theme.palette import ThemeManager

COMPACT_BELOW: Final = 960
"""Narrower than this, rail and sidebar are one overlay."""
WIDE_FROM: Final = 1300
"""From here on there is room for the sidebar by itself and for words in the switch."""


class WindowFrame(QWidget):
    """Lays out the window's big parts; in a compact window the toggle rules, else ``set_sidebar_wanted``."""

    compact_changed = Signal(bool)

    def __init__(
        self, themes: ThemeManager, rail: Rail, sidebar: Sidebar, tab_bar: TabBar, content: QStackedWidget
    ) -> None:
        super().__init__()
        self._themes = themes
        self._rail = rail
        self._sidebar = sidebar
        self._tab_bar = tab_bar
        self._content = content
        self._wanted = self._wanted_narrow = False
        self._opened_by_hand = False
        """The overlay of a compact window is shown until it is toggled again."""
        self._compact = False
        self._page: QWidget | None = None
        self._focus_content: Callable[[], None] = lambda: None
        for part in (content, tab_bar, sidebar, rail):
            part.setParent(self)
        themes.changed.connect(self.update)

    def commands(self, focus_content: Callable[[], None]) -> Mapping[CommandId, Callable[[], None]]:
        """Those that give the keyboard to another part; ``focus_content`` gives it to the terminals or the page."""
        self._focus_content = focus_content
        return {
            CommandId.NEXT_REGION: lambda: self._go_to_region(1),
            CommandId.PREVIOUS_REGION: lambda: self._go_to_region(-1),
        }

    def _go_to_region(self, by: int) -> None:
        content: QWidget = self._page or self._content
        regions = [part for part in (content, self._rail, self._sidebar, self._tab_bar) if part.isVisible()]
        focused = self.window().focusWidget()
        at = next(
            (n for n, part in enumerate(regions) if focused is not None and part.isAncestorOf(focused)), 0
        )
        region = regions[(at + by) % len(regions)]
        if region is content:
            self._focus_content()
        elif (first := _first_in(region)) is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Only what no part wanted comes here: in a terminal F6 is the program's.
        if event.key() == Qt.Key.Key_F6:
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._go_to_region(-1 if back else 1)
        else:
            super().keyPressEvent(event)

    @property
    def compact(self) -> bool:
        return self._compact

    @property
    def wide(self) -> bool:
        return self.width() >= WIDE_FROM

    @property
    def sidebar_shown(self) -> bool:
        return not self._sidebar.isHidden()

    def set_sidebar_wanted(self, wide: bool, narrow: bool) -> None:
        """Take over the wishes that are remembered: for the layout that is on, and for a window with little room."""
        self._wanted, self._wanted_narrow = wide, narrow
        self.lay_out()

    def set_page(self, page: QWidget | None) -> None:
        """Show ``page`` beside the rail; None for the terminals."""
        if self._page is not None:
            self._page.hide()
        self._page = page
        if page is not None:
            page.setParent(self)
            page.stackUnder(self._sidebar)
        self.lay_out()
        if page is not None:
            page.show()

    def toggle_by_hand(self) -> None:
        self._opened_by_hand = not self._opened_by_hand
        self.lay_out()

    def close_overlay(self) -> None:
        """A choice was made in it, or it was left."""
        if self._compact and self._opened_by_hand:
            self._opened_by_hand = False
            self.lay_out()

    def lay_out(self) -> None:
        width, height = self.width(), self.height()
        compact = width < COMPACT_BELOW
        if compact is not self._compact:
            self._compact = compact
            self._opened_by_hand = False
            self.compact_changed.emit(compact)
        if self._page is not None:
            self._lay_out_page(self._page)
            return
        by_wish = self._wanted if self.wide else self._wanted_narrow
        show_sidebar = self._opened_by_hand if compact else by_wish
        for part in (self._tab_bar, self._content):
            part.show()
        self._rail.setVisible(not compact or show_sidebar)
        self._sidebar.setVisible(show_sidebar)
        bar = load_tokens().size["tab_bar"]
        rail, sidebar = self._rail.width(), self._sidebar.width()
        top = bar if compact else 0
        self._rail.setGeometry(0, top, rail, height - top)
        self._sidebar.setGeometry(rail, top, sidebar, height - top)
        left = 0 if compact else rail + (sidebar if show_sidebar else 0)
        self._tab_bar.setGeometry(left, 0, width - left, bar)
        self._content.setGeometry(left, bar, width - left, height - bar)
        self._tab_bar.set_compact(compact, icons_only=width - (left - rail) < WIDE_FROM)

    def _lay_out_page(self, page: QWidget) -> None:
        for part in (self._sidebar, self._tab_bar, self._content):
            part.hide()
        rail = self._rail.width()
        self._rail.show()
        self._rail.setGeometry(0, 0, rail, self.height())
        page.setGeometry(rail, 0, self.width() - rail, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()

    def paintEvent(self, _event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._themes.colors.chrome.canvas)


def _first_in(region: QWidget) -> QWidget | None:
    """The first widget in ``region`` that Tab goes to; of those that are one of several, the chosen one."""
    found = [
        child
        for child in region.findChildren(QWidget)
        if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    chosen = (child for child in found if isinstance(child, QAbstractButton) and child.isChecked())
    return next(chosen, found[0] if found else None)
