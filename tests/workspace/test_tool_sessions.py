"""Agents' tools in instances: what they go on with, what is saved of them, what they used."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from podium.agent_sessions.processes import ToolProcesses
from podium.core.adapters.registry import load_adapters
from podium.core.agent_sessions import ToolSession
from podium.core.costs import SessionCost
from podium.core.instances import AgentLaunch, InstanceSpec, Kind
from podium.core.protocol.attention import AgentScreen, PromptSaid
from podium.core.protocol.command_requests import RunAtPrompt
from podium.core.protocol.requests import Start
from podium.workspace.instances.tool_sessions import ToolKnowledge
from podium.workspace.journal import NoJournal
from podium.workspace.workspace import Workspace
from tests.agent_sessions.stores import EXPECTED, PRICES, PROJECT, fill
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time, spec

CLAUDE = EXPECTED["claude"].session
ADAPTERS = load_adapters(Path("/nonexistent")).adapters


class Jobs:
    """Work on another thread: done when the test says so, or at once."""

    def __init__(self) -> None:
        self.held: list[Callable[[], None]] | None = None

    def __call__(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        if self.held is None:
            then(work())
        else:
            self.held.append(lambda: then(work()))


class Costs(NoJournal):
    def __init__(self) -> None:
        self.told: list[SessionCost] = []

    def record_session_costs(self, costs: Sequence[SessionCost]) -> None:
        self.told += costs


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


@pytest.fixture
def costs() -> Costs:
    return Costs()


@pytest.fixture
def workspace(
    backend: FakeBackend, time: Time, qapp: object, tmp_path: Path, jobs: Jobs, costs: Costs
) -> Any:
    environment = {"PATH": "/bin", "SHELL": "/bin/sh", "HOME": str(tmp_path)}
    made = Workspace(backend.hub, environment, time, journal=costs)
    knowledge = ToolKnowledge(ADAPTERS, PRICES, jobs)
    made.tools.use(knowledge)
    made.agents.adapters = ADAPTERS
    yield made
    made.deleteLater()


@pytest.fixture
def notices(workspace: Workspace) -> list[str]:
    heard: list[str] = []
    workspace.notice_posted.connect(lambda _id, notice: heard.append(notice.body))
    return heard


def tool(name: str = "claude", session: str = "", *more: str, **fields: Any) -> InstanceSpec:
    program = ADAPTERS[name].program
    return spec(command=(program, *more), agent=AgentLaunch(name, session), folder=PROJECT, **fields)


def words(backend: FakeBackend) -> tuple[str, ...]:
    """The arguments of the last start."""
    start = backend.requests("a", Start)[-1]
    assert isinstance(start, Start)
    return start.argv[1:]


def agent(workspace: Workspace) -> AgentLaunch | None:
    return workspace.specs()[0].agent


@pytest.mark.parametrize("name", ["claude", "gemini", "copilot"])
def test_each_start_has_a_session_of_its_own(workspace: Workspace, backend: FakeBackend, name: str) -> None:
    workspace.create(tool(name))
    backend.run("a")
    first = agent(workspace)
    assert first is not None
    assert words(backend) == ("--session-id", first.session)
    workspace.restart("a")
    backend.exit("a", 0)
    second = agent(workspace)
    assert second is not None
    assert words(backend) == ("--session-id", second.session)
    assert first.session != second.session


@pytest.mark.parametrize(
    ("name", "goes_on"),
    [
        ("claude", ("--resume", "{id}")),
        ("codex", ("--no-daemon", "resume", "{id}")),
        ("gemini", ("--resume", "{id}")),
        ("opencode", ("--session", "{id}")),
        ("copilot", ("--resume={id}",)),
    ],
)
def test_it_goes_on_with_the_session_it_had(
    workspace: Workspace,
    backend: FakeBackend,
    tmp_path: Path,
    notices: list[str],
    name: str,
    goes_on: Sequence[str],
) -> None:
    fill(tmp_path, name)
    id = EXPECTED[name].session
    workspace.create(tool(name, id), start=False)
    assert workspace.view("a").resumable
    workspace.resume("a")
    backend.run("a")
    assert words(backend) == tuple(word.replace("{id}", id) for word in goes_on)
    assert (agent(workspace), notices) == (AgentLaunch(name, id), [])
    backend.exit("a", 0)
    assert workspace.view("a").resumable
    workspace.start("a")
    assert id not in words(backend)
    started = agent(workspace)
    assert started is not None
    assert started.session != id


@pytest.mark.parametrize(
    ("session", "said"),
    [
        (CLAUDE, "The session it had is no longer there. It began anew."),
        ("", "It is not known which session it had. It began anew."),
    ],
)
def test_what_can_not_go_on_begins_anew_and_says_so(
    workspace: Workspace, backend: FakeBackend, notices: list[str], session: str, said: str
) -> None:
    workspace.create(tool("claude", session), start=False)
    assert not workspace.view("a").resumable
    workspace.resume("a")
    backend.run("a")
    assert words(backend)[0] == "--session-id"
    assert notices == [said]


def test_a_tool_that_knows_no_sessions_goes_on_with_the_folders_history(
    workspace: Workspace, backend: FakeBackend, notices: list[str]
) -> None:
    workspace.create(tool("aider"), start=False)
    workspace.resume("a")
    backend.run("a")
    assert (words(backend), notices) == (("--restore-chat-history",), [])


@pytest.mark.parametrize(
    ("command", "resumed", "fresh"),
    [
        (("claude", "--", "Say hello"), ("--resume", CLAUDE), ("--session-id", "{id}", "--", "Say hello")),
        (("claude", "Say hello"), ("--resume", CLAUDE), ("Say hello",)),
        (("claude", "--verbose"), ("--resume", CLAUDE, "--verbose"), ("--verbose",)),
        (("claude", "--resume", "other"), ("--resume", CLAUDE), ("--resume", "other")),
        (("claude", "--model", "opus"), ("--resume", CLAUDE), ("--model", "opus")),
        (
            ("npx", "@x/claude-code"),
            ("@x/claude-code", "--resume", CLAUDE),
            ("@x/claude-code", "--session-id", "{id}"),
        ),
    ],
)
def test_only_flags_of_its_own_command_line_stand_there_again(
    workspace: Workspace,
    backend: FakeBackend,
    tmp_path: Path,
    command: tuple[str, ...],
    resumed: tuple[str, ...],
    fresh: tuple[str, ...],
) -> None:
    fill(tmp_path, "claude")
    workspace.create(spec(command=command, agent=AgentLaunch("claude", CLAUDE)), start=False)
    workspace.resume("a")
    backend.run("a")
    assert words(backend) == resumed
    backend.exit("a", 0)
    workspace.start("a")
    chosen = agent(workspace)
    assert chosen is not None
    assert words(backend) == tuple(chosen.session if word == "{id}" else word for word in fresh)
    assert workspace.specs()[0].command == command


def test_in_a_shell_it_goes_on_at_the_first_prompt(
    workspace: Workspace, backend: FakeBackend, tmp_path: Path
) -> None:
    fill(tmp_path, "claude")
    shell = spec(kind=Kind.SHELL, command=(), agent=AgentLaunch("claude", CLAUDE))
    workspace.create(shell, start=False)
    workspace.resume("a")
    backend.run("a")
    assert backend.requests("a", RunAtPrompt) == []
    for _ in range(2):
        backend.report("a", PromptSaid(at_prompt=True))
    (typed,) = backend.requests("a", RunAtPrompt)
    assert isinstance(typed, RunAtPrompt)
    assert typed.text == f"claude --resume {CLAUDE}"


def test_a_shell_that_is_just_started_types_nothing(
    workspace: Workspace, backend: FakeBackend, tmp_path: Path
) -> None:
    fill(tmp_path, "claude")
    workspace.create(spec(kind=Kind.SHELL, command=(), agent=AgentLaunch("claude", CLAUDE)))
    backend.run("a")
    backend.report("a", PromptSaid(at_prompt=True))
    assert backend.requests("a", RunAtPrompt) == []
    assert agent(workspace) is None


# What is seen while it runs


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[ToolProcesses]:
    """The tool's processes, as far as there are any."""
    found = [ToolProcesses((42,), 0.0, PROJECT, ("--resume", CLAUDE), {"HOME": str(tmp_path)})]
    monkeypatch.setattr(
        "podium.agent_sessions.watch.find_tool", lambda _tool, _pid: found[0] if found else None
    )
    monkeypatch.setattr("podium.agent_sessions.finding.start_of_others", lambda *_: [])
    monkeypatch.setattr("time.time", lambda: 1796093700.0)
    return found


def look(workspace: Workspace) -> None:
    workspace.tools._on_due()


@pytest.mark.usefixtures("process")
@pytest.mark.parametrize("kind", [Kind.SHELL, Kind.COMMAND])
def test_a_session_that_is_found_is_saved_and_its_use_told(
    workspace: Workspace, backend: FakeBackend, time: Time, tmp_path: Path, costs: Costs, kind: Kind
) -> None:
    fill(tmp_path, "claude")
    workspace.create(spec(kind=kind, command=("claude",) if kind is Kind.COMMAND else (), folder=PROJECT))
    backend.run("a")
    look(workspace)
    assert agent(workspace) is None
    backend.report("a", AgentScreen("claude"))
    look(workspace)
    assert agent(workspace) == AgentLaunch("claude", CLAUDE)
    view = workspace.view("a")
    # The run began after the first four of its five messages.
    assert (view.cost_usd, view.tokens_in, view.tokens_out) == (pytest.approx(0.0034), 1200, 25)
    assert [(one.tool, one.session, one.instance) for one in costs.told] == [("claude", CLAUDE, "a")] * 2
    look(workspace)
    assert len(costs.told) == 2


@pytest.mark.usefixtures("process")
def test_the_last_words_of_a_tool_count_after_its_end(
    workspace: Workspace, backend: FakeBackend, tmp_path: Path, jobs: Jobs, costs: Costs
) -> None:
    workspace.create(tool("claude", CLAUDE))
    backend.run("a")
    workspace.needs.tell_session("a", ToolSession("claude", CLAUDE))
    jobs.held = []
    look(workspace)
    fill(tmp_path, "claude")
    backend.exit("a", 0)  # While it is looked at.
    while jobs.held:
        jobs.held.pop(0)()
    assert sum(one.cost.tokens_in or 0 for one in costs.told) == 1200
    assert workspace.view("a").tokens_in == 1200


@pytest.mark.usefixtures("process")
def test_an_end_that_is_never_answered_holds_up_nothing(
    workspace: Workspace, backend: FakeBackend, jobs: Jobs
) -> None:
    workspace.create(tool())
    backend.run("a")
    jobs.held = []
    for _ in range(50):
        look(workspace)
    assert len(jobs.held) == 1
    workspace.close("a")


def test_a_hook_says_which_session_it_is(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(tool())
    backend.run("a")
    workspace.needs.tell_session("a", ToolSession("claude", "abc-1"))
    assert agent(workspace) == AgentLaunch("claude", "abc-1")
    workspace.needs.tell_session("a", ToolSession("codex", "abc-2"))
    assert agent(workspace) == AgentLaunch("claude", "abc-1")  # Its command runs claude.
    backend.exit("a", 0)
    workspace.needs.tell_session("a", ToolSession("claude", "abc-3"))
    assert agent(workspace) == AgentLaunch("claude", "abc-1")


def test_a_mission_is_left_to_itself(workspace: Workspace, backend: FakeBackend) -> None:
    workspace.create(spec(kind=Kind.MISSION, command=(), mission="/m.toml"))
    backend.run("a")
    workspace.needs.tell_session("a", ToolSession("claude", "abc-1"))
    backend.report("a", AgentScreen("claude"))
    look(workspace)
    assert agent(workspace) is None


def test_a_tool_that_was_left_in_a_shell_is_not_gone_on_with(
    workspace: Workspace, backend: FakeBackend
) -> None:
    workspace.create(spec(kind=Kind.SHELL, command=()))
    backend.run("a")
    backend.report("a", AgentScreen("claude"))
    workspace.needs.tell_session("a", ToolSession("claude", "abc-1"))
    backend.report("a", AgentScreen())
    backend.report("a", AgentScreen("claude"))  # An editor had the terminal.
    look(workspace)
    assert agent(workspace) == AgentLaunch("claude", "abc-1")
    backend.report("a", AgentScreen())
    look(workspace)
    assert agent(workspace) is None


@pytest.mark.parametrize("end", ["exit", "stop", "quit"])
def test_what_ends_with_its_shell_is_gone_on_with(
    workspace: Workspace, backend: FakeBackend, end: str
) -> None:
    workspace.create(spec(kind=Kind.SHELL, command=()))
    backend.run("a")
    backend.report("a", AgentScreen("claude"))
    workspace.needs.tell_session("a", ToolSession("claude", "abc-1"))
    if end == "stop":
        workspace.stop("a")
    elif end == "quit":
        workspace.shutdown(lambda: None)
    backend.report("a", AgentScreen())
    if end != "exit":
        look(workspace)
    backend.exit("a", None, 9)
    look(workspace)
    assert agent(workspace) == AgentLaunch("claude", "abc-1")
