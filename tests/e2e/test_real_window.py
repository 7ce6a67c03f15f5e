"""A person at the keyboard, in a real window: shortcuts, typing, grid and tabs, the end, the next start."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.display import RealWindow, virtual_display

pytestmark = [pytest.mark.e2e, pytest.mark.window]


@pytest.fixture
def display() -> Iterator[str]:
    with virtual_display() as name:
        yield name


def saved(home: Path) -> dict:
    path = home / ".local" / "state" / "podium" / "workspace.json"
    return json.loads(path.read_text()) if path.exists() else {}


def test_the_first_five_minutes(display: str, tmp_path: Path) -> None:
    window = RealWindow(display, tmp_path)
    try:
        window.wait_title("harbor — ")
        window.key("ctrl+2")
        window.wait_title("harbor shell — Running")
        window.type(f"echo typed in $(basename $PWD) > {tmp_path}/said; echo $((6*7)) >> {tmp_path}/said")
        window.key("Return")
        window.wait(lambda: (tmp_path / "said").exists() and "42" in (tmp_path / "said").read_text())
        assert (tmp_path / "said").read_text() == "typed in harbor\n42\n"

        window.key("ctrl+shift+g")
        window.wait(lambda: saved(tmp_path).get("layout") == "tabs")
        window.key("ctrl+1")
        window.wait_title("harbor — ")
        window.key("ctrl+shift+g")
        window.wait(lambda: saved(tmp_path).get("layout") == "grid")
        window.key("ctrl+2")
        window.wait_title("harbor shell — Running")

        window.key("ctrl+shift+alt+t")
        window.type("notes")
        window.press_until("Return", lambda: window.title.startswith("notes — Running"))
        window.type(f"tty > {tmp_path}/tty")
        window.key("Return")
        window.wait(lambda: (tmp_path / "tty").exists() and "/dev/" in (tmp_path / "tty").read_text())

        # A key that is bound goes to the window; sent on purpose, it reaches the program.
        window.type(f"stty -icanon -echo; head -c 1 | od -An -tx1 > {tmp_path}/key")
        window.key("Return")
        window.key("ctrl+shift+l", "ctrl+2")
        window.wait(lambda: (tmp_path / "key").exists() and (tmp_path / "key").read_text().strip() == "00")

        # Closing asks; Escape takes it back and gives the keyboard back to the shell.
        window.key("ctrl+shift+q")
        here = Path(saved(tmp_path)["instances"][-1]["folder"]) / "here"
        window.press_until("Escape ctrl+u greater h e r e Return", here.exists)
        assert window.quit() == 0
    finally:
        window.close()
    assert window.log == ""
    state = saved(tmp_path)
    assert [one["name"] for one in state["instances"]] == ["notes"]  # The demo is gone.
    assert state["layout"] == "grid"

    again = RealWindow(display, tmp_path)
    try:
        # A shell that ran at the quit runs again.
        again.wait_title("notes — Running")
    finally:
        again.close()
    assert again.process.returncode == 0


def test_run_shows_what_cannot_start(display: str, tmp_path: Path) -> None:
    window = RealWindow(display, tmp_path, "run", "--name", "wrong", "--", "no-such-program")
    try:
        window.wait_title("wrong — Failed")
    finally:
        window.close()


def test_a_screen_that_is_smaller_than_the_window_shows_all_of_it(tmp_path: Path) -> None:
    with virtual_display("800x600x24") as small:
        window = RealWindow(small, tmp_path, "open", str(tmp_path))
        try:
            geometry = window.xdotool("getwindowgeometry", "--shell", window.window)
            size = dict(line.split("=") for line in geometry.split())
            assert int(size["WIDTH"]) <= 800
            assert int(size["HEIGHT"]) <= 600
        finally:
            window.close()
