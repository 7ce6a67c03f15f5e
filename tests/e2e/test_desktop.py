"""The desktop around a real window: a notification daemon and a tray on a bus of the test's, and a window manager."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.system.reexec import podium_command
from tests.desktop_bus import NotificationDaemon, Notified, TrayHost, session_bus
from tests.e2e.display import RealWindow, virtual_display

pytestmark = [pytest.mark.e2e, pytest.mark.window]

AGENT = """\
import sys, tty
tty.setcbreak(0)
sys.stdin.read(1)
for what in ("make", "make install"):
    question = f"   {what}\\n\\n Do you want to proceed?\\n ❯ 1. Yes\\n   2. No\\n\\n Esc to cancel"
    print("\\x1b[2J\\x1b[H● I will call Bash.\\n\\n" + question, flush=True)
    done = {"1": "Ran", "2": "Left"}[sys.stdin.read(1)]
    print(f"\\x1b[2J\\x1b[H● {done} {what}.\\n" + "─" * 20 + "\\n❯ \\n  esc to interrupt", flush=True)
    sys.stdin.read(1)
"""
"""A claude that asks after a key, and again after another one."""


class Desk:
    """A desktop with Podium on it, which shows five agents."""

    def __init__(self, address: str, window: RealWindow, agent: Path) -> None:
        self.address = address
        self.window = window
        window.wait_title("a1 — ")
        self.ctl("--wait-for-server", "60", "instances")
        for name in ("a2", "a3", "a4", "a5"):
            self.ctl("start", name, "--folder", str(agent.parent), "--", sys.executable, str(agent))
        self.leave()

    def ctl(self, *arguments: str) -> str:
        command = podium_command("ctl", *arguments)
        environment = self.window.environment
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def leave(self) -> None:
        """Turn to something else."""
        self.window.xdotool("windowminimize", "--sync", self.window.window)

    def ask(self, name: str) -> None:
        """Have the agent ask its next question."""
        self.ctl("send", name, "x")

    def wait_for_screen(self, name: str, text: str) -> None:
        self.window.wait(lambda: text in self.ctl("screen", name))

    def wait_for_focus(self, title: str) -> None:
        """Podium is the active window, and shows this."""
        xdotool = self.window.xdotool
        self.window.wait(lambda: title in xdotool("getactivewindow", "getwindowname"))

    def notified(self, daemon: NotificationDaemon, count: int) -> Notified:
        """The last of so many notifications, which have come by now."""
        self.window.wait(lambda: len(daemon.notified) >= count)
        assert len(daemon.notified) == count
        return daemon.notified[-1]


@pytest.fixture
def desk(tmp_path: Path, runtime_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    agent = tmp_path / "claude"
    agent.write_text(AGENT, "utf-8")
    with virtual_display() as display, session_bus(runtime_folder) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        manager = subprocess.Popen(
            ["openbox"],
            env={**os.environ, "DISPLAY": display},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        window = RealWindow(display, tmp_path, "run", "--name", "a1", "--", sys.executable, str(agent))
        try:
            yield Desk(address, window, agent)
        finally:
            window.close()
            manager.terminate()
            manager.wait()


def test_a_question_calls_and_can_be_gone_to_or_answered_from_the_desktop(desk: Desk) -> None:
    with NotificationDaemon(desk.address) as daemon:
        # On the second page of a grid whose current pane fills it.
        desk.ctl("layout", "grid")
        desk.ask("a5")
        one = desk.notified(daemon, 1)
        assert (one.title, one.body) == ("a5 waits for you", "Do you want to proceed? make")
        daemon.act(one.id, "default")
        desk.wait_for_focus("a5 — Waiting")
        desk.window.key("1")
        desk.wait_for_screen("a5", "Ran make.")

        # Answered elsewhere, it goes.
        desk.leave()
        desk.ask("a2")
        two = desk.notified(daemon, 2)
        desk.ctl("answer", "a2", "deny")
        desk.window.wait(lambda: two.closed)
        desk.wait_for_screen("a2", "Left make.")

        # Its own button answers it, and the window stays where it is.
        desk.ask("a3")
        daemon.act(desk.notified(daemon, 3).id, "allow")
        desk.wait_for_screen("a3", "Ran make.")
        assert desk.window.xdotool("getactivewindow", "getwindowname") == ""

        # A click that comes too late leads to the next question, and answers nothing.
        desk.ask("a3")
        late = desk.notified(daemon, 4)
        daemon.act(late.id, "default")
        desk.wait_for_focus("a3 — Waiting")
        daemon.act(late.id, "allow")
        assert "Do you want to proceed?" in desk.ctl("screen", "a3")

        # What a person looks at is not told.
        desk.window.key("1")
        desk.wait_for_screen("a3", "Ran make install.")
    assert desk.window.log == ""


def test_the_tray_counts_lists_and_leads_back_also_in_a_panel_that_starts_later(desk: Desk) -> None:
    def tip(host: TrayHost) -> str:
        return str(host.property("ToolTip")[2])

    wait = desk.window.wait
    for name in ("a2", "a4"):
        desk.ask(name)
        desk.wait_for_screen(name, "proceed?")
    for _ in range(2):
        with TrayHost(desk.address) as host:
            wait(lambda: host.items and tip(host) == "2 wait for you")
            assert list(host.menu())[:2] == [
                "a2: Do you want to proceed? make",
                "a4: Do you want to proceed? make",
            ]
            host.choose("a4: Do you want to proceed? make")
            desk.wait_for_focus("a4 — Waiting")
            desk.leave()
    with TrayHost(desk.address) as host:
        wait(lambda: host.items)
        desk.ctl("answer", "a4", "allow")
        wait(lambda: tip(host) == "1 waits for you")
        host.choose("Quit")
        desk.wait_for_focus("a4 — ")  # To ask what is to become of those that run.
        assert desk.window.quit() == 0
    assert desk.window.log == ""
