"""A fault in, what becomes of the program out; time stands still until a test moves it."""

import pytest
from tests.supervision.programs import Program, at_work, kinds

from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ProgramState
from podium.supervision.program_states import (
    AwaitingWorker,
    EndedBy,
    Exited,
    Idle,
    KillWorker,
    NewRun,
    Order,
    Run,
    Running,
    SendStart,
    SendStop,
    SpawnWorker,
    Starting,
    Stopping,
)

LIVES = [WorkerState.STARTING, WorkerState.RUNNING, WorkerState.STOPPING]


# Starting


def test_a_start_has_a_worker_spawned_and_is_sent_when_that_is_ready() -> None:
    program = Program()
    order = Order(resume=True, agreed=True)
    assert program.supervisor.start(order) == [NewRun(order), SpawnWorker()]
    assert program.became(WorkerState.STARTING) == []
    program.time.now += 4
    assert program.became(WorkerState.RUNNING) == [SendStart(Run(order, 1004.0))]
    assert program.state == Starting(Run(order, 1004.0))
    program.hears(ProgramState.RUNNING)
    assert program.state == Running(Run(order, 1004.0))


def test_a_worker_that_is_there_gets_the_start_at_once() -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=False)
    assert kinds(program.supervisor.start()) == [NewRun, SendStart]


@pytest.mark.parametrize("worker", [None, *LIVES])
def test_a_second_start_does_nothing(worker: WorkerState | None) -> None:
    program = Program()
    program.supervisor.start()
    if worker is not None:
        program.became(*LIVES[: LIVES.index(worker) + 1])
    before = program.state
    assert program.supervisor.start(Order(agreed=True)) == []
    assert program.state == before


def test_a_worker_that_is_not_to_be_had_leaves_it_idle() -> None:
    program = Program()
    program.supervisor.start()
    program.supervisor.on_spawn_refused()
    assert program.state == Idle()
    assert kinds(program.supervisor.start()) == [NewRun, SpawnWorker]


@pytest.mark.parametrize("ended", [WorkerState.STOPPED, WorkerState.FAILED])
def test_a_worker_that_will_not_get_ready_leaves_it_idle(ended: WorkerState) -> None:
    program = Program()
    program.supervisor.start()
    assert program.became(WorkerState.STARTING, ended) == []
    assert program.state == Idle()
    assert kinds(program.supervisor.start()) == [NewRun, SpawnWorker]


def test_a_start_waits_over_the_back_off_of_its_worker_as_it_was_asked_for() -> None:
    program = Program()
    order = Order(agreed=True)
    program.supervisor.start(order)
    assert program.became(WorkerState.STARTING, WorkerState.BACKOFF, WorkerState.STARTING) == []
    [start] = program.became(WorkerState.RUNNING)
    assert isinstance(start, SendStart)
    assert start.run.order == order


def test_a_start_while_the_old_worker_is_being_ended_is_for_the_next_one() -> None:
    program = Program()
    program.supervisor.start()
    program.became(WorkerState.STARTING)
    assert program.supervisor.stop() == [KillWorker()]
    program.became(WorkerState.STOPPING)
    order = Order(resume=True, agreed=True)
    assert program.supervisor.start(order) == [NewRun(order)]
    assert program.became(WorkerState.STOPPED) == [SpawnWorker()]
    assert program.became(WorkerState.STARTING) == []
    [start] = program.became(WorkerState.RUNNING)
    assert isinstance(start, SendStart)
    assert start.run.order == order


def test_a_start_waits_for_a_worker_that_respawns_by_itself() -> None:
    program = Program()
    program.became(WorkerState.STARTING, WorkerState.RUNNING, WorkerState.STOPPING)
    program.supervisor.start()
    assert program.became(WorkerState.STARTING) == []
    assert kinds(program.became(WorkerState.RUNNING)) == [SendStart]


def test_a_start_whose_worker_died_before_it_answered_is_sent_to_the_next_one() -> None:
    program = Program(reruns=False)
    program.supervisor.start(Order(agreed=True))
    program.became(WorkerState.STARTING, WorkerState.RUNNING)
    assert program.became(WorkerState.BACKOFF, WorkerState.STARTING) == []
    order = Order(agreed=True, unasked=True)
    assert program.became(WorkerState.RUNNING) == [NewRun(order), SendStart(Run(order, 1000.0))]


@pytest.mark.parametrize("ended", [WorkerState.STOPPED, WorkerState.FAILED])
def test_a_start_whose_worker_ended_for_good_is_not_sent_again(ended: WorkerState) -> None:
    program = Program()
    program.supervisor.start()
    program.became(WorkerState.STARTING, WorkerState.RUNNING)
    assert program.became(ended) == []
    assert program.state == Idle()


@pytest.mark.parametrize("late", [ProgramState.IDLE, ProgramState.EXITED])
def test_news_of_the_run_before_is_no_answer_to_a_start(late: ProgramState) -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=False)
    program.supervisor.start()
    program.hears(late)
    assert isinstance(program.state, Starting)
    assert program.supervisor.stop() == [SendStop()]


def test_a_program_that_runs_though_nobody_started_it_can_be_stopped() -> None:
    program = Program()
    program.became(WorkerState.STARTING, WorkerState.RUNNING)
    program.hears(ProgramState.RUNNING)
    assert program.supervisor.stop() == [SendStop()]


def test_a_worker_that_says_the_same_again_changes_nothing() -> None:
    program = Program()
    program.supervisor.start()
    assert program.became(WorkerState.STOPPED) == []
    assert isinstance(program.state, AwaitingWorker)


# Stopping


def test_a_stop_that_is_heard_ends_with_the_program() -> None:
    program = at_work()
    assert program.supervisor.stop() == [SendStop()]
    program.hears(ProgramState.STOPPING)
    assert program.wait(5.0) == []
    program.supervisor.on_exited(crashed=True)
    assert program.state == Exited(EndedBy.REQUEST)
    assert program.supervisor.next_deadline is None


@pytest.mark.parametrize("answer", [ProgramState.RUNNING, None])
def test_a_session_that_does_not_hear_a_stop_is_ended_with_its_worker(answer: ProgramState | None) -> None:
    program = at_work()
    program.supervisor.stop()
    if answer is not None:
        program.hears(answer)
    assert program.until_killed() == 2.0
    program.became(WorkerState.STOPPING, WorkerState.STOPPED)
    assert program.state == Exited(EndedBy.REQUEST)


def test_a_session_that_hears_a_stop_and_is_not_done_within_its_limit_is_ended() -> None:
    program = at_work()
    program.supervisor.stop()
    program.time.now += 1
    program.hears(ProgramState.STOPPING)
    program.hears(ProgramState.STOPPING)
    assert program.until_killed() == 10.0


@pytest.mark.parametrize("stood_still", [1.6, 2.1, 2.9, 100.0])
def test_a_window_that_stood_still_blames_nobody(stood_still: float) -> None:
    program = at_work()
    program.supervisor.stop()
    assert program.wait(stood_still) == []
    program.hears(ProgramState.STOPPING)  # It was there to be read all the time.
    assert program.wait(stood_still) == []
    program.supervisor.on_exited(crashed=False)
    assert program.state == Exited(EndedBy.REQUEST)


def test_a_session_that_got_the_stop_late_has_all_its_time() -> None:
    """What is sent leaves the window with its next turn: it may stand still before that."""
    program = at_work()
    program.supervisor.stop()
    assert program.wait(60.0) == []
    program.hears(ProgramState.STOPPING)
    assert program.until_killed() == 10.0


def test_a_window_that_stands_still_again_before_it_read_the_answer_kills_nobody() -> None:
    program = at_work()
    program.supervisor.restart()
    assert program.wait(1.6) == []
    assert program.wait(1.6) == [], "the stop was sent between the two, and the answer not read yet"
    program.hears(ProgramState.STOPPING)
    assert program.wait(8.0) == []
    assert program.supervisor.on_exited(crashed=False) != []


def test_a_window_that_stood_still_looks_once_more_at_a_session_that_hangs() -> None:
    program = at_work()
    program.supervisor.stop()
    assert program.wait(100.0) == []
    assert program.wait(0.4) == []
    assert program.wait(0.1) == [KillWorker()]


def test_an_answer_between_the_two_looks_is_an_answer() -> None:
    program = at_work()
    program.supervisor.stop()
    assert program.until_due() == []
    program.hears(ProgramState.STOPPING)
    assert program.wait(5.0) == []
    assert program.until_killed() == 5.0


def test_a_late_timer_never_judges_a_later_stop() -> None:
    program = at_work()
    program.supervisor.stop()
    program.time.now += 1
    program.hears(ProgramState.STOPPING)
    program.supervisor.on_exited(crashed=False)
    program.supervisor.start()
    program.hears(ProgramState.RUNNING)
    program.supervisor.stop()
    assert program.wait(1.4) == program.wait(0.5) == []  # 2.4 and 2.9 s after the first stop
    program.hears(ProgramState.STOPPING)
    assert program.wait(7.5) == program.wait(0.1) == []  # more than 10 s after it
    program.until_killed()
    assert program.time.now == pytest.approx(1012.9)


def test_asking_again_does_not_prolong_what_hangs() -> None:
    program = at_work()
    program.supervisor.stop()
    program.time.now += 1.5
    assert program.supervisor.stop() == [SendStop()]
    assert program.until_killed() == 0.5


def test_a_stop_that_was_heard_is_not_sent_again() -> None:
    program = at_work()
    program.supervisor.stop()
    program.hears(ProgramState.STOPPING)
    assert program.supervisor.stop() == []
    assert program.supervisor.restart() == []


def test_a_worker_that_is_being_ended_is_nobody_elses_to_judge() -> None:
    program = at_work()
    program.supervisor.stop()
    program.became(WorkerState.STOPPING)
    assert program.supervisor.next_deadline is None
    program.hears(ProgramState.STOPPING)
    assert program.wait(60.0) == []


def test_a_stop_while_the_worker_is_being_ended_by_others_sends_nothing() -> None:
    program = at_work()
    program.became(WorkerState.STOPPING)
    assert program.supervisor.stop() == []
    program.supervisor.on_exited(crashed=True)
    assert program.state == Exited(EndedBy.REQUEST)


def test_a_stop_between_the_start_and_its_answer_is_sent() -> None:
    program = Program()
    program.supervisor.start()
    program.became(WorkerState.STARTING, WorkerState.RUNNING)
    assert program.supervisor.stop() == [SendStop()]
    program.hears(ProgramState.RUNNING)
    assert isinstance(program.state, Stopping)
    program.supervisor.on_exited(crashed=True)
    assert program.state == Exited(EndedBy.REQUEST)


@pytest.mark.parametrize(
    "worker", [WorkerState.STARTING, WorkerState.BACKOFF, WorkerState.FAILED, WorkerState.STOPPING]
)
def test_a_stop_ends_a_worker_that_has_no_program(worker: WorkerState) -> None:
    program = Program()
    program.supervisor.start()
    program.became(WorkerState.STARTING, worker)
    assert program.supervisor.stop() == [KillWorker()]
    assert program.state == Idle()


@pytest.mark.parametrize("worker", [WorkerState.STOPPED, WorkerState.RUNNING])
def test_a_stop_leaves_a_worker_alone_that_has_nothing_to_do(worker: WorkerState) -> None:
    program = at_work()
    program.supervisor.on_exited(crashed=False)
    program.became(worker)
    assert program.supervisor.stop() == []
    assert program.state == Exited(EndedBy.ITSELF)


def test_a_stop_while_the_programs_leftovers_are_ended_counts() -> None:
    program = at_work()
    program.hears(ProgramState.STOPPING)
    assert not program.supervisor.stop_asked
    assert program.wait(60.0) == []
    assert program.supervisor.stop() == [SendStop()]
    assert program.wait(9.4) == []
    program.supervisor.on_exited(crashed=True)
    assert program.state == Exited(EndedBy.REQUEST)


def test_leftovers_that_hold_a_stopped_program_up_too_long_are_ended_with_its_worker() -> None:
    program = at_work()
    program.hears(ProgramState.STOPPING)
    program.supervisor.stop()
    assert program.until_killed() == 10.0
