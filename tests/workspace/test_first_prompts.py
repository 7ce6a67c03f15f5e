"""An agent with a first prompt and what its session says in; what is sent, shown and kept of it out."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from podium.core.adapters.registry import load_adapters
from podium.core.ids import InstanceId
from podium.core.instances import AgentLaunch, Kind
from podium.core.protocol.attention import PromptReport, SubmitPrompt
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ErrorReport
from podium.core.protocol.requests import Start
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import spec

A = InstanceId("a")
PROMPT = "Mend the test"


class Agent:
    """An instance of an agent's tool, over a backend without sessions."""

    def __init__(self, workspace: Workspace, backend: FakeBackend) -> None:
        self.workspace = workspace
        self.backend = backend
        self.saved = 0
        workspace.arrangement.changed.connect(self._on_saved)
        workspace.agents.adapters = load_adapters().adapters

    def _on_saved(self) -> None:
        self.saved += 1

    def create(self, tool: str = "claude", prompt: str = PROMPT, **more: Any) -> None:
        more = {"command": (tool,), "agent": AgentLaunch(tool, first_prompt=prompt), **more}
        self.workspace.create(spec(**more))
        self.run()

    def run(self) -> None:
        self.backend.become(A, WorkerState.RUNNING)

    def start(self) -> Start:
        return [one for _, one in self.backend.sent if isinstance(one, Start)][-1]

    def asked(self) -> list[SubmitPrompt]:
        return [one for _, one in self.backend.sent if isinstance(one, SubmitPrompt)]

    def say(self, **report: Any) -> None:
        self.backend.report(A, PromptReport(self.asked()[-1].request, **report))

    @property
    def kept(self) -> str:
        agent = self.workspace.view(A).spec.agent
        assert agent is not None
        return agent.first_prompt

    @property
    def reason(self) -> str:
        return self.workspace.view(A).prompt_waits_for


@pytest.fixture
def agent(workspace: Workspace, backend: FakeBackend) -> Agent:
    return Agent(workspace, backend)


@pytest.mark.parametrize(
    ("tool", "argv", "given"),
    [
        ("claude", ("claude", "--", PROMPT), True),
        ("codex", ("codex", "--", PROMPT), True),
        ("gemini", ("gemini",), False),
        ("aider", ("aider",), False),
        ("unknown", ("unknown",), False),
    ],
)
def test_it_is_an_argument_where_the_tool_takes_one_and_the_session_sees_to_it(
    agent: Agent, tool: str, argv: tuple[str, ...], given: bool
) -> None:
    agent.create(tool)
    assert agent.start().argv == argv
    (asked,) = agent.asked()
    assert (asked.tool, asked.text, asked.given) == (tool, PROMPT, given)


def test_a_long_one_is_typed(agent: Agent) -> None:
    agent.create(prompt="x" * 90_000)
    assert agent.start().argv == ("claude",)
    assert not agent.asked()[0].given


def test_before_the_adapters_are_known_it_is_typed(agent: Agent) -> None:
    agent.workspace.agents.adapters = {}
    agent.create()
    assert agent.start().argv == ("claude",)
    assert not agent.asked()[0].given


def test_once_it_was_submitted_it_is_kept_and_given_no_more(agent: Agent) -> None:
    agent.create()
    before = agent.saved
    agent.say(submitted=True)
    assert agent.kept == ""
    assert agent.saved > before
    agent.backend.become(A, WorkerState.STOPPED)
    agent.workspace.start(A)
    agent.run()
    assert agent.start().argv == ("claude",)
    assert len(agent.asked()) == 1


def test_what_keeps_it_is_shown_until_it_no_longer_does(agent: Agent) -> None:
    agent.create()
    assert agent.reason == ""
    agent.say(waits_for="Do you trust this folder?")
    assert agent.reason == "Do you trust this folder?"
    agent.say(waits_for="")
    assert agent.reason == ""
    agent.say(waits_for="It does not show its empty input yet.")
    agent.say(submitted=True)
    assert agent.reason == ""


@pytest.mark.parametrize("gone", ["worker", "error"])
def test_one_that_was_not_submitted_is_given_at_the_next_start(agent: Agent, gone: str) -> None:
    agent.create()
    agent.say(waits_for="Do you trust this folder?")
    if gone == "error":
        agent.backend.report(A, ErrorReport("Its program ended.", agent.asked()[-1].request))
    agent.backend.become(A, WorkerState.STOPPED)
    assert agent.reason == ""
    assert agent.kept == PROMPT
    agent.workspace.start(A)
    agent.run()
    assert agent.start().argv == ("claude", "--", PROMPT)
    assert len(agent.asked()) == 2


def test_one_that_was_dropped_is_neither_typed_nor_given_again(agent: Agent) -> None:
    agent.create("gemini")
    agent.say(waits_for="Do you trust this folder?")
    agent.workspace.agents.drop_prompt(A)
    asked, dropped = agent.asked()
    assert (dropped.request, dropped.text) == (asked.request, "")
    assert (agent.kept, agent.reason) == ("", "")


@pytest.mark.parametrize(
    "more",
    [
        {"agent": AgentLaunch("claude")},
        {"agent": None},
        {"kind": Kind.SHELL, "command": ()},
    ],
)
def test_without_one_nothing_is_asked(agent: Agent, more: dict[str, Any]) -> None:
    agent.create(**more)
    assert not agent.asked()


def test_a_setup_is_run_before_it_until_it_has_succeeded(agent: Agent, tmp_path: Path) -> None:
    mark, log = tmp_path / "a mark", tmp_path / "log"
    setup = f'echo "it\'s $PWD" >>{log}; test -e {tmp_path}/ready'
    launch = AgentLaunch("claude", setup=setup, setup_mark=str(mark))
    agent.create(agent=launch, command=("/bin/echo", "$HOME", "a b"))
    argv = agent.start().argv
    for ready, code, shown in (
        (False, 1, "The setup failed."),
        (True, 0, "$HOME a b\n"),
        (True, 0, "$HOME a b\n"),
    ):
        if ready:
            (tmp_path / "ready").touch()
        ran = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert ran.returncode == code
        assert shown in ran.stdout
    assert log.read_text() == f"it's {tmp_path}\n" * 2


def test_what_comes_after_the_instance_was_removed_changes_nothing(agent: Agent) -> None:
    agent.create()
    agent.workspace.close(A)
    before = agent.saved
    agent.say(submitted=True)
    assert agent.saved == before
    assert A not in agent.workspace.ids()
