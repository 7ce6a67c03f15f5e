"""A terminal's lines as a document."""

from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.route import INSTANCE_PATH, UNKNOWN_INSTANCE, Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, InstanceCall
from podium.control.api.terminals import LineNumber
from podium.core.exporting.document import DocumentStyle, ExportFormat
from podium.core.exporting.pages import PAGE_LINES, TerminalLines
from podium.core.themes import ColorScheme


class Export(InstanceCall, frozen=True):
    """All lines of the scrollback and of the screen, wrapped ones whole. ``format``: ``text``; ``html``, a page in the
    colours of the instance's theme, dark or light by ``scheme``; ``ansi``, output that shows the same on a terminal of
    the same width; ``cast``, a recording in asciicast v2, whose times are made up: a line every 20 ms.

    Of an instance without a session it is what was kept of the last one: its last 1,000 lines and its screen.

    The answer breaks off, so that it is not taken for whole, when the terminal's width changes meanwhile.
    """

    format: ExportFormat = ExportFormat.TEXT
    scheme: ColorScheme = ColorScheme.DARK


class ReadLines(InstanceCall, frozen=True, kw_only=True):
    """Lines from absolute number ``first`` on, for the rest of a document. No address makes this call."""

    first: LineNumber
    count: Annotated[int, Meta(ge=1, le=PAGE_LINES)]


class ExportedDocument(Answer, frozen=True):
    """The beginning of a document: what there is to write. Over HTTP the document is the body."""

    format: ExportFormat
    lines: TerminalLines
    style: DocumentStyle


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        f"{INSTANCE_PATH}/export",
        Export,
        ExportedDocument,
        Access.READ,
        "All lines of an instance's terminal as text, HTML, terminal output or a recording.",
        {409: "It has no session to ask, and nothing is kept; start it first.", **UNKNOWN_INSTANCE},
    ),
)
