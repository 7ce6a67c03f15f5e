"""Jobs in, on the disk out, whatever becomes of the disk."""

import gc
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from podium.core.runs import Run, RunOutcome
from podium.history import database as opening
from podium.history import runs
from podium.history.database import Database, open_database
from podium.history.writer import HistoryThread
from tests.history.disks import flip, small_disk
from tests.history.keeping import PATIENCE, Keeper, keeping
from tests.history.records import NOON, a_run

replace = msgspec.structs.replace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "podium" / "history.db"


@pytest.fixture
def keeper(path: Path) -> Iterator[Keeper]:
    with keeping(path) as keeper:
        yield keeper


def some_runs(count: int) -> list[Run]:
    return [a_run(started_at=NOON + number) for number in range(count)]


def nothing(_: Database) -> None:
    """A job that takes its place."""


def ids(of: list[Run]) -> list[str]:
    return [run.id for run in of]


def elsewhere(path: Path, run: str) -> Run | None:
    """What another program sees of it."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT 1 FROM runs WHERE id = ?", (run,)).fetchone()
    return found is not None


# When all is well


def test_acknowledged_is_on_the_disk(keeper: Keeper, path: Path) -> None:
    run = a_run()
    seen = keeper.do(lambda database: runs.begin(database, run) or elsewhere(path, run.id))
    assert seen
    assert keeper.told == []


def test_a_job_that_is_done_is_freed_at_once(keeper: Keeper) -> None:
    """Nothing of it, and of its answer, waits for a collection on the window's thread."""

    class Work:
        def __call__(self, _: Database) -> None: ...

    gc.disable()
    try:
        work = Work()
        gone = weakref.ref(work)
        keeper.do(work)
        del work
        keeper.do(nothing)
        assert gone() is None
    finally:
        gc.enable()


def test_what_was_submitted_before_the_start_is_done_first(path: Path) -> None:
    keeper = Keeper(path)
    known = some_runs(3)
    for run in known[:2]:
        keeper.begin(run)
    keeper.history.start()
    keeper.begin(known[2])
    assert keeper.kept() == ids(known)
    assert keeper.history.close(PATIENCE)


def test_closing_does_what_waits(path: Path) -> None:
    known = some_runs(50)
    with keeping(path) as keeper:
        with keeper.held_up():
            for run in known:
                keeper.begin(run)
        assert keeper.history.close(PATIENCE)
        assert not keeper.history.submit(nothing)
        assert not keeper.history.ask(nothing, print, print)
        assert keeper.history.close(PATIENCE)
    assert {file.name for file in path.parent.iterdir()} == {"history.db"}
    with keeping(path) as keeper:
        assert keeper.kept() == ids(known)


def test_closing_waits_no_longer_than_it_may(keeper: Keeper) -> None:
    with keeper.held_up():
        assert not keeper.history.close(0.01)
    assert keeper.history.close(PATIENCE)


def test_closing_what_never_began(path: Path) -> None:
    keeper = Keeper(path)
    assert keeper.history.close(PATIENCE)
    keeper = Keeper(path)
    keeper.begin(a_run())
    assert not keeper.history.close(PATIENCE)


def test_two_changes_in_one_transaction(keeper: Keeper) -> None:
    first, second = some_runs(2)

    def both(database: Database) -> None:
        with database.writing():
            runs.begin(database, first)
            runs.begin(database, second)
            raise LookupError("not both, so neither")

    with pytest.raises(LookupError):
        keeper.do(both)
    assert keeper.kept() == []


# When much comes


def test_of_figures_that_wait_the_latest_is_written(keeper: Keeper) -> None:
    run = a_run()
    keeper.begin(run)
    done: list[int] = []
    with keeper.held_up():
        for rounds in range(1000):
            now = replace(run, rounds=rounds)
            keeper.history.submit(
                lambda database, now=now: runs.progress(database, now),
                lambda _, rounds=rounds: done.append(rounds),
                replaces=run.id,
            )
        keeper.history.submit(lambda database: runs.end(database, replace(now, outcome=RunOutcome.DONE)))
    assert keeper.ask(lambda database: runs.get(database, run.id)) == replace(
        run, rounds=999, outcome=RunOutcome.DONE
    )
    assert done == [999]


def test_when_too_much_waits_beginnings_are_kept_and_the_oldest_figures_are_not(path: Path) -> None:
    known = some_runs(30)
    with keeping(path, limit=20) as keeper:
        figures: list[int] = []
        with keeper.held_up():
            for number, run in enumerate(known):
                keeper.begin(run)
                keeper.history.submit(
                    nothing, lambda _, number=number: figures.append(number), replaces=number
                )
            assert not keeper.history.ask(nothing, print, print)
        keeper.do(nothing)
        assert keeper.kept() == ids(known)
        assert figures == []
        with keeper.held_up():
            for number in range(25):
                keeper.history.submit(
                    nothing, lambda _, number=number: figures.append(number), replaces=number
                )
        assert keeper.history.close(PATIENCE)
        assert figures == list(range(5, 25))
        assert keeper.told == [
            (
                f"The history can't keep up: more than 20 records wait for the disk of {path.parent}. Figures in "
                "between are left out; where runs begin and end is kept."
            )
        ]


# When something is wrong with a job


def test_a_job_with_a_fault_harms_no_other(keeper: Keeper) -> None:
    def broken(database: Database) -> None:
        with database.writing() as connection:
            connection.execute("INSERT INTO nowhere VALUES (1)")

    def deaf(_: None) -> None:
        raise RuntimeError("whoever is told")

    for work in (keeper.do, keeper.do, keeper.ask):
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            work(broken)
    keeper.history.submit(nothing, deaf)
    keeper.history.submit(broken, None, deaf)
    run = a_run()
    assert keeper.begin(run).wait(PATIENCE)
    assert keeper.kept() == [run.id]
    assert keeper.told == [
        "Something in the history could not be written: no such table: nowhere. Podium's log says more.",
        "Something in the history could not be read: no such table: nowhere. Podium's log says more.",
    ]
    assert not keeper.history.close(PATIENCE)


def test_a_receiver_of_problems_may_fail_too(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("no database" * 100)

    def deaf(text: str) -> None:
        raise RuntimeError(text)

    history = HistoryThread(path, deaf)
    history.start()
    done = threading.Event()
    history.submit(lambda database: runs.begin(database, a_run()), lambda _: done.set())
    assert done.wait(PATIENCE)
    assert history.close(PATIENCE)


# When something is wrong with the disk


@pytest.mark.fault(45)
def test_a_disk_that_fills_up_and_is_freed(tmp_path: Path) -> None:
    """Nothing is lost meanwhile, it is said once, what is there can still be read."""
    with small_disk(tmp_path / "disk") as disk, keeping(disk.folder / "podium" / "history.db") as keeper:
        before, *meanwhile = some_runs(60)
        assert keeper.begin(before).wait(PATIENCE)
        disk.fill()
        written = [keeper.begin(replace(run, reason="x" * 2000)) for run in meanwhile]
        wait_for(lambda: keeper.told)
        assert keeper.told == [
            (
                f"The history in {keeper.path} can't be written: the disk of {keeper.path.parent} is full. "
                "Please free some space; what happens until then is written as soon as that is possible."
            )
        ]
        assert keeper.kept()[0] == before.id
        assert not written[-1].is_set()
        disk.free()
        for acknowledged in written:
            assert acknowledged.wait(PATIENCE)
        assert keeper.kept() == ids([before, *meanwhile])
        assert keeper.pragma("integrity_check") == [("ok",)]
        assert len(keeper.told) == 1
        assert keeper.history.close(PATIENCE)


@pytest.mark.fault(45)
def test_a_database_that_may_not_grow(keeper: Keeper) -> None:
    """The same where no file system can be mounted."""
    before, *meanwhile = some_runs(20)
    assert keeper.begin(before).wait(PATIENCE)
    ((pages,),) = keeper.pragma("page_count")
    keeper.pragma(f"max_page_count = {pages}")
    written = [keeper.begin(replace(run, reason="x" * 5000)) for run in meanwhile]
    wait_for(lambda: keeper.told)
    assert "is full. Please free some space" in keeper.told[0]
    kept = keeper.kept()  # The file has a few free pages.
    assert kept == ids([before, *meanwhile])[: len(kept)]
    assert 1 <= len(kept) < len(meanwhile)
    keeper.pragma("max_page_count = 100000")
    for acknowledged in written:
        assert acknowledged.wait(PATIENCE)
    assert keeper.kept() == ids([before, *meanwhile])
    assert len(keeper.told) == 1


@pytest.mark.fault(45)
def test_a_disk_that_is_still_full_at_the_end(path: Path) -> None:
    with keeping(path) as keeper:
        assert keeper.begin(a_run()).wait(PATIENCE)
        ((pages,),) = keeper.pragma("page_count")
        keeper.pragma(f"max_page_count = {pages}")
        failed: list[Exception] = []
        for run in some_runs(3):
            big = replace(run, reason="x" * 8000)
            keeper.history.submit(lambda database, big=big: runs.begin(database, big), failed=failed.append)
        assert not keeper.history.close(PATIENCE)
        assert keeper.told[-1].endswith("is full. Records that are lost: 3.")
        assert len(failed) == 3


@pytest.mark.fault(45)
def test_a_history_that_is_read_only_for_a_while(keeper: Keeper) -> None:
    keeper.pragma("query_only = ON")
    run = a_run()
    acknowledged = keeper.begin(run)
    wait_for(lambda: keeper.told)
    assert "is read-only, or somebody else's. Please make that writable;" in keeper.told[0]
    assert keeper.kept() == []
    keeper.pragma("query_only = OFF")
    assert acknowledged.wait(PATIENCE)
    assert keeper.kept() == [run.id]


def test_another_program_that_writes_for_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_TIMEOUT", 0.02)
    open_database(path).database.close()
    with keeping(path) as keeper, closing(sqlite3.connect(path, isolation_level=None)) as other:
        assert keeper.kept() == []
        other.execute("BEGIN IMMEDIATE")
        run = a_run()
        acknowledged = keeper.begin(run)
        wait_for(lambda: keeper.told)
        assert "another program holds it. Please end what has the file open;" in keeper.told[0]
        assert keeper.kept() == []
        other.execute("COMMIT")
        assert acknowledged.wait(PATIENCE)
        assert keeper.kept() == [run.id]


@pytest.mark.fault(45)
def test_damage_that_is_found_while_it_is_in_use(keeper: Keeper, path: Path) -> None:
    running = a_run()
    assert keeper.begin(running).wait(PATIENCE)
    keeper.pragma("wal_checkpoint(TRUNCATE)")
    keeper.pragma("shrink_memory")  # What SQLite remembers of the file is no longer of use to it.
    with path.open("r+b") as file:
        file.write(b"\xa5" * path.stat().st_size)
    ended = replace(running, outcome=RunOutcome.DONE)
    keeper.do(lambda database: runs.end(database, ended))
    assert len(keeper.told) == 1
    assert "It is kept as history.db.unreadable; a new one was begun." in keeper.told[0]
    assert keeper.recreated == 1
    assert keeper.ask(lambda database: runs.get(database, running.id)) == ended
    assert path.with_name("history.db.unreadable").read_bytes()[:4] == b"\xa5" * 4
    assert elsewhere(path, running.id)


@pytest.mark.fault(45)
def test_damage_that_opening_does_not_find(keeper: Keeper, path: Path) -> None:
    """SQLite complains again though a look at the whole file found nothing: then it is believed."""
    known = a_run()
    assert keeper.begin(known).wait(PATIENCE)
    run = a_run()
    found: list[bool] = []

    def work(database: Database) -> None:
        found.append(runs.get(database, known.id) is not None)
        runs.begin(database, run)
        if len(found) < 3:
            error = sqlite3.DatabaseError("database disk image is malformed")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error

    keeper.do(work)
    assert found == [True, True, False]
    assert path.with_name("history.db.unreadable").exists()
    assert len(keeper.told) == keeper.recreated == 1
    assert keeper.kept() == [run.id]


def test_a_thread_that_can_not_be_had(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    keeper = Keeper(path)
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", refuse)
        keeper.history.start()
    assert keeper.told == ["No history is kept: can't start new thread. Start Podium again to have one."]
    assert not keeper.history.submit(nothing)
    assert keeper.history.close(PATIENCE)


@pytest.mark.lengthy
@pytest.mark.fault(45)
def test_flipped_bits_anywhere_never_stop_anything(path: Path, tmp_path: Path) -> None:
    """Not all can be seen: a letter of a name is only another letter. But whatever comes of it, it goes on."""
    with keeping(path) as keeper:
        for run in some_runs(60):
            keeper.begin(run)
    whole = path.read_bytes()
    aside = 0
    for number, offset in enumerate(range(0, len(whole), 397)):
        place = tmp_path / str(number) / "history.db"
        place.parent.mkdir()
        place.write_bytes(whole)
        flip(place, offset, 1 << number % 8)
        with keeping(place) as keeper:
            run = a_run(started_at=NOON + 1000)
            assert keeper.begin(run).wait(PATIENCE)
            keeper.do(lambda database: runs.interrupt_abandoned(database, lambda *_: False))
            assert run.id in keeper.kept()
            assert keeper.history.close(PATIENCE)
        if keeper.told:
            assert place.with_name("history.db.unreadable").exists()
            aside += 1
    assert 5 < aside < len(whole) // 397


@pytest.mark.fault(45)
def test_flipped_bits_in_the_log(path: Path, tmp_path: Path) -> None:
    """What a damaged log says is worth nothing from there on; the database stays as it was before."""
    before, *later = some_runs(40)
    with keeping(path) as keeper:
        assert keeper.begin(before).wait(PATIENCE)
        keeper.pragma("wal_checkpoint(TRUNCATE)")
        for run in later:
            keeper.begin(run)
        keeper.kept()
        size = path.with_name("history.db-wal").stat().st_size
        for number, offset in enumerate(range(3, size, size // 40)):
            place = tmp_path / str(number) / "history.db"
            place.parent.mkdir()
            for end in ("", "-wal"):
                shutil.copy(f"{path}{end}", f"{place}{end}")
            flip(place.with_name("history.db-wal"), offset)
            with keeping(place) as other:
                known = other.kept()
                assert known == ids([before, *later])[: len(known)]
                assert len(known) >= 1
                assert other.pragma("integrity_check") == [("ok",)]


# When somebody else takes the file away


@pytest.mark.fault(45)
def test_another_program_sets_the_history_aside(path: Path) -> None:
    """Both go on in the same new one."""
    with keeping(path) as first, keeping(path) as second:
        running = a_run()
        assert first.begin(running).wait(PATIENCE)
        second.kept()
        path.rename(path.with_name("history.db.unreadable"))
        for end in ("-wal", "-shm"):
            path.with_name(f"history.db{end}").rename(path.with_name(f"history.db.unreadable{end}"))
        mine, yours = some_runs(2)
        assert second.begin(yours).wait(PATIENCE)
        assert first.begin(mine).wait(PATIENCE)
        assert first.kept() == second.kept() == [mine.id, yours.id]
        assert (first.recreated, second.recreated) == (1, 1)
        assert first.told == [
            f"The history in {path} was removed or replaced; Podium continues with the file there is now."
        ]
    with keeping(path) as again:
        assert again.kept() == [mine.id, yours.id]


def test_the_whole_folder_is_deleted(keeper: Keeper, path: Path) -> None:
    keeper.kept()
    shutil.rmtree(path.parent)
    run = a_run()
    assert keeper.begin(run).wait(PATIENCE)
    assert keeper.recreated == 1
    assert elsewhere(path, run.id)


def wait_for(condition: object) -> None:
    """Wait until ``condition`` is true, without a bound on how slow the machine may be but PATIENCE."""
    assert callable(condition)
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.005)):
        if condition():
            return
        pause.wait(0.005)
    raise AssertionError("It never came to that.")
