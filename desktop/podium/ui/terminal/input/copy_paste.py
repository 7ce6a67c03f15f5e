"""Copy and paste: text from the session to the clipboard and back, with a question where a paste could do harm."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from podium.core.config.settings import ConfirmPaste
from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.reports import TextReport
from podium.core.protocol.requests import MAX_INPUT_BYTES, Paste, TextWanted
from podium.core.spoofing import without_spoofing
from podium.ui.terminal.input.clipboard import (
    has_picture,
    has_primary_selection,
    read_clipboard,
    write_clipboard,
)
from podium.ui.terminal.input.paste_guard import is_doubtful
from podium.ui.terminal.view_state import ViewState


class _Copy(NamedTuple):
    """A copy that waits for its text, to the primary selection or the clipboard; asked for in ``line_epoch``."""

    primary: bool
    line_epoch: int
    parts: list[str]


class CopyPaste(QObject):
    """One view's dealings with the clipboard and the primary selection.

    Text to copy comes from the session: the window knows only the lines it has shown.
    """

    requested = Signal(object)
    """A TextWanted for the session, or a Paste that is too long for it."""
    paste_offered = Signal(str)
    """Text to paste that is safe."""
    paste_doubted = Signal(str)
    """Text that a person has to be asked about first."""

    picture_offered = Signal()
    """The clipboard holds a picture to paste."""

    def __init__(self, state: ViewState, next_request: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self.confirm = ConfirmPaste.UNSAFE
        self.on_select = False
        """Whether what was selected goes to the clipboard too."""
        self._state = state
        self._next_request = next_request
        self._pending: dict[int, _Copy] = {}
        self._stale: set[bool] = set()
        """Whether to the primary selection: copies that wait for a frame with the numbers that lines have now."""

    @property
    def bracketed(self) -> bool:
        """Whether the program tells a paste from typed keys."""
        return bool(self._state.program_modes & ScreenMode.BRACKETED_PASTE)

    def copy(self, primary: bool = False) -> None:
        """Ask for the selected text; the answer goes to the clipboard or the primary selection."""
        wanted = self._state.selection.text_range()
        if wanted is None or (primary and not has_primary_selection()):
            return
        # Only the newest copy to a place counts: an answer that comes late must not replace a later copy.
        self._pending = {key: copy for key, copy in self._pending.items() if copy.primary != primary}
        self._stale.discard(primary)
        request = self._next_request()
        epoch = self._state.model.line_epoch
        self._pending[request] = _Copy(primary, epoch, [])
        self.requested.emit(TextWanted(request, wanted.first, wanted.last, wanted.block, epoch))

    def copy_selected(self) -> None:
        """A person has just selected text."""
        self.copy(primary=True)
        if self.on_select:
            self.copy()

    def is_stale(self, request: int) -> None:
        """The lines of a copy have other numbers in the session: ask again, once the selection has them too."""
        copy = self._pending.pop(request, None)
        if copy is None:
            return
        self._stale.add(copy.primary)
        if copy.line_epoch != self._state.model.line_epoch:
            self.renumbered()

    def renumbered(self) -> None:
        """All lines have other numbers now, and the selection knows them."""
        for primary in tuple(self._stale):
            self.copy(primary)
        self._stale.clear()

    def answered(self, report: TextReport) -> None:
        """Take an answer or a part of one; those to other people's requests are ignored."""
        copy = self._pending.get(report.request)
        if copy is None:
            return
        copy.parts.append(report.text)
        if report.more:
            return
        del self._pending[report.request]
        text = without_spoofing("".join(copy.parts))
        if text:
            write_clipboard(text, copy.primary)

    def paste(self) -> None:
        """Paste the clipboard: its text, its picture, or, where it is empty, the primary selection."""
        if has_picture():
            self.picture_offered.emit()
        else:
            self.paste_text(read_clipboard() or read_clipboard(primary=True))

    def paste_primary(self) -> None:
        self.paste_text(read_clipboard(primary=True))

    def paste_text(self, text: str) -> None:
        """Paste ``text`` if that is safe; programs that asked for bracketed paste see it as what it is."""
        if len(text) > MAX_INPUT_BYTES:
            # Refused where it is sent; looking through it, or making Qt's text of it, takes a second.
            self.requested.emit(Paste(text))
            return
        if text and is_doubtful(text, self.bracketed, self.confirm):
            self.paste_doubted.emit(text)
        elif text:
            self.paste_offered.emit(text)

    def clear(self) -> None:
        """Forget the open requests; there will be no answer."""
        self._pending.clear()
        self._stale.clear()
