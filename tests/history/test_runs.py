"""Runs in, runs out."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.runs import Run, RunOutcome
from podium.core.system.process_identity import identity, lives
from podium.history import runs
from podium.history.database import Database, open_database
from podium.history.runs import Cursor, RunFilter
from tests.history.committers import committers
from tests.history.records import NOON, a_run

replace = msgspec.structs.replace


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "history.db")
    assert not opened.notice
    yield opened.database
    opened.database.close()


def ids(database: Database, **wanted: object) -> list[str]:
    return [run.id for run in runs.find(database, RunFilter(**wanted)).runs]


def test_a_run_comes_back_as_it_went_in(database: Database) -> None:
    run = a_run(
        ended_at=NOON + 1.5,
        seconds=1.25,
        outcome=RunOutcome.FAILED,
        exit_code=1,
        exit_signal=None,
        reason="still failing: tests",
        rounds=3,
        agents=4,
        cost_usd=0.1 + 0.2,
        cost_simulated=True,
        cost_estimated=True,
        tokens_in=10**12,
        tokens_out=7,
        restarts=2,
    )
    runs.begin(database, run)
    assert runs.get(database, run.id) == run
    assert runs.get(database, "nobody") is None


def test_what_is_unknown_stays_unknown(database: Database) -> None:
    run = a_run()
    runs.begin(database, run)
    found = runs.get(database, run.id)
    assert found is not None
    assert (found.cost_usd, found.tokens_in, found.rounds, found.ended_at, found.exit_code) == (None,) * 5


def test_from_beginning_to_end(database: Database) -> None:
    run = a_run()
    runs.begin(database, run)
    runs.progress(database, replace(run, rounds=2, agents=3, cost_usd=0.5, tokens_in=10, restarts=1))
    found = runs.get(database, run.id)
    assert found is not None
    assert (found.rounds, found.agents, found.cost_usd, found.tokens_in, found.restarts) == (2, 3, 0.5, 10, 1)
    assert found.outcome is RunOutcome.RUNNING
    ended = replace(run, outcome=RunOutcome.CRASHED, exit_signal=9, ended_at=NOON + 9, seconds=9.0)
    runs.end(database, ended)
    assert runs.get(database, run.id) == ended


@pytest.mark.fault("B1")
@pytest.mark.parametrize("outcome", RunOutcome)
def test_every_outcome_can_be_kept(database: Database, outcome: RunOutcome) -> None:
    run = a_run()
    runs.begin(database, run)
    runs.end(database, replace(run, outcome=outcome))
    found = runs.get(database, run.id)
    assert found is not None
    assert found.outcome is outcome


def test_what_comes_late_does_not_wake_a_run_that_has_ended(database: Database) -> None:
    run = a_run()
    runs.begin(database, run)
    ended = replace(run, outcome=RunOutcome.DONE, rounds=4)
    runs.end(database, ended)
    runs.progress(database, replace(run, rounds=3))
    runs.begin(database, run)
    runs.end(database, replace(run, outcome=RunOutcome.STOPPED))
    assert runs.get(database, run.id) == ended


def test_an_end_is_kept_though_nobody_told_of_the_beginning(database: Database) -> None:
    ended = a_run(outcome=RunOutcome.DONE)
    runs.end(database, ended)
    assert runs.get(database, ended.id) == ended


def test_the_true_end_replaces_the_guess(database: Database) -> None:
    run = a_run()
    runs.begin(database, run)
    runs.interrupt_abandoned(database, lambda *_: False)
    ended = replace(run, outcome=RunOutcome.DONE)
    runs.end(database, ended)
    assert runs.get(database, run.id) == ended


def test_what_no_database_can_hold(database: Database) -> None:
    run = a_run(
        folder=os.fsdecode(b"/home/kim/\xff\xfe"),
        reason="x" * 100_000,
        name="a\0b",
        cost_usd=float("nan"),
        seconds=float("inf"),
        tokens_in=10**30,
        tokens_out=-(10**30),
    )
    runs.begin(database, run)
    found = runs.get(database, run.id)
    assert found is not None
    assert found.folder == "/home/kim/\\udcff\\udcfe"
    assert (len(found.reason), found.reason[-2:]) == (8192, "x…")
    assert found.name == "a\0b"
    assert (found.cost_usd, found.seconds) == (None, None)
    assert (found.tokens_in, found.tokens_out) == (2**63 - 1, -(2**63 - 1))


def test_questions_of_strangers(database: Database) -> None:
    """They come over the API: whatever is in them, the answer is that there is nothing."""
    runs.begin(database, a_run())
    strange = "\udcff'; DROP TABLE runs; --\0"
    assert runs.get(database, strange) is None
    assert ids(database, text=strange) == ids(database, instance=strange) == []
    assert ids(database, since=float("nan")) == ids(database, since=float("inf")) == []
    assert runs.find(database, before=Cursor(float("-inf"), strange)).runs == ()
    assert len(runs.find(database, limit=-5).runs) == 1
    assert len(runs.find(database, limit=10**30).runs) == 1


def test_each_filter_alone(database: Database) -> None:
    shell = a_run(kind=Kind.SHELL, what="", started_at=NOON + 1, instance=InstanceId("Api"), name="API work")
    done = a_run(outcome=RunOutcome.DONE, started_at=NOON + 2, folder="/srv/Über/100%_sure")
    crashed = a_run(outcome=RunOutcome.CRASHED, reason="SIGSEGV", started_at=NOON + 3, kind=Kind.COMMAND)
    for run in (shell, done, crashed):
        runs.begin(database, run)
    assert ids(database) == [crashed.id, done.id, shell.id]
    assert ids(database, instance="Api") == ids(database, kind=Kind.SHELL) == [shell.id]
    assert ids(database, outcome=RunOutcome.DONE) == [done.id]
    assert ids(database, since=NOON + 2) == [crashed.id, done.id]
    assert ids(database, until=NOON + 2) == [shell.id]
    assert ids(database, text="api WORK") == [shell.id]
    assert ids(database, text="über") == ids(database, text="100%_") == [done.id]
    assert ids(database, text="sigsegv") == [crashed.id]
    assert ids(database, text="1000") == ids(database, text="work\nindigo") == []


RUNS = st.lists(
    st.builds(
        a_run,
        id=st.uuids(version=4).map(lambda one: one.hex),
        instance=st.sampled_from(["a", "b"]).map(InstanceId),
        kind=st.sampled_from(Kind),
        outcome=st.sampled_from(RunOutcome),
        started_at=st.sampled_from([NOON, NOON + 0.1, NOON + 0.2, NOON + 3600]),
        reason=st.sampled_from(["", "Straße", "STRASSE 7"]),
    ),
    max_size=25,
    unique_by=lambda run: run.id,
)
FILTERS = st.builds(
    RunFilter,
    instance=st.none() | st.sampled_from(["a", "b", "c"]).map(InstanceId),
    kind=st.none() | st.sampled_from(Kind),
    outcome=st.none() | st.sampled_from(RunOutcome),
    since=st.none() | st.sampled_from([NOON, NOON + 0.1, NOON + 1]),
    until=st.none() | st.sampled_from([NOON, NOON + 0.2, NOON + 9999]),
    text=st.sampled_from(["", "strasse", "7", "nowhere"]),
)


def passes(run: Run, wanted: RunFilter) -> bool:
    return (
        wanted.instance in (None, run.instance)
        and wanted.kind in (None, run.kind)
        and wanted.outcome in (None, run.outcome)
        and (wanted.since is None or run.started_at >= wanted.since)
        and (wanted.until is None or run.started_at < wanted.until)
        and wanted.text in run.reason.casefold()
    )


@pytest.mark.lengthy
@settings(max_examples=60, deadline=None)
@given(RUNS, FILTERS, st.integers(1, 10))
def test_pages_are_what_passes_the_filter_each_once_and_in_order(
    kept: list[Run], wanted: RunFilter, limit: int
) -> None:
    database = open_database(Path("/dev/null/none")).database  # In memory: nothing of this is about the disk.
    with database.writing():
        for run in kept:
            runs.begin(database, run)
    found: list[Run] = []
    page = runs.find(database, wanted, limit=limit)
    while page.next is not None:
        assert len(page.runs) == limit
        found += page.runs
        page = runs.find(database, wanted, before=page.next, limit=limit)
    found += page.runs
    database.close()
    expected = [run for run in kept if passes(run, wanted)]
    assert found == sorted(expected, key=lambda run: (run.started_at, run.id), reverse=True)


def test_a_run_that_begins_between_two_pages_shifts_nothing(database: Database) -> None:
    old = [a_run(started_at=NOON + number) for number in range(4)]
    for run in old:
        runs.begin(database, run)
    first = runs.find(database, limit=2)
    runs.begin(database, a_run(started_at=NOON + 100))
    second = runs.find(database, before=first.next, limit=2)
    assert [*first.runs, *second.runs] == old[::-1]
    assert second.next is None


@pytest.mark.fault(46)
def test_running_rows_of_a_killed_window_are_interrupted_and_those_of_a_live_one_are_not(
    tmp_path: Path,
) -> None:
    path = tmp_path / "history.db"
    with committers(path) as windows:
        window = windows.start()
        windows.wait_for_first_run(window)
        database = open_database(path).database
        own = os.getpid()
        mine = a_run(owner_pid=own, owner_identity=identity(own))
        # Its owner's number was given to another process since: this one.
        reused = a_run(owner_pid=own, owner_identity="boot:1", seconds=12.5)
        done = a_run(owner_pid=own, owner_identity="boot:1", outcome=RunOutcome.DONE)
        for run in (mine, reused, done):
            runs.begin(database, run)
        assert runs.interrupt_abandoned(database, lives) == (expected(reused),)
        windows.kill(window)
        windows.wait_until_dead()
    found = runs.interrupt_abandoned(database, lives)
    assert windows.acknowledged <= {run.id for run in found}
    assert {(run.owner_pid, run.outcome) for run in found} == {(window, RunOutcome.INTERRUPTED)}
    assert runs.interrupt_abandoned(database, lives) == ()
    assert runs.get(database, found[0].id) == found[0]
    assert runs.get(database, mine.id) == mine
    assert runs.get(database, done.id) == done
    database.close()


def expected(run: Run) -> Run:
    return replace(run, outcome=RunOutcome.INTERRUPTED, reason=runs.INTERRUPTED)


@pytest.mark.parametrize(
    ("days", "most", "left"),
    [
        (None, None, ["running", "old", "older", "oldest"]),
        (10, None, ["running", "old"]),
        (None, 2, ["running", "old", "older"]),
        (10, 0, ["running"]),
        (21, 5, ["running", "old", "older"]),
    ],
)
def test_old_runs_are_forgotten_and_running_ones_never(
    database: Database, days: float | None, most: int | None, left: list[str]
) -> None:
    now = NOON + 100 * runs.DAY
    for name, age in (("running", 99), ("old", 5), ("older", 20), ("oldest", 30)):
        outcome = RunOutcome.RUNNING if name == "running" else RunOutcome.DONE
        begun = now - age * runs.DAY
        runs.begin(database, a_run(id=name, started_at=begun, ended_at=begun, outcome=outcome))
    forgotten = runs.prune(database, now=now, keep_days=days, keep_runs=most)
    assert sorted(ids(database)) == sorted(left)
    assert forgotten == 4 - len(left)


def test_a_run_that_took_long_is_as_old_as_its_end(database: Database) -> None:
    now = NOON + 100 * runs.DAY
    runs.begin(database, a_run(started_at=NOON, ended_at=now, outcome=RunOutcome.DONE))
    assert runs.prune(database, now=now, keep_days=10, keep_runs=None) == 0


def test_forgetting_many_takes_several_transactions(database: Database) -> None:
    with database.writing():
        for number in range(1234):
            runs.begin(database, a_run(started_at=NOON + number, outcome=RunOutcome.DONE))
    assert runs.prune(database, now=NOON, keep_days=None, keep_runs=34) == 1200
    kept = runs.find(database, limit=1000).runs
    assert [run.started_at - NOON for run in kept] == [float(number) for number in range(1233, 1199, -1)]


@pytest.mark.parametrize("change", [runs.begin, runs.progress, runs.end])
def test_done_twice_is_done_once(database: Database, change: Callable[[Database, Run], None]) -> None:
    run = a_run()
    change(database, run)
    change(database, run)
    assert runs.find(database).runs == (run,)
