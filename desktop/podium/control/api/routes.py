"""The routes as a table: one row gives the path, the call it makes, its answer, who may use it, and its text."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

import msgspec

from podium.control.api import answers, calls
from podium.control.api.scope import Access


@dataclass(frozen=True, slots=True)
class Route:
    """``path`` holds at most one ``{name}``, which stands for one segment. ``errors`` are statuses with what they
    mean here, beyond those every route may answer.
    """

    method: str
    path: str
    call: type[calls.Call]
    answer: type[msgspec.Struct]
    access: Access
    summary: str
    errors: dict[int, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    """Fields of the call that the path implies."""
    or_answer: type[msgspec.Struct] | None = None
    """What else it may answer, when the call asks for it."""

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))


_I: Final = "/api/orchestrator/{id}"
_UNKNOWN: Final = {404: "There is no such instance."}
_NO_SESSION: Final = {409: "It has no session to ask; start it first.", **_UNKNOWN}
_START: Final = {
    404: "There is no such instance, and no kind was given to create one.",
    409: "It runs already, or its mission was interrupted and is to be resumed.",
    422: "It could not be started; the message says why.",
}

ROUTES: Final[tuple[Route, ...]] = (
    Route("GET", "/api/health", calls.GetHealth, answers.Health, Access.READ, "Whether Podium is well."),
    Route(
        "GET",
        "/api/orchestrator/instances",
        calls.ListInstances,
        answers.Instances,
        Access.READ,
        "All instances in their order, each with the status of its worker.",
    ),
    Route(
        "GET",
        "/api/orchestrator/status",
        calls.GetStatus,
        answers.InstanceInfo,
        Access.READ,
        "The instance “default”.",
        _UNKNOWN,
    ),
    Route(
        "POST",
        "/api/orchestrator/start",
        calls.StartInstance,
        answers.InstanceInfo,
        Access.WRITE,
        "Start the instance “default”, creating it when a kind is given.",
        _START,
        or_answer=answers.StartPlan,
    ),
    Route(
        "POST",
        "/api/orchestrator/stop",
        calls.StopInstance,
        answers.InstanceInfo,
        Access.WRITE,
        "End the program of the instance “default”.",
        _UNKNOWN,
    ),
    Route(
        "GET",
        "/api/orchestrator/workers/health",
        calls.GetWorkersHealth,
        answers.WorkersHealth,
        Access.READ,
        "How the workers are.",
    ),
    Route(
        "GET",
        f"{_I}/status",
        calls.GetStatus,
        answers.InstanceInfo,
        Access.OWN_READ,
        "One instance.",
        _UNKNOWN,
    ),
    Route(
        "POST",
        f"{_I}/start",
        calls.StartInstance,
        answers.InstanceInfo,
        Access.WRITE,
        "Start an instance, creating it when it is new; answered when its program runs, or could not.",
        _START,
        or_answer=answers.StartPlan,
    ),
    Route(
        "POST",
        f"{_I}/resume",
        calls.ResumeInstance,
        answers.InstanceInfo,
        Access.WRITE,
        "Go on where it was, a mission in its round: nothing is done or paid twice.",
        {**_START, 409: "It runs already, or there is nothing to resume."},
    ),
    Route(
        "POST",
        f"{_I}/stop",
        calls.StopInstance,
        answers.InstanceInfo,
        Access.WRITE,
        "End its program; in back-off, give up restarting. Answered at once: wait for {“exit”: true}.",
        _UNKNOWN,
    ),
    Route(
        "POST",
        f"{_I}/restart",
        calls.RestartInstance,
        answers.InstanceInfo,
        Access.WRITE,
        "End its program and start it again. Answered at once.",
        {409: "Its mission was interrupted and is to be resumed.", **_UNKNOWN},
    ),
    Route(
        "DELETE",
        _I,
        calls.RemoveInstance,
        answers.Done,
        Access.WRITE,
        "Remove an instance that does not run.",
        {409: "It runs; stop it first.", **_UNKNOWN},
    ),
    Route(
        "POST",
        f"{_I}/config",
        calls.Configure,
        answers.InstanceInfo,
        Access.WRITE,
        "Change its name or theme, or what its running mission may spend.",
        {409: "Its program does not take commands now.", **_UNKNOWN},
    ),
    Route(
        "POST",
        f"{_I}/control",
        calls.ControlProgram,
        answers.Done,
        Access.WRITE,
        "A command for its program: finish-round, stop-now, comment.",
        {409: "Its program does not take commands now.", **_UNKNOWN},
    ),
    Route(
        "GET",
        f"{_I}/screen",
        calls.GetScreen,
        answers.ScreenInfo,
        Access.READ,
        "What its screen shows.",
        _NO_SESSION,
    ),
    Route(
        "GET",
        f"{_I}/scrollback",
        calls.GetScrollback,
        answers.ScrollbackInfo,
        Access.READ,
        "Lines of its scrollback and screen; at most 2,000 at once.",
        _NO_SESSION,
    ),
    Route(
        "POST",
        f"{_I}/input",
        calls.SendInput,
        answers.Done,
        Access.WRITE,
        "Type text, or press keys.",
        {409: "It has no program that reads.", **_UNKNOWN},
    ),
    Route(
        "POST",
        f"{_I}/wait",
        calls.Wait,
        answers.Waited,
        Access.READ,
        "Wait for text, a state, the end of the program, or quiet.",
        {408: "It did not come in time.", **_UNKNOWN},
    ),
    Route(
        "POST",
        f"{_I}/resize",
        calls.ResizeTerminal,
        answers.Done,
        Access.WRITE,
        "Give its terminal another size; a pane in sight sets its own at its next change.",
        _UNKNOWN,
    ),
    Route(
        "POST",
        f"{_I}/signal",
        calls.SignalProgram,
        answers.Done,
        Access.WRITE,
        "Send a signal to the job in the foreground of its terminal.",
        {409: "It has no program.", **_UNKNOWN},
    ),
    Route(
        "POST",
        f"{_I}/notify",
        calls.Notify,
        answers.Done,
        Access.OWN,
        "Tell the person something; agents' hooks call this.",
        _UNKNOWN,
    ),
    Route(
        "GET",
        "/api/history",
        calls.ListHistory,
        answers.HistoryPage,
        Access.READ,
        "Runs, the newest first, filtered and in pages.",
    ),
    Route(
        "GET",
        "/api/history/{run}",
        calls.GetRun,
        answers.RunInfo,
        Access.READ,
        "One run.",
        {404: "There is no such run."},
    ),
    Route(
        "GET",
        "/api/usage",
        calls.GetUsage,
        answers.UsageInfo,
        Access.READ,
        "Cost and tokens by day, instance and agent.",
    ),
    Route(
        "GET",
        "/api/missions",
        calls.ListMissions,
        answers.MissionsInfo,
        Access.READ,
        "The missions of the instances.",
    ),
    Route(
        "POST",
        "/api/missions/check",
        calls.CheckMission,
        answers.MissionChecked,
        Access.READ,
        "Check a mission file: every fault in one go.",
    ),
    Route(
        "GET",
        "/api/commands",
        calls.ListCommands,
        answers.Commands,
        Access.READ,
        "The command table of the window: one row feeds menu, shortcut and API.",
    ),
    Route(
        "POST",
        "/api/commands/{command}",
        calls.RunCommand,
        answers.Done,
        Access.WRITE,
        "Carry out a command of the window.",
        {404: "There is no such command or instance.", 409: "It would do nothing now."},
    ),
    Route(
        "GET",
        "/api/window",
        calls.GetWindow,
        answers.WindowInfo,
        Access.READ,
        "Layout, page and focus.",
    ),
    Route(
        "POST",
        "/api/window",
        calls.ArrangeWindow,
        answers.WindowInfo,
        Access.WRITE,
        "Change layout, page, zoom or focus.",
        {404: "There is no such instance."},
    ),
    Route(
        "GET",
        "/api/window/screenshot",
        calls.GetScreenshot,
        answers.Picture,
        Access.READ,
        "A picture of the window (PNG).",
        {409: "There is no window."},
    ),
    Route(
        "GET",
        "/api/openapi.json",
        calls.OpenApi,
        msgspec.Struct,
        Access.READ,
        "This description.",
    ),
)

EVENTS_PATH: Final = "/ws"
TERMINAL_PATH: Final = "/ws/terminal/"


@dataclass(frozen=True, slots=True)
class Match:
    route: Route
    parameters: dict[str, str]


class Router:
    """Finds the route of a request."""

    def __init__(self, routes: tuple[Route, ...] = ROUTES) -> None:
        self._by_length: dict[int, list[Route]] = {}
        for route in routes:
            self._by_length.setdefault(len(route.segments), []).append(route)
        for found in self._by_length.values():
            # What is spelled out goes before what a parameter could also be.
            found.sort(key=lambda route: tuple(part.startswith("{") for part in route.segments))

    def find(self, method: str, raw_path: str) -> Match | frozenset[str]:
        """The route of a path as it stands on the wire, or the methods it knows (none: there is no such path)."""
        # Split first: a slash that was written %2F is part of a segment.
        segments = [unquote(segment) for segment in raw_path.strip("/").split("/")]
        methods: set[str] = set()
        best: tuple[str, ...] | None = None
        for route in self._by_length.get(len(segments), ()):
            parameters = _match(route.segments, segments)
            if parameters is None or (best is not None and route.segments != best):
                continue
            best = route.segments
            if route.method == method:
                return Match(route, {**route.defaults, **parameters})
            methods.add(route.method)
        return frozenset(methods)


def _match(pattern: tuple[str, ...], segments: list[str]) -> dict[str, str] | None:
    parameters: dict[str, str] = {}
    for part, segment in zip(pattern, segments, strict=True):
        if part.startswith("{"):
            parameters[part[1:-1]] = segment
        elif part != segment:
            return None
    return parameters
