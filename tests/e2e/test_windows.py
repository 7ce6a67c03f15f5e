"""Two windows on two screens: a pane moves over, and both come back after a quit and after a kill."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.crashes import an_instance, marked, remember, saved, wait_until
from tests.e2e.display import RealWindow
from tests.e2e.two_screens import WIDTH, two_screens

pytestmark = [pytest.mark.e2e, pytest.mark.window]


@pytest.fixture
def display() -> Iterator[str]:
    with two_screens() as name:
        yield name


class Desk:
    """All windows of one Podium; what is typed goes to the one that was gone to."""

    def __init__(self, podium: RealWindow) -> None:
        self.podium = podium

    def titles(self) -> dict[str, str]:
        """By the beginnings of their titles: their numbers in X."""
        xdotool = self.podium.xdotool
        found = xdotool("search", "--onlyvisible", "--name", "Podium").split()
        return {xdotool("getwindowname", window).split(" · ")[0].strip(): window for window in found}

    def wait_for(self, *titles: str) -> None:
        """Exactly these windows are there."""
        self.podium.wait(lambda: sorted(self.titles()) == sorted(titles))

    def go_to(self, title: str) -> None:
        window = self.titles()[title]
        self.podium.xdotool("windowactivate", "--sync", window)
        self.podium.window = window

    def wait_for_front(self, title: str) -> None:
        xdotool = self.podium.xdotool
        self.podium.wait(lambda: xdotool("getactivewindow", "getwindowname").startswith(title))
        self.podium.window = self.titles()[title]

    def left(self, title: str) -> int:
        geometry = self.podium.xdotool("getwindowgeometry", "--shell", self.titles()[title])
        return int(dict(line.split("=") for line in geometry.split())["X"])


def test_two_windows_on_two_screens(display: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    remember(tmp_path, an_instance("one", "shell", work), an_instance("two", "shell", work))
    podium = RealWindow(display, tmp_path, managed=True)
    desk = Desk(podium)
    try:
        desk.wait_for_front("one — Idle")
        podium.key("ctrl+2")
        podium.wait_title("two — Idle")
        podium.key("ctrl+shift+s")
        podium.wait_title("two — Running")
        podium.type("word=kept")
        podium.key("Return", "ctrl+shift+alt+m")
        desk.wait_for("one — Idle", "two — Running")
        desk.wait_for_front("two — Running")
        # The same shell, at its prompt.
        podium.type("echo $word > moved")
        podium.key("Return")
        podium.wait(lambda: (work / "moved").exists() and (work / "moved").read_text() == "kept\n")
        assert desk.left("one — Idle") < WIDTH <= desk.left("two — Running")
        podium.wait(lambda: [window["instances"] for window in saved(tmp_path)["windows"]] == [["two"]])
        podium.wait(lambda: saved(tmp_path)["running"] == ["two"])
        podium.process.send_signal(signal.SIGKILL)
        podium.process.wait()
        wait_until(lambda: not marked(tmp_path), "the end of all that ran")
    finally:
        podium.close()

    podium = RealWindow(display, tmp_path, managed=True)
    desk = Desk(podium)
    try:
        desk.wait_for("one — Idle", "two — Idle")
        assert desk.left("one — Idle") < WIDTH <= desk.left("two — Idle")
        # The first window is the active one, and asks about all that ran, wherever it is.
        desk.wait_for_front("one — Idle")
        podium.press_until("Tab Return", lambda: "two — Running" in desk.titles())
        desk.go_to("one — Idle")
        assert podium.quit() == 0
    finally:
        podium.close()

    podium = RealWindow(display, tmp_path, managed=True)
    desk = Desk(podium)
    try:
        # A shell that ran at the quit runs again; one that did not does not.
        desk.wait_for("one — Idle", "two — Running")
        assert desk.left("one — Idle") < WIDTH <= desk.left("two — Running")
        # Closed by the desktop's own key, its instance goes on in the other one.
        desk.go_to("two — Running")
        podium.key("alt+F4")
        desk.wait_for("one — Idle")
        desk.go_to("one — Idle")
        podium.key("ctrl+2")
        podium.wait_title("two — Running")
    finally:
        podium.close()
    assert podium.log == ""
