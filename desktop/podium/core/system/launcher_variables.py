"""Variables of the program that started Podium: programs in it must not take them for their own surroundings.

What a person set for themselves stays: a row names only what a launcher sets for its own children.
"""

import os
from collections.abc import Mapping
from typing import Final, NamedTuple

from podium.core.system.git_variables import REPOSITORY_VARIABLES


class Row(NamedTuple):
    """Patterns of names (``*`` for anything), and why they are left out."""

    reason: str
    names: tuple[str, ...]


_AGENTS: Final = Row(
    "An agent's tool marks its children: another one in it refuses to start, or behaves as a tool's.",
    (
        "CLAUDECODE",
        "CLAUDE_CODE_ENTRYPOINT",
        "CLAUDE_CODE_EXECPATH",
        "CLAUDE_CODE_SESSION_ID",
        "CLAUDE_CODE_SSE_PORT",
        "CLAUDE_PROJECT_DIR",
        "CODEX_SANDBOX",
        "CODEX_SANDBOX_NETWORK_DISABLED",
        "CODEX_THREAD_ID",
        "CURSOR_AGENT",
        "CURSOR_TRACE_ID",
        "GEMINI_CLI",
        "OPENCODE",
        "OPENCODE_PID",
        "AI_AGENT",
    ),
)
_TOOLS: Final = (
    _AGENTS,
    Row(
        "git ties its hooks, aliases and editors to one repository.",
        (*sorted(REPOSITORY_VARIABLES), "GIT_EXEC_PATH"),
    ),
    Row("git says so to its hooks alone.", ("GIT_QUARANTINE_PATH", "GIT_REFLOG_ACTION", "GIT_INTERNAL_*")),
    Row(
        "The virtual environment of whoever started Podium; its folder leaves PATH too.",
        ("VIRTUAL_ENV", "VIRTUAL_ENV_PROMPT", "PIPENV_ACTIVE", "POETRY_ACTIVE", "UV_RUN_RECURSION_DEPTH"),
    ),
    Row("direnv's, for the folder Podium was started in.", ("DIRENV_*",)),
    Row(
        "make, npm, cargo and pytest set them for what they run.",
        (
            "MAKEFLAGS",
            "MAKELEVEL",
            "MAKE_TERMERR",
            "MAKE_TERMOUT",
            "MFLAGS",
            "npm_*",
            "INIT_CWD",
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_PKG_*",
            "PYTEST_CURRENT_TEST",
            "PYTEST_VERSION",
            "PYTEST_XDIST_*",
        ),
    ),
)
_TERMINALS: Final = (
    Row(
        "They belong to the terminal Podium was started from, and would be wrong in one of Podium's own.",
        (
            "ALACRITTY_*",
            "COLORTERM",
            "COLUMNS",
            "GHOSTTY_*",
            "GNOME_TERMINAL_*",
            "GPG_TTY",
            "INSIDE_EMACS",
            "ITERM_*",
            "KITTY_*",
            "KONSOLE_*",
            "LC_TERMINAL",
            "LC_TERMINAL_VERSION",
            "LINES",
            "SSH_TTY",
            "STY",
            "TERM",
            "TERMCAP",
            "TERMINAL_EMULATOR",
            "TERMINFO",
            "TERM_PROGRAM",
            "TERM_PROGRAM_VERSION",
            "TERM_SESSION_ID",
            "TMUX",
            "TMUX_*",
            "VSCODE_*",
            "VTE_VERSION",
            "WEZTERM_*",
            "WINDOW",
            "WINDOWID",
            "WT_*",
            "ZELLIJ",
            "ZELLIJ_*",
        ),
    ),
    Row("A shell keeps them for itself.", ("OLDPWD", "PWD", "SHLVL", "_")),
)
_DESKTOP: Final = (
    Row(
        "The desktop sets them for one start of one program.",
        (
            "BAMF_DESKTOP_FILE_HINT",
            "DESKTOP_AUTOSTART_ID",
            "DESKTOP_STARTUP_ID",
            "GIO_LAUNCHED_DESKTOP_FILE",
            "GIO_LAUNCHED_DESKTOP_FILE_PID",
            "XDG_ACTIVATION_TOKEN",
        ),
    ),
    Row(
        "systemd sets them for one service.",
        (
            "CREDENTIALS_DIRECTORY",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "LISTEN_FDNAMES",
            "LISTEN_FDS",
            "LISTEN_PID",
            "MAINPID",
            "MANAGERPID",
            "MEMORY_PRESSURE_WATCH",
            "MEMORY_PRESSURE_WRITE",
            "NOTIFY_SOCKET",
            "SYSTEMD_EXEC_PID",
            "WATCHDOG_PID",
            "WATCHDOG_USEC",
        ),
    ),
    Row("An AppImage's own.", ("APPDIR", "APPIMAGE", "ARGV0", "OWD")),
    Row(
        "They make another Qt program load the wrong parts, or draw where nobody sees it.",
        ("QT_*", "QML_*", "QML2_*", "QTWEBENGINE*"),
    ),
)
_OF_THE_PERSON: Final = (
    "QT_ACCESSIBILITY",
    "QT_AUTO_SCREEN_SCALE_FACTOR",
    "QT_ENABLE_HIGHDPI_SCALING",
    "QT_FONT_DPI",
    "QT_IM_MODULE",
    "QT_IM_MODULES",
    "QT_QPA_PLATFORMTHEME",
    "QT_SCALE_FACTOR",
    "QT_SCALE_FACTOR_ROUNDING_POLICY",
    "QT_SCREEN_SCALE_FACTORS",
    "QT_STYLE_OVERRIDE",
)
"""The appearance of Qt programs that the person or the desktop has chosen."""
_NOT_AN_EDITOR: Final = ("true", ":", "cat")
"""Editors and askers that tools set for git, so that nothing waits for a person."""

AGENTS: Final = (_AGENTS,)
"""Variables that a mission's agents must not inherit, even when it runs in a plain terminal."""
ALL: Final = (*_TOOLS, *_TERMINALS, *_DESKTOP)


def without_launcher(environment: Mapping[str, str], rows: tuple[Row, ...] = ALL) -> dict[str, str]:
    """``environment`` without the variables that ``rows`` name, and PATH without their folders."""
    patterns = tuple(pattern for row in rows for pattern in row.names)
    exact = frozenset(pattern for pattern in patterns if not pattern.endswith("*"))
    prefixes = tuple(pattern[:-1] for pattern in patterns if pattern.endswith("*"))
    kept = {
        name: value
        for name, value in environment.items()
        if name in _OF_THE_PERSON or not (name in exact or name.startswith(prefixes))
    }
    if environment.get("GIT_EDITOR") in _NOT_AN_EDITOR:
        del kept["GIT_EDITOR"]
    if any(name.startswith("VSCODE_GIT") for name in environment):
        kept.pop("GIT_ASKPASS", None)  # It asks over a socket of that window.
    if environment.get("VIRTUAL_ENV") and "PATH" in kept:
        kept["PATH"] = _without_folder(kept["PATH"], os.path.join(environment["VIRTUAL_ENV"], "bin"))  # noqa: PTH118
    return kept


def _without_folder(path: str, folder: str) -> str:
    return os.pathsep.join(
        part for part in path.split(os.pathsep) if part.rstrip(os.sep) != folder.rstrip(os.sep)
    )
