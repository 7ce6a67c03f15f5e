"""Rounds as a person sets them up: who runs when, what is tried again, what ends an agent, what ends the mission."""

import re
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.missions.mission_process import MissionProcess
from tests.missions.mission_shell import ledger, mission, state_of

from podium.core.missions.state import resumable
from podium.core.protocol.events import (
    AgentComplete,
    AgentContinuation,
    AgentError,
    AgentStart,
    OrchestratorLog,
    OrchestratorStarted,
    OrchestratorStopped,
    RoundComplete,
)
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.requests import ControlCommand
from podium.core.system.app_dirs import config_folder, settings_path

Start = Callable[[str], MissionProcess]
HEAD = "name = 'Try'\n"


def agent(name: str, script: str, more: str = "") -> str:
    return f"[[agents]]\nid = '{name}'\ncommand = ['sh', '-c', '''{script}''']\n{more}\n"


def gate(script: str, name: str = "tests", more: str = "") -> str:
    return f"[[gates]]\nname = '{name}'\ncommand = '''{script}'''\n{more}\n"


def report(kind: str, data: str) -> str:
    return f'echo \'{{"event":"agent:{kind}","data":{{{data}}}}}\' > /dev/fd/$PODIUM_EVENTS_FD\n'


def starts(run: MissionProcess) -> list[tuple[str, int]]:
    return [(event.agent, event.round) for event in run.events if isinstance(event, AgentStart)]


def notes(run: MissionProcess) -> str:
    return "\n".join(event.text for event in run.events if isinstance(event, OrchestratorLog))


def stopped(run: MissionProcess) -> OrchestratorStopped:
    end = run.events[-1]
    assert isinstance(end, OrchestratorStopped)
    return end


def test_agents_go_in_dependency_order_whatever_the_file_says(start_mission: Start) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 1\nmax_concurrency = 3\n"
        + agent("last", "echo last >> order", "depends_on = ['second', 'first']")
        + agent("second", "echo second >> order", "depends_on = ['first']")
        + agent("first", "sleep 0.3; echo first >> order")
    )
    assert run.finish() == 0
    assert [name for name, _ in starts(run)] == ["first", "second", "last"]


def test_continuous_agents_run_every_so_many_rounds_and_never_retire(start_mission: Start) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 5\nstop_when = 'never'\n"
        + agent("each", "true", "type = 'continuous'")
        + agent("third", "echo PODIUM: DONE", "type = 'continuous'\nmin_frequency_rounds = 3")
    )
    assert run.finish() == 0
    assert [number for name, number in starts(run) if name == "third"] == [1, 4]
    assert [number for name, number in starts(run) if name == "each"] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "says", ["echo working; echo PODIUM: DONE", "echo '**PODIUM: DONE**'", report("complete", '"done":true')]
)
def test_feature_agents_retire_when_they_say_they_are_done(start_mission: Start, says: str) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 5\nstop_when = 'agents-done'\n"
        + agent("quick", says)
        + agent("slow", f"if [ $PODIUM_ROUND = 3 ]; then {says}\nfi")
        + agent("watch", "true", "type = 'continuous'")
    )
    assert run.finish() == 0
    assert [number for name, number in starts(run) if name == "quick"] == [1]
    assert [number for name, number in starts(run) if name == "slow"] == [1, 2, 3]
    assert stopped(run).rounds == 3
    assert "all agents are done" in run.log


def test_agents_that_are_done_too_early_hear_which_gate_fails(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 4\n"
        + agent("hasty", 'printf "%s" "$PODIUM_FEEDBACK" > heard; echo x >> work; echo PODIUM: DONE')
        + gate("test $(wc -l < work) -ge 2 || { echo too little; exit 1; }")
    )
    assert run.finish() == 0
    assert stopped(run).rounds == 2
    assert "tests: exited with 1\n  too little" in (tmp_path / "heard").read_text()


def test_agents_done_with_a_failing_gate_is_a_failure(start_mission: Start) -> None:
    run = start_mission(
        HEAD + "stop_when = 'agents-done'\n" + agent("a", "echo PODIUM: DONE") + gate("false", "style")
    )
    assert run.finish() == 1
    assert stopped(run).reason == "still failing: style"


def test_a_gate_that_is_not_required_is_told_and_holds_up_nothing(start_mission: Start) -> None:
    run = start_mission(HEAD + agent("a", "true") + gate("true") + gate("false", "style", "required = false"))
    assert run.finish() == 0
    complete = next(event for event in run.events if isinstance(event, RoundComplete))
    assert [(result.name, result.passed, result.required) for result in complete.gates] == [
        ("tests", True, True),
        ("style", False, False),
    ]
    assert "(not required)" in run.log


def test_never_goes_on_after_the_gates_pass(start_mission: Start) -> None:
    run = start_mission(HEAD + "max_rounds = 3\nstop_when = 'never'\n" + agent("a", "true") + gate("true"))
    assert run.finish() == 0
    assert stopped(run).rounds == 3


def test_only_what_is_transient_is_tried_again(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 1\nmax_concurrency = 3\n"
        + agent("later", "echo x >> later; test $(wc -l < later) -ge 2 || exit 75")
        + agent("never", "echo x >> never; exit 1")
        + agent(
            "told",
            "echo x >> told; test $(wc -l < told) -ge 2 || "
            + report("error", '"reason":"busy","retryAfter":0'),
        )
    )
    assert run.finish() == 3
    ended = {event.agent: event for event in run.events if isinstance(event, AgentComplete | AgentError)}
    assert isinstance(ended["later"], AgentComplete)
    assert isinstance(ended["told"], AgentComplete)
    assert isinstance(ended["never"], AgentError)
    assert (tmp_path / "never").read_text() == "x\n"
    again = {event.agent: event.reason for event in run.events if isinstance(event, AgentContinuation)}
    assert again == {"later": "exited with 75", "told": "busy"}


def test_a_limit_with_a_reset_time_is_waited_for_and_shown(start_mission: Start, tmp_path: Path) -> None:
    script = "date +%s >> tries; test $(wc -l < tries) -ge 2 || "
    run = start_mission(
        HEAD
        + "max_rounds = 1\n"
        + agent("limited", script + report("error", '"reason":"out of requests","retryAfter":2'))
    )
    assert run.finish() == 0
    first, second = (int(line) for line in (tmp_path / "tries").read_text().split())
    assert second - first >= 1
    assert re.search(r"limited: out of requests; waiting until \d\d:\d\d:\d\d", run.log)
    (told,) = [event for event in run.events if isinstance(event, AgentContinuation)]
    assert told.until is not None
    assert abs(told.until - time.time()) < 60


def test_a_stop_ends_the_wait_for_a_limit(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(
        HEAD + agent("limited", report("error", '"reason":"out of requests","retryAfter":3600'))
    )
    run.until(lambda: "agent:continuation" in run.names)
    run.control(ControlRequest(1, ControlCommand.STOP_NOW))
    assert run.finish() == 130
    turn = state_of(tmp_path / "mission.toml").round.turns["limited"]
    assert turn.stage == "running"  # So that a resume tries again in this round.


def test_silence_ends_an_agent_and_still_trying_is_silence(start_mission: Start) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 1\nmax_concurrency = 3\n"
        + agent("mute", "echo begun; sleep 600", "silence_timeout = 1")
        + agent("trying", "while :; do echo Reconnecting... 1; sleep 0.1; done", "silence_timeout = 1")
        + agent("alive", "for i in 1 2 3 4 5 6; do echo $i; sleep 0.5; done", "silence_timeout = 2")
    )
    assert run.finish() == 3
    ended = {event.agent: event for event in run.events if isinstance(event, AgentComplete | AgentError)}
    for name in ("mute", "trying"):
        failed = ended[name]
        assert isinstance(failed, AgentError)
        assert failed.reason == "ended after 1 s without progress"
    assert isinstance(ended["alive"], AgentComplete)


def test_the_rounds_timeout_ends_its_agents_and_the_mission_goes_on(start_mission: Start) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 2\nround_timeout = 1.5\n"
        + agent("slow", "test $PODIUM_ROUND = 2 || sleep 600")
        + agent("next", "true")
        + gate("test $PODIUM_ROUND = 2")
    )
    assert run.finish() == 0
    failed = next(event for event in run.events if isinstance(event, AgentError))
    assert failed.reason == "stopped: by the round’s timeout of 1.5 s"
    assert starts(run) == [("slow", 1), ("slow", 2), ("next", 2)]


def test_a_stronger_model_after_two_failures_and_back_after_two_successes(
    start_mission: Start, tmp_path: Path
) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 6\nstop_when = 'never'\n"
        + agent(
            "a",
            "echo $PODIUM_MODEL >> models; test $PODIUM_ROUND -ge 3",
            "model = 'small'\nmax_model = 'large'",
        )
    )
    assert run.finish() == 0
    assert (tmp_path / "models").read_text().split() == ["small", "small", "large", "large", "small", "small"]
    assert "from now on with large" in notes(run)
    assert "back to small" in notes(run)


def test_a_session_goes_on_for_ten_rounds_and_then_starts_fresh(start_mission: Start, tmp_path: Path) -> None:
    script = 'echo "${PODIUM_SESSION:-none}" >> sessions\n' + report(
        "complete", '"session":"s\'$PODIUM_ROUND\'"'
    )
    script = script.replace("\"s'$PODIUM_ROUND'\"", '"s1"')
    run = start_mission(HEAD + "max_rounds = 12\nstop_when = 'never'\n" + agent("a", script))
    assert run.finish() == 0
    assert (tmp_path / "sessions").read_text().split() == ["none", *["s1"] * 9, "none", "s1"]


def test_a_budget_warns_at_80_percent_and_stops_at_100(start_mission: Start) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 9\nbudget_usd = 1.0\nstop_when = 'never'\n"
        + agent("a", report("complete", '"costUsd":0.2'))
        + agent("b", report("complete", '"costUsd":0.2'))
    )
    assert run.finish() == 130
    assert len(starts(run)) == 5
    assert notes(run).count("80%") == 1
    end = stopped(run)
    assert (end.outcome, end.cost_usd) == ("stopped", 1.0)
    assert "the mission’s budget of $1.00 is used up ($1.00 spent)" in end.reason
    assert "not started: the mission’s budget" in " ".join(run.log.split())


def test_an_agent_without_money_stays_out_and_the_others_go_on(start_mission: Start) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 3\nstop_when = 'never'\n"
        + agent("dear", report("complete", '"costUsd":0.6'), "budget_usd = 0.5")
        + agent("cheap", report("complete", '"costUsd":0.1'))
    )
    assert run.finish() == 0
    assert starts(run) == [("dear", 1), ("cheap", 1), ("cheap", 2), ("cheap", 3)]


def test_what_runs_when_the_money_is_gone_is_stopped(start_mission: Start) -> None:
    run = start_mission(
        HEAD
        + "max_concurrency = 2\nbudget_usd = 1.0\n"
        + agent("long", "touch begun; trap 'echo got it; exit 0' TERM; while :; do sleep 0.1; done")
        + agent("dear", "while [ ! -e begun ]; do sleep 0.05; done\n" + report("complete", '"costUsd":2'))
    )
    assert run.finish() == 130
    failed = next(event for event in run.events if isinstance(event, AgentError))
    assert failed.agent == "long"
    assert failed.reason.startswith("stopped: the mission’s budget of $1.00")
    assert "got it" in run.log


def test_the_days_budget_counts_all_missions(start_mission: Start, tmp_path: Path) -> None:
    config_folder().mkdir(parents=True)
    settings_path().write_text("[missions]\nday_budget_usd = 1.0\n")
    first = start_mission(HEAD + "max_rounds = 1\n" + agent("a", report("complete", '"costUsd":0.9')))
    assert first.finish() == 0
    assert "90%" in first.log
    second = start_mission(
        "name = 'Another'\nmax_rounds = 3\nstop_when = 'never'\n"
        + agent("b", report("complete", '"costUsd":0.2'))
    )
    assert second.finish() == 130
    assert starts(second) == [("b", 1)]
    assert "the day’s budget of $1.00 is used up ($1.10 spent)" in stopped(second).reason


def test_simulated_costs_are_no_money_of_the_day(start_mission: Start) -> None:
    config_folder().mkdir(parents=True)
    settings_path().write_text("[missions]\nday_budget_usd = 0.5\n")
    run = start_mission(
        HEAD
        + "max_rounds = 2\nstop_when = 'never'\n"
        + agent("a", report("complete", '"costUsd":9,"simulated":true'))
    )
    assert run.finish() == 0


def test_settings_that_say_no_usable_budget_are_not_passed_over(tmp_path: Path) -> None:
    config_folder().mkdir(parents=True)
    (tmp_path / "m.toml").write_text(HEAD + agent("a", "true"))
    for text in (
        "[missions]\nday_budget_usd = 'much'\n",
        "[missions]\nday_budget_usd = nan\n",
        "[missions\n",
    ):
        settings_path().write_text(text)
        done = mission("run", "--yes", "m.toml", folder=tmp_path)
        assert done.code == 2
        assert "settings.toml" in done.log
    settings_path().write_text("[logs]\nlevel = 5\n")
    assert mission("run", "--yes", "m.toml", folder=tmp_path).code == 0


def test_unknown_is_a_dash_and_an_estimate_says_so(start_mission: Start) -> None:
    run = start_mission(
        HEAD
        + "max_rounds = 1\n"
        + agent("silent", "true")
        + agent("tokens", report("complete", '"costUsd":0.5,"estimated":true,"tokensIn":900,"tokensOut":100'))
    )
    assert run.finish() == 0
    ended = {event.agent: event for event in run.events if isinstance(event, AgentComplete)}
    assert ended["silent"].cost_usd is None
    assert ended["tokens"].estimated
    end = stopped(run)
    assert (end.cost_usd, end.estimated, end.tokens_in, end.tokens_out) == (0.5, True, 900, 100)
    assert "$0.50 est. · 1,000 tokens" in run.log
    assert re.search(r"silent .* –", run.log)


def test_a_stopped_mission_goes_on_where_it_was(start_mission: Start, tmp_path: Path) -> None:
    text = (
        HEAD
        + "max_rounds = 2\n"
        + agent("done", "echo done >> ran\n" + report("complete", '"costUsd":0.5'))
        + agent("slow", "echo slow >> ran\nif [ ! -e go ]; then touch begun; sleep 600; fi\n")
        + agent("last", "echo last >> ran")
        + gate("test -e go")
    )
    run = start_mission(text)
    run.until((tmp_path / "begun").exists)
    run.signal(signal.SIGINT)
    assert run.finish() == 130
    assert "podium mission resume" in run.log
    info = resumable(tmp_path / "mission.toml")
    assert info is not None
    assert (info.round, info.cost_usd) == (1, 0.5)
    (tmp_path / "go").touch()
    done = mission("resume", tmp_path / "mission.toml", folder=tmp_path)
    assert done.code == 0
    assert (tmp_path / "ran").read_text().split() == ["done", "slow", "slow", "last"]
    assert len(ledger()) == 1
    assert "$0.50" in done.log
    assert state_of(tmp_path / "mission.toml").outcome == "done"


def test_finish_round_leaves_the_rest_of_the_round_for_resume(start_mission: Start, tmp_path: Path) -> None:
    text = (
        HEAD
        + "max_rounds = 1\n"
        + agent("slow", "echo slow >> ran; touch begun; while [ ! -e go ]; do sleep 0.05; done")
        + agent("next", "echo next >> ran")
        + gate("test $(grep -c next ran) = 1")
    )
    run = start_mission(text)
    run.until((tmp_path / "begun").exists)
    run.control(ControlRequest(1, ControlCommand.FINISH_ROUND))
    run.until(lambda: "control:ack" in run.names)
    (tmp_path / "go").touch()
    assert run.finish() == 130
    done = mission("resume", tmp_path / "mission.toml", folder=tmp_path)
    assert done.code == 0
    assert (tmp_path / "ran").read_text().split() == ["slow", "next"]


def test_a_resumed_mission_says_so_to_the_window(start_mission: Start, tmp_path: Path) -> None:
    run = start_mission(HEAD + agent("a", report("complete", '"costUsd":0.5') + "touch begun; sleep 600"))
    run.until((tmp_path / "begun").exists)
    run.signal(signal.SIGTERM)
    assert run.finish() == 130
    again = MissionProcess(tmp_path / "mission.toml", "resume")
    try:
        again.until(lambda: "agent:start" in again.names)
        started = again.events[0]
        assert isinstance(started, OrchestratorStarted)
        assert (started.resumed, started.cost_usd) == (True, 0.5)
        again.signal(signal.SIGTERM)
        assert again.finish() == 130
    finally:
        again.close()
