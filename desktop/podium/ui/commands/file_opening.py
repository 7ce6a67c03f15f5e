"""The ways in which a file that a terminal named is opened. None of them runs the file."""

import os
import shutil
import stat
import sys
from collections.abc import Mapping
from enum import Enum, auto
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from PySide6.QtCore import QProcess, QProcessEnvironment

from podium.core.editors import Editor, EditorCommand, editor_command

_HEAD: Final = 4096
"""Bytes by which a text is told from other files."""
_RUNNABLE: Final = frozenset({".desktop", ".appimage", ".run", ".jar", ".url", ".webloc", ".lnk"})
_RUNNABLE_ON: Final = {
    "darwin": frozenset({".command", ".terminal", ".workflow", ".scpt", ".app", ".tool"}),
    "win32": frozenset(
        ".bat .cmd .com .exe .hta .js .jse .msi .ps1 .py .pyw .reg .scr .vbe .vbs .wsf .wsh".split()  # noqa: SIM905
    ),
}
"""Endings of files that a desktop runs when it is asked to open them."""


class FileFacts(NamedTuple):
    """A file as it is now."""

    exists: bool
    is_folder: bool = False
    is_text: bool = False
    is_runnable: bool = False
    """The system might run it when it is asked to open it."""


class Way(Enum):
    GONE = auto()
    """There is nothing to open any more."""
    FOLDER_VIEW = auto()
    """The folder is shown: of a file, the one it is in."""
    USUAL_APP = auto()
    EDITOR = auto()


class Opening(NamedTuple):
    """A decision. ``folder`` is to be shown for FOLDER_VIEW; ``argv`` is the command of an EDITOR, empty where its
    program, ``missing``, is not there.
    """

    way: Way
    folder: str = ""
    argv: tuple[str, ...] = ()
    in_terminal: bool = False
    missing: str = ""


def decide(
    path: str, line: int, column: int, editor: Editor, environment: Mapping[str, str], facts: FileFacts
) -> Opening:
    """The way to open it. ``environment`` is the one that the editor gets. Looks for the editor's program."""
    if not facts.exists:
        return Opening(Way.GONE)
    if facts.is_folder:
        return Opening(Way.FOLDER_VIEW, path)
    if not facts.is_text:
        return Opening(Way.FOLDER_VIEW, str(PurePath(path).parent))
    if editor is Editor.SYSTEM:
        if not facts.is_runnable:
            return Opening(Way.USUAL_APP)
        # The usual app of a script may be what runs it.
        editor = Editor.EDITOR
        if editor_command(editor, path, line, column, environment) is None:
            return Opening(Way.FOLDER_VIEW, str(PurePath(path).parent))
    command = editor_command(editor, path, line, column, environment)
    if command is None:
        return Opening(Way.EDITOR, missing="$EDITOR")
    return _with_program(command, environment)


def open_way(path: str, line: int, column: int, editor: Editor, environment: Mapping[str, str]) -> Opening:
    """``decide`` by what is there now. Touches the disk."""
    return decide(path, line, column, editor, environment, look_at(path))


def look_at(path: str) -> FileFacts:
    """Touches the disk; opens nothing but regular files."""
    try:
        status = Path(path).stat()
        if stat.S_ISDIR(status.st_mode):
            bundle = sys.platform == "darwin" and path.endswith(".app")
            return FileFacts(True, is_folder=not bundle)
        if not stat.S_ISREG(status.st_mode):
            return FileFacts(False)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            head = file.read(_HEAD)
    except (OSError, ValueError):
        return FileFacts(False)
    suffix = PurePath(path).suffix.lower()
    runnable = (
        bool(status.st_mode & 0o111)
        or suffix in _RUNNABLE
        or suffix in _RUNNABLE_ON.get(sys.platform, frozenset())
    )
    return FileFacts(True, is_text=b"\0" not in head, is_runnable=runnable)


def start_detached(argv: tuple[str, ...], folder: str, environment: Mapping[str, str]) -> bool:
    """Start a program that outlives Podium; False when it can't be. Blocks until it runs."""
    process = QProcess()
    process.setProgram(argv[0])
    process.setArguments(list(argv[1:]))
    process.setWorkingDirectory(folder)
    given = QProcessEnvironment()
    for name, value in environment.items():
        given.insert(name, value)
    process.setProcessEnvironment(given)
    for channel in (process.setStandardOutputFile, process.setStandardErrorFile):
        channel(QProcess.nullDevice())
    process.setStandardInputFile(QProcess.nullDevice())
    started = process.startDetached()
    return started[0] if isinstance(started, tuple) else bool(started)


def _with_program(command: EditorCommand, environment: Mapping[str, str]) -> Opening:
    # Folders that are relative would be the project's, and so would be the editor found there.
    places = environment.get("PATH", os.defpath).split(os.pathsep)
    search_path = os.pathsep.join(place for place in places if PurePath(place).is_absolute())
    found = next(filter(None, (shutil.which(name, path=search_path) for name in command.programs)), None)
    if found is None:
        return Opening(Way.EDITOR, missing=command.programs[0])
    return Opening(Way.EDITOR, argv=(found, *command.arguments), in_terminal=command.in_terminal)
