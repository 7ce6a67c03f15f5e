"""Questions to the disk, asked from a thread: a hanging network folder must never stop the window."""

import contextlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from PySide6.QtCore import QObject, QThreadPool, Signal

Answer = TypeVar("Answer")

AI_TOOLS = ("claude", "codex", "gemini", "opencode", "copilot", "amp", "aider")


class Check(NamedTuple):
    """The state of a path; ``message`` is the fault and its fix, or a remark."""

    good: bool
    message: str = ""


class Lookups(QObject):
    """Runs one question after another on the global thread pool; answers come back on this object's thread."""

    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answered.connect(self._on_answered)

    def ask(self, question: Callable[[], Answer], answer: Callable[[Answer], None]) -> None:
        def run() -> None:
            value = question()
            # RuntimeError: the dialog that asked is gone.
            with contextlib.suppress(RuntimeError):
                self._answered.emit(answer, value)

        # A function, not a QRunnable; see podium.app.background.
        QThreadPool.globalInstance().start(run)

    def _on_answered(self, answer: Callable[[object], None], value: object) -> None:
        answer(value)


def full_path(text: str, base: str = "") -> str:
    """``text`` as an absolute path, ``~`` resolved, relative ones below ``base``. Does not touch the disk."""
    expanded = os.path.expanduser(text.strip())  # noqa: PTH111  (Path.expanduser raises for unknown users)
    return os.path.normpath(os.path.join(os.path.expanduser(base), expanded))  # noqa: PTH111, PTH118


def check_folder(text: str) -> Check:
    """Whether ``text`` is a folder to work in. Touches the disk."""
    if not text.strip():
        return Check(False, "Enter the folder it works in.")
    folder = Path(full_path(text))
    try:
        if not folder.exists():
            return Check(False, "There is no such folder. Check the spelling or choose one.")
        if not folder.is_dir():
            return Check(False, "This is a file. Choose the folder it is in.")
        if not os.access(folder, os.X_OK):
            return Check(False, "You may not enter this folder. Choose another one.")
        return Check(True, _repository_remark(folder))
    except OSError as error:
        return Check(False, f"This folder can't be read: {error.strerror}.")


def _repository_remark(folder: Path) -> str:
    try:
        head = (folder / ".git" / "HEAD").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    branch = head.removeprefix("ref: refs/heads/")
    return f"Git repository, on {branch}" if branch != head else "Git repository"


def check_mission(text: str, folder: str) -> Check:
    """Whether ``text`` names a mission file. Touches the disk."""
    if not text.strip():
        return Check(False, "Choose the mission's file.")
    file = Path(full_path(text, folder))
    try:
        if file.is_dir():
            return Check(False, "This is a folder. Choose a mission file (.toml).")
        if not file.is_file():
            return Check(False, "There is no such file. Check the spelling or choose one.")
        if not os.access(file, os.R_OK):
            return Check(False, "You may not read this file. Choose another one.")
    except OSError as error:
        return Check(False, f"This file can't be read: {error.strerror}.")
    return Check(True)


def find_tools() -> tuple[str, ...]:
    """The AI tools that are on PATH. Touches the disk."""
    return tuple(tool for tool in AI_TOOLS if shutil.which(tool))
