"""Two real processes: what the second is asked to open, the window of the first opens."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.control.running import PATIENCE, Running

pytestmark = pytest.mark.e2e

MISSION = "name = 'Try'\n[[agents]]\nid = 'one'\ncommand = ['true']\n"
_WITHOUT_QT = (
    "import sys\n"
    "from podium.__main__ import main\n"
    "status = main(sys.argv[1:])\n"
    "assert 'PySide6' not in sys.modules\n"
    "sys.exit(status)\n"
)


def second(podium: Running, *arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """A second start of Podium, in ``folder``, that has no display."""
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT_QT, *arguments],
        env={name: value for name, value in podium.environment.items() if name != "PODIUM_SOCKET"},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
    )


def asks(podium: Running) -> bool:
    """Whether a dialog is open: no command of the window is possible then."""
    commands = podium.get("/api/commands")["commands"]
    return not any(command["possible"] for command in commands)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "fix.mission.toml").write_text(MISSION)
    (folder / "shop.podium.toml").write_text("[[instances]]\nname = 'a'\ncommand = 'false'\n")
    return folder


@pytest.mark.parametrize("file", ["fix.mission.toml", "shop.podium.toml", "."])
def test_the_window_asks_and_the_second_process_ends_without_qt(
    run: Callable[..., Running], work: Path, file: str
) -> None:
    podium = run(window=True)
    podium.wait(lambda: not asks(podium), "the window")
    before = podium.get("/api/orchestrator/instances")["instances"]
    ended = second(podium, "open", file, folder=work)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    podium.wait(lambda: asks(podium), "the dialog")
    assert len(podium.get("/api/orchestrator/instances")["instances"]) == len(before)


def test_a_mission_that_is_there_is_shown(run: Callable[..., Running], work: Path) -> None:
    podium = run("run", "--", "sleep", "1000", window=True)
    body = {"kind": "mission", "mission": str(work / "fix.mission.toml"), "folder": str(work)}
    podium.post("/api/orchestrator/m/start", **body)
    podium.post("/api/window", focus="sleep")
    assert podium.get("/api/window")["current"] == "sleep"
    podium.ctl("open", str(work / "fix.mission.toml"))
    podium.wait(lambda: podium.get("/api/window")["current"] == "m", "the mission")
    assert not asks(podium)


def test_a_program_in_an_instance_opens_no_dialog(run: Callable[..., Running], work: Path) -> None:
    podium = run(window=True)
    script = f"{sys.executable} -m podium open {work / 'fix.mission.toml'}; echo status $?"
    podium.start("job", "sh", "-c", script)
    podium.wait_for("job", text="status 1")
    assert "A program inside an instance" in podium.screen("job").replace("\n", " ")
    assert not asks(podium)


def test_a_server_has_no_window_and_without_a_display_none_is_opened(
    run: Callable[..., Running], work: Path
) -> None:
    podium = run()
    ended = second(podium, "open", "fix.mission.toml", folder=work)
    assert ended.returncode == 1
    assert "no display" in ended.stderr
    assert podium.ctl("open", str(work), status=6) == ""
    assert podium.ctl("open", str(work / "nowhere"), status=2) == ""


def test_of_two_at_once_one_opens_both(work: Path, tmp_path: Path) -> None:
    """Neither finds a window. The one that is second at the lock hands its file over as soon as the other serves."""
    files = [str(work / "fix.mission.toml"), str(work / "shop.podium.toml")]
    both = [Running("open", file, window=True, home=tmp_path, await_socket=False) for file in files]
    try:
        first = both[0]
        first.wait(lambda: any(one.process.poll() is not None for one in both), "the end of one")
        [gone] = [one for one in both if one.process.poll() is not None]
        [alive] = [one for one in both if one is not gone]
        assert gone.process.returncode == 0
        alive.wait(lambda: asks(alive), "the dialog")
        assert alive.process.poll() is None
    finally:
        for one in both:
            one.close()
