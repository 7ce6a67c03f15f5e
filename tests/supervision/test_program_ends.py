"""Closing, quitting and finishing the round."""

import pytest
from tests.supervision.programs import Program, at_work

from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ProgramState
from podium.supervision.program_states import (
    Forget,
    Forgotten,
    KillWorker,
    Running,
    SendFinishRound,
    Starting,
    StopFor,
    Stopping,
)

# Closing and quitting


@pytest.mark.parametrize("worker", [WorkerState.STOPPED, WorkerState.FAILED])
def test_what_has_no_worker_is_forgotten_at_once(worker: WorkerState) -> None:
    program = Program()
    program.became(worker)
    assert program.supervisor.close() == [Forget()]
    assert program.state == Forgotten()
    assert program.supervisor.close() == []


@pytest.mark.parametrize("ended", [WorkerState.STOPPED, WorkerState.FAILED])
def test_what_is_closed_is_forgotten_when_its_worker_has_ended(ended: WorkerState) -> None:
    program = at_work()
    assert program.supervisor.close() == [KillWorker()]
    program.hears(ProgramState.STOPPING)
    assert program.supervisor.on_exited(crashed=True) == []
    assert program.supervisor.stop_asked
    assert program.became(WorkerState.STOPPING) == []
    assert program.became(ended) == [Forget()]


@pytest.mark.parametrize("worker", [WorkerState.BACKOFF, WorkerState.STARTING])
def test_a_worker_that_comes_back_in_a_closed_instance_is_ended(worker: WorkerState) -> None:
    program = at_work()
    program.supervisor.close()
    assert program.became(worker) == [KillWorker()]
    assert program.became(WorkerState.RUNNING) == [KillWorker()]
    assert program.became(WorkerState.STOPPED) == [Forget()]


def test_a_close_takes_a_wait_and_a_restart_along() -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=True)
    program.supervisor.close()
    assert program.supervisor.next_deadline is None
    program = at_work()
    program.supervisor.restart()
    program.supervisor.close()
    assert program.supervisor.next_deadline is None
    assert program.supervisor.on_exited(crashed=False) == []
    assert program.became(WorkerState.STOPPED) == [Forget()]


def test_nothing_can_be_done_with_what_is_closed() -> None:
    for program in (at_work(), Program()):
        program.supervisor.close()
        before = program.state
        supervisor = program.supervisor
        for command in (supervisor.start, supervisor.stop, supervisor.restart, supervisor.close):
            assert command() == []
        assert supervisor.finish_round(1) == []
        program.hears(ProgramState.RUNNING)
        supervisor.quit()
        assert program.state == before
        assert supervisor.closed


@pytest.mark.parametrize(
    "moment", ["running", "starting", "waiting", "stopping", "restarting", "crashed", "idle"]
)
def test_nothing_starts_after_quit(moment: str) -> None:
    program = Program() if moment in ("idle", "waiting") else at_work()
    supervisor = program.supervisor
    if moment == "waiting":
        supervisor.start()
    if moment == "starting":
        supervisor.on_exited(crashed=False)
        supervisor.start()
    if moment == "stopping":
        supervisor.stop()
    if moment == "restarting":
        supervisor.restart()
    if moment == "crashed":
        supervisor.on_exited(crashed=True)
    had_run = supervisor.run is not None
    supervisor.quit()
    assert supervisor.next_deadline is None
    assert supervisor.stop_asked is had_run
    assert supervisor.active is had_run
    assert supervisor.start() == supervisor.restart() == []
    assert supervisor.on_exited(crashed=True) == []
    program.hears(ProgramState.RUNNING)
    assert program.became(WorkerState.BACKOFF, WorkerState.STARTING, WorkerState.RUNNING) == []
    assert program.wait(1e6) == []
    assert program.wait(1e6) == []


# Finishing a round


def finishing(program: Program) -> bool:
    assert isinstance(program.state, Starting | Running)
    return program.state.run.finishing


def test_a_program_finishes_its_round_once_it_says_so() -> None:
    program = at_work()
    assert program.supervisor.finish_round(7) == [SendFinishRound(7)]
    assert not finishing(program)
    program.supervisor.on_acknowledged(6)
    assert not finishing(program)
    program.supervisor.on_acknowledged(7)
    assert finishing(program)


def test_an_acknowledgement_that_nobody_waits_for_says_nothing() -> None:
    program = at_work()
    program.supervisor.on_acknowledged(0)
    assert not finishing(program)


def test_asking_again_repeats_the_request_so_that_either_answer_counts() -> None:
    program = at_work()
    program.supervisor.finish_round(7)
    assert program.supervisor.finish_round(8) == [SendFinishRound(7)]
    program.supervisor.on_acknowledged(7)
    assert finishing(program)


def test_a_request_of_the_run_before_says_nothing_about_the_next() -> None:
    program = at_work()
    program.supervisor.finish_round(7)
    program.supervisor.on_exited(crashed=False)
    program.supervisor.start()
    program.hears(ProgramState.RUNNING)
    program.supervisor.on_acknowledged(7)
    assert not finishing(program)


def test_a_round_can_be_the_last_before_the_session_has_said_that_it_runs() -> None:
    program = Program()
    program.supervisor.start()
    program.became(WorkerState.STARTING, WorkerState.RUNNING)
    assert program.supervisor.finish_round(7) == [SendFinishRound(7)]
    program.supervisor.on_acknowledged(7)
    program.hears(ProgramState.RUNNING)
    assert isinstance(program.state, Running)
    assert finishing(program)


def test_what_does_not_run_is_not_asked() -> None:
    assert Program().supervisor.finish_round(7) == []
    program = at_work()
    program.supervisor.stop()
    assert program.supervisor.finish_round(7) == []
    assert isinstance(program.state, Stopping)
    assert program.state.purpose is StopFor.STOP
