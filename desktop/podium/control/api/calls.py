"""What can be asked of Podium over the API, as values. Field names in camelCase are the JSON keys.

A call's fields come from the path (``id``), the query of a GET or the body of a POST; anything else is refused.
"""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from podium.control.api.limits import DEFAULT_WAIT, MAX_WAIT
from podium.core.ids import DEFAULT_INSTANCE
from podium.core.instances import Kind, RestartWhen, StopBy, ThemeName
from podium.core.runs import RunOutcome

Text = Annotated[str, Meta(max_length=32 * 1024)]
Name = Annotated[str, Meta(max_length=64)]
Model = Annotated[str, Meta(max_length=128)]
Columns = Annotated[int, Meta(ge=2, le=1000)]
Lines = Annotated[int, Meta(ge=1, le=1000)]
LineNumber = Annotated[int, Meta(ge=0, le=2**53)]
"""An absolute line number; up to here every JSON reader counts exactly."""
Time = Annotated[float, Meta(ge=0, le=1e11)]
"""Seconds since 1970."""
ExitCode = Annotated[int, Meta(ge=0, le=2**32 - 1)]


class Call(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Base of all calls."""


class InstanceCall(Call, frozen=True, kw_only=True):
    """A call about one instance."""

    id: str = DEFAULT_INSTANCE


class GetHealth(Call, frozen=True):
    pass


class ListInstances(Call, frozen=True):
    pass


class GetStatus(InstanceCall, frozen=True):
    pass


class GetWorkersHealth(Call, frozen=True):
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


class NewInstance(InstanceCall, frozen=True):
    """Without ``kind`` the instance must exist. ``command`` is an argv (of a shell: another than the login shell),
    ``mission`` the path of a mission file, ``folder`` an absolute path (default: the home folder), ``env`` is added to
    the person's environment. ``yes`` agrees to the commands that a mission runs, without its question.
    """

    kind: Kind | None = None
    name: Name = ""
    command: tuple[Text, ...] = ()
    mission: Text = ""
    folder: Text = ""
    theme: ThemeName | None = None
    env: dict[str, Text] | None = None
    policy: PolicyFields | None = None
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
    instance's own socket do everything, not only tell its own state.
    """

    name: Name | None = None
    theme: ThemeName | None = None
    model: Model | None = None
    budget: Annotated[float, Meta(gt=0, le=1_000_000)] | None = None
    turns: Annotated[int, Meta(ge=1, le=1000)] | None = None
    policy: PolicyFields | None = None
    control: bool | None = None


class ProgramCommand(StrEnum):
    FINISH_ROUND = "finish-round"
    STOP_NOW = "stop-now"
    COMMENT = "comment"


class ControlProgram(InstanceCall, frozen=True):
    """``text`` is the comment."""

    command: ProgramCommand
    text: Text = ""


class GetScreen(InstanceCall, frozen=True):
    attributes: bool = False
    """Also say how the text looks."""


class GetScrollback(InstanceCall, frozen=True):
    """Lines by their absolute numbers, ``to`` exclusive; by default the last 200 above the screen."""

    first: LineNumber | None = msgspec.field(default=None, name="from")
    to: LineNumber | None = None
    attributes: bool = False


class SendInput(InstanceCall, frozen=True):
    """Either ``text``, typed as it is (a new line is the Return key), or ``keys`` in Qt's notation: ``Ctrl+C``.

    ``paste``: the text is pasted if the program knows pastes (mode 2004), so that its lines stay together. ``submit``:
    so it is, and Return follows as a key of its own, once the program has read the text and its screen was still for
    a moment; answered when Return was pressed.
    """

    text: Text | None = None
    paste: bool = False
    submit: bool = False
    keys: Annotated[tuple[Annotated[str, Meta(max_length=64)], ...], Meta(max_length=1024)] | None = None


class Wait(InstanceCall, frozen=True):
    """One of: ``text``, a regular expression that is looked for on the screen and in what scrolls off it;
    ``state``, an instance's state; ``exit``, the program's end, also of one that is run again; ``quiet``, so many
    seconds without output; ``begun``: its program has begun to work, waits for a person, or has ended.

    With ``new`` only text counts that was drawn since something was last sent over the API, or the program started;
    neither what stood there before, nor what was sent. False: all text counts. Null: as with ``new``; but after more
    than 128 KiB of output all text counts again, where with ``new`` only that does which comes from then on.
    """

    text: Annotated[str, Meta(min_length=1, max_length=1024)] | None = None
    new: bool | None = None
    state: str | None = None
    exit: bool = False
    begun: bool = False
    quiet: Annotated[float, Meta(ge=0, le=MAX_WAIT)] | None = None
    timeout: Annotated[float, Meta(ge=0, le=MAX_WAIT)] = DEFAULT_WAIT


class ResizeTerminal(InstanceCall, frozen=True, kw_only=True):
    columns: Columns
    lines: Lines


class SignalProgram(InstanceCall, frozen=True, kw_only=True):
    """A signal by name (``SIGINT``) or number, for the job in the foreground of the terminal."""

    signal: Annotated[str, Meta(max_length=16)] | Annotated[int, Meta(ge=0, le=255)]


class NotifyState(StrEnum):
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    PARTIAL = "partial"


class Notify(InstanceCall, frozen=True):
    """Say something to the person; with ``state`` also whether the instance works, waits for them or is done."""

    text: Annotated[str, Meta(max_length=1024)] = ""
    title: Name = ""
    state: NotifyState | None = None


class ListHistory(Call, frozen=True):
    """Runs, the newest first. ``since`` and ``until`` are seconds since 1970; ``before`` is the ``next`` of the page
    before.
    """

    instance: Name | None = None
    kind: Kind | None = None
    outcome: RunOutcome | None = None
    since: Time | None = None
    until: Time | None = None
    text: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    before: Annotated[str, Meta(max_length=128)] = ""


class GetRun(Call, frozen=True, kw_only=True):
    run: Annotated[str, Meta(max_length=64)]


class GetUsage(Call, frozen=True):
    """``since`` and ``until`` are seconds since 1970; by default the last 30 days."""

    since: Time | None = None
    until: Time | None = None


class ListMissions(Call, frozen=True):
    pass


class CheckMission(Call, frozen=True, kw_only=True):
    """``file`` is the absolute path of a mission file."""

    file: Annotated[str, Meta(min_length=1, max_length=4096)]


class ListCommands(Call, frozen=True):
    pass


class RunCommand(Call, frozen=True, kw_only=True):
    """``instance`` is the current one by default. ``argument`` is what the command's row asks for."""

    command: str
    instance: str = ""
    argument: Annotated[str, Meta(max_length=256)] | Annotated[int, Meta(ge=0, le=1000)] | None = None


class LayoutName(StrEnum):
    TABS = "tabs"
    GRID = "grid"


class ArrangeWindow(Call, frozen=True):
    """Every field is optional. ``focus`` is an instance, ``page`` the grid's page from 1."""

    layout: LayoutName | None = None
    focus: str | None = None
    zoomed: bool | None = None
    page: Annotated[int, Meta(ge=1, le=1000)] | None = None


class GetWindow(Call, frozen=True):
    pass


class GetScreenshot(Call, frozen=True):
    pass


class OpenApi(Call, frozen=True):
    """The description of the API; answered without the window."""
