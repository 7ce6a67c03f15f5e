"""Waiting for a program's tree, whatever holds it together: a reaper or a Job Object."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any, Final

from podium.missions.stopping import StopSignal

KILL_PATIENCE: Final = 2.0
"""Seconds that killed processes may take to go."""
_LINGER: Final = 2.0
"""Seconds a program's children may outlive it, to finish what they do in the background (codex's notify)."""
_POLL: Final = 0.05


async def wait_for_children(
    over: Callable[[], bool], pumps: "Collection[asyncio.Task[Any]]", stop: StopSignal
) -> None:
    """Give children that outlive the program a moment to finish by themselves."""
    deadline = asyncio.get_running_loop().time() + _LINGER
    while not (all(pump.done() for pump in pumps) and over()):
        if stop.now.is_set() or asyncio.get_running_loop().time() > deadline:
            return
        await asyncio.sleep(_POLL)


async def wait_over(over: Callable[[], bool], seconds: float, kill_now: asyncio.Event | None = None) -> None:
    """Wait until nothing of the tree lives, for so long at most, and no longer once ``kill_now`` is set."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not over() and asyncio.get_running_loop().time() < deadline:
        if kill_now is not None and kill_now.is_set():
            return
        await asyncio.sleep(_POLL)
