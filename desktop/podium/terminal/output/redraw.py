"""A terminal's state as output: the bytes that bring another terminal of the same size to the same screen and modes."""

from typing import Final

from podium.core.protocol.frames import DYNAMIC_COLORS, Attributes, Run
from podium.terminal.output.lines import AttributeNumbers, row_to_line
from podium.terminal.screen.attributes import CellStyle
from podium.terminal.screen.bidi import SOFT_RESET, bidi_sequences
from podium.terminal.screen.charsets import ASCII
from podium.terminal.screen.modes import MOUSE_ENCODINGS, MOUSE_TRACKING
from podium.terminal.screen.sgr import describe
from podium.terminal.screen.state import DEFAULT_TABS, Terminal
from podium.terminal.screen.width import is_spacing_mark, joins

_SWITCHES: Final = (1, 5, 45, 66, 67, 1004, 1007, 1045, 1243, 2004, 2027, 2031)
"""Private modes that are simply on or off and move nothing when they change."""
_PALETTE_COMMANDS: Final = {key: command for command, key in DYNAMIC_COLORS.items()}


def redraw(t: Terminal) -> bytes:
    """Output that redraws ``t``, from any state of the other terminal."""
    # CAN ends what may be half read; the picture is shown when it is whole (mode 2026).
    parts = ["\x18\x1b[?2026h", "\x1b[?1049h" if t.alternate else "\x1b[?1049l"]
    parts.append(
        "\x1b[!p\x1b[?6l\x1b[?69l\x1b[r\x1b[?7h\x1b[4l\x1b(B\x1b)B\x1b*B\x1b+B\x0f\x1b[m\x1b[H\x1b[2J"
    )
    # Without auto-wrap no cell of the last column moves on when a selector widens it.
    parts.append("\x1b[?7l")
    _add_rows(t, parts)
    parts.append("\x1b[?7h")
    _add_tabs(t, parts)
    _add_title_and_palette(t, parts)
    _add_saved_cursor(t, parts)
    if t.side_margins:
        parts.append(f"\x1b[?69h\x1b[{t.left + 1};{t.right + 1}s")
    if t.top > 0 or t.bottom < t.lines - 1:
        parts.append(f"\x1b[{t.top + 1};{t.bottom + 1}r")
    _add_cursor(t, parts)
    _add_modes(t, parts)
    if 2026 not in t.modes:
        parts.append("\x1b[?2026l")
    return "".join(parts).encode("utf-8", "replace")


def _add_rows(t: Terminal, parts: list[str]) -> None:
    numbers = AttributeNumbers()
    styles: dict[int, Attributes] = {0: Attributes()}
    pen = bidi = 0
    # A direction is asked for on the first row that has it, the one in force at last: so it marks no other row.
    for y in sorted(range(len(t.rows)), key=lambda y: (t.rows[y].bidi == t.bidi, y)):
        row = t.rows[y]
        if row.bidi != bidi or (bidi and not row.text):
            bidi = row.bidi
            parts.append(_direction(y, bidi))
            pen = 0 if not bidi else pen
        line = row_to_line(row, t, numbers)
        for entry in numbers.take_fresh():
            styles[entry.number] = entry.attributes
        # From the right: what stands alone must not join what is before it.
        for column, runs in reversed(_apart(line.runs)):
            parts.append(f"\x1b[{y + 1};{column + 1}H")
            for run in runs:
                if run.attribute != pen:
                    parts.append(_pen(styles[pen], styles[run.attribute]))
                    pen = run.attribute
                parts.append(run.text)
    if bidi != t.bidi:
        parts.append(_direction(t.y, t.bidi))
    parts.append(_pen(styles[pen], Attributes()))


def _direction(y: int, bidi: int) -> str:
    """Has what is written from here on run as ``bidi`` says."""
    asked = bidi_sequences(bidi) if bidi else f"{SOFT_RESET}\x1b[?7l"
    return f"\x1b[{y + 1}H{asked}"


def _apart(runs: tuple[Run, ...]) -> list[tuple[int, list[Run]]]:
    """A row's runs in pieces that a terminal would not print as they are if one came right after the other, and the
    column of each.
    """
    pieces: list[tuple[int, list[Run]]] = [(0, [])] if runs else []
    column = 0
    before = ""
    for run in runs:
        cells = list(run.text) if run.width > 0 else [run.text]
        width = abs(run.width)
        start = 0
        for number, cell in enumerate(cells):
            if before and (is_spacing_mark(cell[0]) or joins(before, cell[0])):
                if number > start:
                    pieces[-1][1].append(Run("".join(cells[start:number]), run.attribute, run.width))
                pieces.append((column + number * width, []))
                start = number
            before = cell
        pieces[-1][1].append(Run("".join(cells[start:]), run.attribute, run.width))
        column += run.columns
    return pieces


def _pen(old: Attributes, new: Attributes) -> str:
    text = f"\x1b[{describe(CellStyle(new))}m"
    if old.link != new.link:
        text += f"\x1b]8;;{new.link}\x1b\\"
    return text


def _add_tabs(t: Terminal, parts: list[str]) -> None:
    if t.tabs == DEFAULT_TABS:
        return
    parts.append("\x1b[3g")
    parts.extend([f"\x1b[1;{x + 1}H\x1bH" for x in sorted(t.tabs) if x < t.columns])


def _add_title_and_palette(t: Terminal, parts: list[str]) -> None:
    # What the program has put away, so that it gets its own back, and not a title of whoever reads this.
    parts.extend([f"\x1b]1;{icon}\x1b\\\x1b]2;{title}\x1b\\\x1b[22;0t" for title, icon in t.titles])
    if t.titles:
        parts.append(f"\x1b]1;{t.icon}\x1b\\")
    parts.append(f"\x1b]2;{t.title}\x1b\\")
    for key, color in t.palette.items():
        text = f"rgb:{color >> 16 & 255:02x}/{color >> 8 & 255:02x}/{color & 255:02x}"
        if key < 256:
            parts.append(f"\x1b]4;{key};{text}\x1b\\")
        elif key in _PALETTE_COMMANDS:
            parts.append(f"\x1b]{_PALETTE_COMMANDS[key]};{text}\x1b\\")


def _add_saved_cursor(t: Terminal, parts: list[str]) -> None:
    saved = t.screen.saved
    if saved.used:
        parts.append(f"\x1b[{describe(saved.pen)}m\x1b[{saved.y + 1};{saved.x + 1}H\x1b7\x1b[m")


def _add_cursor(t: Terminal, parts: list[str]) -> None:
    row, column = t.y + 1, t.x + 1
    if t.origin:
        parts.append("\x1b[?6h")
        row, column = row - t.top, column - t.left
    parts.append(f"\x1b[{row};{column}H")
    pen = Attributes()
    if t.pending:
        # Only printing in the last column makes a wrap wait: print what is there once more.
        cells = t.rows[t.y]
        x = t.x - 1 if cells.is_right_half(t.x) else t.x
        left = t.left if t.origin else 0
        char = cells.char(x)
        if x >= left and not is_spacing_mark(char[0]):
            pen = t.styles.of(cells.style_code(x)).attributes
            stays = "\x1b[?7l" if x == t.x and len(char) > 1 else ""
            parts.append(f"{stays}\x1b[{row};{x + 1 - left}H{_pen(Attributes(), pen)}{char}")
    parts.append(_pen(pen, t.pen.attributes))
    for slot, charset in zip("()*+", t.charsets, strict=True):
        if charset != ASCII:
            parts.append(f"\x1b{slot}{charset}")
    parts.append(("\x0f", "\x0e", "\x1bn", "\x1bo")[t.charset])


def _add_modes(t: Terminal, parts: list[str]) -> None:
    for mode in _SWITCHES:
        parts.append(f"\x1b[?{mode}{'h' if mode in t.modes else 'l'}")
    for mode in MOUSE_TRACKING:
        parts.append(f"\x1b[?{mode}l")
    for mode in MOUSE_ENCODINGS:
        parts.append(f"\x1b[?{mode}l")
    if t.mouse:
        parts.append(f"\x1b[?{t.mouse}h")
    if t.mouse_encoding:
        parts.append(f"\x1b[?{t.mouse_encoding}h")
    parts.append(f"\x1b[={t.kitty()}u\x1b[>4;{t.modify_other_keys}m\x1b[{t.cursor_style} q")
    parts.append("\x1b[4h" if t.insert else "\x1b[4l")
    parts.append("\x1b[20h" if t.newline else "\x1b[20l")
    parts.append("\x1b[?7h" if t.autowrap else "\x1b[?7l")
    parts.append("\x1b[?25h" if 25 in t.modes else "\x1b[?25l")
