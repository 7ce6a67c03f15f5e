"""Waits of runs in, sums by day, instance and run out."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from podium.core.blocked import Blocked
from podium.history import blocked, retention, salvage
from podium.history.blocked import BlockedDay
from podium.history.database import Database, open_database
from podium.history.schema import MIGRATIONS
from tests.history.disks import flip
from tests.history.opening import opened

NOW = 1_790_000_000.0
DAY = retention.DAY
USUAL = Blocked(60.0, 2, 45.0)


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    with opened(path) as database:
        yield database


def day_of(age: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(NOW - age * DAY))


def a_day(age: float = 0, run: str = "r", instance: str = "api", sums: Blocked = USUAL) -> BlockedDay:
    return BlockedDay(day_of(age), instance, run, sums)


def rows(database: Database) -> list[tuple[Any, ...]]:
    with database.reading() as connection:
        return connection.execute(
            "SELECT day, instance, run, seconds, questions, longest FROM blocked ORDER BY day, instance, run"
        ).fetchall()


def test_the_same_figures_told_again_count_once_and_later_ones_replace_them(database: Database) -> None:
    for sums in (Blocked(5.0, 1, 5.0), Blocked(60.0, 2, 45.0), Blocked(60.0, 2, 45.0), Blocked(7.0, 1, 7.0)):
        blocked.record(database, [a_day(sums=sums)])
    assert rows(database) == [(day_of(0), "api", "r", 60.0, 2, 45.0)]


def test_a_run_has_all_its_days_and_none_of_others(database: Database) -> None:
    blocked.record(
        database,
        [
            a_day(1, "r", sums=Blocked(10.0, 1, 10.0)),
            a_day(0, "r", sums=Blocked(5.0, 0, 15.0)),
            a_day(0, "s", sums=Blocked(2.0, 1, 2.0)),
            a_day(0, "", sums=Blocked(99.0, 1, 99.0)),
        ],
    )
    assert blocked.of_runs(database, ["r", "s", "t", ""]) == {
        "r": Blocked(15.0, 1, 15.0),
        "s": Blocked(2.0, 1, 2.0),
    }
    assert blocked.of_runs(database, [f"{number}" for number in range(2000)] + ["s"]) == {
        "s": Blocked(2.0, 1, 2.0)
    }
    assert blocked.of_runs(database, []) == {}
    assert sorted(one.run for one in blocked.of_day(database, day_of(0))) == ["", "r", "s"]


def fold(database: Database, keep_days: float, **more: Any) -> int:
    pieces = 0
    while retention.fold_blocked(database, now=NOW, keep_days=keep_days, **more):
        pieces += 1
    return pieces


@pytest.mark.parametrize(
    ("keep_days", "most", "left"),
    [(365, 100, 5), (15, 100, 3), (5, 100, 2), (0, 100, 2), (365, 4, 3), (365, 0, 2)],
)
def test_old_days_keep_the_sums_of_their_instances(
    database: Database, keep_days: float, most: int, left: int
) -> None:
    blocked.record(database, [a_day(20, "r"), a_day(20, "s"), a_day(10, "t"), a_day(1, "u"), a_day(0, "u")])
    fold(database, keep_days, most_entries=most)
    found = rows(database)
    assert sum(bool(run) for _, _, run, *_ in found) == left
    assert (sum(row[3] for row in found), sum(row[4] for row in found)) == (300.0, 10)
    assert fold(database, keep_days, most_entries=most) == 0


def test_sums_that_come_to_sums_keep_the_longest(database: Database) -> None:
    blocked.record(database, [a_day(20, "r", sums=Blocked(5.0, 1, 5.0)), a_day(20, "r", "web")])
    fold(database, 5)
    blocked.record(database, [a_day(20, "late", sums=Blocked(9.0, 3, 3.0))])
    fold(database, 5)
    assert rows(database) == [
        (day_of(20), "api", "", 14.0, 4, 5.0),
        (day_of(20), "web", "", 60.0, 2, 45.0),
    ]


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_a_database_of_an_earlier_version_gets_the_table(path: Path, version: int) -> None:
    path.parent.mkdir()
    open_database(path, migrations=MIGRATIONS[:version]).database.close()
    with opened(path) as database:
        blocked.record(database, [a_day()])
        assert blocked.of_runs(database, ["r"]) == {"r": Blocked(60.0, 2, 45.0)}


def damage(path: Path, table: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    flip(path, (page - 1) * 4096)


def test_what_can_be_read_of_a_damaged_history_goes_on_counting(path: Path) -> None:
    with opened(path) as database:
        blocked.record(database, [a_day(400, ""), a_day(0, "r")])
        kept = rows(database)
    damage(path, "processes")
    opening = open_database(path, fill=salvage.fill)
    assert "history.db.unreadable" in opening.notice
    assert rows(opening.database) == kept
    opening.database.close()


def test_a_table_that_is_damaged_itself_stops_nothing(path: Path) -> None:
    with opened(path) as database:
        blocked.record(database, [a_day(number, "r") for number in range(50)])
    damage(path, "blocked")
    opening = open_database(path, fill=salvage.fill)
    assert "history.db.unreadable" in opening.notice
    blocked.record(opening.database, [a_day()])
    opening.database.close()
