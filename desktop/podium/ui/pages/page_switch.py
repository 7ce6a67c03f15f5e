"""Which page the window shows."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from podium.core.commands import CommandId
from podium.ui.pages.page import PAGES, MakePage, Page, PageId


class PageSwitch(QObject):
    """Makes each page when it is first shown. The terminals are no ``Page``: they are there without one."""

    changed = Signal()
    """Another page is shown."""

    def __init__(self, makers: Mapping[PageId, MakePage], parent: QObject) -> None:
        super().__init__(parent)
        self._makers = makers
        self._made: dict[PageId, Page] = {}
        self._current = PageId.TERMINALS

    @property
    def offered(self) -> tuple[PageId, ...]:
        """The pages there are, in order."""
        return tuple(id for id in PageId if id is PageId.TERMINALS or id in self._makers)

    @property
    def current(self) -> PageId:
        return self._current

    @property
    def page(self) -> Page | None:
        """The page that is shown; None for the terminals."""
        return self._made.get(self._current)

    def show(self, id: PageId) -> None:
        """Show a page, and give it the keyboard also if it is shown already."""
        if id not in self.offered:
            return
        if id is not PageId.TERMINALS and id not in self._made:
            page = self._made[id] = self._makers[id]()
            page.left.connect(self.show_terminals)
        if id is not self._current:
            before = self.page
            self._current = id
            if before is not None:
                before.leave()
            self.changed.emit()
        if self.page is not None:
            self.page.enter()

    def show_terminals(self) -> None:
        self.show(PageId.TERMINALS)

    def commands(self) -> Mapping[CommandId, Callable[[], None]]:
        """The command that shows each page."""

        def shows(id: PageId) -> Callable[[], None]:
            return lambda: self.show(id)

        return {PAGES[id].command: shows(id) for id in self.offered}
