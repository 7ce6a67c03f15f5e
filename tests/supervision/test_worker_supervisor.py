"""What happened in, what to do out; time stands still until a test moves it."""

import pytest
from tests.supervision.worker_time import CRASH, Time

from podium.core.protocol.backend import WorkerState
from podium.supervision.policy import Policy
from podium.supervision.worker_supervisor import (
    Breaker,
    Exit,
    IllegalTransition,
    KillTree,
    SendPing,
    SendShutdown,
    Spawn,
    WorkerSupervisor,
)


def make(policy: Policy | None = None) -> tuple[WorkerSupervisor, Time]:
    time = Time()
    return WorkerSupervisor(policy or Policy(), time, random=lambda: 0.0), time


def running(policy: Policy | None = None) -> tuple[WorkerSupervisor, Time]:
    supervisor, time = make(policy)
    supervisor.spawn()
    supervisor.on_ready(supervisor.generation)
    return supervisor, time


def until_due(supervisor: WorkerSupervisor, time: Time) -> list:
    assert supervisor.next_deadline is not None
    time.now = max(time.now, supervisor.next_deadline)
    return supervisor.tick()


def test_it_starts_and_gets_ready() -> None:
    supervisor, _ = make()
    assert supervisor.spawn() == [Spawn(1)]
    assert supervisor.state is WorkerState.STARTING
    supervisor.on_ready(1)
    assert supervisor.state is WorkerState.RUNNING


def test_a_second_spawn_is_refused_and_a_stopped_one_may_be_spawned_again() -> None:
    supervisor, _ = running()
    with pytest.raises(IllegalTransition, match="running"):
        supervisor.spawn()
    assert supervisor.stop() == [SendShutdown(5.0)]
    supervisor.on_exit(1, Exit(code=0))
    assert supervisor.state is WorkerState.STOPPED
    assert supervisor.spawn() == [Spawn(2)]


@pytest.mark.fault(10)
def test_a_worker_that_never_gets_ready_is_killed_and_that_is_a_failure() -> None:
    supervisor, time = make()
    supervisor.spawn()
    assert until_due(supervisor, time) == [KillTree(1)]
    assert time.now == 1010.0
    supervisor.on_exit(1, Exit(signal=9))
    assert supervisor.state is WorkerState.BACKOFF
    assert "10 s" in supervisor.reason


@pytest.mark.fault(21)
def test_a_shutdown_that_is_ignored_ends_with_a_kill() -> None:
    supervisor, time = running()
    supervisor.stop()
    assert until_due(supervisor, time) == [KillTree(1)]
    assert time.now == 1006.0
    supervisor.on_exit(1, Exit(signal=9))
    assert supervisor.state is WorkerState.STOPPED


@pytest.mark.fault(13)
def test_status_0_is_no_failure() -> None:
    supervisor, _ = running()
    assert supervisor.on_exit(1, Exit(code=0)) == []
    assert supervisor.state is WorkerState.STOPPED


def test_status_0_before_it_was_ready_is_a_failure_with_a_reason() -> None:
    supervisor, _ = make()
    supervisor.spawn()
    supervisor.on_exit(1, Exit(code=0))
    assert (supervisor.state, supervisor.reason) == (WorkerState.BACKOFF, "It ended before it was ready.")


@pytest.mark.fault(12)
@pytest.mark.parametrize("exit", [CRASH, Exit(code=1), Exit(code=9)])
def test_any_other_end_nobody_asked_for_is_a_failure(exit: Exit) -> None:
    supervisor, time = running()
    supervisor.on_exit(1, exit)
    assert supervisor.state is WorkerState.BACKOFF
    assert supervisor.retry_in == 1.0
    assert until_due(supervisor, time) == [Spawn(2)]
    assert supervisor.restart_count == 1


@pytest.mark.fault(11)
def test_delays_double_up_to_a_minute() -> None:
    policy = Policy(breaker_failures=99, max_restarts=99)
    supervisor, time = make(policy)
    supervisor.spawn()
    delays = []
    for _ in range(8):
        supervisor.on_exit(supervisor.generation, Exit(code=1))
        delays.append(supervisor.retry_in)
        until_due(supervisor, time)
    assert delays == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.fault(14)
def test_the_breaker_opens_after_three_failures_and_tries_once_by_itself() -> None:
    supervisor, time = make()
    supervisor.spawn()
    for _ in range(3):
        supervisor.on_exit(supervisor.generation, CRASH)
        if supervisor.breaker is Breaker.CLOSED:
            until_due(supervisor, time)
    assert supervisor.breaker is Breaker.OPEN
    assert supervisor.retry_in == 30.0
    assert until_due(supervisor, time) == [Spawn(4)]
    assert supervisor.breaker is Breaker.HALF_OPEN
    supervisor.on_ready(4)
    for _ in range(3):  # 90 s of answered pings
        number = next(action.number for action in until_due(supervisor, time))
        supervisor.on_pong(4, number)
    assert supervisor.breaker is Breaker.CLOSED


@pytest.mark.fault(15)
def test_after_five_restarts_it_has_failed_until_somebody_starts_it() -> None:
    supervisor, time = make()
    supervisor.spawn()
    for _ in range(6):
        supervisor.on_exit(supervisor.generation, CRASH)
        if supervisor.state is WorkerState.BACKOFF:
            until_due(supervisor, time)
    assert supervisor.state is WorkerState.FAILED
    assert supervisor.restart_count == 5
    assert "SIGSEGV" in supervisor.reason
    assert supervisor.next_deadline is None
    assert supervisor.spawn() == [Spawn(7)]
    assert supervisor.restart_count == 0


@pytest.mark.fault(16)
def test_a_stable_run_forgets_its_failures() -> None:
    supervisor, time = running(Policy(ping_interval=1000))
    supervisor.on_exit(1, CRASH)
    until_due(supervisor, time)
    supervisor.on_ready(2)
    time.now += 61
    supervisor.on_exit(2, CRASH)
    assert supervisor.retry_in == 1.0


@pytest.mark.fault(17)
def test_stop_in_backoff_is_final() -> None:
    supervisor, time = running()
    supervisor.on_exit(1, CRASH)
    assert supervisor.stop() == []
    assert supervisor.state is WorkerState.STOPPED
    assert supervisor.next_deadline is None
    time.now += 100
    assert supervisor.tick() == []


@pytest.mark.fault(18)
def test_quit_in_backoff_and_while_restarting_is_final() -> None:
    supervisor, _ = running()
    supervisor.restart()
    supervisor.quit()
    assert supervisor.on_exit(1, Exit(code=0)) == []
    assert supervisor.state is WorkerState.STOPPED
    with pytest.raises(IllegalTransition):
        supervisor.spawn()


def test_a_double_restart_spawns_once_and_both_count() -> None:
    supervisor, _ = running()
    assert supervisor.restart() == [SendShutdown(5.0)]
    assert supervisor.restart() == []
    assert supervisor.on_exit(1, Exit(code=0)) == [Spawn(2)]
    assert supervisor.restart_count == 2


@pytest.mark.parametrize("last", ["stop", "quit"])
def test_an_end_that_is_asked_for_after_a_restart_counts(last: str) -> None:
    supervisor, _ = running()
    supervisor.restart()
    getattr(supervisor, last)()
    assert supervisor.on_exit(1, Exit(code=0)) == []
    assert supervisor.state is WorkerState.STOPPED


def test_restart_in_backoff_starts_at_once() -> None:
    supervisor, _ = running()
    supervisor.on_exit(1, CRASH)
    assert supervisor.restart() == [Spawn(2)]


@pytest.mark.fault(22)
def test_three_missed_pongs_are_the_end() -> None:
    supervisor, time = running()
    actions = [until_due(supervisor, time) for _ in range(4)]
    assert [type(action) for turn in actions for action in turn] == [SendPing, SendPing, SendPing, KillTree]
    supervisor.on_exit(1, Exit(signal=9))
    assert supervisor.state is WorkerState.BACKOFF
    assert "3 pings" in supervisor.reason


@pytest.mark.fault(22)
def test_a_worker_after_one_that_missed_its_pings_starts_with_none_missed() -> None:
    supervisor, time = running()
    while not isinstance(until_due(supervisor, time)[0], KillTree):
        pass
    supervisor.on_exit(1, Exit(signal=9))
    assert until_due(supervisor, time) == [Spawn(2)]
    supervisor.on_ready(2)
    for _ in range(3):
        [ping] = until_due(supervisor, time)
        assert isinstance(ping, SendPing)
    assert isinstance(until_due(supervisor, time)[0], KillTree)


def test_a_pong_of_an_older_ping_or_worker_answers_nothing() -> None:
    supervisor, time = running()
    [first] = until_due(supervisor, time)
    until_due(supervisor, time)
    until_due(supervisor, time)
    assert isinstance(first, SendPing)
    supervisor.on_pong(1, first.number)
    supervisor.on_pong(0, 3)
    assert isinstance(until_due(supervisor, time)[0], KillTree)


def test_the_process_of_a_queue_has_its_time_from_its_launch_on() -> None:
    supervisor, time = make()
    supervisor.spawn()
    time.now += 8
    supervisor.on_launched(0)
    assert supervisor.next_deadline == 1010.0
    supervisor.on_launched(1)
    assert supervisor.next_deadline == 1018.0
    supervisor.on_ready(1)
    supervisor.on_launched(1)
    assert supervisor.next_deadline == 1038.0


def test_a_kill_that_does_not_work_is_repeated() -> None:
    supervisor, time = running()
    supervisor.on_unhealthy(1, "It sent rubbish.")
    assert supervisor.next_deadline == 1001.0
    assert until_due(supervisor, time) == [KillTree(1)]
    assert supervisor.next_deadline == 1002.0
    supervisor.on_exit(1, Exit(signal=9))
    supervisor.stop()
    assert not supervisor.forced
    supervisor.spawn()
    supervisor.stop()
    assert until_due(supervisor, time) == [KillTree(2)]
    assert supervisor.forced
    assert until_due(supervisor, time) == [KillTree(2)]


def test_a_clean_end_after_a_kill_is_a_failure_all_the_same() -> None:
    supervisor, _ = running()
    supervisor.on_unhealthy(1, "It sent rubbish.")
    supervisor.on_exit(1, Exit(code=0))
    assert (supervisor.state, supervisor.reason) == (WorkerState.BACKOFF, "It sent rubbish.")


@pytest.mark.parametrize("late", [14.0, 16.0])
def test_pings_that_are_answered_late_count_unless_the_window_stood_still(late: float) -> None:
    supervisor, time = running()
    for _ in range(4):
        assert supervisor.next_deadline is not None
        time.now = supervisor.next_deadline + late
        actions = supervisor.tick()
    assert isinstance(actions[0], KillTree if late < 15 else SendPing)


def test_how_long_it_waits_and_which_try_it_is() -> None:
    supervisor, time = running()
    assert (supervisor.attempt, supervisor.retry_in) == (0, None)
    supervisor.on_exit(1, CRASH)
    assert (supervisor.attempt, supervisor.retry_in) == (1, 1.0)
    time.now += 5
    assert supervisor.retry_in == 0.0


def test_an_answered_ping_starts_the_count_anew() -> None:
    supervisor, time = running()
    for _ in range(10):
        until_due(supervisor, time)
        [ping] = until_due(supervisor, time)
        assert isinstance(ping, SendPing)
        supervisor.on_pong(1, ping.number)
    assert supervisor.state is WorkerState.RUNNING


@pytest.mark.fault(23)
def test_a_suspended_machine_blames_nobody() -> None:
    supervisor, time = running()
    for _ in range(10):
        time.now += 3600
        assert isinstance(supervisor.tick()[0], SendPing)
    assert supervisor.state is WorkerState.RUNNING


@pytest.mark.fault(23)
def test_a_window_that_stood_still_during_a_start_waits_for_it_once_more() -> None:
    supervisor, time = make()
    supervisor.spawn()
    time.now += 3600
    assert supervisor.tick() == []
    assert supervisor.state is WorkerState.STARTING
    assert until_due(supervisor, time) == [KillTree(1)]
    assert time.now == 1000.0 + 3600 + 10


@pytest.mark.fault(20)
def test_what_an_older_generation_says_is_ignored() -> None:
    supervisor, time = running()
    supervisor.on_exit(1, CRASH)
    until_due(supervisor, time)
    supervisor.on_ready(1)
    supervisor.on_exit(1, CRASH)
    supervisor.on_unhealthy(1, "late")
    assert supervisor.state is WorkerState.STARTING
    assert supervisor.generation == 2


def test_a_worker_that_breaks_the_protocol_is_killed_with_the_reason_kept() -> None:
    supervisor, _ = running()
    assert supervisor.on_unhealthy(1, "It sent rubbish.") == [KillTree(1)]
    supervisor.on_exit(1, Exit(signal=9))
    assert (supervisor.state, supervisor.reason) == (WorkerState.BACKOFF, "It sent rubbish.")


def test_a_process_that_cannot_start_backs_off() -> None:
    supervisor, _ = make()
    supervisor.spawn()
    supervisor.on_spawn_failed(1, "No such file.")
    assert (supervisor.state, supervisor.reason) == (WorkerState.BACKOFF, "No such file.")


def test_a_process_that_cannot_start_has_stopped_if_that_was_asked_meanwhile() -> None:
    supervisor, _ = make()
    supervisor.spawn()
    supervisor.stop()
    assert supervisor.on_spawn_failed(1, "No such file.") == []
    assert (supervisor.state, supervisor.next_deadline) == (WorkerState.STOPPED, None)
    supervisor.spawn()
    supervisor.restart()
    assert supervisor.on_spawn_failed(2, "No such file.") == [Spawn(3)]


def test_ready_after_the_kill_is_too_late_and_the_first_reason_stays() -> None:
    supervisor, time = make()
    supervisor.spawn()
    supervisor.on_unhealthy(1, "It sent rubbish.")
    supervisor.on_ready(1)
    assert supervisor.state is WorkerState.STARTING
    assert until_due(supervisor, time) == [KillTree(1)]
    supervisor.on_exit(1, Exit(signal=9))
    assert (supervisor.state, supervisor.reason) == (WorkerState.BACKOFF, "It sent rubbish.")


def test_restarts_by_hand_count_but_use_up_none_of_its_own() -> None:
    supervisor, _ = running()
    for _ in range(7):
        supervisor.restart()
        supervisor.on_exit(supervisor.generation, Exit(code=0))
        supervisor.on_ready(supervisor.generation)
    supervisor.on_exit(supervisor.generation, CRASH)
    assert (supervisor.state, supervisor.restart_count) == (WorkerState.BACKOFF, 7)
