"""What the tests see of the machine they run on: one declaration, in force before anything of Podium is imported.

They must come to the same anywhere: whatever is installed, set, or running of the person's own.
"""

import contextlib
import itertools
import locale
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from podium.core.adapters.registry import load_adapters
from podium.core.system.scratch import scratch_folder

_KEPT: Final = ("USER", "LOGNAME", "LD_LIBRARY_PATH", "CI", "RECORD", "PODIUM_INTERPRETED", "AGENTS_RUN")
_KEPT_PREFIXES: Final = ("PYTEST_", "COV_", "COVERAGE_", "HYPOTHESIS_")
_PLAIN: Final = {
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "TERM": "xterm-256color",
    "SHELL": "/bin/sh",
    # The tests in a real window start the app as a subprocess with a display of their own.
    "QT_QPA_PLATFORM": "offscreen",
    # Otherwise Qt starts a bus through dbus-launch, where that is, which lives on with the test's environment.
    "DBUS_SESSION_BUS_ADDRESS": "disabled:",
    # What /etc/gitconfig says is the machine's; a test that wants such a file names its own.
    "GIT_CONFIG_SYSTEM": os.devnull,
}
"""Every other variable of the machine is unseen."""
FONTS: Final = (
    "DejaVu Sans",
    "DejaVu Sans Mono",
    "Noto Sans CJK JP",
    "Noto Sans Mono CJK JP",
    "Noto Color Emoji",
)
"""Families that are seen besides Podium's own, as packaging/setup.sh installs them. The first is the usual one."""
_FONT_FOLDERS: Final = ("/usr/share/fonts", "/usr/local/share/fonts")
_LONGEST_ROOT: Final = 20
"""Characters of the folder for temporary files, so that a socket below has a path the system can take."""


def _family(name: str) -> str:
    return f'<pattern><patelt name="family"><string>{name}</string></patelt></pattern>'


def _first(generic: str, family: str) -> str:
    return f'<alias binding="strong"><family>{generic}</family><prefer><family>{family}</family></prefer></alias>'


_FONT_CONFIGURATION: Final = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{"".join(f"<dir>{folder}</dir>" for folder in _FONT_FOLDERS)}
<cachedir>/var/cache/fontconfig</cachedir>
<cachedir>CACHE</cachedir>
{_first("sans-serif", FONTS[0])}{_first("monospace", FONTS[1])}
<selectfont>
<rejectfont>
<pattern><patelt name="outline"><bool>true</bool></patelt></pattern>
<pattern><patelt name="outline"><bool>false</bool></patelt></pattern>
</rejectfont>
<acceptfont>{"".join(map(_family, FONTS))}</acceptfont>
</selectfont>
</fontconfig>
"""
_SESSION: Final = "podium-tests-"
_DEMO: Final = "podium-demo-"
"""A demo's projects stay where its window is killed, until the next one."""


class Machine:
    """The folders of one run of the tests. All are removed at its end, or by a later run when it was killed."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._numbers = itertools.count()
        self._seen: dict[str, str] = {}
        root = _plain_root()
        tempfile.tempdir = str(root)
        folder = self._stack.enter_context(scratch_folder(_SESSION))
        self._folder = folder
        self.temporary = folder / "t"
        self.temporary.mkdir()
        tempfile.tempdir = str(self.temporary)
        own = {
            "PATH": os.pathsep.join(self._path(os.environ.get("PATH", os.defpath))),
            "HOME": str(self.folder("h")),
            "XDG_RUNTIME_DIR": str(self.folder("r")),
            "TMPDIR": str(self.temporary),
            "PYTEST_DEBUG_TEMPROOT": str(root),
            "FONTCONFIG_FILE": str(self._fonts()),
        }
        _become({**_kept(os.environ), **_PLAIN, **own})

    def folder(self, kind: str) -> Path:
        """A new one, 0700. Its path is short, because a socket's below may have about a hundred characters."""
        folder = self._folder / f"{kind}{next(self._numbers)}"
        folder.mkdir(mode=0o700)
        return folder

    def look(self, test: str) -> None:
        """Remember what temporary files there are since ``test``."""
        for path in self.temporary.iterdir():
            self._seen.setdefault(path.name, test)

    def left(self) -> Iterator[str]:
        """What of Podium's is still in the folder for temporary files, and since which test."""
        self.look("the end")
        for path in sorted(self.temporary.iterdir()):
            if path.name.startswith("podium-") and not path.name.startswith(_DEMO):
                yield f"{path.name}, since {self._seen[path.name]}"

    def close(self) -> None:
        os.environ.pop("FONTCONFIG_FILE", None)  # Qt asks for it once more when it goes.
        self._stack.close()

    def _fonts(self) -> Path:
        """A configuration of fontconfig by which only ``FONTS`` are there."""
        file = self._folder / "fonts.conf"
        file.write_text(_FONT_CONFIGURATION.replace("CACHE", str(self.folder("f"))))
        return file

    def _path(self, machine: str) -> Iterator[str]:
        """``machine`` without agents' programs: a folder with one is shown without it."""
        agents = {adapter.program for adapter in load_adapters(self.temporary).adapters.values()}
        yield str(Path(sys.executable).parent)  # Before any shim that wants its own variables.
        for entry in machine.split(os.pathsep):
            folder = Path(entry)
            if not folder.is_absolute() or not folder.is_dir():
                continue
            if not any((folder / agent).exists() for agent in agents):
                yield entry
                continue
            shown = self.folder("p")
            for program in folder.iterdir():
                if program.name not in agents:
                    (shown / program.name).symlink_to(program)
            yield str(shown)


def set_prompt(home: Path, prompt: str = "$ ") -> None:
    """Shells are login shells, and some /etc/profile gives them another prompt, root's for one."""
    (home / ".profile").write_text(f"PS1='{prompt}'\n")


def _plain_root() -> Path:
    """The machine's folder for temporary files; /tmp where its path is long, or more than plain characters."""
    root = tempfile.gettempdir()
    plain = root.isascii() and not any(letter.isspace() for letter in root)
    return Path(root if plain and len(root) <= _LONGEST_ROOT else "/tmp").resolve()


def _kept(machine: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value for name, value in machine.items() if name in _KEPT or name.startswith(_KEPT_PREFIXES)
    }


def _become(environment: Mapping[str, str]) -> None:
    """Take on ``environment`` and no other, and what else a process inherits."""
    for name in tuple(os.environ):
        if name not in environment:
            del os.environ[name]
    os.environ.update(environment)
    with contextlib.suppress(locale.Error):  # Python has taken on the machine's when it was started.
        locale.setlocale(locale.LC_CTYPE, environment["LANG"])
    time.tzset()
    os.umask(0o022)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGCHLD):
        # Ignored under nohup or behind a shell's &; programs would inherit it.
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
