"""The worktree of a new agent: planned, agreed to and made beside the window, for a form that waits for it."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from podium.core.instances import AgentLaunch, InstanceSpec
from podium.core.system.app_dirs import agents_folder
from podium.repositories.agent_worktree import (
    BRANCH_PREFIX,
    CannotMake,
    Kept,
    MadeWorktree,
    Plan,
    holder_of,
    make_worktree,
    plan_worktree,
    remove_if_saved,
    setup_mark,
)
from podium.ui.dialogs.lookups import Check, Lookups

AskAbout = Callable[[tuple[str, ...], Callable[[], None]], None]


class WorktreeMaking:
    """One at a time. ``cancel`` undoes what is under way."""

    def __init__(
        self,
        lookups: Lookups,
        made: Callable[[InstanceSpec], None],
        failed: Callable[[str], None],
        ask: AskAbout,
    ) -> None:
        """``made`` gets the instance in its worktree, ``failed`` words for a person. ``ask`` asks about programs that
        the repository makes git run, and calls what it is given when the person agrees.
        """
        self._lookups = lookups
        self._made = made
        self._failed = failed
        self._ask = ask
        self._cancelled: list[None] = []

    def begin(self, spec: InstanceSpec, copy: Sequence[str], setup: str) -> None:
        """Make the worktree for ``spec``, which is for the folder that it comes from."""
        self._cancelled = []

        def plan() -> Plan | Check:
            try:
                return plan_worktree(Path(spec.folder), BRANCH_PREFIX, spec.name)
            except CannotMake as error:
                return Check(False, str(error))

        def then(found: Plan | Check) -> None:
            if isinstance(found, Check):
                self._failed(found.message)
            elif found.programs:
                self._ask(found.programs, lambda: self._make(found, spec, copy, setup))
            else:
                self._make(found, spec, copy, setup)

        self._lookups.ask(plan, then, lambda reason: self._failed(reason.message))

    def cancel(self) -> None:
        """Nothing is wanted any more."""
        self._cancelled.append(None)

    def discard(self, spec: InstanceSpec) -> None:
        """Remove the worktree that was made for ``spec``."""
        folder = spec.folder
        self._lookups.ask(lambda: _remove(folder), lambda _: None)

    def _make(self, plan: Plan, spec: InstanceSpec, copy: Sequence[str], setup: str) -> None:
        cancelled = self._cancelled

        def make() -> MadeWorktree | Check:
            try:
                made = make_worktree(plan, agents_folder(), copy, lambda: bool(cancelled))
            except CannotMake as error:
                return Check(False, str(error))
            if cancelled:  # In the last moment.
                _remove(made.folder)
                return Check(False, "It was cancelled.")
            return made

        def then(made: MadeWorktree | Check) -> None:
            if isinstance(made, Check):
                self._failed(made.message)
            else:
                self._made(_placed(spec, made, setup))

        self._lookups.ask(make, then, lambda reason: self._failed(reason.message))


def _placed(spec: InstanceSpec, made: MadeWorktree, setup: str) -> InstanceSpec:
    agent = spec.agent or AgentLaunch("")
    holder = holder_of(Path(made.folder), agents_folder())
    mark = setup_mark(holder) if holder is not None and setup else ""
    agent = msgspec.structs.replace(agent, branch=made.branch, setup=setup, setup_mark=mark)
    return msgspec.structs.replace(spec, folder=made.folder, agent=agent)


def _remove(folder: str) -> None:
    holder = holder_of(Path(folder), agents_folder())
    if holder is not None:
        try:
            remove_if_saved(holder)
        except Kept:
            return
