"""Questions in the forms that tools ask them: a numbered list, buttons in a row, a line that ends in a colon.

Each has to be at the bottom of the screen, where a person would answer: what is printed of a question scrolls up, or
has the tool's own input under it.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from podium.attention.screen_rows import ScreenRow
from podium.core.protocol.attention import MAX_ASKED, MAX_OPTIONS, Question, QuestionKind, QuestionMark

_ENTRY: Final = re.compile(r"(\d{1,2})[.)]\s+(\S.*)")
_BELOW: Final = 3
"""Rows with text that may stand below a question."""
_FOOTER_WITHIN: Final = 4
_WRAPPED: Final = 3
"""Rows that one entry may go on for."""
_QUESTION_WITHIN: Final = 10
_HEADING_WITHIN: Final = 14
_COMMAND: Final = "$ "
_YES: Final = ("yes", "allow", "approve", "accept", "proceed", "run ")


def find_question(
    rows: Sequence[ScreenRow], forms: Sequence[QuestionMark], trust: Sequence[str]
) -> Question | None:
    """The question that ``rows`` end in, in the first of ``forms`` that fits; None when there is none.

    With a text of ``trust`` in it, it is about trust.
    """
    for form in forms:
        question = (
            _menu(rows, form) if form.menu else _buttons(rows, form) if form.buttons else _line(rows, form)
        )
        if question is not None:
            return _with_kind(question, rows, trust)
    return None


def _menu(rows: Sequence[ScreenRow], form: QuestionMark) -> Question | None:
    chosen = _last_with(rows, form.menu)
    if chosen is None or (form.framed and not rows[chosen].framed):
        return None
    top, options = _entries_above(rows, chosen, form.menu)
    if top is None:
        return None
    bottom, below = _entries_below(rows, chosen, form.menu, len(options))
    options += below
    end = bottom + 1
    if form.footer:
        footer = next(
            (
                i
                for i in range(end, min(end + _FOOTER_WITHIN, len(rows)))
                if any(part.casefold() in rows[i].text.casefold() for part in form.footer)
            ),
            None,
        )
        if footer is None:
            return None
        end = footer + 1
    if len(options) < 2 or len(rows) - end > _BELOW:
        return None
    asked = _asked_above(rows, top)
    options = options[:MAX_OPTIONS]
    return Question(
        QuestionKind.CHOICE,
        _sentence(rows[asked].text) if asked is not None else "",
        _subject(rows, asked if asked is not None else top, top),
        tuple(option[:MAX_ASKED] for option in options),
        _keys(form.allow, options, form.allow_option),
        _keys(form.deny, options, form.deny_option),
    )


def _keys(keys: str, options: Sequence[str], beginnings: tuple[str, ...]) -> str:
    """What to press for the first option with one of these beginnings; "" when there is none."""
    if "{number}" not in keys:
        return keys
    number = next((i for i, option in enumerate(options, 1) if option.startswith(beginnings)), 0)
    return keys.replace("{number}", str(number)) if 0 < number < 10 else ""


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


def _asked_above(rows: Sequence[ScreenRow], top: int) -> int | None:
    """The row of the question above a list: the nearest with a question mark, or else the one above the list."""
    for i in range(top - 1, max(top - 1 - _QUESTION_WITHIN, -1), -1):
        if "?" in rows[i].text:
            return i
    return top - 1 if top else None


def _sentence(text: str) -> str:
    """The text up to its last question mark."""
    cut = text.rfind("?")
    return (text[: cut + 1] if cut >= 0 else text)[:MAX_ASKED]


def _subject(rows: Sequence[ScreenRow], asked: int, top: int) -> str:
    """The command between question and list, or the row above the question."""
    for i in range(asked + 1, top):
        if rows[i].text.startswith(_COMMAND):
            return rows[i].text.removeprefix(_COMMAND).strip()[:MAX_ASKED]
    return rows[asked - 1].text.removeprefix(_COMMAND).strip()[:MAX_ASKED] if asked else ""


def _buttons(rows: Sequence[ScreenRow], form: QuestionMark) -> Question | None:
    for i in range(len(rows) - 1, max(len(rows) - 2 - _BELOW, -1), -1):
        if _in_order(form.buttons, rows[i].text):
            break
    else:
        return None
    for j in range(i - 1, max(i - 1 - _HEADING_WITHIN, -1), -1):
        if form.heading in rows[j].text:
            return Question(
                QuestionKind.PERMISSION,
                rows[j].text[:MAX_ASKED],
                _command_in(rows[j + 1 : i]),
                form.buttons,
                form.allow,
                form.deny,
            )
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


def _line(rows: Sequence[ScreenRow], form: QuestionMark) -> Question | None:
    if not rows or not form.line:
        return None
    text = rows[-1].text
    if not text.endswith(form.end) or not all(part in text for part in form.line):
        return None
    subject = rows[-2].text.removeprefix(_COMMAND)[:MAX_ASKED] if len(rows) > 1 else ""
    return Question(QuestionKind.PERMISSION, _sentence(text), subject, (), form.allow, form.deny)


def _with_kind(question: Question, rows: Sequence[ScreenRow], trust: Sequence[str]) -> Question:
    if any(part in row.text for part in trust for row in rows[-_HEADING_WITHIN:]):
        kind = QuestionKind.TRUST
    elif question.kind is QuestionKind.CHOICE and question.options[0].casefold().startswith(_YES):
        kind = QuestionKind.PERMISSION
    else:
        return question
    return msgspec.structs.replace(question, kind=kind)
