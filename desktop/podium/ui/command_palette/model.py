"""The rows of the palette's list: headings, what was found, and what can't be done now behind a row of its own."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt

from podium.ui.command_palette.entries import Entry, EntryKind
from podium.ui.command_palette.matching import Hit, Query, find
from podium.ui.widgets.row_model import ROW_ROLE, RowModel

RECENT: Final = "Recently used"
_MOST_RECENT: Final = 8
_RANKS: Final = (60.0, 75.0, 90.0)
"""Points from which a hit is as good as another: in other texts, inside of a title, at the beginning of a word."""


class Heading(NamedTuple):
    text: str


class Refused(NamedTuple):
    """Behind it is what can't be done now."""

    commands: int
    open: bool

    @property
    def text(self) -> str:
        thing = "1 command" if self.commands == 1 else f"{self.commands} commands"
        return f"{thing} can’t be done now"

    @property
    def offer(self) -> str:
        return "Hide" if self.open else "Show why"


Row = Heading | Hit | Refused


def rows_for(query: Query, entries: Sequence[Entry], used: Sequence[str], *, show_refused: bool) -> list[Row]:
    """The list for a query: without words all there is, first what was used last; else the best kind first."""
    possible = [entry for entry in entries if not entry.refusal]
    hits = find(query, possible, used if query.words else ())
    rows: list[Row] = []
    if not query.words:
        recent = _recent(hits, used)
        if recent:
            rows += [Heading(RECENT), *recent]
            shown = {hit.entry.key for hit in recent}
            hits = [hit for hit in hits if hit.entry.key not in shown]
    parts = [(kind, [hit for hit in hits if hit.entry.kind is kind]) for kind in EntryKind]
    for kind, of_kind in sorted(
        (part for part in parts if part[1]), key=lambda part: -_rank(part[1][0], query)
    ):
        rows += [Heading(kind), *of_kind]
    refused = find(query, (entry for entry in entries if entry.refusal))
    if refused:
        rows.append(Refused(len(refused), show_refused))
        rows += refused if show_refused else []
    return rows


def _rank(best: Hit, query: Query) -> int:
    """How far up a kind goes with its best hit: as good ones stay in the usual order."""
    return sum(best.score >= least for least in _RANKS) if query.words else 0


def _recent(hits: Iterable[Hit], used: Sequence[str]) -> list[Hit]:
    by_key = {hit.entry.key: hit for hit in hits}
    return [by_key[key] for key in used if key in by_key][:_MOST_RECENT]


class PaletteModel(RowModel[Row]):
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = 0) -> object:
        row = self.rows[index.row()]
        match role:
            case _ if role == ROW_ROLE:
                return row
            case Qt.ItemDataRole.DisplayRole:
                return row.entry.title if isinstance(row, Hit) else row.text
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken(row)
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if isinstance(self.rows[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def spoken(row: Row) -> str:
    """A row as a screen reader says it."""
    if isinstance(row, Heading):
        return row.text
    if isinstance(row, Refused):
        return f"{row.text}, {row.offer}"
    entry = row.entry
    parts = [entry.title, "can’t be done now" if entry.refusal else "", entry.detail, "+".join(entry.keys)]
    return ", ".join(part for part in parts if part)
