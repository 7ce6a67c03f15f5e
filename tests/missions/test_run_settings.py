"""Requests to a running mission in; its settings, its agents' comments and the log's lines out. No mission runs."""

import json
from pathlib import Path

import msgspec
import pytest

from podium.core.missions.spec import AgentSpec, Mission
from podium.core.missions.state import MissionState, RunSettings
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.requests import ControlCommand
from podium.missions.rounds.control_handler import ControlHandler
from podium.missions.rounds.run_settings import Wanted, applied, checked_model, read_config, remember
from podium.missions.turns.comments import LONGEST

FILE = Mission(
    Path("/m.toml"), "Try", Path("/"), (AgentSpec("a"), AgentSpec("b")), budget_usd=5.0, max_rounds=4
)


class PlayedContext:
    """Keeps what a handler does, in order."""

    def __init__(self) -> None:
        self.state = MissionState("run", "/m.toml")
        self.done: list[str] = []
        self.mission = FILE

    def report(self, text: str) -> None:
        self.done.append(text)

    def save(self) -> None:
        self.done.append("saved")

    def change(self, mission: Mission) -> None:
        self.mission = mission


@pytest.fixture
def context() -> PlayedContext:
    return PlayedContext()


@pytest.fixture
def handler(context: PlayedContext) -> ControlHandler:
    return ControlHandler(context, FILE)  # type: ignore[arg-type]


def comment(text: str) -> ControlRequest:
    return ControlRequest(1, ControlCommand.COMMENT, text)


def config(**values: object) -> ControlRequest:
    return ControlRequest(1, ControlCommand.CONFIG, json.dumps(values))


def changed(**values: object) -> Mission:
    return msgspec.structs.replace(FILE, **values)


# Settings


def test_what_is_set_goes_before_the_file_and_the_rest_stays() -> None:
    settings = RunSettings(model="before")
    remember(settings, Wanted(budget_usd=9.0), FILE)
    assert (applied(settings, FILE).budget_usd, applied(settings, FILE).max_rounds) == (9.0, 4)
    remember(settings, Wanted(max_rounds=2), FILE)
    assert (applied(settings, FILE).budget_usd, applied(settings, FILE).max_rounds) == (9.0, 2)
    assert settings.model == "before"
    remember(settings, Wanted(model="swift"), FILE)
    assert settings.model == "swift"
    assert applied(RunSettings(), FILE) == FILE
    without = changed(budget_usd=None)
    remember(settings, Wanted(budget_usd=1.0), without)
    assert applied(settings, without).budget_usd == 1.0


def test_a_value_that_the_file_changed_since_is_forgotten_for_good() -> None:
    settings = RunSettings()
    remember(settings, Wanted(budget_usd=9.0, max_rounds=7), FILE)
    mission = applied(settings, changed(budget_usd=6.0))
    assert (mission.budget_usd, mission.max_rounds) == (6.0, 7)
    mission = applied(settings, changed(max_rounds=5))
    assert (mission.budget_usd, mission.max_rounds) == (5.0, 5)
    assert applied(settings, FILE) == FILE


def test_few_faults_of_a_config_are_told() -> None:
    wanted = read_config(json.dumps({f"no{number}": 1 for number in range(9)} | {"maxRounds": 2}))
    assert (len(wanted.faults), wanted.max_rounds) == (5, 2)


def test_a_model_is_checked_and_none_is_none() -> None:
    assert (checked_model(""), checked_model("swift")) == ("", "swift")
    with pytest.raises(ValueError, match="can’t be a model"):
        checked_model("a\nb")


def test_a_config_holds_at_once_is_saved_and_told(context: PlayedContext, handler: ControlHandler) -> None:
    handler.handle(config(budgetUsd=2.5, maxRounds=1, model="swift", colour="red"))
    assert (context.mission.budget_usd, context.mission.max_rounds) == (2.5, 1)
    assert context.state.settings.model == "swift"
    saved, *told = context.done
    assert saved == "saved"
    assert told[:3] == [
        "Agents that name no model use swift from their next turns on",
        "The mission’s budget is $2.50 from now on",
        "1 round at most from now on",
    ]
    assert told[3].startswith("Passed over in a config: there is no “colour”")


def test_the_last_of_several_configs_holds_and_is_kept(
    context: PlayedContext, handler: ControlHandler
) -> None:
    for usd in (2.0, 3.0):
        handler.handle(config(budgetUsd=usd))
    assert context.mission.budget_usd == 3.0
    assert applied(context.state.settings, FILE).budget_usd == 3.0


def test_a_resumed_run_says_what_it_keeps(context: PlayedContext, handler: ControlHandler) -> None:
    handler.say_settings()
    assert context.done == []
    remember(context.state.settings, Wanted("swift", 2.5, 1), FILE)
    handler.say_settings()
    assert context.done == [
        "Agents that name no model use swift",
        "The mission’s budget is $2.50",
        "1 round at most",
    ]


# Comments


def test_a_comment_waits_for_every_agent_and_is_saved_before_it_is_told(
    context: PlayedContext, handler: ControlHandler
) -> None:
    handler.handle(comment("Use tabs.\nEverywhere."))
    assert {agent: memory.comments for agent, memory in context.state.agents.items()} == {
        "a": ["Use tabs.\nEverywhere."],
        "b": ["Use tabs.\nEverywhere."],
    }
    assert context.done == ["saved", "Comment: Use tabs."]


def test_an_empty_comment_reaches_nobody(context: PlayedContext, handler: ControlHandler) -> None:
    handler.handle(comment(" \n\0"))
    assert context.state.agents == {}
    assert context.done == ["An empty comment was passed over"]


def test_a_comment_that_is_too_long_is_cut_and_drops_older_ones(
    context: PlayedContext, handler: ControlHandler
) -> None:
    handler.handle(comment("x" * LONGEST))
    assert len(context.done) == 2
    context.state.agents["a"].comments = []
    handler.handle(comment("y" * (LONGEST + 1)))
    assert context.state.agents["b"].comments == ["y" * LONGEST]
    cut, dropped = context.done[4:]
    assert cut.startswith("Agents hear its first 8,000 characters")
    assert dropped == "Older comments that nobody has heard yet were dropped for it"
    assert len(context.done[1]) < 400


def test_a_comment_is_too_late_only_when_nobody_has_heard_it(
    context: PlayedContext, handler: ControlHandler
) -> None:
    handler.say_missed_comment()
    handler.handle(comment("One more thing"))
    context.done.clear()
    context.state.agents["b"].comments = []
    handler.say_missed_comment()
    assert context.done == []
    context.state.agents["b"].comments = ["One more thing"]
    handler.say_missed_comment()
    assert context.done == ["The last comment came too late: no agent has heard it"]
