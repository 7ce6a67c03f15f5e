"""The prompts of one view: its notes beside them, moves from one to another, and what the mouse does there."""

from collections.abc import Callable
from typing import Final, Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QMouseEvent, QPainter

from podium.core.clock import monotonic
from podium.core.config.shell_settings import ClickMoves
from podium.core.protocol.command_reports import FailedReport
from podium.core.protocol.command_requests import (
    CommandsWanted,
    CommandTextWanted,
    FailedWanted,
    MoveCursor,
    PromptWanted,
)
from podium.core.protocol.frames import MOUSE_MODES
from podium.core.protocol.marks import CommandState, ShellCommand
from podium.core.protocol.reports import CommandsReport
from podium.core.themes import ThemeVariant
from podium.ui.terminal.hit_tester import HitTester
from podium.ui.terminal.prompts.known_commands import KnownCommands
from podium.ui.terminal.prompts.note_painter import NotePainter
from podium.ui.terminal.prompts.row_notes import Mark, RowNote, row_note
from podium.ui.terminal.selection.selection import Point

DELAY_MS: Final = 30
"""New marks are asked for at most once in this time."""
_TICK_MS: Final = 1000
_HELD: Final = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
_ALT: Final = Qt.KeyboardModifier.AltModifier


class PromptHost(Protocol):
    """The view, as the prompts use it."""

    def ask(self, request: object) -> None: ...
    def send(self, request: object) -> None: ...
    def update(self, area: QRect) -> None: ...
    def refresh(self) -> None: ...
    def show_line(self, line: int) -> None: ...
    def refresh_scrollbar(self) -> None: ...
    def copy(self) -> None: ...
    def copy_selected(self) -> None: ...


class PromptMarks(QObject):
    """Follows a view: tell it what is painted, and of each press and release of the mouse."""

    def __init__(
        self,
        hit_tester: HitTester,
        theme: ThemeVariant,
        next_request: Callable[[], int],
        host: PromptHost,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.click_moves = ClickMoves.CLICK
        self._hit_tester = hit_tester
        self._state = hit_tester.state
        self._painter = NotePainter(theme)
        self._next_request = next_request
        self._host = host
        self._known = KnownCommands(self._state)
        self._notes: dict[int, RowNote] = {}
        """As they were painted last, by the view's row."""
        self._offered: str | None = None
        self._pointed: int | None = None
        """The line that a menu was opened on."""
        self._pressed: QPointF | None = None
        self._gave_focus = False
        self._due = _timer(self, DELAY_MS, self._on_due, once=True)
        self._tick = _timer(self, _TICK_MS, self.refresh, once=False)

    # What the view and its session tell

    def set_theme(self, theme: ThemeVariant) -> None:
        self._painter = NotePainter(theme)

    def take(self, report: CommandsReport) -> None:
        """An answer to CommandsWanted."""
        if self._known.take(report, monotonic()):
            self.refresh()

    def take_failed(self, report: FailedReport) -> None:
        """An answer to FailedWanted."""
        if self._state.failed_prompts.take(report):
            self._host.refresh_scrollbar()

    def take_prompt(self, report: CommandsReport) -> None:
        """An answer to PromptWanted: show that prompt first."""
        if report.commands and report.line_epoch == self._state.model.line_epoch:
            self._host.show_line(report.commands[0].line)

    def clear(self) -> None:
        """Another session draws from now on."""
        self._known.clear()
        self._pointed = None
        self.refresh()

    def pause(self) -> None:
        """Nothing is shown."""
        self._due.stop()
        self._tick.stop()

    # What a person asks for

    @property
    def any(self) -> bool:
        """Whether there are prompts to go to."""
        return self._known.any

    def go(self, above: bool) -> None:
        """Show the nearest prompt above the view's first line, or below it."""
        if self._known.any:
            self._host.ask(PromptWanted(self._next_request(), self._state.viewport.top, above))

    def point_at(self, position: QPoint | None) -> None:
        """What is asked about a command is about the one at ``position``; None: about the newest one."""
        if position is None:
            self._pointed = None
        else:
            row = self._hit_tester.pointed_cell(QPointF(position)).row
            self._pointed = self._state.viewport.top + row

    def offer(self) -> str | None:
        """The command line that a menu names, cut where it is long; None where no command was run.

        What a menu has named in full runs without a question.
        """
        command = self.command
        self._offered = command.text if command is not None else None
        return self._offered

    def take_offered(self, text: str) -> bool:
        """Whether a menu has named ``text``; that counts once."""
        offered, self._offered = self._offered, None
        return bool(text) and text == offered

    @property
    def command(self) -> ShellCommand | None:
        """The command that was run where a menu was opened, or else the newest one."""
        if self._pointed is None:
            return self._known.latest()
        found = self._known.at(self._pointed)
        return found if found is not None and found.output is not None else None

    def copy_output(self) -> None:
        """Select the output of the command and copy it."""
        command = self.command
        if command is not None and self._select(command):
            self._host.copy()

    def run_again(self) -> None:
        """Ask for the command line; what is done with the answer is up to the session's other end."""
        command = self.command
        if command is not None:
            self._host.ask(CommandTextWanted(self._next_request(), command.line))

    # The mouse

    def press(self, event: QMouseEvent) -> bool:
        """A button went down. True when it did so on a mark, and all is done."""
        self._pointed = None
        self._offered = None
        self._pressed = None
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        command = self._marked_at(event.position())
        if command is not None:
            if self._select(command):
                self._host.copy_selected()
            return True
        taken = bool(self._state.program_modes & MOUSE_MODES) or self._hit_tester.is_over_scrollbar(
            event.position()
        )
        if not taken and not self._gave_focus:
            self._pressed = event.position()
        return False

    def release(self, event: QMouseEvent) -> None:
        """A button went up. A click at the prompt brings the cursor there."""
        pressed, self._pressed = self._pressed, None
        self._gave_focus = False
        if pressed is None or event.button() != Qt.MouseButton.LeftButton or not self._known.any:
            return
        moved = (event.position() - pressed).manhattanLength()
        if moved >= QGuiApplication.styleHints().startDragDistance() or not self._state.selection.is_empty:
            return
        if self._moves_cursor(event.modifiers()):
            cell = self._hit_tester.pointed_cell(event.position())
            self._host.send(MoveCursor(self._state.viewport.top + cell.row, cell.column))

    def focus_came(self, reason: Qt.FocusReason) -> None:
        """The click that gives the keyboard to the view does only that."""
        self._gave_focus = reason == Qt.FocusReason.MouseFocusReason

    def is_over_mark(self, position: QPointF) -> bool:
        return self._marked_at(position) is not None

    def _moves_cursor(self, held: Qt.KeyboardModifier) -> bool:
        if held & _HELD:
            return False
        match self.click_moves:
            case ClickMoves.CLICK:
                return True
            case ClickMoves.ALT_CLICK:
                return bool(held & _ALT)
        return False

    def _marked_at(self, position: QPointF) -> ShellCommand | None:
        """The command whose mark is at a point."""
        if not self._known.any or position.x() >= self._hit_tester.canvas.geometry.text_left:
            return None
        row = self._hit_tester.pointed_cell(position).row
        for shown, command in self._known.shown():
            if shown == row and self._note(command).mark is not Mark.NONE:
                return command
        return None

    def _select(self, command: ShellCommand) -> bool:
        """Select its output. False when it has printed nothing."""
        found = self._known.output(command)
        if found is None:
            return False
        self._state.selection.select(Point(*found[0]), Point(*found[1]))
        self._host.refresh()
        return True

    # Painting

    def refresh(self) -> None:
        """Have every outdated note repainted; ask for what is missing."""
        missing = self._known.next_range() is not None or self._state.failed_prompts.next_first() is not None
        if missing and not self._due.isActive():
            self._due.start()
        shown = self._known.shown()
        notes = {row: self._note(command) for row, command in shown}
        geometry = self._hit_tester.canvas.geometry
        for row in notes.keys() | self._notes.keys():
            if notes.get(row) != self._notes.get(row):
                self._host.update(geometry.whole_row(row, self._hit_tester.width))
        self._notes = notes
        running = any(command.state is CommandState.RUNNING for _, command in shown)
        if running and self._state.live and not self._tick.isActive():
            self._tick.start()
        elif not running:
            self._tick.stop()

    def paint(self, painter: QPainter, exposed: QRect) -> None:
        geometry = self._hit_tester.canvas.geometry
        top, columns = self._state.viewport.top, self._state.model.columns
        for row, note in self._notes.items():
            area = geometry.to_logical(geometry.cell_rect(row, 0, columns))
            if not geometry.whole_row(row, self._hit_tester.width).intersects(exposed):
                continue
            styled = self._state.model.line_at(top + row)
            covered = sum(run.columns for run in styled.line.runs) if styled is not None else 0
            # Where it ends, also if it runs from right to left and begins there.
            last = max((end for _, end in self._hit_tester.shown_spans(row, 0, covered)), default=0)
            end = geometry.to_logical(geometry.cell_rect(row, 0, last)).right() + 1 if last else area.left()
            self._painter.paint(painter, area, end, note, line=row > 0)

    def _note(self, command: ShellCommand) -> RowNote:
        return row_note(command, self._known.seconds(command, monotonic()), live=self._state.live)

    def _on_due(self) -> None:
        wanted = self._known.next_range()
        if wanted is not None:
            self._known.sent(wanted)
            self._host.ask(CommandsWanted(self._next_request(), wanted.first, wanted.last))
        failed = self._state.failed_prompts
        if (first := failed.next_first()) is not None:
            failed.sent()
            self._host.ask(FailedWanted(self._next_request(), first))


def _timer(parent: QObject, interval: int, receive: Callable[[], None], *, once: bool) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(once)
    timer.setInterval(interval)
    timer.timeout.connect(receive)
    return timer
