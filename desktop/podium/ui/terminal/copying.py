"""Copying: asks the session for the selected text and hands the answer to the clipboard."""

from podium.core.reports import TextReport
from podium.core.requests import TextWanted
from podium.ui.terminal.clipboard import clean_copied_text, write_clipboard
from podium.ui.terminal.selection import TextRange


class Copying:
    """Copies on their way. The session has the whole text; the window knows only what it has shown."""

    def __init__(self) -> None:
        self._pending: dict[int, tuple[bool, list[str]]] = {}

    def ask(self, request: int, wanted: TextRange, primary: bool) -> TextWanted:
        """The request for a range; its answer goes to the clipboard or the primary selection."""
        # Only the newest copy to a place counts: an answer that comes late must not replace a later copy.
        self._pending = {key: entry for key, entry in self._pending.items() if entry[0] != primary}
        self._pending[request] = (primary, [])
        return TextWanted(request, wanted.first, wanted.last, wanted.block)

    def answered(self, report: TextReport) -> None:
        """Take an answer or a part of one; those to other people's requests are ignored."""
        entry = self._pending.get(report.request)
        if entry is None:
            return
        primary, parts = entry
        parts.append(report.text)
        if report.more:
            return
        del self._pending[report.request]
        text = clean_copied_text("".join(parts))
        if text:
            write_clipboard(text, primary)

    def clear(self) -> None:
        self._pending.clear()
