"""Starts of agents' tools: from a call to a command line, in a worktree of its own where one is asked for."""

import sys
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import msgspec

from podium.control.api.errors import ApiError
from podium.control.api.instances import NewInstance, StartInstance
from podium.control.bridge.futures import continue_with, on_cancel, settle, when_settled
from podium.control.operations.context import OperationContext
from podium.core.adapters.interactive import fresh_command
from podium.core.adapters.model import Adapter
from podium.core.instances import AgentLaunch, InstanceSpec, Kind
from podium.core.names import clean_prompt
from podium.core.system.app_dirs import agents_folder
from podium.repositories.agent_worktree import (
    BRANCH_PREFIX,
    CannotMake,
    Kept,
    MadeWorktree,
    holder_of,
    make_worktree,
    plan_worktree,
    remove_if_saved,
    setup_mark,
)


def agent_of(
    call: NewInstance, adapters: Mapping[str, Adapter]
) -> tuple[tuple[str, ...], AgentLaunch | None]:
    """The command line of ``call``, and the agent's tool that it runs. Raises ApiError 422."""
    wanted = call.agent
    if wanted is None:
        return call.command, None
    if call.kind is not Kind.COMMAND or call.command:
        raise _shape("“agent” goes with the kind “command”, without a “command”.")
    if wanted.setup and sys.platform == "win32":
        raise _shape("A setup is not run on Windows yet.", "Leave it out.")
    if wanted.worktree and not isinstance(call, StartInstance):
        raise _shape("A worktree is made for a start alone.")
    adapter = adapters.get(wanted.tool)
    if adapter is None or adapter.interactive is None:
        known = ", ".join(name for name, one in adapters.items() if one.interactive is not None)
        raise _shape(
            "There is no such agent's tool.", f"Name one of {known}." if known else "Try again soon."
        )
    if "\0" in wanted.setup or any("\0" in pattern for pattern in wanted.copy):
        raise _shape("Texts can't hold NUL characters.")
    holder = holder_of(Path(call.folder), agents_folder()) if call.folder else None
    if not wanted.worktree and holder is None and (wanted.setup or wanted.copy or wanted.branch):
        raise _shape("“branch”, “copy” and “setup” go with “worktree”.")
    agent = AgentLaunch(
        wanted.tool,
        first_prompt=clean_prompt(wanted.prompt),
        setup=wanted.setup.strip(),
        setup_mark=setup_mark(holder) if holder is not None and wanted.setup.strip() else "",
        branch=wanted.branch if holder is not None else "",
    )
    return fresh_command(adapter), agent


def start_agent(
    context: OperationContext,
    call: StartInstance,
    spec: InstanceSpec,
    begin: Callable[[StartInstance], Future[Any]],
) -> Future[Any]:
    """``begin``, after a worktree was made where ``call`` asks for one; without the instance it goes again."""
    wanted = call.agent
    if wanted is None or not wanted.worktree:
        return begin(call)
    future: Future[Any] = Future()
    cancelled: list[None] = []
    on_cancel(future, lambda: cancelled.append(None))

    def make() -> MadeWorktree:
        plan = plan_worktree(Path(spec.folder), BRANCH_PREFIX, spec.name, wanted.branch)
        if plan.programs and not call.yes:
            raise CannotMake(
                f"The repository makes git run programs: {'; '.join(plan.programs)}. To agree, pass “yes”."
            )
        return make_worktree(plan, agents_folder(), wanted.copy, lambda: bool(cancelled))

    def then(made: MadeWorktree) -> None:
        agent = msgspec.structs.replace(wanted, worktree=False, branch=made.branch, copy=())
        continue_with(future, lambda: begin(msgspec.structs.replace(call, folder=made.folder, agent=agent)))
        when_settled(future, lambda outcome: _forget_unused(context, made, outcome))
        on_cancel(future, lambda: _forget_unused(context, made, None))

    def failed(error: Exception) -> None:
        settle(future, ApiError(422, "no-worktree", str(error)))

    context.background(make, then, failed)
    return future


def _forget_unused(context: OperationContext, made: MadeWorktree, outcome: object) -> None:
    """Remove the worktree of an instance that is not there after all."""
    there = any(spec.folder == made.folder for spec in context.workspace.specs())
    holder = holder_of(Path(made.folder), agents_folder())
    if there or not isinstance(outcome, Exception | None) or holder is None:
        return

    def remove() -> None:
        try:
            remove_if_saved(holder)
        except Kept:
            return

    context.background(remove)


def _shape(message: str, hint: str = "") -> ApiError:
    return ApiError(422, "bad-shape", message, hint)
