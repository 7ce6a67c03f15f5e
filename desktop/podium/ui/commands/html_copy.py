"""Copying with colours: the selected text as plain text and as HTML."""

from typing import Final

from podium.core.exporting.html import html_part
from podium.core.exporting.pages import LinePage
from podium.core.exporting.rows import selected_rows
from podium.core.ids import InstanceId
from podium.core.protocol.cell_colors import CellColors
from podium.core.protocol.reports import MAX_REPORTED_LINES, ErrorReport
from podium.core.protocol.requests import LinesWanted, Request, TextWanted
from podium.core.spoofing import without_spoofing
from podium.sessions.hub import SessionHub
from podium.sessions.line_pages import whole_page
from podium.sessions.queries import SessionGone
from podium.sessions.texts import NoText, whole_text
from podium.ui.commands.ending import SheetHost
from podium.ui.terminal.input.clipboard import write_rich_clipboard
from podium.ui.terminal.view import TerminalView
from podium.workspace.workspace import Workspace

MAX_LINES: Final = MAX_REPORTED_LINES
MAX_RUNS: Final = 20_000
"""The same of runs of one style: a program can give each cell its own. A clipboard is in memory, and a run takes 2 µs
of the window's time.
"""
_TOO_MUCH: Final = "That is too much to copy as HTML. Select less, or export it instead."


class HtmlCopy:
    """Asks the session for the text and for the lines of a selection; when both are there, they go to the clipboard."""

    def __init__(self, workspace: Workspace, hub: SessionHub, host: SheetHost) -> None:
        self._workspace = workspace
        self._hub = hub
        self._host = host
        self._newest: object = None
        """Only the newest copy counts: an answer that comes late must not replace a later one."""

    def copy(self, instance: InstanceId, terminal: TerminalView) -> None:
        contents = terminal.contents
        wanted = contents.selection.text_range()
        if wanted is None:
            return
        first, last = sorted((wanted.first[0], wanted.last[0]))
        if last - first >= MAX_LINES:
            self._host.show_message(_TOO_MUCH)
            return
        token = self._newest = object()
        columns, epoch = contents.model.columns, contents.model.line_epoch
        style = contents.document_style(self._workspace.view(instance).spec.name, terminal.theme)
        texts: list[str] = []

        def send(request: Request) -> bool:
            return self._workspace.send(instance, request)

        def on_text(text: str, failure: NoText | None) -> None:
            if failure is None:
                texts.append(text)

        def on_page(page: LinePage | None, _failure: ErrorReport | SessionGone | None) -> None:
            if token is not self._newest:
                return
            if contents.model.line_epoch != epoch:
                # The lines got other numbers on the way, and the selection has them by now.
                self.copy(instance, terminal)
                return
            if page is None or page.line_epoch != epoch or not texts:
                # No session answers: what the window knows of it has to do.
                page = contents.known_page(first, last - first + 1)
            if sum(len(line.runs) for line in page.lines) > MAX_RUNS:
                self._host.show_message(_TOO_MUCH)
                return
            text = texts[0] if texts else without_spoofing(contents.selected_text())
            rows = selected_rows(page, columns, wanted.first, wanted.last, wanted.block)
            if text:
                write_rich_clipboard(
                    text, html_part(rows, CellColors(style.theme, style.palette, style.reverse))
                )

        # A session answers in order.
        asked = TextWanted(0, wanted.first, wanted.last, wanted.block, epoch)
        self._hub.ask(instance, whole_text(on_text), asked, send=send)
        self._hub.ask(instance, whole_page(on_page), LinesWanted(0, first, last - first + 1), send=send)
