"""A year of costs in, right sums and a small file out; and nobody waits for it meanwhile."""

import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from podium.core.costs import Cost, CostEntry
from podium.core.system.process_identity import ProcessIdentity
from podium.history import costs, reservations, retention, salvage
from podium.history.database import Database, check_database, open_database
from podium.history.schema import MIGRATIONS
from podium.history.writer import HistoryThread
from tests.history.keeping import PATIENCE

DAY = 86_400.0


def a_history(path: Path, rows: int, *, days: float, agents: int = 6, version: int = len(MIGRATIONS)) -> None:
    """``rows`` costs of a cent, evenly over the last days, as a Podium of that version left them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    now = time.time()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        for statement in (statement for migration in MIGRATIONS[:version] for statement in migration):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO costs VALUES (?, ?, ?, 1, ?, '/home/kim/harbor/mission.toml', ?, 0.01, 1000, 100, 0, 0)",
            (
                (
                    f"run-{number // 100}/1/agent-{number % agents}/1/{number}",
                    f"run-{number // 100}",
                    f"agent-{number % agents}",
                    now - days * DAY * (1 - number / rows),
                    f"instance-{number // 100 % 5}",
                )
                for number in range(rows)
            ),
        )
        connection.execute("COMMIT")


def entries(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute("SELECT count(*) FROM costs").fetchone()[0])


def fold_all(database: Database, **more: Any) -> int:
    pieces = 0
    while retention.fold_costs(database, **{"now": time.time(), "keep_days": 365, **more}):
        pieces += 1
    return pieces


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "podium" / "history.db"


@pytest.fixture
def opened(path: Path) -> Iterator[Callable[[], Database]]:
    found: list[Database] = []

    def open_it() -> Database:
        found.append(open_database(path, fill=salvage.fill).database)
        return found[-1]

    yield open_it
    for database in found:
        database.close()


# H1


@pytest.mark.fault("H1")
def test_the_sums_count_what_the_list_leaves_out(path: Path, opened: Callable[[], Database]) -> None:
    a_history(path, 20_000, days=380, agents=40)
    used = costs.usage(opened())
    assert len(used.rows) == costs.MOST_ROWS
    assert used.more > 0
    assert used.real.usd == pytest.approx(200.0)
    assert used.real.tokens_in == 20_000_000
    assert used.rows[0].day > used.rows[-1].day


@pytest.mark.fault("H1")
def test_real_and_simulated_costs_of_one_agent_are_summed_apart(opened: Callable[[], Database]) -> None:
    database, now = opened(), time.time()
    for id, cost in (("1", Cost(2.0, 5)), ("2", Cost(3.0, simulated=True)), ("3", Cost(None, 7))):
        costs.add(database, CostEntry(id, "r", "a", 1, now, cost))
    used = costs.usage(database)
    assert (used.real, used.simulated.usd) == (Cost(2.0, 12), 3.0)
    assert [(row.cost_usd, row.simulated) for row in used.rows] == [(2.0, False), (3.0, True)]


@pytest.mark.fault("H1")
def test_a_run_of_many_costs_is_summed_whole(path: Path, opened: Callable[[], Database]) -> None:
    database = opened()
    many = [CostEntry(f"r/1/a/1/{n}", "r", "a", 1, 1e9, Cost(0.01)) for n in range(12_000)]
    costs.add_all(database, many)
    assert len(costs.of_run(database, "r")) == 12_000


@pytest.mark.fault("H1")
@pytest.mark.parametrize("value", [2**63 - 1, 2**70, -(2**63)])
def test_huge_numbers_break_no_sum(opened: Callable[[], Database], value: int) -> None:
    database = opened()
    for id in "123":
        costs.add(database, CostEntry(id, "r", "a", 1, time.time(), Cost(1.0, value, 1)))
    costs.add(database, CostEntry("4", "r", "a", 1, time.time(), Cost(float("inf"), 1, 1)))
    assert costs.usage(database).real.usd == 3.0
    fold_all(database, now=time.time() + 400 * DAY)
    assert costs.usage(database).real.usd == 3.0


@pytest.mark.fault("H1")
@pytest.mark.parametrize("moment", [1e18, -1e18, 1e12, 0.0])
def test_bounds_that_are_no_day_harm_nothing(opened: Callable[[], Database], moment: float) -> None:
    database = opened()
    costs.add(database, CostEntry("1", "r", "a", 1, time.time() - 500 * DAY, Cost(1.0)))
    fold_all(database)
    assert costs.usage(database, None, moment).real.usd == (1.0 if moment >= 1e12 else None)
    assert costs.usage(database, moment, None).real.usd == (None if moment >= 1e12 else 1.0)


# H4


@pytest.mark.fault("H4")
def test_old_costs_become_sums_of_days_and_no_sum_changes(path: Path, opened: Callable[[], Database]) -> None:
    a_history(path, 20_000, days=400, version=2)
    database = opened()
    before = costs.usage(database)
    assert fold_all(database, keep_days=30, at_once=700) > 20
    after = costs.usage(database)
    assert entries(database) < 20_000 * 31 / 400
    assert after.real.usd == pytest.approx(before.real.usd)
    assert (after.real.tokens_in, after.more) == (before.real.tokens_in, before.more)
    assert [(row.day, row.agent, row.entries) for row in after.rows] == [
        (row.day, row.agent, row.entries) for row in before.rows
    ]
    month = costs.usage(database, time.time() - 20 * DAY, time.time())
    assert month.real.usd == pytest.approx(10.0, abs=0.1)


@pytest.mark.fault("H4")
def test_the_newest_costs_stay_single_and_so_does_a_run_that_goes_on(
    opened: Callable[[], Database],
) -> None:
    database, now = opened(), time.time()
    for number in range(50):
        costs.add(database, CostEntry(f"old/{number}", "old", "a", 1, now - 9 * DAY + number, Cost(1.0)))
        costs.add(database, CostEntry(f"on/{number}", "on", "a", 1, now - 9 * DAY + number, Cost(1.0)))
        costs.add(database, CostEntry(f"new/{number}", "new", "a", 1, now - number, Cost(1.0)))
    costs.add(database, CostEntry("on/now", "on", "a", 2, now, Cost(1.0)))
    fold_all(database, most_entries=10, at_once=7)
    assert [len(costs.of_run(database, run)) for run in ("old", "on", "new")] == [0, 51, 50]
    fold_all(database, keep_days=1)
    assert len(costs.of_run(database, "new")) == 50
    assert costs.usage(database).real.usd == pytest.approx(151.0)


@pytest.mark.fault("H4")
def test_two_windows_that_prune_at_once_count_nothing_twice(
    path: Path, opened: Callable[[], Database]
) -> None:
    a_history(path, 6_000, days=400)
    first = opened()
    before = costs.usage(first).real.usd

    def prune() -> None:
        database = open_database(path).database
        fold_all(database, keep_days=30, at_once=100)
        database.close()

    threads = [threading.Thread(target=prune) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert costs.usage(first).real.usd == pytest.approx(before)
    assert sum(row.entries for row in costs.usage(first).rows) == 6_000


@pytest.mark.fault("H4")
def test_a_kill_in_the_middle_of_pruning_changes_no_sum(path: Path, opened: Callable[[], Database]) -> None:
    a_history(path, 6_000, days=400)
    for pieces in (1, 3, 5):
        child = os.fork()
        if not child:
            database = open_database(path).database
            for _ in range(pieces):
                retention.fold_costs(database, now=time.time(), keep_days=30, at_once=100)
            with database.writing() as connection:
                connection.execute("DELETE FROM costs")
                os.kill(os.getpid(), 9)
        os.waitpid(child, 0)
    assert costs.usage(opened()).real.usd == pytest.approx(60.0)


@pytest.mark.lengthy
@pytest.mark.fault("H4")
def test_a_file_of_which_most_is_free_gets_small(path: Path, opened: Callable[[], Database]) -> None:
    a_history(path, 60_000, days=400, version=2)
    database = opened()
    before = path.stat().st_size
    fold_all(database, keep_days=10)
    pieces = 0
    while retention.shrink(database):
        pieces += 1
    assert path.stat().st_size < before / 4
    # From now on it is done in pieces.
    a_second = [CostEntry(f"n{n}" * 20, "r", "a", 1, 1e9 + n, Cost(0.01)) for n in range(60_000)]
    costs.add_all(database, a_second)
    fold_all(database, at_once=20_000)
    while retention.shrink(database):
        pieces += 1
    assert pieces > 0
    with database.reading() as connection:
        pages, free = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count")
        )
    assert free * 3 < pages or pages * 4096 < 8 << 20


@pytest.mark.fault("H4")
def test_a_big_database_is_opened_without_reading_it_through(
    path: Path, opened: Callable[[], Database]
) -> None:
    a_history(path, 60_000, days=400)
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'costs'").fetchone()[0]
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    assert check_database(path).damaged == ""
    data = bytearray(path.read_bytes())
    for page in range(pages // 2, pages // 2 + 40):  # Pages in the middle of it, of costs and their indexes.
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)
    assert root
    database = opened()
    assert database.path is not None
    assert not list(path.parent.glob("*.unreadable"))
    checked = check_database(path)
    assert checked.damaged
    assert checked.file == database.file


@pytest.mark.lengthy
@pytest.mark.fault("H4")
def test_damage_in_a_big_database_that_a_question_meets_is_set_aside_and_salvaged(path: Path) -> None:
    a_history(path, 60_000, days=400)
    with closing(sqlite3.connect(path)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    data = bytearray(path.read_bytes())
    for page in range(pages // 2, pages // 2 + 40):
        data[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    path.write_bytes(data)
    told: list[str] = []
    history = HistoryThread(path, told.append)
    history.start()
    answers: queue.Queue[Any] = queue.Queue()
    assert history.ask_much(lambda database: costs.usage(database), answers.put, answers.put)
    used = answers.get(timeout=PATIENCE)
    assert isinstance(used, costs.UsageTable), used
    # The newest first, but for what was on the pages that are gone, and what takes too long.
    assert used.real.usd is not None
    assert used.real.usd > 100
    assert used.rows[0].day == time.strftime("%Y-%m-%d")
    assert "is kept as history.db.unreadable" in told[0]
    assert "Not all costs in history.db.unreadable could be read" in told[0]
    assert history.close(PATIENCE)


@pytest.mark.fault("H4")
def test_a_long_question_holds_nobody_up_and_is_given_up(path: Path) -> None:
    history = HistoryThread(path, lambda _: None)
    history.start()
    running, answers = threading.Event(), queue.Queue[Any]()

    def long(database: Database) -> Any:
        running.set()
        with database.reading() as connection:
            return connection.execute(
                "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
            ).fetchone()

    assert history.ask_much(long, answers.put, answers.put)
    assert running.wait(PATIENCE)
    quick: queue.Queue[Any] = queue.Queue()
    entry = CostEntry("1", "r", "a", 1, time.time(), Cost(1.0))
    history.submit(lambda database: costs.add(database, entry), quick.put)
    assert history.ask(lambda database: costs.spent_since(database, 0), quick.put, quick.put)
    assert quick.get(timeout=PATIENCE) is None
    assert quick.get(timeout=PATIENCE) == 1.0
    assert answers.empty()
    assert history.close(PATIENCE)
    assert isinstance(answers.get(timeout=PATIENCE), sqlite3.OperationalError)


@pytest.mark.fault("H4")
def test_a_long_question_sees_what_was_written_before(path: Path) -> None:
    history = HistoryThread(path, lambda _: None)
    history.start()
    answers: queue.Queue[Any] = queue.Queue()
    for number in range(20):
        entry = CostEntry(str(number), "r", "a", 1, time.time(), Cost(1.0))
        history.submit(lambda database, entry=entry: costs.add(database, entry))
        assert history.ask_much(lambda database: costs.usage(database).real.usd, answers.put, answers.put)
        assert answers.get(timeout=PATIENCE) == number + 1
    assert history.close(PATIENCE)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.fault("H4")
def test_a_million_costs(path: Path, opened: Callable[[], Database]) -> None:
    a_history(path, 1_000_000, days=400, version=2)
    database = opened()
    fold_all(database, at_once=20_000)
    while retention.shrink(database):
        pass
    assert entries(database) <= retention.MOST_ENTRIES
    assert costs.usage(database).real.usd == pytest.approx(10_000.0)
    assert path.stat().st_size < 60_000_000


# Reservations


@pytest.mark.fault("D1")
def test_reserved_money_is_nobody_elses_until_its_owner_is_gone(opened: Callable[[], Database]) -> None:
    database, alive = opened(), {1: True, 2: True}
    day = reservations.Day(10.0, time.time() - 60)

    def reserve(pid: int, wanted: float | None, among: int = 1) -> float | None:
        owner = ProcessIdentity(pid, f"boot:{pid}")
        return reservations.reserve(
            database, f"run {pid}", "a", wanted, day, among, owner, lambda pid, _: alive[pid]
        ).usd

    assert reserve(1, 4.0) == 4.0
    assert reserve(2, None, among=2) == 3.0
    assert reserve(2, None) == 6.0
    # What is spent of it is no longer reserved, but spent.
    costs.add(database, CostEntry("1", "run 1", "a", 1, time.time(), Cost(3.0)))
    costs.add(database, CostEntry("1", "run 1", "a", 1, time.time(), Cost(3.0)))
    assert reserve(2, None) == 6.0
    alive[1] = False
    assert reserve(2, None) == 7.0
    reservations.release(database, "run 2", "a")
    alive[2] = False
    costs.add(database, CostEntry("2", "run 3", "a", 1, time.time(), Cost(9.0)))
    alive[1] = True
    assert reserve(1, 1.0) == 0.0


@pytest.mark.fault("D1")
def test_who_waits_is_counted_when_money_is_free_again(opened: Callable[[], Database]) -> None:
    database, day = opened(), reservations.Day(10.0, time.time() - 60)

    def reserve(run: str) -> float | None:
        owner = ProcessIdentity(1, "boot:1")
        return reservations.reserve(database, run, "a", None, day, 1, owner, lambda *_: True).usd

    assert reserve("one") == 10.0
    assert [reserve("two"), reserve("two")] == [0.0, 0.0]
    # Its next attempt: the other one waits, and gets the other half.
    reservations.release(database, "one", "a")
    assert [reserve("one"), reserve("two")] == [5.0, 5.0]
    for run in ("one", "two"):
        reservations.release(database, run, "a")
    assert reserve("one") == 10.0
