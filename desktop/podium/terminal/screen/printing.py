"""Printing text: narrow runs in one go, wide characters, and what joins the cell before."""

from typing import TYPE_CHECKING, Final

from podium.terminal.build import COMPILED
from podium.terminal.screen.bidi import mark_row
from podium.terminal.screen.cursor import index
from podium.terminal.screen.row import BLANK, RIGHT_HALF
from podium.terminal.screen.state import Terminal
from podium.terminal.screen.wide_cells import CELLS
from podium.terminal.screen.width import (
    MAX_CLUSTER,
    awaits_consonant,
    char_width,
    is_spacing_mark,
    joins,
    widens,
)
from podium.terminal.screen.width_tables import (
    KINDS,
    KINDS_LIMIT,
    SIMPLE_WIDE,
    SPECIAL,
    narrow_or_wide,
    simple,
)

if TYPE_CHECKING:
    from mypy_extensions import i64

_MAX_REPEATED_CLUSTERS: Final = 5000
"""More than a common screenful; each code point of a cluster is written by itself, which takes time."""


def write_text(t: Terminal, text: str) -> None:
    """Print text that holds no controls."""
    if t.single_shift or t.character_map is not None:
        text = _translated(t, text)
    if text.isascii():
        write_ascii(t, text)
    elif COMPILED:
        _write_by_character(t, text)
    else:
        _write_by_run(t, text)


def write_ascii(t: Terminal, text: str) -> None:
    """Print text that is ASCII in the charset in use too."""
    _write_narrow(t, text)
    t.last_text = text[-1]
    _remember_end(t)


def _write_by_run(t: Terminal, text: str) -> None:
    """As an interpreter does it best: regular expressions find what needs no thought, and what is alike."""
    adjacent = _is_adjacent(t)
    conjunct = awaits_consonant(t.last_text)
    start = 0
    match = simple().match
    while start < len(text):
        run = None if conjunct else match(text, start)
        if run is None:
            adjacent = _write_special(t, text[start], adjacent)
            conjunct = awaits_consonant(t.last_text)
            start += 1
            continue
        _write_simple(t, run.group())
        start = run.end()
        adjacent = True
    if adjacent:
        _remember_end(t)


def _write_by_character(t: Terminal, text: str) -> None:
    """As a compiled loop does it best: characters are numbers to look up."""
    adjacent = _is_adjacent(t)
    conjunct = awaits_consonant(t.last_text)
    size: i64 = len(text)
    start: i64 = 0
    while start < size:
        end: i64 = start
        narrow = True
        while end < size and not conjunct:
            code: i64 = ord(text[end])
            kind: i64 = KINDS[code] if code < KINDS_LIMIT else 0
            if kind == SPECIAL:
                break
            if kind == SIMPLE_WIDE:
                narrow = False
            end += 1
        if end == start:
            adjacent = _write_special(t, text[start], adjacent)
            conjunct = awaits_consonant(t.last_text)
            start += 1
            continue
        part = text[start:end]
        if narrow:
            _write_narrow(t, part)
            t.last_text = part[-1]
        else:
            _write_simple(t, part)
        start = end
        adjacent = True
    if adjacent:
        _remember_end(t)


def _remember_end(t: Terminal) -> None:
    """The cursor is where the last character left it."""
    t.last_x = t.x + t.pending
    t.last_y = t.y
    if t.bidi:
        mark_row(t)


def _write_simple(t: Terminal, text: str) -> None:
    """Print characters of one or two columns that join nothing: at once if they fit in the row, else run by run."""
    limit = t.right + 1 if t.x <= t.right else t.columns
    if not t.pending and not t.insert and t.x + len(text) < limit:
        cells = text.translate(CELLS)
        end = t.x + len(cells)
        if end < limit:
            row = t.rows[t.y]
            row.put(t.x, cells, t.pen.style_code * len(cells), t.eraser.style_code)
            if len(cells) > len(text):
                row.wide = True
            t.last_text = text[-1]
            t.x = end
            return
    for match in narrow_or_wide().finditer(text):
        part = match.group()
        if match.lastindex == 1:
            _write_narrow(t, part)
            t.last_text = part[-1]
        else:
            _write_wide(t, part)


def _is_adjacent(t: Terminal) -> bool:
    """Whether the cursor is where the last character left it."""
    return t.x + t.pending == t.last_x and t.y == t.last_y


def repeat_last(t: Terminal, count: int) -> None:
    """REP: the last printed character again; more than a screenful only moves where the last row ends."""
    if not t.last_text:
        return
    text = t.last_text
    in_row = max(1, (t.right - t.left + 1) // _columns_of_last(t))
    t.last_text = ""
    screenful = in_row * t.lines
    if count > screenful:
        count = screenful + (count - screenful) % in_row
    if len(text) == 1 and not is_spacing_mark(text):
        if char_width(text) == 1:
            _write_narrow(t, text * count)
        else:
            _write_wide(t, text * count)
    else:
        for char in text * min(count, _MAX_REPEATED_CLUSTERS):
            _write_special(t, char, True)
    _remember_end(t)
    t.last_text = ""


def _columns_of_last(t: Terminal) -> int:
    """The columns of the cell in front of the cursor."""
    return 2 if t.rows[t.y].is_right_half(t.x if t.pending else t.x - 1) else 1


def _translated(t: Terminal, text: str) -> str:
    first = ""
    if t.single_shift:
        shifted = t.charset
        t.charset = t.single_shift
        t.use_charset()
        first = text[0].translate(t.character_map) if t.character_map is not None else text[0]
        t.charset = shifted
        t.use_charset()
        t.single_shift = 0
        text = text[1:]
    if t.character_map is not None:
        text = text.translate(t.character_map)
    return first + text


def _wrap(t: Terminal, fits: bool = True) -> None:
    """Go on at the start of the next line, or stay on the last column without auto-wrap.

    ``fits`` unless a wide character leaves the last column for the next line.
    """
    t.pending = False
    if not t.autowrap:
        return
    row = t.rows[t.y]
    if t.full_width():
        row.wrap(t.columns, fits)
    else:
        row.wrapped = False
        row.version += 1
    index(t)
    t.x = t.left


def _write_narrow(t: Terminal, text: str) -> None:
    x = t.x
    limit = t.right + 1 if x <= t.right else t.columns
    end = x + len(text)
    if end < limit and not t.pending and not t.insert:
        # Nearly all text: it fits, and nothing has to move.
        t.rows[t.y].put(x, text, t.pen.style_code * len(text), t.eraser.style_code)
        t.x = end
        return
    _write_wrapping(t, text)


def _write_wrapping(t: Terminal, text: str) -> None:
    start = 0
    size = len(text)
    while start < size:
        if t.pending:
            _wrap(t)
        x = t.x
        limit = t.right + 1 if x <= t.right else t.columns
        room = limit - x
        left = size - start
        if left > room and not t.autowrap:
            # All that does not fit overwrites the last column, so only the last character stays.
            piece = text[start : start + room - 1] + text[-1]
            start = size
        elif left > room:
            piece = text[start : start + room]
            start += room
        else:
            piece = text if start == 0 else text[start:]
            start = size
        end = x + len(piece)
        if t.insert:
            insert_cells(t, len(piece))
        row = t.rows[t.y]
        row.put(x, piece, t.pen.style_code * len(piece), t.eraser.style_code)
        _advance(t, end, limit)
        if end == t.columns:
            row.wrapped = False


def _write_wide(t: Terminal, text: str) -> None:
    """Print characters that take two columns each, as many at once as fit in the row."""
    start = 0
    size = len(text)
    while start < size:
        if t.pending:
            _wrap(t)
        limit = t.right + 1 if t.x <= t.right else t.columns
        if t.x + 2 > limit:
            if not t.autowrap:
                _replace_last_wide(t, text[-1])
                return
            if limit - t.left < 2:
                return
            _wrap(t, fits=False)
            limit = t.right + 1 if t.x <= t.right else t.columns
        x = t.x
        piece = text[start : start + (limit - x) // 2]
        start += len(piece)
        columns = 2 * len(piece)
        if t.insert:
            insert_cells(t, columns)
        row = t.rows[t.y]
        row.put(x, RIGHT_HALF.join(piece) + RIGHT_HALF, t.pen.style_code * columns, t.eraser.style_code)
        row.wide = True
        t.last_text = piece[-1]
        _advance(t, x + columns, limit)
        if t.x == t.columns - 1:
            row.wrapped = False


def _replace_last_wide(t: Terminal, char: str) -> None:
    """Without auto-wrap a wide character that does not fit takes the place of the one printed before it."""
    row = t.rows[t.y]
    at = _cell_before(t)
    if t.last_text and at >= 0 and row.is_right_half(at + 1):
        row.put(at, char + RIGHT_HALF, t.pen.style_code * 2, t.eraser.style_code)
        t.last_text = char


def _advance(t: Terminal, end: int, limit: int) -> None:
    if end >= limit:
        t.x = limit - 1
        t.pending = True
    else:
        t.x = end


def _write_special(t: Terminal, char: str, adjacent: bool) -> bool:
    """One code point that may join the cell before it, or has no width of its own.

    ``adjacent``: the cursor is where the last character left it. Returns the same for the next code point.
    """
    at = _cell_before(t)
    width = char_width(char)
    if width == 0:
        if at >= 0 and adjacent:
            _join(t, at, char)
            return True
        # The cursor came from elsewhere: a mark belongs to what is under it, as in xterm.
        _join(t, t.x - 1 if t.rows[t.y].is_right_half(t.x) else t.x, char)
        return False
    if width == 1 and is_spacing_mark(char):
        if t.graphemes and at >= 0 and _takes_spacing_mark(t, at, adjacent):
            _join(t, at, char)
        else:
            _write_lone_mark(t, char)
        return True
    # Something else since the last character means that a new cluster begins.
    if t.last_text and at >= 0 and _belongs(t, at, char):
        _join(t, at, char)
        return True
    if width == 2:
        _write_wide(t, char)
    else:
        _write_narrow(t, char)
        t.last_text = char
    return True


def _write_lone_mark(t: Terminal, char: str) -> None:
    """Print a spacing mark that no cell takes. It is a cluster by itself, so that no painter shapes it with others."""
    _write_narrow(t, char)
    t.rows[t.y].join(t.x if t.pending else t.x - 1, char)
    t.last_text = char


def _belongs(t: Terminal, at: int, char: str) -> bool:
    """Whether a code point with a width of its own goes to the cell at column ``at``, in front of the cursor.

    At the end of a line a consonant goes to the next one, as programs expect; an emoji moves there as a whole.
    """
    if not t.graphemes or not joins(t.rows[t.y].char(at), char):
        return False
    return char_width(char) == 2 or _has_two_columns(t, at)


def _takes_spacing_mark(t: Terminal, at: int, adjacent: bool) -> bool:
    """Whether the cell at column ``at``, in front of the cursor, is one with a spacing mark printed now.

    The mark takes the column under the cursor, wherever the cursor came from: programs count it as a column. A cell
    that has two already takes no third one, but that is for text in one go.
    """
    row = t.rows[t.y]
    cluster = row.char(at)
    if len(cluster) >= MAX_CLUSTER:
        return False
    if row.is_right_half(at + 1):
        return adjacent
    return cluster != BLANK and not is_spacing_mark(cluster[0]) and t.x != t.left and _has_two_columns(t, at)


def _has_two_columns(t: Terminal, at: int) -> bool:
    """Whether the cell at column ``at``, in front of the cursor, has two columns or can have the one under it too."""
    return t.rows[t.y].is_right_half(at + 1) or not (t.pending or at == t.right)


def _cell_before(t: Terminal) -> int:
    """The column of the character in front of the cursor, -1 at the start of a line."""
    x = t.x if t.pending else t.x - 1
    if x > 0 and t.rows[t.y].is_right_half(x):
        x -= 1
    return x


def _join(t: Terminal, at: int, char: str) -> None:
    """Add a code point to the cell at column ``at``; a pile of more than MAX_MARKS is not shown."""
    row = t.rows[t.y]
    cluster = row.char(at)
    if len(cluster) >= MAX_CLUSTER:
        return
    t.last_text = cluster + char
    row.join(at, t.last_text)
    if at == t.columns - 1:
        row.filler = False  # A mark on it makes it text.
    if t.graphemes and widens(cluster, char) and not row.is_right_half(at + 1):
        _widen(t, at)


def _widen(t: Terminal, at: int) -> None:
    """Give the cell of one column at ``at`` the column under the cursor too, if the cursor is right after it.

    In the last column it moves to the next line, as a wide character does that does not fit.
    """
    row = t.rows[t.y]
    cluster = row.char(at)
    style_code = row.style_code(at)
    limit = t.right + 1 if at <= t.right else t.columns
    if t.pending and at == t.x:
        if not t.autowrap or limit - t.left < 2:
            return
        row.fill(at, at + 1, BLANK, t.eraser.style_code)
        _wrap(t, fits=False)
        at = t.x
        row = t.rows[t.y]
        limit = t.right + 1
        if t.insert:
            insert_cells(t, 2)
        row.put(at, cluster[0] + RIGHT_HALF, style_code * 2, t.eraser.style_code)
        row.join(at, cluster)
    else:
        if at + 2 > limit or t.x != at + 1:
            return
        if t.insert:
            insert_cells(t, 1)
        row.put(at + 1, RIGHT_HALF, style_code, t.eraser.style_code)
        row.wide = True
    if at + 2 == t.columns:
        row.wrapped = False
    _advance(t, at + 2, limit)


def insert_cells(t: Terminal, count: int) -> None:
    """ICH at the cursor: cells up to the right margin move right, those pushed out are gone."""
    row = t.rows[t.y]
    if not t.left <= t.x <= t.right:
        return
    end = t.right + 1
    row.insert(t.x, min(count, end - t.x), end, t.eraser.style_code)
    if end == t.columns:
        row.wrapped = False


def delete_cells(t: Terminal, count: int) -> None:
    """DCH at the cursor: cells from the right move in, blanks come from the right margin."""
    row = t.rows[t.y]
    t.pending = False
    if not t.left <= t.x <= t.right:
        return
    end = t.right + 1
    row.delete(t.x, min(count, end - t.x), end, t.eraser.style_code)
    if end == t.columns:
        row.wrapped = False
