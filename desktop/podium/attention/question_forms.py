"""Questions in the forms that tools ask them: a list, buttons in a row, a line that ends in a colon.

Each has to be at the bottom of the screen, where a person would answer: what is printed of a question scrolls up, or
has the tool's own input under it.
"""

import re
from collections.abc import Sequence
from hashlib import blake2s
from typing import Final, NamedTuple

import msgspec

from podium.attention.screen_rows import ScreenRow
from podium.core.protocol.attention import MAX_ASKED, MAX_OPTIONS, Marks, Question, QuestionKind, QuestionMark

_ENTRY: Final = re.compile(r"(\d{1,2})[.)]\s+(\S.*)")
_BELOW: Final = 3
"""Rows with text that may stand below a question."""
_FOOTER_WITHIN: Final = 4
_WRAPPED: Final = 3
"""Rows that one entry may go on for."""
_QUESTION_WITHIN: Final = 10
_COMMAND_ROWS: Final = 6
"""Rows right under each other that are one command; more are a file."""
_HEADING_WITHIN: Final = 14
_COMMAND: Final = "$ "
_FOLDERS: Final = ("/", "~", "\\")
_YES: Final = ("yes", "allow", "approve", "accept", "proceed", "run ")


class _Found(NamedTuple):
    """A question, the row of its last option, and the row after its end."""

    question: Question
    bottom: int
    end: int


def find_question(rows: Sequence[ScreenRow], marks: Marks, cursor: int | None = None) -> Question | None:
    """The question that ``rows`` end in, in the first form of ``marks`` that fits; None when there is none.

    It is none with the tool's own prompt below: it stands in what was said then. Nor is it one with a row below that
    says that it was answered. ``cursor``: the row in which a cursor shows, which has to be where the question ends, or
    in a blank row below.
    """
    text = "\n".join([row.text for row in rows])
    for form in marks.questions:
        if not all(part in text for part in (form.menu, form.heading, *form.buttons, *form.line)):
            continue  # Most screens ask nothing, and this is asked of each several times a second.
        find = _menu if form.menu or form.footer else _buttons if form.buttons else _line
        found = find(_up_to(rows, cursor) if form.line else rows, form)
        if found is None:
            continue
        question, bottom, end = found
        below = rows[bottom + 1 :]
        answered = any(part in row.text for row in below for part in marks.answered)
        if not (answered or _is_elsewhere(cursor, rows, bottom, end) or _has_prompt(below, form, marks)):
            return _with_kind(question, rows, marks.trust)
    return None


def _menu(rows: Sequence[ScreenRow], form: QuestionMark) -> _Found | None:
    found = _numbered(rows, form) or (_unnumbered(rows, form) if form.footer else None)
    if found is None or len(found.options) < 2:
        return None
    end = _end_of_footer(rows, found.bottom + 1, form.footer)
    if end is None or len(rows) - end > _BELOW:
        return None
    above = rows[max(found.top - _HEADING_WITHIN, 0) : found.top]
    if form.heading and not any(form.heading in row.text for row in above):
        return None
    asked = _asked_above(rows, found.top, form.asks)
    if asked is None and not found.numbered:
        return None
    last = asked if asked is not None else max(found.top - 1, 0)
    first = _begin(rows, last, form.asks)
    question = Question(
        QuestionKind.CHOICE,
        _sentence(" ".join(row.text for row in rows[first : last + 1])) if found.top else "",
        _subject(rows, first, found.top) if not form.heading else "",
        tuple(option[:MAX_ASKED] for option in found.options),
        _keys(form.allow, found, form.allow_option),
        _keys(form.deny, found, form.deny_option),
        _choices(form, found),
        _reply(form, found),
        _shown(rows, first, found.top),
    )
    return _Found(question, found.bottom, end)


class _List(NamedTuple):
    """A list on the screen: its rows, its entries, and which of them is chosen, from 0."""

    top: int
    bottom: int
    options: list[str]
    chosen: int
    numbered: bool


def _numbered(rows: Sequence[ScreenRow], form: QuestionMark) -> _List | None:
    chosen = _last_with(rows, form.menu)
    if chosen is None or (form.framed and not rows[chosen].framed):
        return None
    top, options = _entries_above(rows, chosen, form.menu)
    if top is None:
        return None
    bottom, below = _entries_below(rows, chosen, form.menu, len(options))
    return _List(top, bottom, (options + below)[:MAX_OPTIONS], len(options) - 1, True)


def _unnumbered(rows: Sequence[ScreenRow], form: QuestionMark) -> _List | None:
    """Rows right under each other, of which one has the mark and the others begin where its text does."""
    mark = f"{form.menu} "
    for chosen in range(len(rows) - 1, -1, -1):
        if rows[chosen].text.startswith(mark):
            break
    else:
        return None
    text = rows[chosen].text.removeprefix(mark).lstrip()
    column = rows[chosen].x + len(rows[chosen].text) - len(text)
    top = bottom = chosen
    while top and rows[top - 1].y == rows[top].y - 1 and rows[top - 1].x == column:
        top -= 1
    while (
        bottom + 1 < len(rows) and rows[bottom + 1].y == rows[bottom].y + 1 and rows[bottom + 1].x == column
    ):
        bottom += 1
    options = [text if i == chosen else rows[i].text for i in range(top, bottom + 1)]
    return _List(top, bottom, options, chosen - top, False) if len(options) <= MAX_OPTIONS else None


def _up_to(rows: Sequence[ScreenRow], cursor: int | None) -> Sequence[ScreenRow]:
    """The rows down to the one with the cursor, without the one row that tmux has below; all when more are below."""
    last = len(rows) - 1
    return rows[:last] if cursor is not None and last > 0 and rows[last - 1].y == cursor else rows


def _is_elsewhere(cursor: int | None, rows: Sequence[ScreenRow], bottom: int, end: int) -> bool:
    """Whether a cursor shows above row ``bottom``, or in a row with text from row ``end`` on."""
    if cursor is None:
        return False
    return cursor < rows[bottom].y or any(row.y == cursor for row in rows[end:])


def _has_prompt(rows: Sequence[ScreenRow], form: QuestionMark, marks: Marks) -> bool:
    """Whether the tool's own prompt is among ``rows``. Some have the mark there that is in front of a list's entry."""
    mark = form.menu
    return any(
        (mark and (row.text == mark or row.text.startswith(f"{mark} "))) or shows_prompt(row, marks)
        for row in rows
    )


def shows_prompt(row: ScreenRow, marks: Marks) -> bool:
    """Whether the tool's own prompt is in ``row``, empty."""
    return row.text in marks.prompt_row or any(part in row.text for part in marks.prompt)


def _end_of_footer(rows: Sequence[ScreenRow], end: int, footer: Sequence[str]) -> int | None:
    """The row after the one under a list that its form must have; None when it is not there."""
    if not footer:
        return end
    for i in range(end, min(end + _FOOTER_WITHIN, len(rows))):
        if any(part.casefold() in rows[i].text.casefold() for part in footer):
            return i + 1
    return None


def _keys(keys: str, found: _List, beginnings: tuple[str, ...]) -> str:
    """What to press for the first option with one of these beginnings; "" when there is none."""
    if "{number}" not in keys and "{moves}" not in keys:
        return keys
    wanted = next(
        (
            i
            for beginning in beginnings
            for i, option in enumerate(found.options)
            if option.startswith(beginning)
        ),
        None,
    )
    return _keys_of(keys, found, wanted) if wanted is not None else ""


def _keys_of(keys: str, found: _List, wanted: int) -> str:
    """What to press for an option, from 0; "" when there is no key for it."""
    moves = " ".join(["Down"] * (wanted - found.chosen) or ["Up"] * (found.chosen - wanted))
    if not found.numbered:
        return f"{moves} Return".strip()
    return keys.replace("{number}", str(wanted + 1)).replace("{moves}", moves).strip() if wanted < 9 else ""


def _choices(form: QuestionMark, found: _List) -> tuple[str, ...]:
    if not form.choose:
        return ()
    return tuple(
        "" if form.reply_option and option.startswith(form.reply_option) else _keys_of(form.choose, found, i)
        for i, option in enumerate(found.options)
    )


def _reply(form: QuestionMark, found: _List) -> str | None:
    if form.reply is None or not form.reply_option:
        return form.reply
    return _keys(form.reply, found, form.reply_option) or None


def _entry(text: str, mark: str) -> tuple[int, str] | None:
    """The number and the text of a list's entry, with or without the mark of the chosen one."""
    found = _ENTRY.match(text.removeprefix(mark).lstrip() if text.startswith(mark) else text)
    return (int(found[1]), found[2].strip()) if found is not None else None


def _last_with(rows: Sequence[ScreenRow], mark: str) -> int | None:
    for i in range(len(rows) - 1, -1, -1):
        if rows[i].text.startswith(mark) and _entry(rows[i].text, mark) is not None:
            return i
    return None


def _entries_above(rows: Sequence[ScreenRow], chosen: int, mark: str) -> tuple[int | None, list[str]]:
    """The row of the first entry, and all entries down to the chosen one; None when they do not begin with 1."""
    entry = _entry(rows[chosen].text, mark)
    assert entry is not None
    number, options, i = entry[0], [entry[1]], chosen
    while number > 1:
        above = next(
            (
                j
                for j in range(i - 1, max(i - 2 - _WRAPPED, -1), -1)
                if (entry := _entry(rows[j].text, mark)) is not None and entry[0] == number - 1
            ),
            None,
        )
        if above is None or entry is None:
            return None, []
        number, i = entry[0], above
        options.insert(0, entry[1])
    return i, options


def _entries_below(rows: Sequence[ScreenRow], chosen: int, mark: str, count: int) -> tuple[int, list[str]]:
    """The row of the last entry, and all entries under the chosen one, which is number ``count``."""
    options: list[str] = []
    last = i = chosen
    while i + 1 < len(rows) and i - last <= _WRAPPED:
        i += 1
        entry = _entry(rows[i].text, mark)
        if entry is not None and entry[0] == count + len(options) + 1:
            options.append(entry[1])
            last = i
    return last, options


def _asked_above(rows: Sequence[ScreenRow], top: int, asks: tuple[str, ...]) -> int | None:
    """The row of the question above a list: one that begins as the tool asks, under no line further down, or the
    nearest with a question mark.
    """
    above = range(top - 1, max(top - 1 - _QUESTION_WITHIN, -1), -1)
    asked = [i for i in above if "?" in rows[i].text]
    line = next((i for i in above if rows[i].ruled), -1)
    return next(
        (i for i in asked if i >= line and rows[i].text.startswith(asks)), asked[0] if asked else None
    )


def _begin(rows: Sequence[ScreenRow], asked: int, asks: tuple[str, ...]) -> int:
    """The row in which the question that ends in row ``asked`` begins as the tool asks: a narrow screen wraps it."""
    for first in range(asked, max(asked - _WRAPPED, 0) - 1, -1):
        if rows[first].text.startswith(asks):
            return first
        if rows[first].ruled or not first or rows[first - 1].y != rows[first].y - 1:
            break
    return asked


def _sentence(text: str) -> str:
    """The text up to its last question mark."""
    cut = text.rfind("?")
    return (text[: cut + 1] if cut >= 0 else text)[:MAX_ASKED]


def _subject(rows: Sequence[ScreenRow], asked: int, top: int) -> str:
    """The command between question and list, or what stands right above the question."""
    for i in range(asked + 1, top):
        if rows[i].text.startswith(_COMMAND):
            return rows[i].text.removeprefix(_COMMAND).strip()[:MAX_ASKED]
    if not asked or (rows[asked].framed and not rows[asked - 1].framed):
        return ""
    last = first = asked - 1
    while first and rows[first - 1].y == rows[first].y - 1:
        first -= 1
    if last - first >= _COMMAND_ROWS or rows[last].text.startswith(_FOLDERS):
        first = last  # No command: a file, or a folder under its heading.
    return " ".join(row.text for row in rows[first : last + 1]).removeprefix(_COMMAND).strip()[:MAX_ASKED]


def _shown(rows: Sequence[ScreenRow], asked: int, end: int) -> str:
    """A digest of all that belongs to the question in row ``asked``, up to row ``end``; "" when that does not begin on
    the screen.
    """
    above = _dialog_above(rows, asked)
    return _digest([*above, *rows[asked + 1 : end]]) if above is not None else ""


def _dialog_above(rows: Sequence[ScreenRow], asked: int) -> Sequence[ScreenRow] | None:
    """The rows above a question that belong to it: in its frame, or under a line, or else right above each other."""
    if not asked:
        return None
    first = asked
    if rows[asked].framed:
        while first and rows[first - 1].framed:
            first -= 1
        return rows[first:asked] if first or rows[first].ruled else None
    first -= 1
    while first and not rows[first].ruled:
        first -= 1
    if rows[first].ruled:
        return rows[first:asked]
    return _block_above(rows, asked)


def _block_above(rows: Sequence[ScreenRow], asked: int) -> Sequence[ScreenRow] | None:
    """The rows right above each other, down to the one above ``asked``; None when they do not begin on the screen."""
    first = asked - 1
    while first and rows[first - 1].y == rows[first].y - 1:
        first -= 1
    return rows[first:asked] if first else None


def _digest(rows: Sequence[ScreenRow]) -> str:
    """The same for the same words, however they are wrapped."""
    words = " ".join(word for row in rows for word in row.text.split())
    return blake2s(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _buttons(rows: Sequence[ScreenRow], form: QuestionMark) -> _Found | None:
    for i in range(len(rows) - 1, max(len(rows) - 2 - _BELOW, -1), -1):
        if _in_order(form.buttons, rows[i].text):
            break
    else:
        return None
    for j in range(i - 1, max(i - 1 - _HEADING_WITHIN, -1), -1):
        if form.heading in rows[j].text:
            question = Question(
                QuestionKind.PERMISSION,
                rows[j].text[:MAX_ASKED],
                _command_in(rows[j + 1 : i]),
                form.buttons,
                form.allow,
                form.deny,
                reply=form.reply,
                shown=_digest(rows[j + 1 : i]),
            )
            return _Found(question, i, i + 1)
    return None


def _in_order(parts: Sequence[str], text: str) -> bool:
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def _command_in(rows: Sequence[ScreenRow]) -> str:
    for row in rows:
        if row.text.startswith(_COMMAND):
            return row.text.removeprefix(_COMMAND).strip()[:MAX_ASKED]
    return rows[0].text.lstrip("# ")[:MAX_ASKED] if rows else ""


def _line(rows: Sequence[ScreenRow], form: QuestionMark) -> _Found | None:
    if not rows or not form.line:
        return None
    text = rows[-1].text
    if not text.endswith(form.end) or not all(part in text for part in form.line):
        return None
    asked = len(rows) - 1
    block = _block_above(rows, asked) if asked else None
    question = Question(
        QuestionKind.PERMISSION,
        _sentence(text),
        _subject(rows, asked, len(rows)),
        (),
        form.allow,
        form.deny,
        reply=form.reply,
        shown=_digest(block) if block is not None else "",
    )
    return _Found(question, asked, len(rows))


def _with_kind(question: Question, rows: Sequence[ScreenRow], trust: Sequence[str]) -> Question:
    if any(part in row.text for part in trust for row in rows[-_HEADING_WITHIN:]):
        # It is about a folder, and above it may stand anything.
        folder = question.subject if question.subject.startswith(_FOLDERS) else ""
        return msgspec.structs.replace(question, kind=QuestionKind.TRUST, subject=folder)
    if question.kind is QuestionKind.CHOICE and question.options[0].casefold().startswith(_YES):
        return msgspec.structs.replace(question, kind=QuestionKind.PERMISSION)
    return question
