"""Instances: listing, starting, stopping, restarting, removing, configuring and commanding them."""

from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from podium.control.api.attention import AttentionInfo
from podium.control.api.limits import START_SECONDS
from podium.control.api.missions import MissionChecked
from podium.control.api.route import INSTANCE_PATH, UNKNOWN_INSTANCE, Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, Done, InstanceCall, Model, Name, Payload, Text
from podium.control.api.workers import PoolStatus
from podium.core.agent_sessions import MAX_TRANSCRIPT
from podium.core.instances import AlertLevel, Kind, RestartWhen, StopBy, ThemeName

ExitCode = Annotated[int, Meta(ge=0, le=2**32 - 1)]


class ListInstances(Call, frozen=True):
    pass


class GetStatus(InstanceCall, frozen=True):
    pass


class StopFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """How its program is asked to end. ``value`` is what ``by`` sends: keys ("Ctrl+C"), a line of text ("/exit"), a
    signal ("SIGINT").
    """

    by: StopBy = StopBy.USUAL
    value: Annotated[str, Meta(max_length=1024)] = ""


class PolicyFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """What happens when its program ends. ``restart`` null: never for shells, on a crash for all else. No failure
    codes means 1 to 127.
    """

    restart: RestartWhen | None = None
    success_codes: Annotated[tuple[ExitCode, ...], Meta(max_length=256)] = (0,)
    failure_codes: Annotated[tuple[ExitCode, ...], Meta(max_length=256)] = ()
    stop: StopFields | None = None


class InteractiveAgent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """An agent's tool for a person to work with; ``tool`` is the name of its adapter. ``prompt`` is its first one,
    submitted as soon as it is ready. With ``worktree`` it works in a new worktree of the repository in ``folder``, on
    ``branch`` (default: podium/ and the instance's name); ``copy`` are globs of files git ignores that are copied
    there, ``setup`` a shell command that is run there first, in its terminal.
    """

    tool: Name
    prompt: Text = ""
    worktree: bool = False
    branch: Annotated[str, Meta(max_length=200)] = ""
    copy: Annotated[tuple[Text, ...], Meta(max_length=100)] = ()
    setup: Text = ""


class NewInstance(InstanceCall, frozen=True):
    """Without ``kind`` the instance must exist. ``command`` is an argv (of a shell: another than the login shell),
    ``mission`` the path of a mission file, ``folder`` an absolute path (default: the home folder), ``env`` is added to
    the person's environment. ``agent``, for a new command without ``command``, runs an agent's tool. ``yes`` agrees
    to the commands that a mission runs, or that a repository makes git run for a worktree, without a question.
    """

    kind: Kind | None = None
    name: Name = ""
    command: tuple[Text, ...] = ()
    mission: Text = ""
    folder: Text = ""
    theme: ThemeName | None = None
    env: dict[str, Text] | None = None
    policy: PolicyFields | None = None
    agent: InteractiveAgent | None = None
    yes: bool = False


class StartInstance(NewInstance, frozen=True):
    """Start from the beginning; a mission whose last run was interrupted only with ``anew``. ``model``, for missions
    only, is the model of agents that name none, from this start on. With ``dryRun`` nothing is created or started: the
    answer says what would be.
    """

    model: Model | None = None
    dry_run: bool = False
    anew: bool = False


class ResumeInstance(NewInstance, frozen=True):
    """Go on where it was: a mission in the round it was in, a shell in its last folder, all else from its beginning."""


class StopInstance(InstanceCall, frozen=True):
    pass


class RestartInstance(InstanceCall, frozen=True):
    """A mission whose last run was interrupted begins again only with ``anew``; ``yes`` as in a start."""

    anew: bool = False
    yes: bool = False


class RemoveInstance(InstanceCall, frozen=True):
    pass


class Configure(InstanceCall, frozen=True):
    """``model``, ``budget`` (US dollars) and ``turns`` (a mission's rounds) are passed on to the running program, as
    ``{"model", "budgetUsd", "maxRounds"}`` with the command ``config`` of its control channel. ``control`` lets the
    instance's own socket do everything, not only tell its own state. ``alerts`` says how it may call for a person.
    """

    name: Name | None = None
    theme: ThemeName | None = None
    model: Model | None = None
    budget: Annotated[float, Meta(gt=0, le=1_000_000)] | None = None
    turns: Annotated[int, Meta(ge=1, le=1000)] | None = None
    policy: PolicyFields | None = None
    control: bool | None = None
    alerts: AlertLevel | None = None


class ProgramCommand(StrEnum):
    FINISH_ROUND = "finish-round"
    STOP_NOW = "stop-now"
    COMMENT = "comment"


class ControlProgram(InstanceCall, frozen=True):
    """``text`` is the comment."""

    command: ProgramCommand
    text: Text = ""


class NotifyState(StrEnum):
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    PARTIAL = "partial"


class Notify(InstanceCall, frozen=True):
    """Say something to the person; with ``state`` also whether the instance works, waits for them or is done.
    ``session`` is the id of the conversation that ``tool`` (claude, codex …) has there, ``transcript`` the path of the
    file that the tool keeps of it.
    """

    text: Annotated[str, Meta(max_length=1024)] = ""
    title: Name = ""
    state: NotifyState | None = None
    tool: Name = ""
    session: Annotated[str, Meta(max_length=128)] = ""
    transcript: Annotated[str, Meta(max_length=MAX_TRANSCRIPT)] = ""


class TellHook(InstanceCall, frozen=True):
    """``event`` is what ``tool`` (claude, codex …) has told one of its hooks; its adapter says what that means."""

    tool: Name
    event: dict[str, Any]


class AgentInfo(Answer, frozen=True):
    """The agent's tool that an instance runs. ``promptPending``: its first prompt was not submitted yet, and
    ``promptWaitsFor`` says why, as far as something keeps it. ``branch`` is that of a worktree that was made for it.
    """

    tool: str
    branch: str
    prompt_pending: bool
    prompt_waits_for: str


class InstanceInfo(Answer, frozen=True):
    """An instance as the window shows it. ``poolStatus`` is null without a pool, and before the first start; ``agent``
    for what runs no agent's tool.
    """

    id: str
    name: str
    kind: str
    theme: str
    folder: str
    command: tuple[str, ...]
    mission: str
    number: int
    state: str
    word: str
    reason: str
    detail: str
    title: str
    exit_code: int | None
    exit_signal: int | None
    round: int | None
    max_rounds: int | None
    agents_running: int
    agents_total: int
    agents_worked: int
    cost_usd: float | None
    cost_simulated: bool
    seconds: float | None
    waiting_seconds: float | None
    question: str
    attention: AttentionInfo
    agent: AgentInfo | None
    alerts: str
    pool_status: PoolStatus | None


class Instances(Answer, frozen=True):
    instances: tuple[InstanceInfo, ...]


class StartPlan(Answer, frozen=True):
    """What a start would run; nothing was created or started, and nobody looked whether program and folder are there.
    ``new``: the instance would be created. ``check`` is what the check of a mission's file says, null for all else.
    """

    id: str
    new: bool
    name: str
    kind: str
    theme: str
    argv: tuple[str, ...]
    folder: str
    model: str = ""
    check: MissionChecked | None = None


class InstanceAdded(Payload, frozen=True):
    name: str
    kind: str


class InstanceChanged(Payload, frozen=True):
    """Its state or name is another."""

    name: str
    state: str
    word: str


class InstanceRemoved(Payload, frozen=True):
    pass


class ProgramStarted(Payload, frozen=True):
    pid: int


class ProgramExited(Payload, frozen=True):
    """It ended with ``exitCode``, by ``exitSignal``, or could not start: then ``reason`` says why."""

    exit_code: int | None = None
    exit_signal: int | None = None
    reason: str = ""


class InstanceNotice(Payload, frozen=True):
    """A program or its hook wants to tell the person something; ``state`` is "" when it says nothing of that."""

    title: str
    text: str
    state: str = ""


_START_ERRORS: Final = {
    404: "There is no such instance, and no kind was given to create one.",
    409: "It runs already, or its mission was interrupted and is to be resumed.",
    422: "It could not be started; the message says why.",
}

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/api/orchestrator/instances",
        ListInstances,
        Instances,
        Access.READ,
        "All instances in their order, each with the status of its worker.",
    ),
    Route(
        "GET",
        "/api/orchestrator/status",
        GetStatus,
        InstanceInfo,
        Access.READ,
        "The instance “default”.",
        UNKNOWN_INSTANCE,
    ),
    Route(
        "POST",
        "/api/orchestrator/start",
        StartInstance,
        InstanceInfo,
        Access.WRITE,
        "Start the instance “default”, creating it when a kind is given.",
        _START_ERRORS,
        or_answer=StartPlan,
        seconds=START_SECONDS,
    ),
    Route(
        "POST",
        "/api/orchestrator/stop",
        StopInstance,
        InstanceInfo,
        Access.WRITE,
        "End the program of the instance “default”.",
        UNKNOWN_INSTANCE,
    ),
    Route(
        "GET",
        f"{INSTANCE_PATH}/status",
        GetStatus,
        InstanceInfo,
        Access.OWN_READ,
        "One instance.",
        UNKNOWN_INSTANCE,
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/start",
        StartInstance,
        InstanceInfo,
        Access.WRITE,
        "Start an instance, creating it if it is new. Answered when its program runs or could not be started.",
        _START_ERRORS,
        or_answer=StartPlan,
        seconds=START_SECONDS,
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/resume",
        ResumeInstance,
        InstanceInfo,
        Access.WRITE,
        "Resume an instance; a mission continues in the round where it stopped and repeats or pays for nothing twice.",
        {**_START_ERRORS, 409: "It runs already, or there is nothing to resume."},
        seconds=START_SECONDS,
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/stop",
        StopInstance,
        InstanceInfo,
        Access.WRITE,
        "End an instance's program, or its restarts after a crash. Answered at once: wait for {“exit”: true}.",
        UNKNOWN_INSTANCE,
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/restart",
        RestartInstance,
        InstanceInfo,
        Access.WRITE,
        "End an instance's program and start it again. Answered at once.",
        {409: "Its mission was interrupted and is to be resumed.", **UNKNOWN_INSTANCE},
        seconds=START_SECONDS,
    ),
    Route(
        "DELETE",
        INSTANCE_PATH,
        RemoveInstance,
        Done,
        Access.WRITE,
        "Remove an instance that does not run.",
        {409: "It runs; stop it first.", **UNKNOWN_INSTANCE},
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/config",
        Configure,
        InstanceInfo,
        Access.WRITE,
        "Change an instance's name or theme, or the limits of its running mission.",
        {409: "Its program does not take commands now.", **UNKNOWN_INSTANCE},
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/control",
        ControlProgram,
        Done,
        Access.WRITE,
        "Send a command to an instance's mission: finish-round, stop-now, comment.",
        {409: "Its program does not take commands now.", **UNKNOWN_INSTANCE},
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/notify",
        Notify,
        Done,
        Access.OWN,
        "Report an instance's state, or show a message; for agents' hooks.",
        UNKNOWN_INSTANCE,
    ),
    Route(
        "POST",
        f"{INSTANCE_PATH}/hook",
        TellHook,
        Done,
        Access.OWN,
        "Pass on what an agent's tool has told one of its hooks.",
        UNKNOWN_INSTANCE,
    ),
)

EVENTS: Final[dict[str, type[Payload]]] = {
    "instance:added": InstanceAdded,
    "instance:changed": InstanceChanged,
    "instance:removed": InstanceRemoved,
    "program:started": ProgramStarted,
    "program:exited": ProgramExited,
    "instance:notice": InstanceNotice,
}
