"""Earlier screens of instances: kept on disk by their sessions, read and deleted here, off the window's thread."""

import contextlib
import time
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal

from podium.core.background import RunInBackground
from podium.core.clock import Clock
from podium.core.ids import InstanceId
from podium.core.protocol.finding import Find, FindLines
from podium.core.protocol.reports import ErrorReport
from podium.core.protocol.requests import Follow, LinesWanted, Request, Resize, ScreenWanted
from podium.core.protocol.saved_screen import KeptScreen, kept_path, read
from podium.workspace.kept_picture import KeptPicture, scrollback, scrollback_answer, whole_terminal
from podium.workspace.kept_search import answer_find

Found = TypeVar("Found")


def run_now(
    work: Callable[[], Any],
    then: Callable[[Any], None] = lambda _: None,
    failed: Callable[[Exception], None] | None = None,
) -> None:
    """A RunInBackground that waits."""
    try:
        result = work()
    except Exception as error:
        if failed is None:
            raise
        failed(error)
    else:
        then(result)


class _Drawn(NamedTuple):
    """The session that drew what is in sight."""

    marker: str
    """Its worker's."""
    since: float
    """Seconds since 1970."""


class KeptScreens(QObject):
    """Stands in for sessions that do not run.

    An instance that has not run yet shows what its last session left, dimmed. When a session dies, what is in sight
    stays as it is, and this answers for the lines above.
    """

    reported = Signal(str, object)
    """Instance id and a Frame, lines, a screen or what was found, as from a session."""
    failed = Signal(str, str)
    """Instance id and why what was kept of it can't be shown."""

    def __init__(
        self,
        run: RunInBackground = run_now,
        run_foreign: RunInBackground = run_now,
        wall_clock: Clock = time.time,
        parent: QObject | None = None,
    ) -> None:
        """``run`` reads and deletes what is kept, ``run_foreign`` looks at the folders that shells were in."""
        super().__init__(parent)
        self._run = run
        self._run_foreign = run_foreign
        self._wall_clock = wall_clock
        self._folder: Path | None = None
        self._configured: dict[InstanceId, str] = {}
        """The file each instance's worker was born with."""
        self._reads: dict[InstanceId, object] = {}
        """The newest reading for each instance; what an older one finds is of no use any more."""
        self._pictures: dict[InstanceId, KeptPicture] = {}
        self._sizes: dict[InstanceId, Resize] = {}
        self._screens: dict[InstanceId, KeptScreen] = {}
        self._finds: dict[InstanceId, Find] = {}
        """The newest search of each; a new width moves its matches."""
        self._drawn: dict[InstanceId, _Drawn] = {}
        self._shell_folders: dict[InstanceId, str] = {}
        self._folders_asked: dict[InstanceId, str] = {}
        """Of which it is asked, or was, whether they are still there."""

    # Where

    def use(self, folder: Path | None) -> None:
        """Keep screens in ``folder`` from now on. None is the off switch: nothing is kept, and what was is deleted."""
        before, self._folder = self._folder, folder
        if before is not None and before != folder:
            self._run(lambda: delete_kept_screens(before), _done)
        if folder is None:
            for instance in tuple(self._reads.keys() | self._pictures.keys() | self._screens.keys()):
                self.forget(instance)
            self._shell_folders.clear()
            self._folders_asked.clear()

    def path(self, instance: InstanceId) -> str:
        """The file of ``instance``; "" while nothing is kept."""
        return str(kept_path(self._folder, instance)) if self._folder is not None else ""

    def configured(self, instance: InstanceId) -> str:
        """``path``, for a worker that is born now and uses it over all its restarts."""
        self._configured[instance] = self.path(instance)
        return self._configured[instance]

    def is_configured(self, instance: InstanceId) -> bool:
        """Whether the instance's worker was born with what ``path`` says now."""
        return self._configured.get(instance, "") == self.path(instance)

    def last_folder(self, instance: InstanceId) -> str:
        """Its shell's last known folder; "" when it is not known, or that folder is gone."""
        return self._shell_folders.get(instance, "")

    # What happens

    def show(self, instance: InstanceId, size: Resize) -> None:
        """Read what the last session left, and show it dimmed in a terminal of ``size``."""
        self._sizes[instance] = size
        path = self.path(instance)
        if path:
            self._read(
                instance, lambda: _find_picture(path), lambda found: self._show_found(instance, *found)
            )

    def resized(self, instance: InstanceId, size: Resize) -> None:
        """The instance's terminal has another size."""
        self._sizes[instance] = size
        if instance in self._pictures:
            self._report(instance)
            if instance in self._finds:
                self._find(instance, self._finds[instance])

    def drawn(self, instance: InstanceId, marker: str) -> None:
        """A session draws from now on, in the worker with this ``marker``: what was shown here is history."""
        self.forget(instance)
        self._drawn[instance] = _Drawn(marker, self._wall_clock())

    def lost(self, instance: InstanceId) -> None:
        """The session that drew has died: be ready to answer for its scrollback."""
        drawn, path = self._drawn.get(instance), self.path(instance)
        if drawn is not None and path and instance not in self._screens:
            self._read(
                instance, lambda: read(path)[0], lambda found: self._answer_with(instance, drawn, found)
            )

    def answer(self, instance: InstanceId, request: Request) -> bool:
        """Answer for a session that can't. False when there is no answer."""
        if isinstance(request, Follow) and instance in self._pictures:
            self._pictures[instance].follow(request)
            return True
        if isinstance(request, Find | FindLines):
            return self._find(instance, request)
        if isinstance(request, ScreenWanted):
            return self._answer_whole(instance, request)
        if not isinstance(request, LinesWanted):
            return False
        if instance in self._pictures:
            self.reported.emit(instance, self._pictures[instance].answer(request))
        elif instance in self._screens:
            self.reported.emit(instance, scrollback_answer(self._screens[instance], request))
        else:
            return False
        return True

    def forget(self, instance: InstanceId) -> None:
        """Answer nothing for ``instance`` any more."""
        self._finds.pop(instance, None)
        self._reads.pop(instance, None)
        self._pictures.pop(instance, None)
        self._screens.pop(instance, None)
        self._drawn.pop(instance, None)

    def clear(self, instance: InstanceId) -> None:
        """Delete what is kept of ``instance``. No session of it may write just now."""
        self.forget(instance)
        if self._folder is not None:
            path = kept_path(self._folder, instance)
            self._run(lambda: _delete((path,)), _done)

    def remove(self, instance: InstanceId) -> None:
        """``instance`` is gone, and what is kept of it goes too."""
        self.clear(instance)
        self._sizes.pop(instance, None)
        self._configured.pop(instance, None)
        self._shell_folders.pop(instance, None)
        self._folders_asked.pop(instance, None)

    def sweep(self, known: Collection[InstanceId]) -> None:
        """Delete what belongs to no ``known`` instance, as a crash may leave behind."""
        folder = self._folder
        if folder is not None:
            spared = {kept_path(folder, instance) for instance in known}
            self._run(lambda: _delete(set(_files(folder)) - spared), _done)

    # Inside

    def _find(self, instance: InstanceId, wanted: Find | FindLines) -> bool:
        """Search what is kept, beside the window's thread. False when nothing is."""
        if instance in self._pictures:
            kept = self._pictures[instance].lines()
        elif instance in self._screens:
            kept = scrollback(self._screens[instance])
        else:
            return False
        if isinstance(wanted, Find):
            self._finds[instance] = wanted
        # A pattern may take its time, which must not hold up what waits for our own disk.
        run = self._run_foreign if wanted.query.regex else self._run
        failed = ErrorReport("It could not be searched just now. Try again.", wanted.request)
        run(
            lambda: answer_find(kept, wanted),
            lambda report: self.reported.emit(instance, report),
            lambda _error: self.reported.emit(instance, failed),
        )
        return True

    def _answer_whole(self, instance: InstanceId, wanted: ScreenWanted) -> bool:
        """Tell all that is kept, for an export. False when nothing is."""
        if instance in self._pictures:
            reports = self._pictures[instance].whole(wanted)
        elif instance in self._screens:
            reports = whole_terminal(self._screens[instance], wanted)
        else:
            return False
        for report in reports:
            self.reported.emit(instance, report)
        return True

    def _read(self, instance: InstanceId, work: Callable[[], Found], then: Callable[[Found], None]) -> None:
        token = object()
        self._reads[instance] = token

        def take(found: Found) -> None:
            if self._reads.get(instance) is token:
                del self._reads[instance]
                then(found)

        self._run(work, take)

    def _check_folder(self, instance: InstanceId, screen: KeptScreen | None) -> None:
        """Check whether the shell's folder is still there: it may be on a network that is gone, so the picture comes
        first, and without an answer there is no folder.
        """
        folder = screen.folder if screen is not None else ""
        self._shell_folders[instance] = ""
        self._folders_asked[instance] = folder

        def take(found: str) -> None:
            if self._folders_asked.get(instance) == folder:
                self._shell_folders[instance] = found

        if folder:
            self._run_foreign(lambda: _living_folder(folder), take, lambda _error: None)

    def _show_found(
        self, instance: InstanceId, screen: KeptScreen | None, picture: KeptPicture | None, reason: str
    ) -> None:
        if reason:
            self.failed.emit(instance, reason)
        self._check_folder(instance, screen)
        if picture is not None:
            self._pictures[instance] = picture
            self._report(instance)

    def _answer_with(self, instance: InstanceId, drawn: _Drawn, screen: KeptScreen | None) -> None:
        self._check_folder(instance, screen)
        # Another session's file has other line numbers.
        if screen is not None and screen.marker == drawn.marker and screen.saved_at >= drawn.since:
            self._screens[instance] = screen

    def _report(self, instance: InstanceId) -> None:
        size = self._sizes[instance]
        for report in self._pictures[instance].reports(size.columns, size.lines):
            self.reported.emit(instance, report)


def delete_kept_screens(folder: Path) -> None:
    """Delete all that was ever kept in ``folder``. Waits for the disk."""
    _delete(_files(folder))


def _find_picture(path: str) -> tuple[KeptScreen | None, KeptPicture | None, str]:
    """The content of a file, the picture of it, and the reason there is none."""
    screen, reason = read(path)
    picture = KeptPicture(screen) if screen is not None and screen.lines else None
    return screen, picture, reason


def _living_folder(folder: str) -> str:
    """``folder`` if it is still there, else ""."""
    try:
        return folder if Path(folder).is_dir() else ""
    except OSError:
        return ""


def _files(folder: Path) -> list[Path]:
    """All files in it: kept screens, and what is left of one that was being written."""
    try:
        return [path for path in folder.iterdir() if not path.is_dir()]
    except OSError:
        return []


def _delete(paths: Collection[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _done(_: object) -> None: ...
