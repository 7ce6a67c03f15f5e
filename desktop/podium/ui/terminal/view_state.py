"""The state of a terminal view: model, viewport and selection together. Qt-free."""

import msgspec

from podium.core.exporting.document import DocumentStyle
from podium.core.exporting.pages import LinePage, TerminalLines
from podium.core.protocol.frames import (
    BLANK_LINE,
    DEFAULT_ATTRIBUTES,
    Attributes,
    Cursor,
    Frame,
    Line,
    Run,
    ScreenMode,
)
from podium.core.themes import ThemeVariant
from podium.ui.terminal.model.cells import run_at, text_between, whole_row
from podium.ui.terminal.model.line_cache import StyledLine
from podium.ui.terminal.model.row_content import RowContent
from podium.ui.terminal.model.screen_model import FrameEffect, ScreenModel
from podium.ui.terminal.scrolling.scroll import LineRequests, Viewport
from podium.ui.terminal.selection.selection import Point, Selection


class ViewState:
    """Keeps viewport and selection right while frames arrive."""

    def __init__(self) -> None:
        self.model = ScreenModel()
        self.viewport = Viewport(self.model)
        self.selection = Selection(self.model)
        self.line_requests = LineRequests(self.model, self.viewport)
        self.live = True
        self.copy_cursor: tuple[int, int] | None = None
        """Absolute line and column of copy mode's cursor, which shows in place of the program's."""

    def apply_frame(self, frame: Frame) -> FrameEffect | None:
        effect = self.model.apply(frame)
        if effect is None:
            return None
        switched = (effect.modes_before ^ self.model.modes) & ScreenMode.ALTERNATE_SCREEN
        if effect.lines_renumbered:
            self.line_requests.clear()
        if effect.lines_renumbered or switched:
            self.selection.clear()
            self.viewport.to_bottom()
        elif self.selection.touches(effect.changed_lines):
            self.selection.clear()
        return effect

    def reset(self) -> None:
        self.model.reset()
        self.line_requests.clear()
        self.selection.clear()
        self.viewport.to_bottom()

    @property
    def program_modes(self) -> int:
        """The modes while there is a program they could matter to."""
        return self.model.modes if self.live else self.model.modes & ScreenMode.ALTERNATE_SCREEN

    @property
    def can_scroll(self) -> bool:
        return self.viewport.scrollback > 0 and not self.model.has_mode(ScreenMode.ALTERNATE_SCREEN)

    def rows(self) -> list[RowContent]:
        """The content of the view's rows, top first."""
        top, model, selection = self.viewport.top, self.model, self.selection
        numbers = range(top, top + model.lines)
        if selection.is_empty:
            return [RowContent(model.line_at(number)) for number in numbers]
        return [RowContent(model.line_at(number), selection.span(number)) for number in numbers]

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
        done: list[str] = []
        line = ""
        for number in range(bounds[0].line, bounds[1].line + 1):
            span, styled = self.selection.span(number), self.model.line_at(number)
            if span is None or styled is None:
                continue
            if styled.line.wrapped and not block and number < last:
                line += "".join(whole_row(styled, self.model.columns)[span[0] : span[1]])
            else:
                done.append((line + text_between(styled, *span)).rstrip(" "))
                line = ""
        return "\n".join(done)

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

    def link_at(self, row: int, column: int) -> str:
        """The hyperlink in a cell of the view, or ""."""
        styled = self.model.line_at(self.viewport.top + row)
        found = run_at(styled, column)
        if styled is None or found is None:
            return ""
        return styled.table.get(found[0].attribute, DEFAULT_ATTRIBUTES).link
