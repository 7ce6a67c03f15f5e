"""Runs as rows of a list, with a header for each day; further rows are asked for when the last is near."""

from collections.abc import Callable, Iterable
from enum import IntEnum
from typing import NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from podium.history.run_list import ListedRun, RunRows, RunSum
from podium.ui.history.words import day_key

Index = QModelIndex | QPersistentModelIndex


class DayRow(NamedTuple):
    """The header of a day: ``2026-01-31``, and what its runs came to."""

    day: str
    sums: RunSum


Row = DayRow | ListedRun


class RunRole(IntEnum):
    ROW = Qt.ItemDataRole.UserRole + 1


class RunModel(QAbstractListModel):
    """Rows are set all at once, and grow at the end."""

    more_wanted = Signal(int)
    """Rows from this place on, counted without headers."""

    def __init__(self, say: Callable[[object], str], parent: QObject) -> None:
        """``say`` makes a row the text that is read aloud."""
        super().__init__(parent)
        self._say = say
        self._rows: list[Row] = []
        self._places: dict[str, int] = {}
        self._days: dict[str, RunSum] = {}
        self._grouped = True
        self._asked = 0
        """Rows of the history that were taken, also those that were known."""
        self._more = False
        self._waiting = False

    @property
    def count(self) -> int:
        """Runs, without headers."""
        return len(self._places)

    def row(self, number: int) -> Row | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def place(self, run: str) -> int:
        """The row of the run with this id; -1 if it is not among them."""
        return self._places.get(run, -1)

    def next_run(self, number: int, by: int) -> int:
        """The row of the run ``by`` runs further on than row ``number``, or the last one before the end; -1 without."""
        step = 1 if by > 0 else -1
        found, left = -1, abs(by)
        at = number + step
        while 0 <= at < len(self._rows) and left:
            if isinstance(self._rows[at], ListedRun):
                found, left = at, left - 1
            at += step
        return found if found >= 0 else (number if isinstance(self.row(number), ListedRun) else -1)

    def show(self, rows: RunRows, days: Iterable[tuple[str, RunSum]], grouped: bool) -> None:
        self.beginResetModel()
        self._rows, self._places = [], {}
        self._days, self._grouped = dict(days), grouped
        self._take(rows, self._new_rows(rows))
        self.endResetModel()

    def append(self, rows: RunRows) -> None:
        if rows.offset != self._asked:
            return
        new = self._new_rows(rows)
        if new:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(new) - 1)
        self._take(rows, new)
        if new:
            self.endInsertRows()

    def stop_waiting(self) -> None:
        """What was asked for does not come; the next time somebody scrolls it is asked for again."""
        self._waiting = False

    def _new_rows(self, rows: RunRows) -> list[Row]:
        """With headers. What was shown already, as a run that began meanwhile moves the others down, is left out."""
        new: list[Row] = []
        last = next((one for one in reversed(self._rows) if isinstance(one, ListedRun)), None)
        day = day_key(last.run.started_at) if last is not None else ""
        for one in rows.rows:
            if one.run.id in self._places:
                continue
            if self._grouped and (its := day_key(one.run.started_at)) != day:
                day = its
                new.append(DayRow(day, self._days.get(day, RunSum())))
            new.append(one)
        return new

    def _take(self, rows: RunRows, new: list[Row]) -> None:
        for number, one in enumerate(new, len(self._rows)):
            if isinstance(one, ListedRun):
                self._places[one.run.id] = number
        self._rows += new
        self._asked = rows.offset + len(rows.rows)
        self._more, self._waiting = rows.more, False

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = 0) -> object:
        row = self.row(index.row())
        if role == RunRole.ROW:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._say(row)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if isinstance(self.row(index.row()), DayRow):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def canFetchMore(self, _parent: Index) -> bool:
        return self._more and not self._waiting

    def fetchMore(self, _parent: Index) -> None:
        if self.canFetchMore(QModelIndex()):
            self._waiting = True
            self.more_wanted.emit(self._asked)
