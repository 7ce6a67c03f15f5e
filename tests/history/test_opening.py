"""A file, a folder, a disk in; a database and what the person is told out."""

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from podium.history import database as opening
from podium.history import database_files, ledger, runs
from podium.history.database import open_database
from podium.history.schema import MIGRATIONS
from tests.history.disks import flip, give_up_rights, roots_folder, small_disk
from tests.history.opening import RECEIPTS, a_history, names, opened, usable


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
