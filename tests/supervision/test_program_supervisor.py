"""A fault in, what becomes of the program out; time stands still until a test moves it."""

import pytest

from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ProgramState
from podium.supervision.policy import Policy
from podium.supervision.program_states import (
    Action,
    AwaitingWorker,
    Backoff,
    EndedBy,
    Exited,
    Failed,
    Forget,
    Forgotten,
    Idle,
    KillWorker,
    NewRun,
    Order,
    RespawnWorker,
    Run,
    Running,
    SendFinishRound,
    SendStart,
    SendStop,
    SpawnWorker,
    Starting,
    StopFor,
    Stopping,
)
from podium.supervision.program_supervisor import ProgramSupervisor

LIVES = [WorkerState.STARTING, WorkerState.RUNNING, WorkerState.STOPPING]
AGAIN = Order(resume=True, unasked=True)


class Time:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Program:
    """A supervisor and its time; ``became`` tells it of its worker."""

    def __init__(self, policy: Policy | None = None, *, reruns: bool = True) -> None:
        self.time = Time()
        self.supervisor = ProgramSupervisor(policy, self.time, random=lambda: 0.0)
        self.reruns = reruns

    @property
    def state(self) -> object:
        return self.supervisor.state

    def became(self, *states: WorkerState) -> list[Action]:
        actions: list[Action] = []
        for state in states:
            actions += self.supervisor.on_worker(state, reruns=self.reruns)
        return actions

    def wait(self, seconds: float) -> list[Action]:
        self.time.now += seconds
        return self.supervisor.tick()

    def until_due(self) -> list[Action]:
        assert self.supervisor.next_deadline is not None
        return self.wait(self.supervisor.next_deadline - self.time.now)

    def until_killed(self) -> float:
        """How long until its worker is ended, by somebody who is never late."""
        before = self.time.now
        assert self.until_due() == []
        assert self.until_due() == [KillWorker()]
        assert self.supervisor.next_deadline is None
        return self.time.now - before

    def hears(self, state: ProgramState) -> None:
        self.supervisor.on_status(state)


def at_work(reruns: bool = True, order: Order | None = None) -> Program:
    program = Program(reruns=reruns)
    program.supervisor.start(order)
    program.became(WorkerState.STARTING, WorkerState.RUNNING)
    program.hears(ProgramState.RUNNING)
    assert isinstance(program.state, Running)
    return program


def kinds(actions: list[Action]) -> list[type]:
    return [type(action) for action in actions]


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
