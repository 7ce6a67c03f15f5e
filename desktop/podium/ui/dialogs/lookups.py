"""Questions to the disk, asked in the background: a hanging network folder must never stop the window."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal

from podium.core.background import RunInBackground

Answer = TypeVar("Answer")


class Check(NamedTuple):
    """The state of a path; ``message`` is the fault and its fix, or a remark."""

    good: bool
    message: str = ""


class Lookups(QObject):
    """Questions of one dialog; what comes after the dialog is gone reaches nobody."""

    _answered = Signal(object, object)

    def __init__(self, run: RunInBackground, parent: QObject | None = None) -> None:
        """``run`` is for folders that may hang."""
        super().__init__(parent)
        self._run = run
        self._answered.connect(self._on_answered)

    def ask(
        self,
        question: Callable[[], Answer],
        answer: Callable[[Answer], None],
        failed: Callable[[Check], None] = lambda _: None,
    ) -> None:
        """Hand what ``question`` finds to ``answer``, or to ``failed`` why it could not be asked."""
        self._run(
            question,
            lambda found: self._hand_on(answer, found),
            lambda error: self._hand_on(failed, Check(False, f"It can't be checked now: {error}")),
        )

    def _hand_on(self, receive: Callable[[Any], None], value: object) -> None:
        # RuntimeError: the dialog that asked is gone.
        with contextlib.suppress(RuntimeError):
            self._answered.emit(receive, value)

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
