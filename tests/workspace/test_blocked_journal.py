"""What the workspace sees of questions in, seconds by instance, run and day out."""

import time as times
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.core.blocked import Blocked
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import EventReport, ExitedReport
from podium.core.runs import RunOutcome
from podium.history import blocked
from podium.workspace.history_journal import HistoryJournal
from podium.workspace.run_report import RunReport
from podium.workspace.usage.blocked_journal import BlockedJournal
from podium.workspace.workspace import Workspace
from tests.history.keeping import Keeper, keeping
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time, spec

A, B = InstanceId("a"), InstanceId("b")
NOON = times.mktime((2026, 3, 2, 12, 0, 0, 0, 0, -1))
MONDAY, TUESDAY = "2026-03-02", "2026-03-03"


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    with keeping(tmp_path / "history.db") as keeper:
        yield keeper


class Watch:
    """A journal of waits and its clocks."""

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.time = Time()
        self.wall = NOON
        self.journal = BlockedJournal(keeper.history, lambda: self.wall, self.time)
        self.started: dict[str, float] = {}
        self.activations = 0
        self.journal.activated = self._on_activated

    def _on_activated(self) -> None:
        self.activations += 1

    def go_on(self, seconds: float) -> None:
        self.time.now += seconds
        self.wall += seconds

    def tell(self, instance: InstanceId, run: str, since: float | None = None, *, over: bool = False) -> None:
        started = self.started.setdefault(run, self.time.now)
        outcome = RunOutcome.DONE if over else RunOutcome.RUNNING
        self.journal.observe(
            instance, RunReport(run, started, self.time.now - started, outcome, waits_since=since)
        )

    def wait(self, instance: InstanceId, run: str, seconds: float) -> None:
        self.tell(instance, run, self.time.now)
        self.go_on(seconds)
        self.tell(instance, run)

    def written(self) -> dict[tuple[str, str, str], Blocked]:
        def read(database: Any) -> Any:
            with database.reading() as connection:
                return connection.execute("SELECT * FROM blocked").fetchall()

        return {
            (day, instance, run): Blocked(round(seconds, 3), questions, round(longest, 3))
            for day, instance, run, seconds, questions, longest in self.keeper.ask(read)
        }


@pytest.fixture
def watch(keeper: Keeper) -> Watch:
    return Watch(keeper)


def test_waits_are_written_at_the_next_step_and_at_the_end_of_their_run(watch: Watch) -> None:
    watch.wait(A, "r1", 60)
    watch.wait(A, "r1", 30)
    assert watch.journal.today() == {A: Blocked(90, 2, 60)}
    assert watch.written() == {}
    watch.journal.step()
    assert watch.written() == {(MONDAY, "a", "r1"): Blocked(90, 2, 60)}
    watch.wait(A, "r1", 5)
    watch.tell(A, "r1", over=True)
    assert watch.written() == {(MONDAY, "a", "r1"): Blocked(95, 3, 60)}
    assert watch.journal.today() == {A: Blocked(95, 3, 60)}
    assert not watch.journal.active


def test_a_wait_that_is_on_counts_up_to_now_and_is_written_meanwhile(watch: Watch) -> None:
    watch.tell(A, "r", watch.time.now)
    watch.go_on(1000)
    assert watch.journal.today() == {A: Blocked(1000, 1, 1000)}
    watch.journal.step()
    assert watch.written() == {(MONDAY, "a", "r"): Blocked(1000, 1, 1000)}
    assert watch.journal.active
    watch.go_on(5)
    watch.journal.step()
    assert watch.written() == {(MONDAY, "a", "r"): Blocked(1005, 1, 1005)}


def test_steps_without_news_write_nothing(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    watch.wait(A, "r", 60)
    watch.journal.step()
    writes: list[object] = []
    monkeypatch.setattr(watch.keeper.history, "submit", lambda *work, **_: writes.append(work))
    for _ in range(100):
        watch.journal.step()
        watch.tell(A, "r")
    assert writes == []
    for _ in range(1000):
        watch.wait(A, "r", 0.01)
    assert writes == []
    watch.journal.step()
    assert len(writes) == 1


def test_it_is_told_when_there_is_something_to_do(watch: Watch) -> None:
    watch.tell(A, "r")
    assert (watch.activations, watch.journal.active) == (0, False)
    watch.tell(A, "r", watch.time.now)
    assert (watch.activations, watch.journal.active) == (1, True)
    watch.go_on(5)
    watch.tell(A, "r")
    assert watch.journal.active  # It is not written yet.
    watch.journal.step()
    assert not watch.journal.active


def test_a_run_that_ends_while_it_waits_waited_to_its_end(watch: Watch) -> None:
    watch.tell(A, "r", watch.time.now)
    watch.go_on(60)
    over = RunReport("r", 100.0, 60.0, RunOutcome.CRASHED)
    watch.go_on(10)  # It is heard of later.
    for _ in range(3):
        watch.journal.observe(A, over)
    assert watch.written() == {(MONDAY, "a", "r"): Blocked(60, 1, 60)}
    assert watch.journal.today() == {A: Blocked(60, 1, 60)}


def test_each_run_and_each_instance_has_its_own(watch: Watch) -> None:
    watch.wait(A, "r1", 10)
    watch.wait(B, "s", 20)
    watch.wait(A, "r2", 40)  # The end of the first was never told.
    watch.journal.step()
    assert watch.written() == {
        (MONDAY, "a", "r1"): Blocked(10, 1, 10),
        (MONDAY, "a", "r2"): Blocked(40, 1, 40),
        (MONDAY, "b", "s"): Blocked(20, 1, 20),
    }
    watch.tell(A, "r2", over=True)
    assert watch.journal.today() == {A: Blocked(50, 2, 40), B: Blocked(20, 1, 20)}


def test_an_end_before_midnight_that_is_heard_of_after_it_is_yesterday_s(watch: Watch) -> None:
    watch.go_on(12 * 3600 - 60)
    started = watch.time.now
    watch.tell(A, "r", started)
    watch.go_on(75)
    watch.journal.observe(A, RunReport("r", started, 50.0, RunOutcome.DONE))
    assert watch.written() == {(MONDAY, "a", "r"): Blocked(50, 1, 50)}
    assert watch.journal.today() == {}


def test_a_removed_instance_keeps_its_sums(watch: Watch) -> None:
    watch.tell(A, "r", watch.time.now)
    watch.go_on(60)
    watch.tell(A, "r", over=True)
    watch.journal.forget_instance(A)
    watch.wait(B, "s", 5)
    watch.journal.forget_instance(B)
    watch.journal.forget_instance(B)
    assert watch.journal.today() == {A: Blocked(60, 1, 60), B: Blocked(5, 1, 5)}
    assert set(watch.written()) == {(MONDAY, "a", "r"), (MONDAY, "b", "s")}


def test_at_midnight_the_day_begins_with_nothing_but_what_still_waits(watch: Watch) -> None:
    watch.wait(B, "over", 60)
    watch.tell(B, "over", over=True)
    watch.go_on(12 * 3600 - 60 - 600)
    watch.tell(A, "r", watch.time.now)
    watch.go_on(900)
    assert watch.journal.today() == {A: Blocked(300, 0, 900)}
    watch.journal.step()
    assert watch.written() == {
        (MONDAY, "b", "over"): Blocked(60, 1, 60),
        (MONDAY, "a", "r"): Blocked(600, 1, 600),
        (TUESDAY, "a", "r"): Blocked(300, 0, 900),
    }


def test_the_day_goes_on_after_a_restart_and_counts_nothing_twice(watch: Watch) -> None:
    watch.wait(A, "r", 60)
    watch.tell(A, "r", over=True)
    watch.wait(B, "killed", 30)
    watch.journal.step()
    after = Watch(watch.keeper)
    after.wall = watch.wall
    handed: list[tuple[Any, Any]] = []
    after.wait(A, "r2", 5)
    after.tell(A, "r2", over=True)
    after.wait(B, "s", 7)
    after.journal.step()
    known: list[bool] = []
    after.journal.load(lambda receive, value: handed.append((receive, value)), lambda: known.append(True))
    assert after.journal.today() == {A: Blocked(5, 1, 5), B: Blocked(7, 1, 7)}
    after.written()  # What was asked before is answered by now.
    [(receive, value)] = handed
    assert not known
    receive(value)
    assert known
    assert after.journal.today() == {A: Blocked(65, 2, 60), B: Blocked(37, 2, 30)}


def test_what_of_yesterday_is_known_after_midnight_is_not_of_today(watch: Watch) -> None:
    watch.wait(A, "r", 60)
    watch.journal.step()
    after = Watch(watch.keeper)
    handed: list[tuple[Any, Any]] = []
    after.journal.load(lambda receive, value: handed.append((receive, value)))
    after.written()
    after.go_on(13 * 3600)
    [(receive, value)] = handed
    receive(value)
    assert after.journal.today() == {}


def test_without_a_history_it_counts_all_the_same(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "history.db")
    keeper.history.close(0)
    watch = Watch(keeper)
    watch.journal.load(lambda *_: None)
    watch.wait(A, "r", 60)
    watch.journal.step()
    assert watch.journal.today() == {A: Blocked(60, 1, 60)}


def test_a_history_that_was_begun_anew_gets_what_goes_on(watch: Watch) -> None:
    watch.wait(A, "r", 60)
    watch.journal.step()

    def empty(database: Any) -> None:
        with database.writing() as connection:
            connection.execute("DELETE FROM blocked")

    watch.keeper.do(empty)
    watch.journal.write_again()
    assert watch.written() == {(MONDAY, "a", "r"): Blocked(60, 1, 60)}


def test_waits_since_a_moment(watch: Watch) -> None:
    watch.wait(A, "r", 60)
    watch.go_on(600)
    left = watch.wall
    assert watch.journal.since(left) == 0
    watch.go_on(100)
    watch.tell(A, "r", watch.time.now)
    watch.wait(B, "s", 10)
    watch.go_on(30)
    assert watch.journal.since(left) == 50
    assert watch.journal.since(watch.wall - 15) == 15
    assert watch.journal.since(0) == 110
    watch.tell(A, "r", over=True)
    watch.go_on(1000)
    assert watch.journal.since(left) == 50


# Over a workspace


class Bench:
    def __init__(self, backend: FakeBackend, keeper: Keeper) -> None:
        self.backend, self.time, self.keeper = backend, Time(), keeper
        self.wall = NOON
        self.journal = HistoryJournal(keeper.history, lambda: self.wall, self.time)
        self.workspace = Workspace(
            backend.hub, {"PATH": "/bin", "SHELL": "/bin/sh"}, self.time, journal=self.journal
        )
        self.workspace.create(spec("a"))
        backend.run("a")

    def go_on(self, seconds: float) -> None:
        self.time.now += seconds
        self.wall += seconds

    def event(self, name: str, **data: object) -> None:
        self.backend.report("a", EventReport(f"orchestrator:{name}", data))

    def of_run(self) -> list[Blocked]:
        def read(database: Any) -> Any:
            with database.reading() as connection:
                runs = [run for (run,) in connection.execute("SELECT id FROM runs ORDER BY started_at")]
            return [blocked.of_runs(database, [run]).get(run, Blocked()) for run in runs]

        found: list[Blocked] = self.keeper.ask(read)
        return found


@pytest.fixture
def bench(backend: FakeBackend, keeper: Keeper, qapp: object) -> Iterator[Bench]:
    made = Bench(backend, keeper)
    yield made
    made.workspace.deleteLater()


def test_questions_of_a_program_are_counted_until_they_are_answered(bench: Bench) -> None:
    bench.event("waiting", question="Run it?")
    bench.go_on(60)
    bench.workspace.rename(A, "Another name")
    bench.event("working")
    bench.go_on(60)
    bench.event("waiting", question="And this?")
    bench.go_on(30)
    assert bench.journal.blocked.today() == {A: Blocked(90, 2, 60)}
    bench.backend.report("a", ExitedReport(0, None))
    bench.go_on(60)
    assert bench.journal.blocked.today() == {A: Blocked(90, 2, 60)}
    assert bench.of_run() == [Blocked(90, 2, 60)]


def test_a_worker_that_dies_ends_the_wait(bench: Bench) -> None:
    bench.event("waiting", question="Run it?")
    bench.go_on(60)
    bench.backend.become("a", WorkerState.BACKOFF)
    bench.go_on(600)
    assert bench.of_run() == [Blocked(60, 1, 60)]
    assert bench.journal.blocked.today() == {A: Blocked(60, 1, 60)}


def test_an_instance_that_is_closed_while_it_waits_leaves_its_sum(bench: Bench) -> None:
    bench.event("waiting", question="Run it?")
    bench.go_on(60)
    bench.workspace.close(A)
    bench.backend.report("a", ExitedReport(None, 15))
    bench.backend.exit("a", 0)
    assert bench.journal.blocked.today()[A].seconds == 60
    assert bench.of_run()[0].seconds == 60
