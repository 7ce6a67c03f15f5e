"""Lines of an earlier terminal as bytes that print them again: text, SGR and links, nothing a terminal answers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from podium.core.protocol.frames import DEFAULT_ATTRIBUTES, DEFAULT_COLOR, Attributes, Line, Run, Style
from podium.core.protocol.line_flow import WRAP, covered, flowed, needs_wrap
from podium.terminal.screen.attributes import CellStyle
from podium.terminal.screen.bidi import SOFT_RESET, bidi_sequences
from podium.terminal.screen.sgr import describe
from podium.terminal.screen.text import strip_controls

_PIECE: Final = 48 * 1024
"""Bytes after which the next piece begins: so much of a log goes into the scrollback unparsed (see ``bulk``)."""
_ERASE_REST: Final = "\x1b[0m\x1b[K"


def replay(
    lines: Sequence[Line], columns_before: int, columns: int, table: Mapping[int, Attributes], style: Style
) -> Iterator[bytes]:
    """``lines`` of a terminal of ``columns_before`` for one of ``columns``, with ``style`` added to every cell.

    A piece ends with a line.
    """
    openings: dict[int, tuple[str, str]] = {}
    piece: list[str] = []
    size = 0
    goes_on = False
    unfilled = False
    bidi = 0
    for line in flowed(lines, columns_before, columns):
        text = _text(line.runs, table, int(style), openings)
        if line.bidi and not goes_on:
            bidi = line.bidi
            text = f"{bidi_sequences(bidi)}{text}"
        if unfilled and line.runs and needs_wrap(line.runs[0].text):
            opening = openings[line.runs[0].attribute]
            text = f"{opening[0]}{WRAP}{text}"
        if goes_on and _leaves_color(line.runs, table, columns):
            text += _ERASE_REST
        piece.append(text)
        size += len(text)
        goes_on = line.wrapped
        unfilled = goes_on and line.filler
        if goes_on:
            continue  # The row is full, so what comes next wraps.
        if bidi:
            piece.append(SOFT_RESET)
            bidi = 0
        # The next line must not begin with this one's colours: a new row takes on the background.
        piece.append("\x1b[0m\r\n")
        if size >= _PIECE:
            yield "".join(piece).encode("utf-8", "replace")
            piece = []
            size = 0
    yield "".join(piece).encode("utf-8", "replace")


def _leaves_color(runs: tuple[Run, ...], table: Mapping[int, Attributes], columns: int) -> bool:
    """Whether the character that wraps into this row colours its rest too: a new row takes on the background."""
    if not runs or table.get(runs[0].attribute, DEFAULT_ATTRIBUTES).background == DEFAULT_COLOR:
        return False
    return covered(runs) < columns


def _text(
    runs: tuple[Run, ...], table: Mapping[int, Attributes], style: int, openings: dict[int, tuple[str, str]]
) -> str:
    parts: list[str] = []
    link = ""
    for run in runs:
        opening = openings.get(run.attribute)
        if opening is None:
            opening = _opening(table.get(run.attribute, DEFAULT_ATTRIBUTES), style)
            openings[run.attribute] = opening
        if opening[1] != link:
            link = opening[1]
            parts.append(f"\x1b]8;;{link}\x1b\\")
        parts.append(opening[0])
        parts.append(strip_controls(run.text))
    if link:
        parts.append("\x1b]8;;\x1b\\")
    return "".join(parts)


def _opening(attributes: Attributes, style: int) -> tuple[str, str]:
    """The SGR sequence that makes these attributes, and the target of their link."""
    shown = CellStyle(
        Attributes(
            attributes.foreground,
            attributes.background,
            attributes.style | style,
            attributes.underline,
            attributes.underline_color,
        )
    )
    return f"\x1b[{describe(shown)}m", strip_controls(attributes.link)
