"""Which entries a query means, and which letters of them it found. Free of Qt."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from podium.ui.command_palette.entries import Entry, EntryKind

Spans = tuple[tuple[int, int], ...]
"""Found letters as (start, end), in order and without overlaps."""

MOST_QUERY: Final = 100
"""Characters of a query; a person types fewer."""
PREFIXES: Final = {">": EntryKind.COMMAND, "@": EntryKind.INSTANCE}
"""A query that begins so means entries of one kind."""

_WHOLE: Final = 80.0
"""Points of a word that the title has as it is, at least."""
_LEAST_FUZZY: Final = 4
"""Letters of a word that may be mistyped: shorter ones are like everything."""
_LEAST_INSIDE: Final = 3
"""Letters that are looked for inside of the words that are not the title: two are in almost everything."""
_LIKE_TITLE: Final = 75
_LIKE_WORDS: Final = 85
"""How like a title, or other words, a mistyped word has to be, of 100."""
_RECENT: Final = 3.0
"""What the last choice counts more than one that was never chosen."""


class Hit(NamedTuple):
    """An entry that matches."""

    entry: Entry
    score: float
    title: Spans = ()
    detail: Spans = ()


class Query(NamedTuple):
    """What is searched for: words in any order, among all entries or those of one kind."""

    words: tuple[str, ...]
    kind: EntryKind | None = None


def read_query(text: str) -> Query:
    """What was typed: ``>`` or ``@`` first names a kind."""
    text = text[:MOST_QUERY].lstrip()
    kind = PREFIXES.get(text[:1])
    return Query(tuple(fold(text[1:] if kind else text).split()), kind)


def find(query: Query, entries: Iterable[Entry], used: Sequence[str] = ()) -> list[Hit]:
    """The entries that ``query`` means, the best first; alike ones in the order they came in. ``used`` are the keys of
    those that were chosen last, the newest first.
    """
    newness = {key: _RECENT * (1 - place / len(used)) for place, key in enumerate(used)}
    hits = []
    for entry in entries:
        if query.kind is None or entry.kind is query.kind:
            hit = _match(query.words, entry)
            if hit is not None:
                hits.append(hit._replace(score=hit.score + newness.get(entry.key, 0.0)))
    return sorted(hits, key=lambda hit: -hit.score)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """``text`` as it is compared: small letters, each in its place."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _match(words: Sequence[str], entry: Entry) -> Hit | None:
    title, detail, more = fold(entry.title), fold(entry.detail), fold(entry.words)
    score = 0.0
    in_title: list[tuple[int, int]] = []
    in_detail: list[tuple[int, int]] = []
    for word in words:
        points, spans = _in_title(word, title)
        place = _beside(word, detail) if points < _WHOLE else None
        if place is not None and points < (found := 75.0 if place[1] else 65.0):
            points = found
            in_detail.append((place[0], place[0] + len(word)))
        else:
            in_title += spans
        if not points and (place := _beside(word, more)) is not None:
            points = 65 if place[1] else 55
        if not points:
            points = _like(word, more, _LIKE_WORDS) * 0.5
        if not points:
            return None
        score += points
    if words:
        score /= len(words)
        # Of two that begin alike the shorter one is meant more often.
        score += 4.0 / (1 + len(title))
    return Hit(entry, score, joined(in_title), joined(in_detail))


def _in_title(word: str, title: str) -> tuple[float, list[tuple[int, int]]]:
    """Points, 0 where it is not found, and where."""
    place = _place(word, title)
    if place is not None:
        start, at_word = place
        points = 100.0 if start == 0 else 92.0 if at_word else _WHOLE
        return points, [(start, start + len(word))]
    if initials := _initials(word, title):
        return 70.0, initials
    if len(word) < _LEAST_FUZZY:
        return 0.0, []
    points = _like(word, title, _LIKE_TITLE)
    return (points * 0.6, _same_letters(word, title)) if points else (0.0, [])


def _place(word: str, text: str) -> tuple[int, bool] | None:
    """Where ``word`` is in ``text``, at the beginning of a word before anywhere else, and whether it is one."""
    first = start = text.find(word)
    while start >= 0:
        if start == 0 or not text[start - 1].isalnum():
            return start, True
        start = text.find(word, start + 1)
    return (first, False) if first >= 0 else None


def _beside(word: str, text: str) -> tuple[int, bool] | None:
    """``_place`` in what is not the title."""
    place = _place(word, text)
    return place if place is None or place[1] or len(word) >= _LEAST_INSIDE else None


def _initials(word: str, title: str) -> list[tuple[int, int]]:
    """The first letters of the title's words, where ``word`` is made of them in order: ``nw`` of *Next waiting*."""
    if len(word) < 2:
        return []
    found: list[tuple[int, int]] = []
    for place, letter in enumerate(title):
        if len(found) == len(word):
            break
        begins = letter.isalnum() and (place == 0 or not title[place - 1].isalnum())
        if begins and letter == word[len(found)]:
            found.append((place, place + 1))
    return found if len(found) == len(word) else []


def _like(word: str, text: str, least: float) -> float:
    """How like ``word`` the likest part of ``text`` is, of 100; 0 below ``least``."""
    if len(word) < _LEAST_FUZZY or len(text) < len(word) - 1:
        return 0.0
    # Loaded by the first search: it takes a few ms, which a window without a palette never pays.
    from rapidfuzz.fuzz import partial_ratio_alignment

    found = partial_ratio_alignment(word, text, score_cutoff=least)
    return found.score if found is not None else 0.0


def _same_letters(word: str, title: str) -> list[tuple[int, int]]:
    """The letters of the likest part of ``title`` that are the word's."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.fuzz import partial_ratio_alignment

    found = partial_ratio_alignment(word, title)
    if found is None:
        return []
    part = title[found.dest_start : found.dest_end]
    return [
        (block.dest_start + found.dest_start, block.dest_end + found.dest_start)
        for block in Indel.opcodes(word, part)
        if block.tag == "equal"
    ]


def joined(spans: Iterable[tuple[int, int]]) -> Spans:
    """The same letters in order, without overlaps."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        elif end > start:
            found.append((start, end))
    return tuple(found)
