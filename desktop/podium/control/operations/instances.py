"""Instances: listing, starting, stopping, restarting, removing, configuring and commanding them."""

import shlex
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from podium.control.api.errors import ApiError, unknown_instance
from podium.control.api.instances import (
    Configure,
    ControlProgram,
    GetStatus,
    InstanceInfo,
    Instances,
    ListInstances,
    NewInstance,
    Notify,
    PolicyFields,
    ProgramCommand,
    RemoveInstance,
    RestartInstance,
    ResumeInstance,
    StartInstance,
    StopInstance,
    TellHook,
)
from podium.control.api.shapes import Done
from podium.control.bridge.futures import continue_with, forward, on_cancel, settle, settled, when_settled
from podium.control.operations.context import OperationContext, or_conflict, require_instance
from podium.control.operations.mission_check import check_failed
from podium.control.operations.mission_standing import MissionStanding, refusal, standing_of
from podium.control.operations.notices import notify
from podium.control.operations.session_queries import Failure
from podium.control.operations.starts.agents import agent_of, start_agent
from podium.control.operations.starts.dry_run import plan
from podium.control.operations.starts.same_start import asks_for
from podium.control.operations.table import OperationTable
from podium.core.config.toml_checks import WrongValue, line
from podium.core.ids import InstanceId
from podium.core.instances import InstancePolicy, InstanceSpec, Kind, StopMethod
from podium.core.missions.state import MODEL_VARIABLE
from podium.core.names import name_error, one_line
from podium.core.protocol.requests import Control, ControlCommand
from podium.workspace.views import InstanceState, InstanceView

_SETTLED = frozenset(InstanceState) - {
    InstanceState.STARTING,
    InstanceState.RESTARTING,
    InstanceState.STOPPING,
}
_OURS: Final = "PODIUM_"
_SETTABLE: Final = frozenset({MODEL_VARIABLE, "PODIUM_DEMO_SPEED"})
Starting = TypeVar("Starting", bound=NewInstance)


class InstanceOperations:
    def __init__(self, context: OperationContext) -> None:
        self._context = context
        self._workspace = context.workspace
        self._snapshots = context.snapshots

    def register(self, table: OperationTable) -> None:
        table.add(ListInstances, self._list)
        table.add(GetStatus, self._status)
        table.add(StartInstance, lambda call: self._when_free(call, self._start))
        table.add(ResumeInstance, lambda call: self._when_free(call, self._resume))
        table.add(StopInstance, self._stop)
        table.add(RestartInstance, self._restart)
        table.add(RemoveInstance, self._remove)
        table.add(Configure, self._configure)
        table.add(ControlProgram, self._control)
        table.add(Notify, self._notify)
        table.add(TellHook, self._tell_hook)

    def _list(self, _call: ListInstances) -> Instances:
        return Instances(instances=self._snapshots.all())

    def _status(self, call: GetStatus) -> InstanceInfo:
        return self._snapshots.of(require_instance(self._workspace, call.id))

    # Starting

    def _when_free(self, call: Starting, begin: Callable[[Starting], Future[Any]]) -> Future[Any]:
        """``begin``; when the id was removed a moment ago, as soon as nothing of that runs any more. To clients it is
        gone already, so this is no conflict.
        """
        self._need_open()
        instance = InstanceId(call.id)
        if not self._workspace.ends(instance):
            return begin(call)

        return self._context.removals.after(
            instance, lambda future: continue_with(future, lambda: begin(call))
        )

    def _start(self, call: StartInstance) -> Future[Any]:
        spec, new = self._wanted(call)
        if call.dry_run:
            return plan(self._workspace, self._context.background, spec, new=new)
        if spec.agent is not None and new:
            return start_agent(self._context, call, spec, self._begin_start)
        who = _who(spec, new=new)
        return self._check_standing(
            spec,
            lambda found: refusal(found, spec.mission, who, resume=False, anew=call.anew),
            lambda: self._begin_start(call),
        )

    def _begin_start(self, call: StartInstance) -> Future[Any]:
        return self._begin(call, lambda id: self._workspace.start(id, agreed=call.yes))

    def _resume(self, call: ResumeInstance) -> Future[Any]:
        spec, new = self._wanted(call)
        who = _who(spec, new=new)
        return self._check_standing(
            spec,
            lambda found: refusal(found, spec.mission, who, resume=True),
            lambda: self._begin(call, lambda id: self._workspace.resume(id, agreed=call.yes)),
        )

    def _wanted(self, call: NewInstance) -> tuple[InstanceSpec, bool]:
        """The instance to run, and whether it is new. Raises ApiError when it is not to be run now."""
        instance = InstanceId(call.id)
        if instance not in self._workspace.ids():
            if call.kind is None:
                raise unknown_instance(call.id)
            return self._spec(call), True
        view = self._workspace.view(instance)
        if view.busy:
            raise ApiError(
                409, "running", f"{view.spec.name} is {view.label.lower()}.", "Stop it first, or restart it."
            )
        if call.kind is not None and not asks_for(call, view.spec):
            raise ApiError(
                409,
                "exists",
                f"There is an instance {instance} that runs something else.",
                "Choose another id, or remove it first.",
            )
        environment = {**view.spec.environment, **_model(call, view.spec.kind)}
        return msgspec.structs.replace(view.spec, environment=environment), False

    def _check_standing(
        self,
        spec: InstanceSpec,
        refused: Callable[[MissionStanding], ApiError | None],
        go_on: Callable[[], Future[Any]],
    ) -> Future[Any]:
        """``go_on``; with a mission when its file and the state of its last run were looked at, off this thread."""
        if spec.kind is not Kind.MISSION:
            return go_on()
        future: Future[Any] = Future()

        def then(found: MissionStanding) -> None:
            reason = refused(found)
            if reason is None:
                continue_with(future, go_on)
            else:
                settle(future, reason)

        self._context.background(
            lambda: standing_of(Path(spec.mission)), then, lambda error: settle(future, check_failed(error))
        )
        return future

    def _begin(self, call: NewInstance, run: Callable[[InstanceId], None]) -> Future[Any]:
        """Run it, creating it when it is new. One that could not even start the first time is taken out again: it
        would be in the way of the right one.
        """
        self._need_open()  # The end may have begun since it was asked for.
        spec, new = self._wanted(call)
        if new:
            or_conflict(lambda: self._workspace.create(spec, start=False))
        else:
            self._change(spec, call)
        or_conflict(lambda: run(spec.id))
        started = self._context.states.wait_for(spec.id, self._started)
        if not new:
            return started
        future: Future[Any] = Future()

        def on_started(outcome: Any) -> None:
            if not self._never_ran(spec.id):
                settle(future, outcome)
                return
            self._workspace.close(spec.id)
            forward(self._context.removals.after(spec.id, lambda freed: settle(freed, outcome)), future)

        on_cancel(future, started.cancel)
        when_settled(started, on_started)
        return future

    def _change(self, spec: InstanceSpec, call: NewInstance) -> None:
        """Keep what a start says of an instance that exists already."""
        if spec != self._workspace.view(spec.id).spec:
            self._workspace.set_variables(spec.id, spec.environment)
        if call.name.strip():
            self._workspace.rename(spec.id, call.name)
        if call.theme is not None:
            self._workspace.set_theme(spec.id, call.theme)
        if call.policy is not None:
            self._workspace.set_policy(spec.id, _policy(call.policy))

    def _never_ran(self, instance: InstanceId) -> bool:
        return (
            instance in self._workspace.ids()
            and self._workspace.state(instance) is InstanceState.FAILED
            and self._workspace.view(instance).exit_code is None
        )

    def _started(self, view: InstanceView) -> InstanceInfo | ApiError | None:
        """The outcome of a start; None while it is open."""
        if view.state is InstanceState.FAILED:
            return ApiError(422, "cannot-start", view.reason or "It could not be started.")
        if view.state is InstanceState.RESTARTING:
            return ApiError(
                422,
                "cannot-start",
                view.reason or "It ended at once.",
                "It is tried again by itself; stop ends that.",
            )
        return self._snapshots.of(view.id) if view.state in _SETTLED else None

    def _spec(self, call: NewInstance) -> InstanceSpec:
        """Raises ApiError 422."""
        kind = call.kind or Kind.SHELL
        folder = call.folder or str(Path.home())
        if not Path(folder).is_absolute():
            raise _shape("“folder” must be an absolute path.")
        argv, agent = agent_of(call, self._workspace.agents.adapters)
        if kind is Kind.COMMAND and not (argv and argv[0]):
            raise _shape("A command needs “command”: the program and its arguments, as a list.")
        if kind is Kind.MISSION and not Path(call.mission).is_absolute():
            raise _shape("A mission needs “mission”: the absolute path of its file.")
        if (kind is not Kind.MISSION and call.mission) or (kind is Kind.MISSION and call.command):
            raise _shape("“mission” is for missions, “command” for all else.")
        for name, value in (call.env or {}).items():
            if not name or "=" in name or "\0" in name or "\0" in value:
                raise _shape(f"“{one_line(name)[:64]}” can't be a variable of the environment.")
            if name.startswith(_OURS) and name not in _SETTABLE:
                raise _shape(f"{one_line(name)[:64]} is Podium's own to set.", "Leave it out of “env”.")
        if any("\0" in text for text in (*call.command, folder, call.mission, call.name)):
            raise _shape("Texts can't hold NUL characters.")
        if call.name.strip():
            _checked_name(call.name)
        name = call.name.strip() or call.id
        return InstanceSpec(
            InstanceId(call.id),
            name,
            kind,
            call.theme or self._workspace.next_theme(),
            folder,
            argv,
            call.mission,
            {**(call.env or {}), **_model(call, kind)},
            _policy(call.policy) if call.policy is not None else InstancePolicy(),
            agent=agent,
        )

    # Stopping, restarting, removing

    def _stop(self, call: StopInstance) -> InstanceInfo:
        instance = require_instance(self._workspace, call.id)
        or_conflict(lambda: self._workspace.stop(instance))
        return self._snapshots.of(instance)

    def _restart(self, call: RestartInstance) -> InstanceInfo | Future[Any]:
        instance = require_instance(self._workspace, call.id)
        self._need_open()
        view = self._workspace.view(instance)
        if view.busy or view.spec.kind is not Kind.MISSION:
            or_conflict(lambda: self._workspace.restart(instance))
            return self._snapshots.of(instance)
        return self._check_standing(
            view.spec,
            lambda found: refusal(found, view.spec.mission, instance, resume=False, anew=call.anew),
            lambda: self._restart_now(instance, agreed=call.yes),
        )

    def _restart_now(self, instance: InstanceId, *, agreed: bool) -> Future[Any]:
        or_conflict(lambda: self._workspace.start(instance, agreed=agreed))
        return settled(self._snapshots.of(instance))

    def _remove(self, call: RemoveInstance) -> Future[Any]:
        instance = require_instance(self._workspace, call.id)
        view = self._workspace.view(instance)
        if view.busy:
            raise ApiError(409, "running", f"{view.spec.name} is {view.label.lower()}.", "Stop it first.")
        or_conflict(lambda: self._workspace.remove(instance))
        return self._context.removals.after(instance, lambda future: settle(future, Done()))

    # Commands

    def _configure(self, call: Configure) -> InstanceInfo | Future[Any]:
        """All of it or nothing: what may be refused comes first, the program's part before what always works."""
        instance = require_instance(self._workspace, call.id)
        if call.name is not None:
            _checked_name(call.name)
        if call.model is not None:
            _checked_model(call.model)
        wanted = {
            name: value
            for name, value in (
                ("model", call.model),
                ("budgetUsd", call.budget),
                ("maxRounds", call.turns),
            )
            if value is not None
        }

        def apply() -> InstanceInfo:
            require_instance(self._workspace, instance)
            if call.name is not None:
                self._workspace.rename(instance, call.name)
            if call.theme is not None:
                self._workspace.set_theme(instance, call.theme)
            if call.policy is not None:
                self._workspace.set_policy(instance, _policy(call.policy))
            if call.control is not None:
                self._workspace.allow_control(instance, call.control)
            if call.alerts is not None:
                self._workspace.set_alert_level(instance, call.alerts)
            return self._snapshots.of(instance)

        if not wanted:
            return apply()
        text = msgspec.json.encode(wanted).decode()
        return self._send_control(instance, ControlCommand.CONFIG, text, apply)

    def _control(self, call: ControlProgram) -> Done | Future[Any]:
        instance = require_instance(self._workspace, call.id)
        self._need_program(instance)
        match call.command:
            case ProgramCommand.STOP_NOW:
                self._workspace.stop_now(instance)
                return Done()
            case ProgramCommand.FINISH_ROUND:
                command = ControlCommand.FINISH_ROUND
                if self._workspace.view(instance).spec.kind is Kind.MISSION:
                    self._workspace.finish_round(instance)
                    return Done()
            case ProgramCommand.COMMENT:
                command = ControlCommand.COMMENT
        return self._send_control(instance, command, call.text, Done)

    def _send_control(
        self, instance: InstanceId, command: ControlCommand, text: str, answer: Any
    ) -> Future[Any]:
        self._need_program(instance)
        future: Future[Any] = Future()

        def receive(outcome: object) -> None:
            if isinstance(outcome, Failure):
                refusal = ApiError(409, "not-listening", outcome.reason)
                settle(future, self._context.unanswered(instance, refusal))
                return
            try:
                settle(future, answer())
            except ApiError as error:
                settle(future, error)

        number = self._context.sessions.control(instance, Control(0, command, text), receive)
        on_cancel(future, lambda: self._context.sessions.drop(number))
        return future

    def _need_open(self) -> None:
        if self._workspace.closing:
            raise ApiError(409, "closing", "Podium is closing; nothing starts any more.")

    def _need_program(self, instance: InstanceId) -> None:
        if self._workspace.state(instance) not in (
            InstanceState.RUNNING,
            InstanceState.WAITING,
            InstanceState.FINISHING,
        ):
            raise ApiError(409, "not-running", "Its program does not run.", "Start it first.")

    def _notify(self, call: Notify) -> Done:
        return notify(self._context, call)

    def _tell_hook(self, call: TellHook) -> Done:
        self._workspace.needs.hear_hook(require_instance(self._workspace, call.id), call.tool, call.event)
        return Done()


def _who(spec: InstanceSpec, *, new: bool) -> str:
    return f"{spec.id} --mission {shlex.quote(spec.mission)}" if new else spec.id


def _model(call: NewInstance, kind: Kind) -> dict[str, str]:
    """The variable that gives a mission the requested model. Raises ApiError 422."""
    if not isinstance(call, StartInstance) or call.model is None:
        return {}
    if kind is not Kind.MISSION:
        raise _shape("“model” is for missions.", "Name the model in the command, or in “env”.")
    if call.env is not None and call.env.get(MODEL_VARIABLE, call.model) != call.model:
        raise _shape(f"“model” and {MODEL_VARIABLE} in “env” differ.", "Leave one of them out.")
    return {MODEL_VARIABLE: _checked_model(call.model)}


def _checked_name(name: str) -> None:
    """Raises ApiError 422."""
    if wrong := name_error(name):
        raise _shape(f"“name” {wrong}")


def _checked_model(model: str) -> str:
    try:
        return line(model)
    except WrongValue as wrong:
        raise _shape(f"“model”: {wrong.reason}", wrong.fix) from None


def _policy(given: PolicyFields) -> InstancePolicy:
    return InstancePolicy(
        given.restart,
        given.success_codes,
        given.failure_codes,
        StopMethod(given.stop.by, given.stop.value) if given.stop is not None else StopMethod(),
    )


def _shape(message: str, hint: str = "") -> ApiError:
    return ApiError(422, "bad-shape", message, hint)
