"""Prompts, missions and their outcomes, as the author of a script meets them."""

import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.control.ctl.helpers import WAITS, ctl, mission, rounds_begun
from tests.control.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
COMPOSER = Path(__file__).parent.parent.parent / "worker" / "composer.py"


@pytest.mark.fault("E5")
def test_a_script_sends_a_prompt_and_waits_for_its_answer(podium: Running, tmp_path: Path) -> None:
    record = tmp_path / "record"
    podium.ctl("start", "a", "--", sys.executable, str(COMPOSER), str(record), str(tmp_path / "gate"))
    podium.ctl("wait", "a", "--text", "ready")
    long = "word " * 18 + "x"
    for text in (long, "one\ntwo\nthree"):
        podium.ctl("send", "a", text, "--enter")
        podium.ctl("wait", "a", "--text", rf"answered {len(text)}: {text.split()[-1]}")
    assert record.read_text().count("\n") == 2
    # The same again: the old answer is on the screen, and is not taken for the new one.
    podium.ctl("send", "a", f"{long}\n")
    assert podium.ctl("wait", "a", "--text", "answered 91", "--timeout", "0.5", status=5) == ""
    podium.ctl("wait", "a", "--text", "answered 91", "--all")
    (tmp_path / "gate").touch()
    podium.ctl("wait", "a", "--text", "answered 91")
    assert len(record.read_text().splitlines()) == 3


@pytest.mark.fault("E5")
def test_a_shell_s_echo_is_no_answer(podium: Running) -> None:
    podium.ctl("start", "s", "--kind", "shell")
    podium.ctl("wait", "s", "--text", r"[$#] $")
    podium.ctl("send", "s", "sleep 1; echo finished", "--enter")
    began = time.monotonic()
    assert podium.ctl("wait", "s", "--text", "finished").strip() == "finished"
    assert time.monotonic() - began > 0.3
    podium.ctl("send", "s", "--typed", "echo a\necho b")
    podium.ctl("send", "s", "--enter")
    podium.ctl("wait", "s", "--text", "^b$")
    podium.ctl("send", "s", "--new", status=2)
    podium.ctl("wait", "s", "--quiet", "1", "--new", status=2)


@pytest.mark.fault("E6")
def test_an_interrupted_mission_is_resumed_and_not_begun_again(
    run: Callable[[], Running], tmp_path: Path
) -> None:
    podium = run()
    file = mission(tmp_path, WAITS, max_rounds=3, gate="test -e go-3")
    assert podium.ctl("start", "m", "--mission", file, "--folder", str(tmp_path), "--yes") == "m: Running\n"
    (tmp_path / "go-1").touch()
    podium.wait(lambda: rounds_begun(tmp_path) == ["1", "2"], "round 2")
    # Server, worker and mission end at once, as when the machine loses its power.
    tree = psutil.Process(podium.process.pid).children(recursive=True)
    for process in (psutil.Process(podium.process.pid), *tree):
        with contextlib.suppress(psutil.NoSuchProcess):  # It ended by itself meanwhile.
            process.kill()
    podium.process.wait()

    podium = run()
    assert podium.ctl("instances", "--ids") == ""
    said = ctl(podium, "start", "m", "--mission", file, "--folder", str(tmp_path), status=6)[1]
    assert "was interrupted in round 2" in said
    assert f"podium ctl resume m --mission {file}" in said
    assert "--anew" in said
    assert podium.ctl("instances", "--ids") == ""
    assert "Running" in podium.ctl("resume", "m", "--mission", file, "--folder", str(tmp_path))
    (tmp_path / "go-2").touch()
    podium.wait(lambda: rounds_begun(tmp_path) == ["1", "2", "2", "3"], "round 3")
    (tmp_path / "go-3").touch()
    podium.ctl("wait", "m", "--exit")
    assert "nothing" not in podium.ctl("screen", "m")
    said = ctl(podium, "resume", "m", status=6)[1]
    assert "No run of" in said
    assert podium.ctl("start", "m") == "m: Running\n"  # What is done may begin again.
    podium.ctl("wait", "m", "--exit")


@pytest.mark.fault("E6")
@pytest.mark.parametrize("way", ["resume", "command", "anew", "restart"])
def test_what_was_stopped_goes_on_or_begins_again_as_it_is_asked(
    podium: Running, tmp_path: Path, way: str
) -> None:
    file = mission(tmp_path, WAITS, max_rounds=2, gate="test -e go-2")
    podium.ctl("start", "m", "--mission", file, "--yes")
    (tmp_path / "go-1").touch()
    podium.wait(lambda: rounds_begun(tmp_path) == ["1", "2"], "round 2")
    assert podium.ctl("stop-now", "m") == "m: Stopped\n"
    podium.ctl("start", "m", status=6)
    podium.ctl("restart", "m", status=6)
    match way:
        case "resume":
            podium.ctl("resume", "m")
        case "command":
            podium.post("/api/commands/resume-instance", instance="m")
        case "anew":
            podium.ctl("start", "m", "--anew")
        case "restart":
            podium.ctl("restart", "m", "--anew")
    first = "2" if way in ("resume", "command") else "1"
    podium.wait(lambda: rounds_begun(tmp_path)[:3] == ["1", "2", first], "another turn")
    (tmp_path / "go-2").touch()
    assert podium.ctl("wait", "m", "--exit", "--any") == "done\n"


@pytest.mark.fault("E6")
def test_a_mission_that_asks_is_waiting_and_says_what_for(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, "touch ran")
    told, said = ctl(podium, "start", "m", "--mission", file, status=7)
    assert told == "m: Waiting\n"
    assert "Run it?" in said
    assert "podium ctl send m y --enter" in said
    info = podium.get("/api/orchestrator/m/status")
    assert info["state"] == "waiting"
    assert "Run it?" in info["question"]
    assert info["waitingSeconds"] >= 0
    podium.ctl("send", "m", "what", "--enter")
    podium.ctl("wait", "m", "--state", "waiting")  # It asks again.
    podium.ctl("send", "m", "y", "--enter")
    podium.ctl("wait", "m", "--exit")
    assert (tmp_path / "ran").exists()
    assert podium.get("/api/orchestrator/m/status")["question"] == ""


@pytest.mark.fault("E6")
def test_yes_agrees_beforehand(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, "touch ran")
    podium.ctl("start", "m", "--mission", file, "--yes")
    podium.ctl("wait", "m", "--exit")
    assert (tmp_path / "ran").exists()


@pytest.mark.fault("E6")
def test_no_is_an_answer_too(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, "touch ran")
    podium.ctl("start", "m", "--mission", file, status=7)
    podium.ctl("send", "m", "n", "--enter")
    assert podium.ctl("wait", "m", "--exit", status=130)
    assert not (tmp_path / "ran").exists()


@pytest.mark.fault("E6")
def test_a_running_mission_is_spoken_to(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, f'{WAITS}; echo "$PODIUM_FEEDBACK" >> heard', max_rounds=5, gate="false")
    podium.ctl("start", "m", "--mission", file, "--yes")
    podium.wait((tmp_path / "begun").exists, "round 1")
    podium.ctl("comment", "m", "Mind", "the", "gap")
    podium.ctl("comment", "m", status=2)
    assert "Night shift, rose" in podium.ctl(
        "config", "m", "--rounds", "9", "--name", "Night shift", "--theme", "rose"
    )
    podium.ctl("config", "m", status=2)
    (tmp_path / "go-1").touch()
    podium.wait(lambda: rounds_begun(tmp_path) == ["1", "2"], "round 2")
    assert podium.get("/api/orchestrator/m/status")["maxRounds"] == 9
    podium.ctl("finish-round", "m")
    podium.ctl("wait", "m", "--state", "finishing")
    (tmp_path / "go-2").touch()
    podium.ctl("wait", "m", "--exit", "--any")
    assert "Mind the gap" in (tmp_path / "heard").read_text()
    assert rounds_begun(tmp_path) == ["1", "2"]
    podium.ctl("finish-round", "m", status=6)
    podium.ctl("comment", "m", "late", status=6)


@pytest.mark.fault("E6")
@pytest.mark.parametrize(("script", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -15 $$", 128 + 15)])
def test_the_end_of_a_program_is_passed_on(podium: Running, script: str, status: int) -> None:
    podium.start("one", "/bin/sh", "-c", f"read x; {script}", policy={"restart": "never"})
    podium.ctl("send", "one", "--enter")
    podium.ctl("wait", "one", "--exit", status=status)
    podium.ctl("wait", "one", "--exit", "--any")
    podium.ctl("wait", "one", "--state", "idle", "--any", status=2)
