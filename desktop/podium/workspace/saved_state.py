"""State that comes back at the next start: instances, their order, the layout, the window's place and theme."""

from pathlib import Path

import msgspec

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec
from podium.core.system.private_files import name_aside, write_private
from podium.workspace.arrangement import Layout

VERSION = 1


class FurtherWindow(msgspec.Struct, frozen=True):
    """What is saved of each window but the first; the fields are those of ``SavedState``."""

    instances: tuple[InstanceId, ...] = ()
    """Those of the saved instances that it shows; all others are in the first window."""
    current: InstanceId | None = None
    layout: Layout = Layout.TABS
    geometry: bytes = b""
    places: dict[str, bytes] = {}


class SavedState(msgspec.Struct, frozen=True):
    """What the windows remember. ``current`` to ``places`` are the first window's. ``geometry`` is Qt's own opaque
    value; ``appearance`` belongs to ``ui``.
    """

    version: int = VERSION
    instances: tuple[InstanceSpec, ...] = ()
    current: InstanceId | None = None
    layout: Layout = Layout.TABS
    geometry: bytes = b""
    places: dict[str, bytes] = {}
    """The same for each set of screens that was seen, by its name; the newest last."""
    windows: tuple[FurtherWindow, ...] = ()
    """All but the first. An older Podium, which does not know them, shows their instances in its window."""
    appearance: dict[str, object] = {}
    demo_seen: bool = False
    running: tuple[InstanceId, ...] = ()
    """The instances that ran when this was saved; none after an orderly end, so that any here was interrupted."""
    shells: tuple[InstanceId, ...] = ()
    """The shells that ran when Podium was quit in order."""
    undisturbed_until: float | None = 0.0
    """Until when a person does not want to be disturbed, in seconds since 1970; None: until they say so."""
    shutdown_notice: str = msgspec.field(default="", name="farewell")
    """A message about the last end, for the next start."""


class LoadedState(msgspec.Struct, frozen=True):
    """The loaded state, and a message for the person about it ("" when all is well)."""

    state: SavedState
    first_start: bool
    notice: str = ""
    replaceable: bool = True
    """False when a file is there that could be neither read nor set aside: saving would destroy it."""


def load(path: Path) -> LoadedState:
    """Read the state. A file that can't be used is set aside under another name, never overwritten."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return LoadedState(SavedState(), first_start=True)
    except OSError as error:
        return _unusable(f"{path} can't be read ({error.strerror})")
    try:
        state = msgspec.json.decode(data, type=SavedState)
        if state.version > VERSION:
            raise ValueError("it was written by a newer Podium")
    except (ValueError, msgspec.MsgspecError, RecursionError) as error:
        aside = name_aside(path)
        try:
            path.rename(aside)
        except OSError:
            return _unusable(f"{path} makes no sense ({error}) and can't be set aside")
        return LoadedState(
            SavedState(),
            False,
            f"The last workspace could not be read: {error}. It is kept as {aside}; starting empty.",
        )
    return LoadedState(state, first_start=False)


def _unusable(why: str) -> LoadedState:
    notice = f"{why}; starting empty. What changes is not remembered until that is put right."
    return LoadedState(SavedState(), False, notice, replaceable=False)


def save(path: Path, state: SavedState) -> None:
    """Write the state so that a crash leaves either the old or the new one. Raises OSError. Not for the window's
    thread.
    """
    write_private(path, msgspec.json.encode(state), durable=True)
