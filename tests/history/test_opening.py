"""A file, a folder, a disk in; a database and what the person is told out."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from podium.history import database as opening
from podium.history import database_files, ledger, runs
from podium.history.database import Database, open_database
from podium.history.schema import MIGRATIONS
from tests.history.disks import flip, give_up_rights, roots_folder, small_disk
from tests.history.records import NOON, a_run, an_entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "podium" / "history.db"


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


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


# Whose it is


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_files_are_for_their_owner_only_whatever_the_umask(path: Path, umask: int) -> None:
    path.parent.parent.chmod(0o755)
    before = os.umask(umask)
    try:
        with opened(path) as database:
            assert usable(database)
            assert names(path.parent) == {"history.db", "history.db-wal", "history.db-shm"}
            assert {mode(file) for file in path.parent.iterdir()} == {"0o600"}
            assert mode(path.parent) == "0o700"
    finally:
        os.umask(before)


def test_rights_that_others_had_are_taken_away(path: Path) -> None:
    a_history(path)
    with opened(path), opened(path):
        path.parent.chmod(0o777)
        for file in path.parent.iterdir():
            file.chmod(0o666)
        with opened(path):
            assert {mode(file) for file in path.parent.iterdir()} == {"0o600"}
            assert mode(path.parent) == "0o700"


def test_a_folder_that_is_everybodys_is_left_alone(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    with opened(shared / "history.db"):
        assert mode(shared) == "0o1777"


def test_what_is_promised_of_each_commit_holds(path: Path) -> None:
    with opened(path) as database, database.reading() as connection:
        asked = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "busy_timeout", "user_version", "foreign_keys")
        }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "user_version": len(MIGRATIONS),
        "foreign_keys": 1,
    }


def test_a_history_is_there_the_next_time(path: Path) -> None:
    kept = a_history(path, 3)
    assert names(path.parent) == {"history.db"}
    with opened(path) as database:
        assert {run.id for run in runs.find(database).runs} == set(kept)


def test_a_link_to_another_disk_is_followed(tmp_path: Path, path: Path) -> None:
    kept = a_history(tmp_path / "elsewhere" / "history.db", 1)
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere" / "history.db")
    with opened(path) as database:
        assert [run.id for run in runs.find(database).runs] == kept
    assert path.is_symlink()


# Versions

RECEIPTS = (
    "CREATE TABLE receipts (id TEXT NOT NULL PRIMARY KEY, run TEXT NOT NULL, usd REAL NOT NULL)",
    "ALTER TABLE runs ADD COLUMN note TEXT NOT NULL DEFAULT ''",
)


def test_a_later_version_adds_what_it_needs_and_keeps_what_is_there(path: Path) -> None:
    kept = a_history(path, 3)
    later = open_database(path, migrations=(*MIGRATIONS, RECEIPTS))
    assert not later.notice
    assert {run.id for run in runs.find(later.database).runs} == set(kept)
    assert runs.find(later.database, limit=1).runs[0].reason == "reason 2"
    with later.database.writing() as connection:
        for _ in range(2):  # A replayed event.
            connection.execute("INSERT OR IGNORE INTO receipts VALUES ('event-1', ?, 0.25)", (kept[0],))
        assert connection.execute("SELECT sum(usd) FROM receipts").fetchone() == (0.25,)
    later.database.close()


def test_a_window_of_the_version_before_goes_on_beside_the_later_one(path: Path) -> None:
    with opened(path) as old:
        open_database(path, migrations=(*MIGRATIONS, RECEIPTS)).database.close()
        assert usable(old)


def test_a_migration_that_fails_leaves_nothing_half_done(path: Path) -> None:
    kept = a_history(path, 2)
    receipts = "INSERT INTO receipts SELECT id, id, cost_usd FROM runs"  # Forgets that a cost may be unknown.
    broken = open_database(path, migrations=(*MIGRATIONS, (*RECEIPTS, receipts)))
    assert usable(broken.database)
    broken.database.close()
    assert "NOT NULL constraint failed: receipts.usd" in broken.notice
    aside = path.with_name("history.db.unreadable")
    with closing(sqlite3.connect(aside)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert {name for (name,) in connection.execute("SELECT id FROM runs")} == set(kept)
        assert not connection.execute("SELECT name FROM sqlite_master WHERE name = 'receipts'").fetchall()


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


# Disks


@pytest.mark.fault(45)
def test_a_folder_that_may_not_be_written() -> None:
    with roots_folder() as folder:
        path = folder / "history.db"
        kept = a_history(path, 3)
        give_up_rights(folder)
        found = open_database(path)
        assert found.notice == (
            f"The history in {path} can't be written: {folder} or a file in it is read-only, or somebody else's. "
            "Earlier runs are shown; what happens from now on is forgotten when Podium ends. To keep it, make that "
            "writable, then start Podium again."
        )
        assert {run.id for run in runs.find(found.database).runs} == set(kept)
        assert len(ledger.abandoned(found.database, lambda *_: False)) == 1
        assert usable(found.database)
        found.database.close()


@pytest.mark.fault(45)
def test_a_new_history_in_a_folder_that_may_not_be_written() -> None:
    with roots_folder() as folder:
        give_up_rights(folder)
        for path in (folder / "history.db", folder / "podium" / "history.db"):
            found = open_database(path)
            assert (
                "is read-only, or somebody else's. What happens from now on is forgotten when Podium ends."
                in found.notice
            )
            assert usable(found.database)
            found.database.close()


@pytest.mark.fault(45)
def test_a_disk_that_is_read_only(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        path = disk.folder / "podium" / "history.db"
        kept = a_history(path, 3)
        disk.remount_read_only()
        found = open_database(path)
        assert "is read-only, or somebody else's. Earlier runs are shown; what happens" in found.notice
        assert {run.id for run in runs.find(found.database).runs} == set(kept)
        assert usable(found.database)
        found.database.close()


@pytest.mark.fault(45)
def test_a_damaged_history_on_a_disk_that_is_read_only(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        path = disk.folder / "podium" / "history.db"
        a_history(path)
        flip(path, 0)
        disk.remount_read_only()
        found = open_database(path)
        assert "it can't be used (file is not a database) and not be set aside" in found.notice
        assert "read-only, or somebody else's). What happens from now on" in found.notice
        assert usable(found.database)
        found.database.close()


@pytest.mark.fault(45)
@pytest.mark.parametrize("before", [0, 3])
def test_a_disk_that_is_full_from_the_start(tmp_path: Path, before: int) -> None:
    with small_disk(tmp_path / "disk") as disk:
        path = disk.folder / "podium" / "history.db"
        kept = a_history(path, before) if before else []
        disk.fill()
        found = open_database(path)
        assert f"can't be written: the disk of {path.parent} is full." in found.notice
        assert "To keep it, free some space, then start Podium again." in found.notice
        assert {run.id for run in runs.find(found.database).runs} == set(kept)
        assert usable(found.database)
        found.database.close()
        disk.free()
        with opened(path) as database:
            assert {run.id for run in runs.find(database).runs} == set(kept)
            assert usable(database)


@pytest.mark.fault(45)
def test_a_damaged_history_on_a_full_disk(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        path = disk.folder / "podium" / "history.db"
        a_history(path)
        flip(path, 0)
        disk.fill()
        found = open_database(path)
        assert "It is kept as history.db.unreadable. The history in" in found.notice
        assert "is full. What happens from now on is forgotten" in found.notice
        assert usable(found.database)
        found.database.close()


@pytest.mark.fault(45)
def test_a_place_that_can_be_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    places = [tmp_path / "file" / "history.db", tmp_path / "folder", tmp_path / "loop"]
    for path in (*places, Path("/proc/history.db"), Path("/proc/podium/history.db")):
        found = open_database(path)
        assert "forgotten when Podium ends" in found.notice
        assert usable(found.database)
        found.database.close()


# Others


def test_another_program_that_holds_it_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 0.05)
    a_history(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as greedy:
        greedy.execute("PRAGMA locking_mode = EXCLUSIVE")
        greedy.execute("DELETE FROM processes")
        found = open_database(path)
        assert "another program holds it. What happens" in found.notice
        assert usable(found.database)
        found.database.close()


def test_another_program_that_is_writing_is_no_reason_to_do_without(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 0.05)
    a_history(path)
    with opened(path) as other:
        with other.writing() as connection:
            connection.execute("DELETE FROM processes")
            found = open_database(path)
        assert not found.notice
        assert usable(found.database)
        found.database.close()


OPENER = """
import sys
from pathlib import Path
from podium.history import runs
from podium.history.database import open_database
from tests.history.records import a_run
sys.stdin.readline()
opened = open_database(Path(sys.argv[1]))
assert opened.database.path, opened.notice
for _ in range(30):
    runs.begin(opened.database, a_run())
opened.database.close()
print(opened.notice)
"""


@pytest.mark.parametrize("damaged", [False, True])
def test_programs_that_open_the_same_history_at_once(path: Path, damaged: bool) -> None:
    """Whichever comes first makes it, or sets aside what can't be used, once; all write to the same."""
    path.parent.mkdir()
    if damaged:
        path.write_text("no database" * 1000)
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OPENER, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("go\n")
        program.stdin.flush()
    told = [program.communicate(timeout=60) for program in programs]
    assert [errors for _, errors in told] == [""] * 4
    assert len([notice for notice, _ in told if notice.strip()]) == int(damaged)
    with opened(path) as database:
        assert len(runs.find(database, limit=1000).runs) == 120
        assert usable(database)
    assert names(path.parent) == {"history.db", *["history.db.unreadable"] * damaged}


def test_a_program_that_was_stopped_while_it_opened_stops_no_other(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_files, "_LOCK_PATIENCE", 0.05)
    path.parent.mkdir()
    with database_files.folder_lock(path.parent), opened(path) as database:
        assert usable(database)
