"""Searching in one pane: the bar asks, the session answers, the terminal marks and shows."""

from typing import Final

from PySide6.QtCore import QObject, Signal

from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.core.protocol.finding import Find, FindOn, Unfind
from podium.core.protocol.reports import ErrorReport, FoundReport, Match, ProgramState, StatusReport
from podium.core.protocol.requests import Request
from podium.sessions.hub import SessionHub
from podium.sessions.queries import PendingQuery, Reply, SessionGone
from podium.ui.panes.find_bar import FindBar
from podium.ui.panes.pane import Pane
from podium.ui.theme.palette import ThemeManager
from podium.workspace.workspace import Workspace

_LONGEST_SELECTION: Final = 200
"""Characters of a selection that is searched for when the bar opens."""


class FindSession(QObject):
    """Made when a pane is searched for the first time; lasts as long as the pane."""

    all_requested = Signal(object)
    """Search all instances; for a SearchQuery, or None."""

    def __init__(self, hub: SessionHub, workspace: Workspace, themes: ThemeManager, pane: Pane) -> None:
        super().__init__(pane)
        self._hub = hub
        self._workspace = workspace
        self._instance: InstanceId = pane.id
        self._pane = pane
        self._terminal = pane.terminal
        self._bar = FindBar(themes, pane)
        pane.set_find_bar(self._bar)
        self._query: SearchQuery | None = None
        self._pending: PendingQuery | None = None
        self._fresh = False
        """Nothing was told about this query yet: marks and numbers are those of the one before."""
        self._place: Match | int | None = None
        """Where the current match is looked for, as long as there is none."""
        self._bar.query_changed.connect(self._on_query_changed)
        self._bar.stepped.connect(self.step)
        self._bar.closed.connect(self.close)
        self._bar.all_requested.connect(lambda: self.all_requested.emit(self._bar.query))
        self._terminal.match_chosen.connect(self._on_match_chosen)
        self._subscription = hub.subscribe_to(self._instance, StatusReport, self._on_status)

    @property
    def is_open(self) -> bool:
        return not self._bar.isHidden()

    @property
    def query(self) -> SearchQuery | None:
        return self._bar.query

    def open(self) -> None:
        """Show the bar, with the selection's text if that is a part of one line. Once more: search all instances."""
        if self.is_open and self._bar.field.hasFocus():
            self.all_requested.emit(self._bar.query)
            return
        text = self._terminal.selected_text()
        self._pane.show_find_bar(True)
        self._bar.begin(text if "\n" not in text and len(text) <= _LONGEST_SELECTION else "")

    def show_match(self, query: SearchQuery, line: int) -> None:
        """Search for ``query``, and go to the match that begins on the absolute line ``line``."""
        self._pane.show_find_bar(True)
        self._bar.set_query(query)
        self._place = line
        self._terminal.results.current = None

    def close(self) -> None:
        """Hide the bar and the marks; the terminal gets the keyboard back."""
        self._drop()
        self._query = None
        self._terminal.mark_rows(None)
        self._pane.show_find_bar(False)
        self._terminal.setFocus()

    def end(self) -> None:
        """The pane goes."""
        self._drop()
        self._subscription.cancel()

    def step(self, older: bool) -> None:
        """Go to the next match."""
        self._terminal.results.step(older)
        self._show_current()

    # Asking

    def _on_query_changed(self, query: SearchQuery | None) -> None:
        self._drop()
        self._query = query
        results = self._terminal.results
        if query is None:
            self._terminal.mark_rows(None)
            self._pane.shift_terminal(False)
            self._bar.show_nothing()
            return
        # While it is typed, the match stays where it is as long as there is one.
        self._place = results.current or self._terminal.bottom_line
        self._ask()

    def _ask(self) -> None:
        assert self._query is not None
        self._fresh = True
        self._pending = self._hub.ask(self._instance, self._on_reply, Find(0, self._query), send=self._send)

    def _drop(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None and pending.waits:
            pending.cancel()
            self._send(Unfind(pending.number))

    def _send(self, request: Request) -> bool:
        return self._workspace.send(self._instance, request)

    # Answers

    def _on_reply(self, reply: Reply | SessionGone) -> None:
        match reply:
            case FoundReport():
                self._take(reply)
            case ErrorReport(message):
                self._pending = None
                self._bar.show_fault(message)
            case SessionGone():
                # What is marked stays: so does the screen. The next session is asked again.
                self._pending = None
                if self._fresh:
                    self._bar.show_fault("It has no session to search")

    def _take(self, report: FoundReport) -> None:
        results = self._terminal.results
        if self._fresh:
            self._fresh = False
            results.clear()
            # Until now the rows showed what was found last.
            self._terminal.mark_rows(self._query)
        results.apply(report)
        if self._pending is not None:
            self._send(FindOn(self._pending.number))
        if self._place is not None and self._begin(self._place):
            self._place = None
            self._show_current()
            return
        if results.current is None:
            # The one there was is gone with its line; the view stays where it is.
            self._begin(self._terminal.bottom_line)
        self._bar.show_results(results)
        self._terminal.refresh()

    def _begin(self, place: Match | int) -> bool:
        return self._terminal.results.begin(place.line if isinstance(place, Match) else place)

    def _on_status(self, status: StatusReport) -> None:
        """A new session is asked as soon as it has a program: before that, its screen is not the one in sight."""
        waits = self._pending is not None and self._pending.waits
        if status.state is ProgramState.RUNNING and self._query is not None and not waits:
            self._place = self._terminal.bottom_line
            self._ask()

    # Showing

    def _on_match_chosen(self, match: Match) -> None:
        self._terminal.results.current = match
        self._show_current()

    def _show_current(self) -> None:
        results = self._terminal.results
        self._bar.show_results(results)
        current = results.current
        if current is None:
            self._terminal.refresh()
            return
        self._pane.shift_terminal(False)
        self._terminal.reveal(current.line)
