"""Recovering costs of a history that was set aside or lost, so that a day's budget does not start again.

A new history is filled once, before anybody asks it: from what of today was set aside, then from the missions’ state
files. It is done again when it was interrupted; every entry has its id, so none counts twice.
"""

import contextlib
import math
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from podium.core.costs import Cost, CostEntry
from podium.core.missions.state import MissionState, read_state
from podium.history import costs, retention
from podium.history.database import Database
from podium.history.database_problems import DATABASE_ERRORS

_TASK: Final = "fill"
_SECONDS: Final = 3.0
"""Seconds for one database, while other programs wait."""
_PIECE: Final = 512
"""Rows read at once; where that fails, half as many, down to one."""
_MOST_STATES: Final = 1_000
_PLAUSIBLE_USD: Final = 1e6
"""US dollars; an entry of more is damage."""


def fill(database: Database) -> str:
    """Take over what is known of costs, unless that was done. Returns what to tell a person, "" for nothing.

    Raises sqlite3.Error when it can't be written.
    """
    path = database.path
    if path is None or not retention.due(database, _TASK, math.inf):
        return ""
    midnight = _midnight()
    notices = [_from_aside(database, aside, midnight) for aside in _set_aside_since(path, midnight)]
    notices.append(_from_states(database, path.parent / "missions", midnight))
    retention.done(database, _TASK)
    return " ".join(text for text in notices if text)


def _midnight() -> float:
    now = time.localtime()
    return time.mktime((now.tm_year, now.tm_mon, now.tm_mday, 0, 0, 0, 0, 0, -1))


def _set_aside_since(path: Path, moment: float) -> Sequence[Path]:
    found = []
    for aside in path.parent.glob(f"{path.name}.unreadable*"):
        if aside.name.endswith(("-wal", "-shm", "-journal")):
            continue
        with contextlib.suppress(OSError):
            if aside.is_file() and _last_change(aside) >= moment:
                found.append(aside)
    return sorted(found)


def _last_change(file: Path) -> float:
    """Setting it aside counts as a change, and so does what was written to its log alone."""
    status = file.stat()
    return max(status.st_mtime, status.st_ctime)


def _from_aside(database: Database, aside: Path, midnight: float) -> str:
    entries: list[CostEntry] = []
    days: list[tuple[Any, ...]] = []
    waits: list[tuple[Any, ...]] = []
    complete = False
    # The second way needs no log beside the file, nor does it see one.
    for how in ("mode=ro", "mode=ro&immutable=1"):
        with contextlib.suppress(*DATABASE_ERRORS, OSError):
            with closing(sqlite3.connect(f"{aside.as_uri()}?{how}", uri=True, timeout=1.0)) as source:
                reading = _Reading(source, aside.stat().st_size)
                entries = list(reading.entries())
                days = reading.days()
                waits = reading.waits()
                complete = reading.complete
            break
    with database.writing() as connection:
        costs.add_all(database, entries)
        for day in days:
            with contextlib.suppress(sqlite3.IntegrityError):
                connection.execute("INSERT OR IGNORE INTO cost_days VALUES (?,?,?,?,?,?,?,?,?,?)", day)
        for wait in waits:
            with contextlib.suppress(sqlite3.IntegrityError):
                connection.execute("INSERT OR IGNORE INTO blocked VALUES (?,?,?,?,?,?)", wait)
    today = [entry.cost.usd or 0.0 for entry in entries if entry.at >= midnight and not entry.cost.simulated]
    text = f"${sum(today):.2f} of today’s costs were taken over from {aside.name}." if today else ""
    if complete:
        return text
    return (
        f"{text} Not all costs in {aside.name} could be read, so the day’s budget may count too little of today."
    ).strip()


class _Reading:
    """Reads the rows that can be read, the newest first, and skips the others."""

    def __init__(self, source: sqlite3.Connection, size: int) -> None:
        self._source = source
        self._size = size
        self._deadline = time.monotonic() + _SECONDS
        source.text_factory = lambda data: data.decode("utf-8", "replace")
        # What a damaged index leads in circles ends too.
        source.set_progress_handler(lambda: time.monotonic() > self._deadline + 1.0, 20_000)
        self.complete = True
        """Nothing of today is missing, as far as is known."""

    def entries(self) -> Iterator[CostEntry]:
        try:
            found = self._source.execute("SELECT count(*) FROM sqlite_master WHERE name = 'costs'").fetchone()
        except DATABASE_ERRORS:
            self.complete = False
            return
        if not found[0]:
            return
        top = self._newest_row()
        while top > 0:
            if time.monotonic() > self._deadline:
                self.complete = False
                return
            bottom = max(0, top - _PIECE)
            rows = self._rows(bottom + 1, top)
            plausible = [entry for row in rows if (entry := _plausible(row)) is not None]
            self.complete = self.complete and len(plausible) == len(rows)
            yield from plausible
            top = bottom

    def _newest_row(self) -> int:
        try:
            return int(self._source.execute("SELECT coalesce(max(rowid), 0) FROM costs").fetchone()[0])
        except DATABASE_ERRORS:
            self.complete = False
            return self._size // 64  # No row is smaller.

    def _rows(self, first: int, last: int) -> list[tuple[Any, ...]]:
        try:
            return self._source.execute(
                costs.select_entries("rowid BETWEEN ? AND ? ORDER BY rowid DESC"), (first, last)
            ).fetchall()
        except DATABASE_ERRORS:
            self.complete = False
            if first == last or time.monotonic() > self._deadline:
                return []
        middle = (first + last) // 2
        return self._rows(middle + 1, last) + self._rows(first, middle)

    def days(self) -> list[tuple[Any, ...]]:
        return self._all_of("cost_days")

    def waits(self) -> list[tuple[Any, ...]]:
        return self._all_of("blocked")

    def _all_of(self, table: str) -> list[tuple[Any, ...]]:
        try:
            return self._source.execute(f"SELECT * FROM {table}").fetchall()
        except DATABASE_ERRORS:
            return []


def _plausible(row: tuple[Any, ...]) -> CostEntry | None:
    id, run, agent, round, at, mission, instance, usd, *tokens, estimated, simulated = row
    texts = all(isinstance(value, str) for value in (id, run, agent, mission, instance))
    numbers = isinstance(round, int) and isinstance(at, float) and math.isfinite(at)
    money = usd is None or (isinstance(usd, float) and abs(usd) <= _PLAUSIBLE_USD)
    counts = all(value is None or isinstance(value, int) for value in tokens)
    flags = estimated in (0, 1) and simulated in (0, 1)
    return costs.entry_of(row) if texts and numbers and money and counts and flags else None


def _from_states(database: Database, folder: Path, midnight: float) -> str:
    """Costs that the states of today's missions hold and no entry has: the ledger counts where it exists."""
    missing = 0.0
    for state, changed in _states_since(folder, midnight):
        known = sum(entry.cost.usd or 0.0 for entry in costs.of_run(database, state.run))
        usd = (state.cost.usd or 0.0) - known
        if state.cost.simulated or not 1e-9 < usd <= _PLAUSIBLE_USD:
            continue
        id = state.run + costs.FROM_STATE
        cost = Cost(usd, estimated=state.cost.estimated)
        costs.add(database, CostEntry(id, state.run, "", 0, changed, cost, state.file))
        missing += usd
    return f"At least ${missing:.2f} was spent today, as the missions’ state files say." if missing else ""


def _states_since(folder: Path, moment: float) -> Iterator[tuple[MissionState, float]]:
    files = [file for pattern in ("*.json", "*.aside") for file in folder.glob(pattern)]
    for file in files[:_MOST_STATES]:
        with contextlib.suppress(OSError):
            changed = file.stat().st_mtime
            state = read_state(file) if changed >= moment else None
            if state is not None:
                yield state, changed
