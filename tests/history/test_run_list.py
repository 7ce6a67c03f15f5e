"""Lists of runs in any order, their sums, and files made of them."""

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.blocked import Blocked
from podium.core.ids import InstanceId
from podium.core.runs import RunOutcome
from podium.history import blocked, run_list, runs
from podium.history.blocked import BlockedDay
from podium.history.database import Database, open_database
from podium.history.run_export import FIELDS, RunTable, TableFormat
from podium.history.run_list import ListedRun, RunOrder
from podium.history.runs import RunFilter
from tests.history.records import NOON, a_run


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "history.db")
    yield opened.database
    opened.database.close()


@pytest.fixture
def three(database: Database) -> Database:
    values = {
        "a": {"name": "beta", "cost_usd": 2.0, "seconds": 60.0, "outcome": RunOutcome.DONE, "rounds": 3},
        "b": {"name": "Alpha", "cost_usd": None, "seconds": None, "outcome": RunOutcome.RUNNING},
        "c": {"name": "gamma", "cost_usd": 0.5, "seconds": 90.0, "outcome": RunOutcome.CRASHED, "rounds": 1},
    }
    for number, (id, given) in enumerate(values.items()):
        runs.begin(
            database,
            a_run(id=id, instance=InstanceId(str(given["name"]).lower()), started_at=NOON + number, **given),
        )
    blocked.record(database, [BlockedDay("2026-09-21", "gamma", "c", Blocked(70.0, 2, 40.0))])
    blocked.record(database, [BlockedDay("2026-09-22", "gamma", "c", Blocked(30.0, 1, 30.0))])
    return database


def ids(database: Database, order: RunOrder, ascending: bool = False) -> str:
    return "".join(one.run.id for one in run_list.rows(database, order=order, ascending=ascending).rows)


@pytest.mark.parametrize(
    ("order", "descending"),
    [
        (RunOrder.STARTED, "cba"),
        (RunOrder.INSTANCE, "cab"),
        (RunOrder.ROUNDS, "acb"),
        (RunOrder.LENGTH, "bca"),
        (RunOrder.BLOCKED, "cba"),
        (RunOrder.COST, "acb"),
        (RunOrder.OUTCOME, "bac"),
        (RunOrder.FOLDER, "cba"),
    ],
)
def test_each_order(three: Database, order: RunOrder, descending: str) -> None:
    assert ids(three, order) == descending


def test_the_other_way_round_and_in_pages(three: Database) -> None:
    assert ids(three, RunOrder.COST, ascending=True) == "bca"
    first = run_list.rows(three, limit=2)
    second = run_list.rows(three, limit=2, offset=2)
    assert [one.run.id for one in first.rows + second.rows] == ["c", "b", "a"]
    assert (first.more, second.more) == (True, False)
    assert first.rows[0].blocked == Blocked(100.0, 3, 40.0)


def test_what_all_came_to(three: Database) -> None:
    sums = run_list.sums(three)
    assert (sums.total.runs, sums.total.done, sums.total.failed) == (3, 1, 1)
    assert sums.total.usd == 2.5
    assert sums.total.seconds == 150.0
    assert sums.total.folders == 1
    assert sums.total.blocked == Blocked(100.0, 3, 40.0)
    day = time.strftime("%Y-%m-%d", time.localtime(NOON))
    assert sums.days == ((day, sums.total),)
    assert {name: one.runs for _, name, one in sums.instances} == {"beta": 1, "Alpha": 1, "gamma": 1}


def test_sums_go_by_the_filter_and_leave_out_what_nobody_paid(three: Database) -> None:
    runs.begin(three, a_run(id="d", started_at=NOON + 9, cost_usd=50.0, cost_simulated=True))
    runs.begin(three, a_run(id="e", started_at=NOON + 10, cost_usd=0.25, cost_estimated=True))
    sums = run_list.sums(three)
    assert sums.total.usd == 2.75
    assert sums.total.estimated
    assert not run_list.sums(three, RunFilter(until=NOON + 3)).total.estimated
    nothing = run_list.sums(three, RunFilter(text="nowhere"))
    assert nothing.total.runs == 0
    assert nothing.total.usd is None
    assert (nothing.days, nothing.instances) == ((), ())


def test_an_instance_has_the_name_of_its_newest_run(three: Database) -> None:
    runs.begin(three, a_run(id="d", instance=InstanceId("beta"), name="delta", started_at=NOON + 9))
    assert run_list.sums(three).instances[0][:2] == ("beta", "delta")


def test_whether_a_later_run_has_the_terminal(three: Database) -> None:
    run = runs.get(three, "a")
    assert run is not None
    assert not run_list.outlived(three, run, NOON + 100)
    runs.begin(three, a_run(id="d", instance=InstanceId("beta"), started_at=NOON + 9))
    assert run_list.outlived(three, run, NOON + 100)
    assert not run_list.outlived(three, run, NOON + 8)


def test_a_spreadsheet_runs_nothing(three: Database) -> None:
    rows = tuple(
        ListedRun(a_run(name=name)) for name in ("=cmd()", "+1", "-1", "@x", "\tx", "  =1", 'plain, "x"')
    )
    table = RunTable(TableFormat.CSV)
    text = table.begin() + table.add(rows) + table.end()
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["name"] for row in read] == ["'=cmd()", "'+1", "'-1", "'@x", "'\tx", "'  =1", 'plain, "x"']
    assert set(read[0]) == set(FIELDS)
    assert read[0]["started_at"].startswith("2026-09-21T")
    assert read[0]["cost_usd"] == ""
    assert "owner_pid" not in read[0]


@pytest.mark.parametrize("parts", [(), (1,), (2, 1)])
def test_json_is_a_list_of_runs(three: Database, parts: tuple[int, ...]) -> None:
    table = RunTable(TableFormat.JSON)
    text = table.begin()
    rows = run_list.rows(three).rows
    for part in parts:
        text += table.add(rows[:part])
    read = json.loads(text + table.end())
    assert len(read) == sum(parts)
    if read:
        assert read[0]["id"] == "c"
        assert read[0]["blocked"] == 100.0
        assert read[0]["ended_at"] is None
