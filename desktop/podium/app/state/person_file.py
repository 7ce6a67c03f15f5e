"""A file that a person and Podium both write: watched for what the person changes, edited without losing any of it."""

from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from podium.core.background import RunInBackground
from podium.core.config.toml_file import MAX_FILE_BYTES
from podium.core.system.whole_file import WholeFile

_SETTLE_MS: Final = 150
"""Editors write a file in several steps."""
_BOM: Final = b"\xef\xbb\xbf"

Edit = Callable[[str], str]


class _Change(NamedTuple):
    edit: Edit
    failed: Callable[[str], None]
    done: Callable[[], None]


class PersonFile(QObject):
    """All of the disk is on ``run``'s threads."""

    changed = Signal()
    """The file says something else than it did, or is there now, or is gone."""

    def __init__(self, path: Path, run: RunInBackground, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self._run = run
        self._seen: bytes | None = None
        self._watcher: QFileSystemWatcher | None = None
        self._changes: deque[_Change] = deque()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._look)

    def watch(self) -> None:
        """Tell from now on when the file changes. What it says now is known."""
        self._run(self._read_now, self._begin)

    def edit(
        self, edit: Edit, failed: Callable[[str], None], done: Callable[[], None] = lambda: None
    ) -> None:
        """Replace the text by what ``edit`` makes of it, on a thread; edits are made one after the other.

        ``edit`` raises ValueError when it can't. ``failed`` is called with the reason, for a person,
        ``done`` when the file has the text.
        """
        self._changes.append(_Change(edit, failed, done))
        if len(self._changes) == 1:
            self._next()

    def _next(self) -> None:
        edit, failed, done = self._changes[0]

        def over(data: bytes | None) -> None:
            self._changes.popleft()
            if self._changes:
                self._next()
            if data is not None and data != self._seen:
                self._seen = data
                self.changed.emit()

        def made(data: bytes | None) -> None:
            over(data)
            done()

        def wrong(error: Exception) -> None:
            over(None)
            reason = getattr(error, "strerror", None) or str(error)
            failed(f"{reason}." if not reason.endswith(".") else reason)

        self._run(lambda: _edit(self.path, edit), made, wrong)

    # watching

    def _read_now(self) -> tuple[bytes | None, str]:
        return _read(self.path), _nearest(self.path.parent)

    def _begin(self, found: tuple[bytes | None, str]) -> None:
        self._seen = found[0]
        watcher = self._watcher = QFileSystemWatcher(self)
        watcher.fileChanged.connect(self._settle.start)
        watcher.directoryChanged.connect(self._settle.start)
        self._watch_paths(found[1])

    def _watch_paths(self, folder: str) -> None:
        """``folder``, and the file in it: the folder tells of files that are put in its place, not of what is written
        into it. The disk has just answered, so this does not wait for it.
        """
        watcher = self._watcher
        if watcher is None:
            return
        wanted = {folder, *((str(self.path),) if self._seen is not None else ())}
        watched = {*watcher.directories(), *watcher.files()}
        if gone := watched - wanted:
            watcher.removePaths(list(gone))
        if new := wanted - watched:
            watcher.addPaths(list(new))

    def _look(self) -> None:
        self._run(self._read_now, self._on_looked, lambda _: None)

    def _on_looked(self, found: tuple[bytes | None, str]) -> None:
        changed = found[0] != self._seen
        self._seen = found[0]
        self._watch_paths(found[1])
        if changed:
            self.changed.emit()


def _read(path: Path) -> bytes | None:
    """What is in the file, as far as it counts; None without one, or if it can't be read."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError:
        return None


def _nearest(folder: Path) -> str:
    """``folder``, or the nearest one above it that there is."""
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return str(folder)


def _edit(path: Path, edit: Edit) -> bytes | None:
    """On a thread. The bytes that the file has then. Raises OSError and ValueError."""
    if path.exists() and not path.is_file():
        raise ValueError(f"{path} is no file. Move it away.")
    before = _read(path)
    if before is None and path.exists():
        raise ValueError(f"{path} can't be read. Check its permissions.")
    if before is not None and len(before) > MAX_FILE_BYTES:
        raise ValueError(f"{path} is longer than 1 MiB.")
    mark = _BOM if before is not None and before.startswith(_BOM) else b""
    try:
        text = (before or b"")[len(mark) :].decode()
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not UTF-8. Save it as UTF-8.") from None
    after = mark + edit(text).encode()
    if after != (before or b""):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with WholeFile(path) as file:
            file.write(after)
            file.finish()
        if before is None:
            path.chmod(0o600)
    return after
