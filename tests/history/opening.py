"""Opens histories for tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from podium.history import ledger, runs
from podium.history.database import Database, open_database
from tests.history.records import NOON, a_run, an_entry


@contextmanager
def opened(path: Path, notice: str = "") -> Iterator[Database]:
    found = open_database(path)
    assert found.notice == notice
    try:
        yield found.database
    finally:
        found.database.close()


def a_history(path: Path, count: int = 40) -> list[str]:
    """One that has been closed; returns the ids of its runs."""
    with opened(path) as database, database.writing():
        kept = [a_run(started_at=NOON + number, reason=f"reason {number}") for number in range(count)]
        for run in kept:
            runs.begin(database, run)
        ledger.remember(database, an_entry())
    return [run.id for run in kept]


def usable(database: Database) -> bool:
    """It can be written, asked, and is in order."""
    run = a_run()
    runs.begin(database, run)
    with database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return runs.get(database, run.id) == run


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


RECEIPTS = (
    "CREATE TABLE receipts (id TEXT NOT NULL PRIMARY KEY, run TEXT NOT NULL, usd REAL NOT NULL)",
    "ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT ''",
)
