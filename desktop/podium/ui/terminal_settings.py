"""What the settings and the person say of terminals, for those there are and those to come."""

from collections.abc import Callable, Iterable

from PySide6.QtGui import QKeyEvent

from podium.core.background import RunInBackground
from podium.core.config.settings import Settings
from podium.ui.terminal.painting import fonts
from podium.ui.terminal.view import TerminalView


class TerminalSettings:
    """``make`` makes a terminal that goes by them; ``existing`` are those that are told of changes."""

    def __init__(
        self,
        look: RunInBackground,
        takes_key: Callable[[QKeyEvent], bool],
        scrolls: Callable[[QKeyEvent], bool],
        font_size: int,
    ) -> None:
        """``look`` decodes pictures; ``takes_key`` says which keys are the window's, ``scrolls`` which are where no
        program has the whole screen.
        """
        self._look = look
        self._takes_key = takes_key
        self._scrolls = scrolls
        self._usual_size = font_size
        self._font_size = font_size
        self._settings = Settings()
        self.existing: Callable[[], Iterable[TerminalView]] = tuple

    @property
    def font_size(self) -> int:
        """In logical px."""
        return self._font_size

    def make(self) -> TerminalView:
        terminal = TerminalView()
        terminal.pictures.run = self._look
        self.adopt(terminal)
        terminal.set_font_size(self._font_size)
        self._apply_to(terminal)
        return terminal

    def adopt(self, terminal: TerminalView) -> None:
        """Its keys are those of this window from now on."""
        terminal.shortcut_filter = self._takes_key
        terminal.scroll_filter = self._scrolls

    def apply(self, settings: Settings) -> None:
        self._settings = settings
        for terminal in self.existing():
            self._apply_to(terminal)

    def set_font_size(self, size: int) -> None:
        """In logical px; what is too small or too large becomes the least or the greatest size."""
        self._font_size = min(max(size, fonts.MINIMUM_SIZE), fonts.MAXIMUM_SIZE)
        for terminal in self.existing():
            terminal.set_font_size(self._font_size)

    def step_font_size(self, step: int) -> None:
        """By ``step`` px; 0 sets the usual size, in terminals that were zoomed alone too."""
        if not step:
            for terminal in self.existing():
                terminal.zoom(0)
        self.set_font_size(self._font_size + step if step else self._usual_size)

    def _apply_to(self, terminal: TerminalView) -> None:
        terminal.set_text(self._settings.terminal)
        terminal.set_input(self._settings.keys, self._settings.paste)
        terminal.prompts.click_moves = self._settings.shell.click_moves_cursor
