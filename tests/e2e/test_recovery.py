"""Crashes in, what the next start finds, shows and does out: in a real window."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.framebuffer import Display, mapped_display
from tests.conftest import Figure
from tests.e2e.crashes import (
    IN_THE_RAIL,
    an_instance,
    darker,
    marked,
    outcomes,
    remember,
    saved,
    wait_until,
    workers,
)
from tests.e2e.display import RealWindow

pytestmark = [pytest.mark.e2e, pytest.mark.window]


@pytest.fixture
def display() -> Iterator[Display]:
    with mapped_display(1500, 950) as display:
        yield display


@pytest.mark.fault(46)
def test_after_the_window_was_killed_all_go_on_where_they_were(
    display: Display, tmp_path: Path, figure: Figure
) -> None:
    work = tmp_path / "work"
    (work / "deep").mkdir(parents=True)
    remember(tmp_path, an_instance("sh", "shell", work), an_instance("idle", "shell", work))
    window = RealWindow(display.name, tmp_path)
    try:
        window.wait_title("sh — Idle")
        window.key("ctrl+shift+s")
        window.wait_title("sh — Running")
        window.type("cd deep; echo said-before; touch there")
        window.key("Return")
        window.wait((work / "deep" / "there").exists)
        window.wait(lambda: saved(tmp_path).get("running") == ["sh"])
        plain = display.pixel(*IN_THE_RAIL)
        window.process.send_signal(signal.SIGKILL)
        window.process.wait()
        wait_until(lambda: not marked(tmp_path), "the end of all that ran")
    finally:
        window.close()
    assert outcomes(tmp_path) == [("sh", "running")]

    again = RealWindow(display.name, tmp_path)
    try:
        again.wait_title("sh — Idle")
        again.wait(lambda: outcomes(tmp_path) == [("sh", "interrupted")])
        again.wait(lambda: darker(display, plain))
        # From Not now to Resume.
        again.press_until("Tab Return", lambda: again.title.startswith("sh — Running"))
        again.type("touch $(pwd)/resumed")
        again.key("Return")
        again.wait((work / "deep" / "resumed").exists)
        again.key("ctrl+2")
        again.wait_title("idle — Idle")
    finally:
        again.close()
    assert again.process.returncode == 0
    assert saved(tmp_path)["running"] == []
    assert outcomes(tmp_path) == [("sh", "interrupted"), ("sh", "stopped")]
    figure("interrupted runs", 1)
    figure("resumed", 1)


@pytest.mark.fault(4)
@pytest.mark.parametrize("kind", ["normal", "stubborn", "daemon", "tree"])
def test_killed_together_with_its_worker_what_is_left_is_listed_and_ended(
    display: Display, tmp_path: Path, kind: str, figure: Figure
) -> None:
    script = {
        "normal": "echo up; exec sleep 600",
        "stubborn": "trap '' TERM HUP; echo up; while :; do sleep 1; done",
        "daemon": "setsid sh -c 'sleep 600 & exit'; echo up; exec sleep 600",
        "tree": "for n in $(seq 50); do sleep 600 & done; echo up; wait",
    }[kind]
    remember(tmp_path, an_instance("job", "command", tmp_path, "sh", "-c", f"{script}"))
    window = RealWindow(display.name, tmp_path)
    try:
        window.wait_title("job — Idle")
        window.key("ctrl+shift+s")
        window.wait_title("job — Running")
        window.wait(lambda: saved(tmp_path).get("running") == ["job"])
        plain = display.pixel(*IN_THE_RAIL)
        [worker] = workers(window)
        # The window first: it would see to what its worker left.
        os.kill(window.process.pid, signal.SIGSTOP)
        worker.kill()
        os.kill(window.process.pid, signal.SIGKILL)
        window.process.wait()
    finally:
        window.close()
    left = marked(tmp_path)

    again = RealWindow(display.name, tmp_path)
    try:
        again.wait_title("job — Idle")
        again.wait(lambda: darker(display, plain))
        # From Not now over Resume and Close to End.
        again.press_until("Tab Tab Tab space", lambda: not set(left) & set(marked(tmp_path)))
    finally:
        again.close()
    assert marked(tmp_path) == []
    figure(f"{kind}: left, ended", f"{len(left)}, {len(left)}")
