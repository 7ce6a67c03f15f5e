"""Restarts and crashes: no run is lost, and none happens twice."""

import pytest
from tests.supervision.programs import Program, at_work, kinds

from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ProgramState
from podium.supervision.program_states import (
    AwaitingWorker,
    Backoff,
    EndedBy,
    Exited,
    Failed,
    Idle,
    NewRun,
    Order,
    RespawnWorker,
    Run,
    SendStart,
    SendStop,
    SpawnWorker,
)

AGAIN = Order(resume=True, unasked=True)


# Restarting


def test_a_restart_waits_for_the_end_and_happens_once() -> None:
    program = at_work(order=Order(resume=True, agreed=True))
    assert program.supervisor.restart() == [SendStop()]
    assert program.supervisor.restart() == [SendStop()]
    program.hears(ProgramState.STOPPING)
    assert program.supervisor.on_exited(crashed=True) == [NewRun(Order()), SendStart(Run(Order(), 1000.0))]
    program.hears(ProgramState.RUNNING)
    assert program.supervisor.on_exited(crashed=False) == []


@pytest.mark.parametrize("gone", [WorkerState.STOPPED, WorkerState.FAILED, WorkerState.BACKOFF])
@pytest.mark.parametrize("heard", [True, False])
def test_a_restart_outlives_its_worker(gone: WorkerState, heard: bool) -> None:
    program = at_work(reruns=False)
    program.supervisor.restart()
    if heard:
        program.hears(ProgramState.STOPPING)
    again = RespawnWorker() if gone is WorkerState.BACKOFF else SpawnWorker()
    assert program.became(gone) == [NewRun(Order()), again]
    assert kinds(program.became(WorkerState.STARTING, WorkerState.RUNNING)) == [SendStart]


def test_a_restart_of_a_session_that_hangs_runs_in_the_next_worker() -> None:
    program = at_work()
    program.supervisor.restart()
    program.until_killed()
    assert program.became(WorkerState.STOPPING, WorkerState.STOPPED) == [NewRun(Order()), SpawnWorker()]


def test_a_restart_whose_worker_was_respawned_by_others_is_not_lost() -> None:
    program = at_work()
    program.supervisor.restart()
    assert program.became(WorkerState.STOPPING, WorkerState.STARTING) == [NewRun(Order())]
    assert kinds(program.became(WorkerState.RUNNING)) == [SendStart]


def test_a_program_that_ends_before_its_dying_worker_does_is_restarted_in_the_next() -> None:
    program = at_work()
    program.supervisor.restart()
    program.until_killed()
    program.became(WorkerState.STOPPING)
    assert program.supervisor.on_exited(crashed=False) == [NewRun(Order())]
    assert program.became(WorkerState.STOPPED) == [SpawnWorker()]


def test_a_restart_after_a_stop_counts_and_a_stop_after_a_restart_too() -> None:
    program = at_work()
    program.supervisor.stop()
    program.supervisor.restart()
    program.supervisor.stop()
    program.supervisor.restart()
    assert kinds(program.supervisor.on_exited(crashed=False)) == [NewRun, SendStart]
    program.hears(ProgramState.RUNNING)
    program.supervisor.restart()
    program.supervisor.stop()
    assert program.supervisor.on_exited(crashed=False) == []
    assert program.state == Exited(EndedBy.REQUEST)


def test_a_restart_in_the_workers_back_off_does_not_wait() -> None:
    program = at_work()
    program.became(WorkerState.BACKOFF)
    assert program.supervisor.restart() == [NewRun(Order()), RespawnWorker()]


def test_a_start_that_never_got_through_is_retried_as_it_was_asked_for() -> None:
    program = Program()
    order = Order(resume=True, agreed=True)
    program.supervisor.start(order)
    program.became(WorkerState.STARTING, WorkerState.BACKOFF)
    assert program.supervisor.restart() == [NewRun(order), RespawnWorker()]


@pytest.mark.parametrize("worker", [WorkerState.STARTING, WorkerState.STOPPING])
def test_a_restart_of_what_starts_anyway_does_nothing(worker: WorkerState) -> None:
    program = Program()
    program.became(worker)
    program.supervisor.start()
    assert program.supervisor.restart() == []


def test_a_restart_of_what_does_not_run_starts_it() -> None:
    program = Program()
    assert program.supervisor.restart() == [NewRun(Order()), SpawnWorker()]


# Crashes


def test_a_crash_is_followed_by_another_run_after_a_while() -> None:
    program = at_work(order=Order(agreed=True))
    assert program.supervisor.on_exited(crashed=True) == []
    assert isinstance(program.state, Backoff)
    assert (program.state.wait.attempt, program.state.wait.attempts) == (1, 5)
    assert program.wait(0.9) == []
    assert program.wait(0.1) == [NewRun(AGAIN), SendStart(Run(AGAIN, 1001.0))]


def test_an_end_that_is_no_crash_is_not_followed_by_anything() -> None:
    program = at_work()
    assert program.supervisor.on_exited(crashed=False) == []
    assert program.state == Exited(EndedBy.ITSELF)
    assert program.supervisor.next_deadline is None


def crash_often(program: Program, times: int) -> None:
    for _ in range(times):
        program.supervisor.on_exited(crashed=True)
        if program.supervisor.next_deadline is not None:
            program.until_due()


def test_after_five_restarts_it_has_failed_until_somebody_starts_it() -> None:
    program = at_work()
    crash_often(program, 6)
    assert program.state == Failed(5)
    assert program.wait(1e6) == []
    assert kinds(program.supervisor.start()) == [NewRun, SendStart]
    program.supervisor.on_exited(crashed=True)
    assert isinstance(program.state, Backoff)
    assert program.state.wait.attempt == 1


@pytest.mark.parametrize("ran", [59.9, 60.0])
def test_a_stable_run_forgets_the_crashes_before(ran: float) -> None:
    program = at_work()
    crash_often(program, 2)
    program.time.now += ran
    program.supervisor.on_exited(crashed=True)
    assert isinstance(program.state, Backoff)
    assert program.state.wait.attempt == (1 if ran >= 60 else 3)


@pytest.mark.parametrize("how", ["restart", "close and never again"])
def test_who_asks_for_a_run_has_the_crashes_forgotten(how: str) -> None:
    program = at_work()
    crash_often(program, 4)
    if how == "restart":
        program.supervisor.restart()
        program.supervisor.on_exited(crashed=False)
        program.hears(ProgramState.RUNNING)
        program.supervisor.on_exited(crashed=True)
        assert isinstance(program.state, Backoff)
        assert program.state.wait.attempt == 1
    else:
        program.supervisor.close()
        program.supervisor.on_exited(crashed=True)
        assert program.supervisor.next_deadline is None


def test_a_stop_in_back_off_is_final() -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=True)
    assert program.supervisor.stop() == []
    assert program.state == Exited(EndedBy.ITSELF)
    assert program.wait(1e6) == []


def test_a_start_in_back_off_does_not_wait() -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=True)
    order = Order(agreed=True)
    assert program.supervisor.start(order) == [NewRun(order), SendStart(Run(order, 1000.0))]
    assert program.wait(1e6) == []


def test_a_crash_while_leftovers_are_ended_counts_once_they_are() -> None:
    program = at_work()
    program.hears(ProgramState.STOPPING)
    program.supervisor.on_exited(crashed=True)
    assert isinstance(program.state, Backoff)


def test_a_start_that_failed_has_ended_by_itself() -> None:
    program = Program()
    program.supervisor.start()
    program.became(WorkerState.STARTING, WorkerState.RUNNING)
    program.supervisor.on_exited(crashed=False)
    assert program.state == Exited(EndedBy.ITSELF)


def test_a_late_end_ends_nothing() -> None:
    program = Program()
    program.supervisor.start()
    assert program.supervisor.on_exited(crashed=True) == []
    assert isinstance(program.state, AwaitingWorker)


# The worker's death


def test_what_went_down_with_its_worker_goes_on_in_the_next() -> None:
    program = at_work(order=Order(agreed=True))
    assert program.became(WorkerState.BACKOFF) == []
    assert program.supervisor.active
    assert program.became(WorkerState.STARTING) == []
    assert program.became(WorkerState.RUNNING) == [NewRun(AGAIN), SendStart(Run(AGAIN, 1000.0))]


def test_what_is_not_run_again_unasked_is_lost_with_its_worker() -> None:
    program = at_work(reruns=False)
    assert program.became(WorkerState.BACKOFF) == []
    assert program.state == Exited(EndedBy.WORKER)
    assert program.became(WorkerState.STARTING, WorkerState.RUNNING) == []
    assert kinds(program.supervisor.start()) == [NewRun, SendStart]


def test_what_is_lost_can_be_started_in_the_back_off_of_its_worker() -> None:
    program = at_work(reruns=False)
    program.became(WorkerState.BACKOFF)
    assert program.supervisor.start() == [NewRun(Order()), RespawnWorker()]


@pytest.mark.parametrize("gone", [WorkerState.STOPPED, WorkerState.FAILED, WorkerState.STARTING])
def test_what_ends_with_a_worker_that_did_not_crash_is_not_run_again(gone: WorkerState) -> None:
    program = at_work()
    assert program.became(gone) == []
    assert program.state == Idle()
    assert program.became(WorkerState.RUNNING) == []


def test_what_was_stopped_is_not_run_again_when_its_worker_dies() -> None:
    program = at_work()
    program.supervisor.stop()
    assert program.became(WorkerState.BACKOFF, WorkerState.STARTING, WorkerState.RUNNING) == []
    assert program.state == Exited(EndedBy.REQUEST)


def test_what_had_ended_by_itself_is_not_run_again_when_its_worker_dies() -> None:
    program = at_work()
    program.hears(ProgramState.STOPPING)
    assert program.became(WorkerState.BACKOFF, WorkerState.STARTING, WorkerState.RUNNING) == []
    assert program.state == Idle()


@pytest.mark.parametrize("reruns", [True, False])
def test_a_worker_that_dies_while_its_program_waits_runs_it_once(reruns: bool) -> None:
    program = at_work(reruns=reruns)
    program.supervisor.on_exited(crashed=True)
    program.became(WorkerState.BACKOFF)
    assert program.wait(1e6) == []
    actions = program.became(WorkerState.STARTING, WorkerState.RUNNING)
    assert kinds(actions) == ([NewRun, SendStart] if reruns else [])
    assert program.wait(1e6) == []


def test_a_wait_that_is_over_while_the_worker_starts_is_for_that_worker() -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=True)
    program.became(WorkerState.STOPPING, WorkerState.STARTING)
    assert program.until_due() == [NewRun(AGAIN)]
    assert kinds(program.became(WorkerState.RUNNING)) == [SendStart]


def test_a_wait_outlives_a_worker_that_stopped() -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=True)
    program.became(WorkerState.STOPPED)
    assert program.until_due() == [NewRun(AGAIN), SpawnWorker()]


def test_a_worker_that_is_given_up_takes_the_wait_along() -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=True)
    program.became(WorkerState.FAILED)
    assert program.wait(1e6) == []
