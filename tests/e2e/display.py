"""A real window under Xvfb, driven as a person drives it: keys in, pixels and text out."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from podium.core.system.reexec import podium_command
from tests.machine import set_prompt

PATIENCE = 60.0
MARK = "OF_TEST"
"""A variable that the window and all it starts have: the home it was started with."""

Result = TypeVar("Result")


@contextmanager
def virtual_display(size: str = "1500x950x24", *options: str) -> Iterator[str]:
    """Start Xvfb on a display number it chooses itself; yields its name (``:99``)."""
    read, write = os.pipe()
    # Without "-noreset" the server begins anew, and refuses whoever comes meanwhile, when its last client goes: that
    # is the first xdotool, which looks for a window before there is one.
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", size, "-nolisten", "tcp", "-noreset", *options],
        pass_fds=(write,),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()


class RealWindow:
    """Podium in a window of its own, with keyboard and screen through X."""

    def __init__(self, display: str, home: Path, *arguments: str, managed: bool = False) -> None:
        """``managed``: a window manager gives the keyboard to one of its windows."""
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"},
            "DISPLAY": display,
            MARK: str(home),
            "HOME": str(home),
            "SHELL": "/bin/sh",
            "ENV": "",
            "PS1": "ready$ ",
            "TERM": "xterm",
            "PODIUM_DEMO_SPEED": "4",
            "TMPDIR": str(home),
        }
        set_prompt(home, self.environment["PS1"])
        self._log = (home / "podium.log").open("w+")
        self.process = subprocess.Popen(
            podium_command(*arguments), env=self.environment, stdout=self._log, stderr=self._log
        )
        self.window = self.wait(
            lambda: self.xdotool("search", "--onlyvisible", "--name", "Podium").split()[:1]
        )[0]
        if not managed:
            self.xdotool("windowfocus", "--sync", self.window)

    def key(self, *keys: str) -> None:
        self.xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", "8", text)

    @property
    def title(self) -> str:
        return self.xdotool("getwindowname", self.window).strip()

    @property
    def log(self) -> str:
        return Path(self._log.name).read_text()

    def wait(self, look: Callable[[], Result]) -> Result:
        """What ``look`` returns as soon as it is true."""
        deadline = time.monotonic() + PATIENCE
        while True:
            result = look()
            if result:
                return result
            assert self.process.poll() is None, f"Podium ended: {self.log}"
            assert time.monotonic() < deadline, f"never came; the log says: {self.log}"
            time.sleep(0.05)

    def wait_title(self, beginning: str) -> None:
        self.wait(lambda: self.title.startswith(beginning))

    def press_until(self, keys: str, look: Callable[[], bool]) -> None:
        """For a button that is enabled a moment later, when what was typed has been checked on disk, and for questions,
        which take no key until they can have been read. ``keys`` have blanks between them.
        """

        def press() -> bool:
            if look():
                return True
            self.key(*keys.split())
            time.sleep(0.3)
            return False

        self.wait(press)

    def quit(self) -> int:
        """As a person does who answers the question with *Quit and end …*; the exit status."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it does not quit; the log says: {self.log}"
            self.key("ctrl+shift+q")
            time.sleep(0.5)
            self.key("Tab", "Return")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(2)
        return self.process.returncode

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()

    def xdotool(self, *arguments: str) -> str:
        """What xdotool says when it is run with these arguments."""
        return subprocess.run(
            ["xdotool", *arguments], env=self.environment, capture_output=True, text=True, check=False
        ).stdout
