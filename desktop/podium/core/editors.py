"""Programs that open a file at a line and a column, as argument lists: no shell ever sees a file's name."""

import shlex
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePath
from typing import Final, NamedTuple


class Editor(StrEnum):
    """The program that opens files."""

    SYSTEM = "system"
    VSCODE = "vscode"
    JETBRAINS = "jetbrains"
    VIM = "vim"
    EDITOR = "editor"


EDITOR_NAMES: Final = {
    Editor.SYSTEM: "The usual app",
    Editor.VSCODE: "VS Code",
    Editor.JETBRAINS: "JetBrains",
    Editor.VIM: "vim",
    Editor.EDITOR: "$EDITOR",
}
"""For people."""

_JETBRAINS: Final = (
    "idea",
    "pycharm",
    "webstorm",
    "goland",
    "clion",
    "rustrover",
    "phpstorm",
    "rubymine",
    "rider",
)
_VIMS: Final = frozenset({"vim", "nvim", "vi", "view", "gvim", "vimx", "nvi"})
_PLUS_LINE_COLUMN: Final = frozenset({"emacs", "emacsclient", "micro"})
_PLUS_LINE: Final = frozenset({"joe", "jed", "mg", "ne", "pico"})
_COLONS: Final = frozenset({"hx", "helix", "kak", "subl", "zed"})
"""Editors by the way in which they take a place."""
_VSCODES: Final = frozenset({"code", "codium", "code-insiders", "cursor", "windsurf"})


class EditorCommand(NamedTuple):
    """``programs`` are names of one and the same thing, the first that there is to be taken."""

    programs: tuple[str, ...]
    arguments: tuple[str, ...]
    in_terminal: bool


def editor_command(
    editor: Editor, file: str, line: int, column: int, environment: Mapping[str, str]
) -> EditorCommand | None:
    """The command that opens the absolute path ``file``; ``line`` and ``column`` count from 1, 0 for none. None where
    it is not for a command to do: the system's usual app, and ``$EDITOR`` where there is none.
    """
    match editor:
        case Editor.VSCODE:
            return EditorCommand(("code", "codium"), _vscode(file, line, column), False)
        case Editor.JETBRAINS:
            place: tuple[str, ...] = ("--line", str(line)) if line else ()
            place += ("--column", str(column)) if line and column else ()
            return EditorCommand(_JETBRAINS, (*place, file), False)
        case Editor.VIM:
            return EditorCommand(("vim", "nvim", "vi"), _vim(file, line, column), True)
        case Editor.EDITOR:
            words = _own_editor(environment)
            if not words:
                return None
            arguments = (*words[1:], *_place(PurePath(words[0]).name, file, line, column))
            return EditorCommand((words[0],), arguments, True)
        case Editor.SYSTEM:
            return None


def _own_editor(environment: Mapping[str, str]) -> list[str]:
    try:
        return shlex.split(environment.get("VISUAL") or environment.get("EDITOR") or "")
    except ValueError:
        return []


def _place(name: str, file: str, line: int, column: int) -> tuple[str, ...]:
    if name in _VIMS:
        return _vim(file, line, column)
    if name in _VSCODES:
        return _vscode(file, line, column)
    if not line:
        return (file,)
    if name in _COLONS:
        return (f"{file}:{line}:{column or 1}",)
    if name == "nano":
        return (f"+{line},{column or 1}", file)
    if name in _PLUS_LINE_COLUMN:
        return (f"+{line}:{column or 1}", file)
    return (f"+{line}", file) if name in _PLUS_LINE else (file,)


def _vim(file: str, line: int, column: int) -> tuple[str, ...]:
    if not line:
        return (file,)
    return (f"+call cursor({line},{column or 1})", file)


def _vscode(file: str, line: int, column: int) -> tuple[str, ...]:
    return ("--goto", f"{file}:{line}:{column or 1}" if line else file)
