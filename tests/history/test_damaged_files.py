"""Databases that are damaged, newer or not Podium's: set aside, never overwritten."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from podium.history import database_files, runs
from podium.history.database import open_database
from podium.history.schema import MIGRATIONS
from tests.history.disks import flip
from tests.history.opening import RECEIPTS, a_history, names, opened, usable
from tests.history.records import a_run


@pytest.mark.fault(45)
def test_a_database_of_a_newer_podium_is_set_aside_as_it_is(path: Path) -> None:
    kept = a_history(path, 2)
    open_database(path, migrations=(*MIGRATIONS, RECEIPTS)).database.close()
    notice = (
        f"The history in {path} could not be used: it was written by a newer Podium. "
        "It is kept as history.db.unreadable; a new one was begun."
    )
    with opened(path, notice) as database:
        assert runs.find(database).runs == ()
        assert usable(database)
    newer = open_database(path.with_name("history.db.unreadable"), migrations=(*MIGRATIONS, RECEIPTS))
    assert not newer.notice
    assert {run.id for run in runs.find(newer.database).runs} == set(kept)
    newer.database.close()


# Damage


@pytest.mark.fault(45)
def test_what_was_not_in_the_file_yet_is_set_aside_with_it(path: Path) -> None:
    a_history(path)
    with opened(path) as database:  # Open, so that its log stays.
        runs.begin(database, a_run(id="only in the log"))
        with database.writing() as connection:
            connection.execute("PRAGMA user_version = 99")
        log = path.with_name("history.db-wal").stat().st_size
        found = open_database(path)
        assert "history.db.unreadable;" in found.notice
        assert path.with_name("history.db.unreadable-wal").stat().st_size >= log
        aside = path.with_name("history.db.unreadable")
        with closing(sqlite3.connect(aside)) as connection:
            assert connection.execute("SELECT 1 FROM runs WHERE id = 'only in the log'").fetchall()
        assert usable(found.database)
        found.database.close()
    # Closing the one that was set aside took nothing from the new one.
    with opened(path) as database:
        assert len(runs.find(database).runs) == 1


@pytest.mark.fault(45)
@pytest.mark.parametrize(
    ("name", "damaged"),
    [
        (b"indexsqlite_autoindex_runs_1runs", b"indexsqlite_autoindex_runs_\xe9runs"),
        (b"tableruns", b"tableru\xe9s"),
        (b"CREATE TABLE runs", b"CREAT\xe9 TABLE runs"),
    ],
)
def test_names_that_are_no_text_any_more_are_damage(path: Path, name: bytes, damaged: bytes) -> None:
    """What SQLite says of them is no text either."""
    a_history(path)
    path.write_bytes(path.read_bytes().replace(name, damaged))
    notice = (
        f"The history in {path} could not be used: it is damaged. "
        "It is kept as history.db.unreadable; a new one was begun."
    )
    with opened(path, notice) as database:
        assert usable(database)


@pytest.mark.fault(45)
def test_nothing_that_was_set_aside_is_overwritten(path: Path) -> None:
    path.parent.mkdir()
    for number, aside in enumerate(
        ["history.db.unreadable", "history.db.unreadable-2", "history.db.unreadable-3"]
    ):
        path.write_text(f"This is no database, number {number}." + " " * 1000)
        found = open_database(path)
        found.database.close()
        assert f"kept as {aside};" in found.notice
        assert f"number {number}" in path.with_name(aside).read_text()


HEADER = [0, 5, 16, 17, 18, 19, 20, 21, 22, 23, 28, 47, 59, 60, 63, 100, 101, 103, 105, 108]


@pytest.mark.fault(45)
@pytest.mark.parametrize("offset", HEADER)
def test_a_flipped_byte_in_the_first_page(path: Path, offset: int) -> None:
    a_history(path)
    flip(path, offset)
    found = open_database(path)
    assert "is kept as history.db.unreadable; a new one was begun." in found.notice
    assert usable(found.database)
    assert runs.find(found.database).runs[1:] == ()
    found.database.close()
    with opened(path):
        assert len(names(path.parent)) >= 2


@pytest.mark.fault(45)
@pytest.mark.parametrize("size", [19, 99, 511, 4095, 4097, 8192, -4096])
def test_a_file_that_was_cut_off(path: Path, size: int) -> None:
    a_history(path)
    os.truncate(path, size if size > 0 else path.stat().st_size + size)
    found = open_database(path)
    assert "history.db.unreadable;" in found.notice
    assert usable(found.database)
    found.database.close()


@pytest.mark.fault(45)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE runs SET outcome = 'dpne'",
        "UPDATE runs SET kind = 'shelm'",
        "UPDATE runs SET started_at = x'00'",
        "UPDATE runs SET tokens_in = 'many'",
        "UPDATE processes SET worker_pid = 1.5",
        "DROP TABLE processes",
        "ALTER TABLE runs RENAME COLUMN theme TO look",
        "PRAGMA user_version = -1",
    ],
)
def test_values_and_tables_that_are_not_what_they_were(path: Path, statement: str) -> None:
    a_history(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(statement)
    found = open_database(path)
    assert "history.db.unreadable;" in found.notice
    assert usable(found.database)
    found.database.close()


@pytest.mark.fault(45)
def test_a_database_of_another_program_is_not_touched(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = path.read_bytes()
    found = open_database(path)
    assert "it is not Podium's history" in found.notice
    found.database.close()
    assert path.with_name("history.db.unreadable").read_bytes() == before


def test_bytes_that_are_no_text_are_still_found(path: Path) -> None:
    a_history(path, 1)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE runs SET name = CAST(x'41ff42' AS TEXT)")
    with opened(path) as database:
        (run,) = runs.find(database, runs.RunFilter(text="a\ufffdb")).runs
        assert run.name == "A\ufffdB"


@pytest.mark.fault(45)
def test_a_file_known_to_be_damaged_is_set_aside_and_one_that_took_its_place_is_not(path: Path) -> None:
    a_history(path)
    known_damaged = database_files.identity(path)
    found = open_database(path, known_damaged=known_damaged)
    assert "it is damaged. It is kept as history.db.unreadable;" in found.notice
    runs.begin(found.database, a_run())
    # The second program that found the same damage.
    second = open_database(path, known_damaged=known_damaged)
    assert not second.notice
    assert len(runs.find(second.database).runs) == 1
    second.database.close()
    found.database.close()
