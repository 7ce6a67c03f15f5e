"""The saved windows: the workspace file is read and shown at the start, and kept up to date afterwards."""

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from podium.app.background import LAST_WAIT
from podium.app.paths import state_path
from podium.app.state.outcome import NotTaken, Outcome
from podium.app.state.state_keeper import StateKeeper
from podium.app.state.window_place import WindowPlace
from podium.core.background import RunInBackground
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.demo.folders import is_demo
from podium.ui.appearance import Appearance
from podium.ui.main_window import MainWindow
from podium.ui.windows import MOST_WINDOWS, Windows
from podium.workspace.arrangement import Arrangement
from podium.workspace.saved_state import FurtherWindow, LoadedState, SavedState, load
from podium.workspace.workspace import Workspace, WorkspaceError

_SILENT: Final = (
    "Podium is open already, and its window can't be asked: it does not answer, or its settings turn the control API "
    "off. Use that window, or close it first."
)
HandOver = Callable[[], Outcome]
"""Offers what is to be opened to the window that is open already. Called on another thread."""
_HAND_OVER_MS: Final = 250
_HAND_OVER_TRIES: Final = 40
"""Ten seconds: longer than a window takes to start, or to end."""


class SavedWindow(QObject):
    """Without ``open`` nothing is read, and nothing is remembered."""

    first_started = Signal()
    """Nothing was ever saved here; the window is on the screen."""
    restored = Signal()
    """All that was saved is here, and what it becomes is remembered. Not emitted in a window that remembers nothing."""
    shown = Signal()
    """The window is on the screen, with all that it begins with."""
    handed_over = Signal()
    """The window that is open already took what this one was to do; this one is not shown."""
    given_up = Signal(str)
    """Another window is open, and can't be told what this one was to do: the reason. This one is not shown."""

    def __init__(
        self, workspace: Workspace, windows: Windows, run: RunInBackground, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._windows = windows
        self._places: dict[MainWindow, WindowPlace] = {}
        self._place_of(windows.first)
        windows.opened.connect(self._on_opened)
        self._run = run
        self._lock: QLockFile | None = None
        self._keeper: StateKeeper | None = None
        self._running: tuple[InstanceId, ...] = ()
        self._ending = False
        self._ended_shells: tuple[InstanceId, ...] = ()
        self._shutdown_notice = ""
        self.demo_seen = False
        self.interrupted: tuple[InstanceId, ...] = ()
        """Instances that ran when Podium ended last, without having been asked to end. From ``restored`` on."""
        self.ended_shells: tuple[InstanceId, ...] = ()
        """Shells that ran when Podium was quit in order. From ``restored`` on."""
        self.complete = False
        """Whether all instances are here: nothing that was saved is set aside, where it may be put right."""

    def open(self, hand_over: HandOver) -> None:
        """Show the window, soon, as it was saved. While another window is open, ``hand_over`` is tried, for some
        seconds: that one may have just started, or be about to end. There is one window that remembers, never a second
        one that does not.
        """
        path = state_path()
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            notice = f"{path.parent} can't be made ({error.strerror}); what changes is not remembered."
            self._show(LoadedState(SavedState(), False, notice), None)
            return
        self._lock = QLockFile(str(path.with_suffix(".lock")))
        self._lock.setStaleLockTime(0)
        self._lock_and_load(path, hand_over, _HAND_OVER_TRIES)

    def _lock_and_load(self, path: Path, hand_over: HandOver, tries: int) -> None:
        assert self._lock is not None
        if self._lock.tryLock(0):
            self._run(lambda: load(path), lambda loaded: self._show(loaded, path))
        elif self._lock.error() is not QLockFile.LockError.LockFailedError:
            self._run(lambda: load(path), lambda loaded: self._show_unwritable(loaded, path))
        elif not tries:
            self.given_up.emit(_SILENT)
        else:
            self._run(
                hand_over,
                lambda outcome: self._on_offered(outcome, path, hand_over, tries - 1),
                lambda error: self.given_up.emit(str(error) if isinstance(error, NotTaken) else _SILENT),
            )

    def _on_offered(self, outcome: Outcome, path: Path, hand_over: HandOver, tries: int) -> None:
        match outcome:
            case Outcome.TAKEN:
                self.handed_over.emit()
            case Outcome.NEVER:
                self.given_up.emit(_SILENT)
            case Outcome.NOT_YET if not self._ending:
                again = partial(self._lock_and_load, path, hand_over, tries)
                QTimer.singleShot(_HAND_OVER_MS, self, again)

    def begin_end(self) -> None:
        """Instances that are ended in order were not interrupted, even if Podium dies meanwhile. This is written
        first of all: from here on anything may hang.
        """
        self._ending = True
        running = self._workspace.running()
        self._ended_shells = tuple(
            spec.id for spec in self._workspace.specs() if spec.kind is Kind.SHELL and spec.id in running
        )
        if self._keeper is not None:
            self._keeper.save_soon()

    def add_shutdown_notice(self, text: str) -> None:
        """Words about this end for the person, at the next start."""
        self._shutdown_notice = text

    def save_last(self, seconds_left: float) -> bool:
        """After the event loop. False when the workspace could not be saved; the reason goes to stderr."""
        if self._keeper is None:
            return True
        try:
            # Others have something to write as well.
            if self._keeper.save_now(min(LAST_WAIT, seconds_left / 2)):
                return True
            reason = "the disk does not answer"
        except OSError as error:
            reason = str(error)
        print(f"podium: the workspace could not be saved: {reason}", file=sys.stderr)
        return False

    def _show_unwritable(self, loaded: LoadedState, path: Path) -> None:
        """There is no lock to be had because the folder is read-only, or the disk full: show what was saved."""
        notice = f"{path.parent} can't be written to; what changes is not remembered."
        self._show(msgspec.structs.replace(loaded, notice=f"{notice} {loaded.notice}".strip()), None)

    def _show(self, loaded: LoadedState, keep_in: Path | None) -> None:
        """Fill the window with what was ``loaded``; what it becomes is saved to ``keep_in``, if that may be."""
        state = loaded.state
        self.demo_seen = self.demo_seen or state.demo_seen
        self._place_of(self._windows.first).restore(state.places, state.geometry)
        self._windows.apply_appearance(_appearance(state.appearance))
        arrangements = self._workspace.arrangements
        further = {self._add(saved): saved for saved in state.windows[: MOST_WINDOWS - 1]}
        self._workspace.alerts.do_not_disturb.restore(state.undisturbed_until)
        for spec in state.instances:
            if is_demo(spec):
                continue  # An older Podium saved them.
            try:
                self._workspace.create(spec, start=False)
            except WorkspaceError as error:
                self._windows.show_message(str(error))
        arrangements.first.restore(arrangements.first.order, state.current, state.layout)
        for arrangement, saved in further.items():
            arrangement.restore(arrangement.order, saved.current, saved.layout)
        self._windows.show()
        for notice in filter(None, (loaded.notice, state.shutdown_notice)):
            self._windows.show_message(notice)
        if keep_in is not None and loaded.replaceable:
            self._keep(keep_in)
            self.interrupted = state.running
            self.ended_shells = state.shells
            self.complete = not loaded.notice
            self.restored.emit()
        self.shown.emit()
        if loaded.first_start:
            self.first_started.emit()

    def _keep(self, path: Path) -> None:
        # Not before all that was saved is here: a quit in between would save an empty workspace over it.
        keeper = StateKeeper(path, self._state, self._run, self._windows.show_message, self)
        self._keeper = keeper
        self._workspace.arrangements.changed.connect(keeper.changed)
        self._workspace.arrangements.current_changed.connect(keeper.changed)
        self._workspace.alerts.do_not_disturb.changed.connect(keeper.changed)
        self._windows.appearance.changed.connect(keeper.changed)
        self._windows.changed.connect(keeper.changed)
        self._workspace.instance_changed.connect(self._on_instance_changed)
        keeper.changed()

    def _on_instance_changed(self) -> None:
        if self._workspace.running() != self._running and self._keeper is not None:
            self._running = self._workspace.running()
            self._keeper.changed()

    def _state(self) -> SavedState:
        """The demo's instances are left out: they are made anew when they are asked for."""
        first, *others = zip(self._workspace.arrangements.all, self._windows.all, strict=True)
        specs = tuple(spec for spec in self._workspace.specs() if not is_demo(spec))
        saved = {spec.id for spec in specs}
        shown = self._saved_window(*first, saved)
        return SavedState(
            instances=specs,
            current=shown.current,
            layout=shown.layout,
            geometry=shown.geometry,
            places=shown.places,
            windows=tuple(self._saved_window(*one, saved) for one in others),
            appearance=msgspec.to_builtins(self._windows.appearance.current),
            demo_seen=self.demo_seen,
            running=() if self._ending else tuple(id for id in self._workspace.running() if id in saved),
            shells=tuple(id for id in self._ended_shells if id in saved),
            undisturbed_until=self._workspace.alerts.do_not_disturb.saved(),
            shutdown_notice=self._shutdown_notice,
        )

    def _saved_window(
        self, arrangement: Arrangement, window: MainWindow, saved: set[InstanceId]
    ) -> FurtherWindow:
        place = self._place_of(window)
        return FurtherWindow(
            instances=tuple(id for id in arrangement.order if id in saved),
            current=arrangement.current if arrangement.current in saved else None,
            layout=arrangement.layout,
            geometry=place.save(),
            places=dict(place.remembered),
        )

    # Further windows

    def _add(self, saved: FurtherWindow) -> Arrangement:
        window = self._windows.add()
        self._place_of(window).restore(saved.places, saved.geometry)
        arrangement = self._workspace.arrangements.all[-1]
        for instance in saved.instances:
            self._workspace.arrangements.expect(instance, arrangement)
        return arrangement

    def _on_opened(self, window: MainWindow, asked: MainWindow) -> None:
        self._place_of(window).put_beside(asked)

    def _place_of(self, window: MainWindow) -> WindowPlace:
        if window not in self._places:
            place = self._places[window] = WindowPlace(window, self)
            place.moved.connect(self._on_moved)
        return self._places[window]

    def _on_moved(self) -> None:
        if self._keeper is not None:
            self._keeper.changed()


def _appearance(saved: dict[str, object]) -> Appearance:
    """The saved appearance, or the default where it can't be read."""
    try:
        return msgspec.convert(saved, Appearance)
    except msgspec.ValidationError:
        return Appearance()
