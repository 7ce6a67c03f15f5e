"""The history page: totals, the table of runs, and the details of the chosen one."""

import os
import time
from collections.abc import Callable
from datetime import date
from typing import Final

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from podium.core.background import RunInBackground
from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.runs import Run, RunOutcome
from podium.history.run_list import ListedRun, RunOrder, RunRows
from podium.ui.history import words
from podium.ui.history.actions import HistoryHost, RunActions
from podium.ui.history.choice import Choice
from podium.ui.history.details import WIDTH, Details
from podium.ui.history.empty_note import EmptyNote
from podium.ui.history.filter_bar import FilterBar
from podium.ui.history.last_screen import GONE, NOT_KEPT, LastScreen, find_last_screen
from podium.ui.history.loading import PAGE, AskHistory, Loaded, RunLoading
from podium.ui.history.model import RunModel
from podium.ui.history.rows import RunPainter
from podium.ui.history.sort_header import SortHeader
from podium.ui.history.table import RunTable
from podium.ui.history.totals import Totals
from podium.ui.history.wanted import RANGES, Wanted
from podium.ui.inbox.frame_parts import KeyLine
from podium.ui.pages.page import Page
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace

_LEAST_TABLE: Final = 520
"""Where less is left beside the details, they take the table's place."""
_RELOAD_MS: Final = 400
"""Runs that begin and end together are read once."""
_SECOND_MS: Final = 1000
_SLOW_MS: Final = 300
"""Reading that takes longer says so."""
_KEYS: Final = (
    ("↑↓", "choose"),
    ("↵", "show instance"),
    ("S", "start again"),
    ("C", "copy command"),
    ("O", "open folder"),
    ("/", "filter"),
    ("E", "export"),
)


class HistoryPage(Page):
    """Asks the history for what it shows whenever it is entered, and when ``refresh`` says that runs are others now."""

    def __init__(
        self,
        themes: ThemeManager,
        workspace: Workspace,
        host: HistoryHost,
        ask: AskHistory,
        run: RunInBackground,
        kept_path: Callable[[InstanceId], str],
        *,
        wall: Clock = time.time,
    ) -> None:
        """``run`` is for the person's files and folders; ``kept_path`` is where an instance's screen is kept, or ""."""
        super().__init__(themes, "History")
        self._workspace = workspace
        self._host = host
        self._ask = ask
        self._kept_path = kept_path
        self._wall = wall
        self._shown = False
        self.wanted = Wanted()
        self._loaded_for: Wanted | None = None
        self._screen_of = ""
        """The run whose screen is asked for, or shown."""
        self.actions_of = RunActions(workspace, host, ask, run, self)
        self._loading = RunLoading(ask, self._today, self)
        self._loading.loaded.connect(self._on_loaded)
        self._loading.more_loaded.connect(self._on_more)
        self._loading.failed.connect(self._on_failed)
        self._loading.more_failed.connect(self._on_more_failed)
        self._painter = RunPainter(themes, self._state_of, wall, self._today, self)
        self.model = RunModel(self._painter.text, self)
        self.model.more_wanted.connect(self._loading.load_more)
        # In the order in which Tab goes through them.
        self.range = Choice(themes, "Days", self)
        self.export = Button(themes, "Export…", kind=ButtonKind.OUTLINED, name="Export runs", parent=self)
        self.totals = Totals(themes, self)
        self.filters = FilterBar(themes, self)
        self.header = SortHeader(themes, self)
        self.table = RunTable(self.model, self._painter, self)
        self.empty = EmptyNote(themes, self)
        self.details = Details(themes, self._state_of, wall, self)
        self._lay_out()
        self._connect()
        self._reload = _timer(self, _RELOAD_MS, self._load_again)
        self._slow = _timer(self, _SLOW_MS, self._on_slow)
        self._second = QTimer(self)
        self._second.setInterval(_SECOND_MS)
        self._second.timeout.connect(self._on_second)
        self._show_wanted()

    def _lay_out(self) -> None:
        title = plain_label("History")
        title.setFont(font(Role.TITLE))
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title)
        top.addStretch()
        top.addWidget(self.range)
        top.addWidget(self.export)
        self.content = QStackedWidget()
        self.content.addWidget(self.table)
        self.content.addWidget(self.empty)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(6)
        left.addWidget(self.filters)
        left.addWidget(self.header)
        left.addWidget(self.content, 1)
        left.setSpacing(0)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self._left, 1)
        body.addWidget(self.details)
        self._inner = QVBoxLayout()
        self._inner.setSpacing(12)
        self._inner.addLayout(top)
        self._inner.addWidget(self.totals)
        self._inner.addLayout(body, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._inner, 1)
        whole.addWidget(KeyLine(self.themes, self, _KEYS, ("Esc", "back")))
        self.details.hide()
        self.setFocusProxy(self.table)

    def _connect(self) -> None:
        self.filters.text_changed.connect(lambda text: self._want(text=text))
        self.filters.outcome_chosen.connect(lambda outcome: self._want(outcome=outcome))
        self.filters.instance_chosen.connect(lambda instance: self._want(instance=instance))
        self.filters.left.connect(self.table.setFocus)
        self.range.chosen.connect(lambda days: self._want(days=days, day=None))
        self.totals.plot.day_chosen.connect(lambda day: self._want(day=day or None))
        self.header.sorted.connect(self._on_sorted)
        self.empty.clear_requested.connect(self._on_clear)
        self.table.run_chosen.connect(self._on_run_chosen)
        self.table.activated_run.connect(lambda: self._with_run(self.actions_of.show_instance))
        self.export.clicked.connect(self._export)
        details, actions = self.details, self.actions_of
        details.closed.connect(self._close_details)
        details.copy_text_requested.connect(lambda text: actions.copy(text, "Text copied"))
        details.show_instance.clicked.connect(lambda: self._with_run(actions.show_instance))
        details.start_again.clicked.connect(lambda: self._with_run(actions.start_again))
        details.copy_command.clicked.connect(lambda: self._with_run(actions.copy_command))
        details.open_folder.clicked.connect(lambda: self._with_run(actions.open_folder))

    # Coming and going

    def enter(self) -> None:
        super().enter()
        self._shown = True
        self._second.start()
        self._load_again()

    def leave(self) -> None:
        super().leave()
        self._shown = False
        for timer in (self._second, self._reload, self._slow):
            timer.stop()

    def refresh(self) -> None:
        """Runs began or ended."""
        if self._shown and not self._reload.isActive():
            self._reload.start()

    def _today(self) -> date:
        return date.fromisoformat(words.day_key(self._wall()))

    # Asking

    def _want(self, **changes: object) -> None:
        self.wanted = msgspec.structs.replace(self.wanted, **changes)
        self._show_wanted()
        self._load()

    def _on_sorted(self, order: RunOrder, ascending: bool) -> None:
        self._want(order=order, ascending=ascending)

    def _on_clear(self) -> None:
        self.filters.clear()
        self._want(text="", outcome=None, instance=None, day=None, days=None)
        self.table.setFocus()

    def _show_wanted(self) -> None:
        wanted = self.wanted
        entries = [*((f"Last {days} days", days) for days in RANGES), ("All days", None)]
        self.range.offer(entries, wanted.days, words.short_day(wanted.day) if wanted.day else "")
        self.header.show_order(wanted.order, wanted.ascending)

    def _load_again(self) -> None:
        self._load(max(PAGE, self.model.count))

    def _load(self, count: int = PAGE) -> None:
        if self._loaded_for is None:
            self._slow.start()
        self._loading.load(self.wanted, count)

    def _on_slow(self) -> None:
        self.empty.show_text("Reading runs…")
        self.content.setCurrentWidget(self.empty)

    def _on_loaded(self, loaded: Loaded) -> None:
        self._slow.stop()
        same = loaded.wanted == self._loaded_for
        self._loaded_for = loaded.wanted
        chosen = self.details.listed.run.id if self.details.isVisible() and self.details.listed else ""
        scrolled = self.table.verticalScrollBar().value() if same else 0
        self._painter.grouped = loaded.wanted.grouped
        self.totals.show_sums(loaded)
        self.filters.show_sums(loaded.wanted, loaded.everything)
        self.table.blockSignals(True)
        self.model.show(loaded.rows, loaded.sums.days, loaded.wanted.grouped)
        place = self.model.place(chosen) if chosen else -1
        self.table.choose(place)
        self.table.blockSignals(False)
        self.table.verticalScrollBar().setValue(scrolled)
        if place >= 0 and not same:
            self.table.scrollTo(self.table.currentIndex())
        self._on_run_chosen(self.table.chosen)
        if self.model.count:
            self.content.setCurrentWidget(self.table)
        else:
            self.empty.show_reason(loaded.wanted, loaded.any_runs)
            self.content.setCurrentWidget(self.empty)

    def _on_more(self, rows: RunRows) -> None:
        self.model.append(rows)

    def _on_failed(self, text: str) -> None:
        self._slow.stop()
        self.empty.show_text(text)
        self.content.setCurrentWidget(self.empty)

    def _on_more_failed(self, text: str) -> None:
        self.model.stop_waiting()
        self._host.show_message(text)

    # Details

    def _on_run_chosen(self, listed: ListedRun | None) -> None:
        if listed is None:
            self.details.hide()
            self._screen_of = ""
        else:
            exists, startable = self.actions_of.exists(listed.run), self.actions_of.startable(listed.run)
            self.details.show_run(listed, self._today(), exists=exists, startable=startable)
            self.details.show()
            self._ask_for_screen(listed.run)
        self._arrange()

    def _ask_for_screen(self, run: Run) -> None:
        key = f"{run.id} {run.outcome}"
        if key == self._screen_of:
            return
        self._screen_of = key
        path = self._kept_path(run.instance)
        if not path:
            self.details.show_no_screen(NOT_KEPT)
            return

        def show(found: LastScreen | str) -> None:
            if self._screen_of != key:
                return
            if isinstance(found, LastScreen):
                self.details.show_screen(found)
            else:
                self.details.show_no_screen(found)
                self._screen_of = ""  # Asked again with the next reading.

        find = find_last_screen(run, path, self.actions_of.exists(run))
        self._ask(find, show, lambda _error: show(GONE))

    def _close_details(self) -> None:
        self.details.hide()
        self._arrange()
        self.table.setFocus()
        self.table.choose(-1)

    def _with_run(self, act: Callable[[Run], None]) -> None:
        listed = self.details.listed
        if listed is not None and self.details.isVisible():
            act(listed.run)

    def _export(self) -> None:
        wanted = self.wanted
        self.actions_of.ask_for_file((wanted.filter(self._today()), wanted.order, wanted.ascending))

    # How things stand

    def _state_of(self, run: Run) -> tuple[InstanceState, str]:
        if run.outcome is RunOutcome.RUNNING and run.owner_pid == os.getpid():
            waits = run.instance in self._workspace.ids() and (
                self._workspace.state(run.instance) is InstanceState.WAITING
            )
            if waits:
                return InstanceState.WAITING, "Waiting for you"
        return words.outcome(run)

    def _on_second(self) -> None:
        self.table.viewport().update()  # What runs gets longer.

    # Room

    def _arrange(self) -> None:
        side = 32 if self.width() >= 1000 else 16
        self._inner.setContentsMargins(side, 24 if side == 32 else 14, side, 12)
        room = self.width() - 2 * side
        beside = room - WIDTH - 16 >= _LEAST_TABLE
        shown = not self.details.isHidden()
        if shown and not beside and self._has_focus(self._left):
            self.details.setFocus()  # What is hidden while it has the keyboard gives it to just anyone.
        self._left.setVisible(beside or not shown)
        self.totals.setVisible(beside or not shown)
        self.details.setMinimumWidth(WIDTH if beside else 0)
        self.details.setMaximumWidth(WIDTH if beside else 16_777_215)

    def _has_focus(self, part: QWidget) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and part.isAncestorOf(focus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, actions = Qt.Key(event.key()), self.actions_of
        of_run = {
            Qt.Key.Key_S: actions.start_again,
            Qt.Key.Key_C: actions.copy_command,
            Qt.Key.Key_O: actions.open_folder,
            Qt.Key.Key_Return: actions.show_instance,
            Qt.Key.Key_Enter: actions.show_instance,
        }
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and key is Qt.Key.Key_Escape and not self.details.isHidden():
            self._close_details()
        elif plain and key in of_run:
            if not event.isAutoRepeat():
                self._with_run(of_run[key])
        elif plain and key is Qt.Key.Key_E:
            if not event.isAutoRepeat():
                self._export()
        elif event.key() == Qt.Key.Key_Slash:
            self._close_narrow_details()
            self.filters.field.setFocus()
        elif not self.table.take_key(event):
            super().keyPressEvent(event)

    def _close_narrow_details(self) -> None:
        if self._left.isHidden():
            self._close_details()


def _timer(parent: QWidget, milliseconds: int, then: Callable[[], None]) -> QTimer:
    """Runs once when it was started."""
    made = QTimer(parent)
    made.setSingleShot(True)
    made.setInterval(milliseconds)
    made.timeout.connect(then)
    return made
