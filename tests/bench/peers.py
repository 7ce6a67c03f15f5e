"""Other terminals and how each is started: with a command, at 120×40, or with four shells."""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from podium.core.system.reexec import podium_command
from tests.bench.corpora import COLUMNS, LINES

Command = list[str]


class Peer(NamedTuple):
    name: str
    command: Callable[[Command, Path], Command]
    """From a program's argv and a folder for its settings."""
    four_shells: Callable[[Path], Command] | None = None

    @property
    def present(self) -> bool:
        return shutil.which(self.name) is not None or self.name == "Podium"


def own_peer() -> Peer:
    return Peer("Podium", lambda argv, _: [*podium_command("run", "--"), *argv])


def app_environment(display: str, folder: Path) -> Mapping[str, str]:
    """A home of its own, so that nobody's settings count; no bus, no accelerated drawing."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("QT_", "XDG_", "DBUS_"))
    }
    home = folder / "home"
    runtime = folder / "runtime"
    for place in (home, runtime):
        place.mkdir(mode=0o700, exist_ok=True)
    return {
        **kept,
        "DISPLAY": display,
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(runtime),
        "SHELL": "/bin/sh",
        "PS1": "ready$ ",
        "ENV": "",
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "QT_QPA_PLATFORM": "xcb",
        "PYTHONDONTWRITEBYTECODE": "",
    }


def _konsole(argv: Command, _: Path) -> Command:
    size = ["-p", f"TerminalColumns={COLUMNS}", "-p", f"TerminalRows={LINES}"]
    return ["konsole", *size, "-e", *argv]


def _konsole_shells(folder: Path) -> Command:
    file = folder / "konsole-tabs"
    file.write_text("title: shell;; command: /bin/sh\n" * 4)
    return ["konsole", "--tabs-from-file", str(file)]


def _kitty(argv: Command, _: Path) -> Command:
    size = [f"initial_window_width={COLUMNS}c", f"initial_window_height={LINES}c", "remember_window_size=no"]
    return ["kitty", "--config", "NONE", *(part for option in size for part in ("-o", option)), *argv]


def _kitty_shells(folder: Path) -> Command:
    file = folder / "kitty-session"
    file.write_text("launch /bin/sh\n" * 4)
    return ["kitty", "--config", "NONE", "--session", str(file)]


def _alacritty(argv: Command, _: Path) -> Command:
    size = [f"window.dimensions.columns={COLUMNS}", f"window.dimensions.lines={LINES}"]
    return ["alacritty", *(part for option in size for part in ("-o", option)), "-e", *argv]


def _x_style(name: str) -> Callable[[Command, Path], Command]:
    shape = ["-geometry", f"{COLUMNS}x{LINES}", "-bg", "black", "-fg", "gray", "-sl", "10000"]
    return lambda argv, _: [name, *shape, "-e", *argv]


def _qterminal(argv: Command, folder: Path) -> Command:
    script = folder / "qterminal.sh"
    script.write_text("#!/bin/sh\n" + " ".join(f"'{word}'" if word[0] == "/" else word for word in argv[:1]))
    return ["qterminal", "-e", *argv]


PEERS = (
    Peer("konsole", _konsole, _konsole_shells),
    Peer("qterminal", _qterminal),
    Peer("kitty", _kitty, _kitty_shells),
    Peer("alacritty", _alacritty),
    Peer("urxvt", _x_style("urxvt")),
    Peer("xterm", _x_style("xterm")),
)
