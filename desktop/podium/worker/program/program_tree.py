"""The processes that end with a program: its whole tree or its terminal session, and what is left of it."""

import os
from collections.abc import Collection
from typing import Final

from podium.core.protocol.requests import TreePolicy
from podium.core.system.process_identity import HAS_SESSIONS, session_of
from podium.core.system.process_table import (
    ProcessEntry,
    descendants,
    kill_new_children,
    process_table,
    variable_of,
)
from podium.core.system.processes import RUN_VARIABLE
from podium.core.system.subreaper import Reap

_NOTHING_LEFT: Final[list[ProcessEntry]] = []
_LOOKS: Final = 2
"""A program that forks and exits all the time may be missed by one reading: its next process has a pid of its own."""
UNSEEN: Final = ProcessEntry(0, 0, 0, 0, "unseen", "a program that forks all the time")
"""Stands for a process that is there and was not met: none has its pid or its start, so none is signalled."""


class ProgramTree:
    """The processes of the program whose leader is ``leader``.

    Where this process inherits orphans (``reap``), all of its descendants are the program's, whatever they did to
    their environment and session; only what an earlier program left behind is not, and what this process runs for
    itself, in its own session. Elsewhere they are found by the session, by descent and by the mark ``run``. Without
    sessions all below a shell ends with it.
    """

    def __init__(
        self,
        leader: int,
        policy: TreePolicy,
        run: str | None,
        reap: Reap | None,
        before: Collection[ProcessEntry] = (),
    ) -> None:
        """``before``: the children that this process had already (``earlier_children``)."""
        self._leader = leader
        self._policy = policy
        self._run = run
        self._reap = reap
        self._before = before
        self._noted: dict[tuple[int, str], ProcessEntry] = {}

    @property
    def inherits(self) -> bool:
        """Whether this process inherits orphans, so that none of the program's can get away."""
        return self._reap is not None

    def reap(self) -> bool:
        """Reap orphans that have ended. False when nothing of the program can be left; costs next to nothing."""
        return self._reap is None or self._reap((self._leader,))

    def living(self) -> list[ProcessEntry]:
        """The living processes that end with the program. Raises OSError when there is no descriptor to find out."""
        for _ in range(_LOOKS):
            if not self.reap():
                return _NOTHING_LEFT
            table = process_table()
            found = [entry for entry in self._members(table) if not entry.zombie]
            if found or not self._has_unseen(table):
                return found
        return [UNSEEN]

    def _has_unseen(self, table: list[ProcessEntry]) -> bool:
        """Whether something of the program lives that is not in ``table``: a child is left, and none there is it."""
        if self._policy is not TreePolicy.TREE or self._reap is None:
            return False
        own, session = os.getpid(), session_of(0)
        explained = any(
            not entry.zombie or entry.pid == self._leader or entry.session == session
            for entry in table
            if entry.parent == own
        )
        return not explained and self.reap()

    def kill_unseen(self, seconds: float) -> None:
        """Kill what forks all the time, as far as it is met in ``seconds``. Its leader must have been reaped."""
        if self.inherits and self._policy is TreePolicy.TREE:
            kill_new_children({entry.pid for entry in self._before}, seconds)

    def staying(self) -> list[ProcessEntry]:
        """The living processes below this one that do not end with the program: daemons that a shell's person started,
        in this program or an earlier one.
        """
        if self._policy is TreePolicy.TREE or self._reap is None or not self.reap():
            return _NOTHING_LEFT
        found = _inherited(process_table())
        return [entry for entry in found if entry.session != self._leader and not entry.zombie]

    def _members(self, table: list[ProcessEntry]) -> list[ProcessEntry]:
        if self._policy is TreePolicy.SESSION and HAS_SESSIONS:
            return [entry for entry in table if entry.session == self._leader]
        if self._reap is not None:
            return self._adopted(table)
        below = {entry.pid for entry in descendants((self._leader,), table)} | {self._leader}
        own = os.getpid()
        for entry in table:
            if entry.pid != own and (
                (HAS_SESSIONS and entry.session == self._leader) or entry.pid in below or self._marked(entry)
            ):
                self._noted[entry.pid, entry.started] = entry
        # What was seen in the tree once stays part of it, although its parent may have ended since.
        now = {(entry.pid, entry.started): entry for entry in table}
        self._noted = {key: now[key] for key in self._noted if key in now}
        return list(self._noted.values())

    def _adopted(self, table: list[ProcessEntry]) -> list[ProcessEntry]:
        there = {(entry.pid, entry.started) for entry in table}
        before = [entry.pid for entry in self._before if (entry.pid, entry.started) in there]
        return _inherited(table, before)

    def _marked(self, entry: ProcessEntry) -> bool:
        return bool(self._run) and variable_of(entry.pid, RUN_VARIABLE) == self._run


def _inherited(table: list[ProcessEntry], without: Collection[int] = ()) -> list[ProcessEntry]:
    """The processes below this one that were not started for itself: its programs always have other sessions."""
    own = session_of(0)
    return [entry for entry in descendants((os.getpid(),), table, without) if entry.session != own]


def earlier_children(reap: Reap | None) -> list[ProcessEntry]:
    """The processes an earlier program left below this one; asked before the next one starts."""
    if reap is None or not reap(()):
        return []
    own = os.getpid()
    try:
        return [entry for entry in process_table() if entry.parent == own]
    except OSError:
        return []
