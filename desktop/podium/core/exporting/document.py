"""The formats of an export, and a terminal's lines as a document in one of them."""

from enum import StrEnum
from typing import NamedTuple, Protocol

from podium.core.exporting.ansi import AnsiWriter
from podium.core.exporting.cast import CastWriter
from podium.core.exporting.html import HtmlWriter
from podium.core.exporting.pages import LinePage, TerminalLines
from podium.core.exporting.text import TextWriter
from podium.core.protocol.cell_colors import CellColors
from podium.core.themes import ThemeVariant


class ExportFormat(StrEnum):
    TEXT = "text"
    HTML = "html"
    ANSI = "ansi"
    CAST = "cast"

    @property
    def suffix(self) -> str:
        return {"text": ".txt", "html": ".html", "ansi": ".ansi", "cast": ".cast"}[self.value]

    @property
    def media_type(self) -> str:
        """For HTTP."""
        return {"html": "text/html", "cast": "application/x-asciicast"}.get(self.value, "text/plain")

    @classmethod
    def of_name(cls, name: str) -> "ExportFormat | None":
        """The format that a file's name asks for; None when its end says nothing."""
        lowered = name.lower()
        return next((one for one in cls if lowered.endswith(one.suffix)), None)


class DocumentWriter(Protocol):
    """Writes a document: ``begin`` once, ``add`` for each page of lines in their order, ``end`` once. Each returns
    the text that comes next; what is held back of a page is at most a row.
    """

    def begin(self) -> str: ...

    def add(self, page: LinePage) -> str: ...

    def end(self) -> str: ...


class DocumentStyle(NamedTuple):
    """How an export style. ``palette`` is what the program changed, as in ``Frame.palette``."""

    title: str
    theme: ThemeVariant
    palette: dict[int, int]
    reverse: bool = False


def writer_for(format: ExportFormat, lines: TerminalLines, style: DocumentStyle) -> DocumentWriter:
    match format:
        case ExportFormat.TEXT:
            return TextWriter(lines.columns)
        case ExportFormat.HTML:
            colors = CellColors(style.theme, style.palette, style.reverse)
            return HtmlWriter(lines.columns, colors, style.title)
        case ExportFormat.ANSI:
            return AnsiWriter(lines.columns)
        case ExportFormat.CAST:
            return CastWriter(lines.columns, lines.rows, style.title, style.theme)


def screen_page(format: ExportFormat, lines: TerminalLines) -> LinePage:
    """The screen as the end of a document: without the blank rows below its text.

    They stay in terminal output with lines above the screen: without them, other lines would be in sight.
    """
    screen = lines.screen
    if format in (ExportFormat.ANSI, ExportFormat.CAST) and lines.oldest_line < screen.first:
        return screen
    used = len(screen.lines)
    while used and not screen.lines[used - 1].runs:
        used -= 1
    return screen._replace(lines=screen.lines[:used])
