"""The state of a terminal view: model, viewport and selection together. Qt-free."""

from typing import Final

import msgspec

from podium.core.exporting.document import DocumentStyle
from podium.core.exporting.pages import LinePage, TerminalLines
from podium.core.finding.query import SearchQuery
from podium.core.protocol.frames import (
    BLANK_LINE,
    DEFAULT_ATTRIBUTES,
    Attributes,
    Cursor,
    Frame,
    Line,
    Place,
    Run,
    ScreenMode,
)
from podium.core.protocol.requests import Follow
from podium.core.themes import ThemeVariant
from podium.ui.terminal.finding.failed_prompts import FailedPrompts
from podium.ui.terminal.finding.results import FindResults
from podium.ui.terminal.finding.row_marks import RowMarks
from podium.ui.terminal.model.cells import text_between, whole_row
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.line_orders import LineOrders
from podium.ui.terminal.model.row_content import Mark, RowContent
from podium.ui.terminal.model.screen_model import FrameEffect, ScreenModel
from podium.ui.terminal.scrolling.following import Following, ViewPlaces
from podium.ui.terminal.scrolling.scroll import LineRequests, Viewport
from podium.ui.terminal.selection.selection import Point, Selection

MOST_COMPARED_LINES: Final = 1000
"""A longer selection is not compared with what became of it."""


class ViewState:
    """Keeps viewport and selection right while frames arrive."""

    def __init__(self) -> None:
        self.model = ScreenModel()
        self.viewport = Viewport(self.model)
        self.selection = Selection(self.model)
        self.orders = LineOrders(self.model)
        self.line_requests = LineRequests(self.model, self.viewport)
        self.following = Following()
        self.results = FindResults()
        self.failed_prompts = FailedPrompts(self.model)
        self.row_marks: RowMarks | None = None
        """Set while plain words or a pattern are searched for."""
        self.live = True
        self.copy_cursor: tuple[int, int] | None = None
        """Absolute line and column of copy mode's cursor, which shows in place of the program's."""
        self.copy_anchor: tuple[int, int] | None = None
        """Where copy mode began to select."""
        self.copying_moved: tuple[Place, ...] = ()
        """Where copy mode's cursor and anchor are in the lines that flowed anew last; none where that is not known."""

    def apply_frame(self, frame: Frame) -> FrameEffect | None:
        selected = self._whole_selected_text() if frame.line_epoch != self.model.line_epoch else None
        from_bottom = self.model.first_line - self.viewport.top
        effect = self.model.apply(frame)
        if effect is None:
            return None
        switched = (effect.modes_before ^ self.model.modes) & ScreenMode.ALTERNATE_SCREEN
        if effect.lines_renumbered:
            self.line_requests.clear()
            self.copying_moved = ()
        if effect.new_session:
            self.failed_prompts.clear()
        if effect.new_session or switched:
            self.following.clear()
            self.selection.clear()
            self.viewport.to_bottom()
            self.viewport.renumbered()
        elif effect.lines_renumbered:
            self._follow(frame, selected, from_bottom)
            self.viewport.renumbered()
        elif self.selection.touches(effect.changed_lines):
            self.selection.clear()
        self.results.forget_before(self.model.oldest_line)
        return effect

    def _follow(self, frame: Frame, selected: str | None, from_bottom: int) -> None:
        """The lines flowed anew: stay on the text that was shown, and keep selected what was.

        ``selected`` is the text that was, None if it is not all known; ``from_bottom`` how many lines up the view was.
        """
        before, after = self.following.moved(frame) or (ViewPlaces(), ViewPlaces())
        self.copying_moved = after.copying if before.copying == self._copying() else ()
        if before.top is not None and after.top is not None:
            self.viewport.follow(before.top, after.top)
        elif from_bottom:
            # The session has not heard of it yet that the view was scrolled.
            self.viewport.move_to(self.model.first_line - from_bottom)
        if not before.selected or before.selected != self.selection.places():
            self.selection.clear()
            return
        self.selection.move_to(after.selected)
        now = self._whole_selected_text()
        if selected is not None and now is not None and selected != now:
            # What came along with the new width has changed it.
            self.selection.clear()

    def _whole_selected_text(self) -> str | None:
        """The selected text; None unless the window has all of it, and it is not too much to look at."""
        bounds = self.selection.bounds()
        if bounds is None or bounds[1].line - bounds[0].line > MOST_COMPARED_LINES:
            return None
        numbers = range(bounds[0].line, bounds[1].line + 1)
        return self.selected_text() if all(self.model.line_at(number) for number in numbers) else None

    def _places(self) -> ViewPlaces:
        """The places to be found again at another width."""
        if not self.model.has_content or self.model.has_mode(ScreenMode.ALTERNATE_SCREEN):
            # That screen does not flow, and its rows have the numbers of other text.
            return ViewPlaces()
        return ViewPlaces(self.viewport.anchor, self.selection.places(), self._copying())

    def _copying(self) -> tuple[Place, ...]:
        if self.copy_cursor is None:
            return ()
        return (self.copy_cursor,) if self.copy_anchor is None else (self.copy_cursor, self.copy_anchor)

    @property
    def is_followed(self) -> bool:
        """Whether the session knows what to find again."""
        return self.following.is_followed(self._places(), self.model.line_epoch)

    def follow_request(self) -> Follow:
        """The request that makes the session follow what is shown and selected."""
        return self.following.request(self._places(), self.model.line_epoch)

    def reset(self) -> None:
        self.model.reset()
        self.line_requests.clear()
        self.following.clear()
        self.selection.clear()
        self.results.clear()
        self.failed_prompts.clear()
        self.viewport.to_bottom()

    @property
    def program_modes(self) -> int:
        """The modes while there is a program they could matter to."""
        return self.model.modes if self.live else self.model.modes & ScreenMode.ALTERNATE_SCREEN

    @property
    def can_scroll(self) -> bool:
        return self.viewport.scrollback > 0 and not self.model.has_mode(ScreenMode.ALTERNATE_SCREEN)

    def reveal(self, line: int, above: int, below: int) -> None:
        """Scroll so that ``line`` is in view between the ``above`` rows at its top and the ``below`` rows at its end
        that are covered, if it is not yet.
        """
        top, lines = self.viewport.top, self.model.lines
        if self.can_scroll and not top + above <= line < top + lines - below:
            self.viewport.move_to(line - above - max(0, lines - above - below) // 3)

    def rows(self) -> list[RowContent]:
        """The content of the view's rows, top first."""
        top, model, selection = self.viewport.top, self.model, self.selection
        numbers = range(top, top + model.lines)
        lines = [model.line_at(number) for number in numbers]
        orders = self.orders.of_all(top, lines)
        if self.row_marks is None:
            if selection.is_empty:
                return [RowContent(line, None, (), order) for line, order in zip(lines, orders, strict=True)]
            return [
                RowContent(line, selection.span(number), (), order)
                for number, line, order in zip(numbers, lines, orders, strict=True)
            ]
        return [
            RowContent(line, selection.span(number), self._marks(number, line), order)
            for number, line, order in zip(numbers, lines, orders, strict=True)
        ]

    def mark_rows(self, query: SearchQuery | None) -> None:
        """Mark what is searched for in the rows in view; None ends that, and takes all matches away."""
        self.row_marks = None if query is None else RowMarks(query)
        if query is None:
            self.results.clear()

    def _marks(self, number: int, line: StyledLine | None) -> tuple[Mark, ...]:
        """The matches in a row: those the session has told, or else those that the row alone shows."""
        if line is None or self.row_marks is None:
            return ()
        told = self.results.marks(number, self.model.columns) if self.shows_results else ()
        if told:
            return told
        return self.row_marks.of(line.line)

    @property
    def shows_results(self) -> bool:
        """Whether there are matches, and their line numbers mean the lines of this moment."""
        results, model = self.results, self.model
        alternate = model.has_mode(ScreenMode.ALTERNATE_SCREEN)
        return bool(results.matches) and (results.line_epoch, results.alternate) == (
            model.line_epoch,
            alternate,
        )

    def cursor(self, composing: bool = False) -> tuple[int, Cursor] | None:
        """The view's row with the cursor in it, and the cursor; None where it does not show.

        While text is composed it goes to a cursor that the program hides, too.
        """
        model, cursor = self.model, self.model.cursor
        if self.copy_cursor is not None:
            line, column = self.copy_cursor
            row = line - self.viewport.top
            return (row, Cursor(column, row)) if 0 <= row < model.lines else None
        row = model.first_line + cursor.y - self.viewport.top
        if not self.live or not model.has_content or not 0 <= row < model.lines:
            return None
        if not cursor.visible and not composing:
            return None
        # With a full row the cursor waits behind the last column; it shows on it.
        return row, msgspec.structs.replace(cursor, x=min(cursor.x, model.columns - 1))

    def select_all(self) -> None:
        """Select the scrollback and the screen up to its last line with text."""
        model = self.model
        if not model.has_content:
            return
        last = model.first_line + model.lines - 1
        while last > model.first_line and not model.rows[last - model.first_line].line.runs:
            last -= 1
        first = model.first_line if model.has_mode(ScreenMode.ALTERNATE_SCREEN) else model.oldest_line
        self.selection.select(Point(first, 0), Point(last, model.columns))

    def selected_text(self) -> str:
        """The selected text as far as the window has it."""
        bounds = self.selection.bounds()
        if bounds is None:
            return ""
        wanted = self.selection.text_range()
        block = wanted is not None and wanted.block
        last = bounds[1].line
        texts: list[str] = []
        parts: list[str] = []
        for number in range(bounds[0].line, bounds[1].line + 1):
            span, styled = self.selection.span(number), self.model.line_at(number)
            if span is None or styled is None:
                continue
            if styled.line.wrapped and not block and number < last:
                parts += whole_row(styled, self.model.columns)[span[0] : span[1]]
                continue
            parts.append(text_between(styled, *span))
            texts.append("".join(parts).rstrip(" "))
            parts = []
        return "\n".join([*texts, "".join(parts)] if parts else texts)

    def known_page(self, first: int, count: int) -> LinePage:
        """Lines from absolute number ``first`` on as far as the window has them; the others are blank."""
        # Each line has a table of its own, and numbers of one may mean something else in another.
        numbers: dict[Attributes, int] = {DEFAULT_ATTRIBUTES: 0}

        def renumbered(row: StyledLine | None) -> Line:
            if row is None:
                return BLANK_LINE
            runs = []
            for run in row.line.runs:
                attributes = row.table.get(run.attribute, DEFAULT_ATTRIBUTES)
                runs.append(Run(run.text, numbers.setdefault(attributes, len(numbers)), run.width))
            return msgspec.structs.replace(row.line, runs=tuple(runs))

        lines = tuple(renumbered(self.model.line_at(number)) for number in range(first, first + count))
        table = {number: attributes for attributes, number in numbers.items()}
        return LinePage(self.model.line_epoch, first, lines, table)

    def terminal_lines(self) -> TerminalLines:
        """The screen as it is shown, and which lines are above it."""
        model = self.model
        screen = self.known_page(model.first_line, model.lines)
        return TerminalLines(model.columns, model.lines, model.oldest_line, screen)

    def document_style(self, title: str, theme: ThemeVariant) -> DocumentStyle:
        """The look of what is copied or exported from here."""
        reverse = self.model.has_mode(ScreenMode.REVERSE_SCREEN)
        return DocumentStyle(title, theme, dict(self.model.palette), reverse)
