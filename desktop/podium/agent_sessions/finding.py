"""Which session a tool's process has: as the tool says, or as nobody else can have it; else it is not known."""

from collections.abc import Collection
from typing import Final

from podium.agent_sessions.processes import ToolProcesses, start_of_others
from podium.agent_sessions.store import Store, StoredSession

_SLACK: Final = 1.0
"""Seconds by which the start of a process and the clock may differ."""
_SHORTEST_ID: Final = 8


def find_session(
    tool: str, store: Store, ours: ToolProcesses, taken: Collection[str] = (), *, known: bool = False
) -> StoredSession | None:
    """The session that these processes of ``tool`` have, None when that can't be told. ``taken``: those of other runs.

    Another process of the tool in the same folder may have begun any session since its own start. ``known``: they
    have one already, and only what is certain is another.
    """
    certain = _written_down(store, ours) or _open(store, ours)
    if certain is not None or known:
        return certain
    return _named(store, ours, taken) or _begun(tool, store, ours, taken)


def _written_down(store: Store, ours: ToolProcesses) -> StoredSession | None:
    for pid in ours.pids:
        if (found := store.running(pid, ours.started)) is not None:
            return found
    return None


def _open(store: Store, ours: ToolProcesses) -> StoredSession | None:
    paths = {path for path in ours.open_files() if store.is_transcript(path)}
    found = [one for path in sorted(paths) if (one := store.read(path)) is not None]
    return max(found, key=lambda one: one.began, default=None)


def _begun(tool: str, store: Store, ours: ToolProcesses, taken: Collection[str]) -> StoredSession | None:
    """The newest that began in its folder since it was started, if no other one can have begun it."""
    found = [one for one in store.began_since(ours.folder, ours.started - _SLACK) if one.id not in taken]
    if not found:
        return None
    others = start_of_others(tool, ours.folder, ours)
    alone = min(others, default=float("inf")) - _SLACK
    return next((one for one in found if one.began < alone), None)


def _named(store: Store, ours: ToolProcesses, taken: Collection[str]) -> StoredSession | None:
    """The one that its command line names."""
    for word in ours.words:
        id = word.rpartition("=")[2]
        usable = len(id) >= _SHORTEST_ID and id not in taken and not id.startswith("-")
        if usable and (found := store.find(id)) is not None:
            return found
    return None
