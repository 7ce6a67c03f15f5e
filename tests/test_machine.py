"""A hostile machine in, the same tests out: what is installed, set or running must not matter."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from podium.core.adapters.registry import load_adapters
from tests.machine import FONTS

pytestmark = pytest.mark.fault("G6")

ROOT = Path(__file__).parent.parent
LOOK = """
import json, os, shutil, signal, sys, tempfile, time
from tests.machine import Machine
machine = Machine()
seen = {
    "variables": dict(os.environ),
    "umask": os.umask(0o022),
    "hang-up": signal.getsignal(signal.SIGHUP) == signal.SIG_DFL,
    "zone": time.tzname[0],
    "temporary": tempfile.gettempdir(),
    "folder": str(machine.folder("r")),
    "programs": {name: shutil.which(name) for name in sys.argv[1:]},
}
print(json.dumps(seen), flush=True)
sys.stdin.readline()
machine.close()
"""
ODD = {
    "LANG": "de_DE.UTF-8",
    "LC_ALL": "C",
    "TZ": "Pacific/Kiritimati",
    "GIT_DIR": "/nonexistent",
    "GIT_AUTHOR_NAME": "x",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "commit.gpgsign",
    "GIT_CONFIG_VALUE_0": "true",
    "CLAUDECODE": "1",
    "NO_COLOR": "1",
    "COLUMNS": "20",
    "LINES": "5",
    "QT_SCALE_FACTOR": "2",
    "QT_QPA_PLATFORM": "xcb",
    "DISPLAY": ":1234",
    "PODIUM_SOCKET": "/nonexistent/podium.sock",
    "PODIUM_MODEL": "odd",
    "PYTHONWARNINGS": "default",
    "XDG_STATE_HOME": "/nonexistent/state",
    "BASH_ENV": "/nonexistent/env",
    "XDG_RUNTIME_DIR": "/nonexistent/run",
    "XDG_DATA_DIRS": "/nonexistent/share",
    "LANGUAGE": "tr",
    "FONTCONFIG_FILE": "/nonexistent/fonts.conf",
    "WAYLAND_DISPLAY": "wayland-7",
    "TERM": "dumb",
    "SHELL": "/nonexistent/shell",
}


@pytest.fixture
def agents(tmp_path: Path) -> Path:
    """A folder in which every agent's program is, and one that is none's."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in (*agent_names(), "of-the-persons-own"):
        (folder / name).write_text("#!/bin/sh\necho the machine\\'s; exit 42\n")
        (folder / name).chmod(0o755)
    return folder


def agent_names() -> list[str]:
    return sorted({adapter.program for adapter in load_adapters().adapters.values() if adapter.program})


def hostile(agents: Path, more: Mapping[str, str]) -> dict[str, str]:
    path = f"{agents}{os.pathsep}{os.environ['PATH']}"
    return {**ODD, "PATH": path, "HOME": str(agents.parent), **more}


def look(environment: Mapping[str, str], *programs: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["sh", "-c", 'umask 077; trap "" HUP; exec "$@"', "sh", sys.executable, "-c", LOOK, *programs],
        env=environment,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def seen(process: subprocess.Popen[str]) -> dict[str, Any]:
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


@pytest.mark.parametrize("temporary", ["", "t" * 200, "files of ü"])
def test_of_a_hostile_machine_nothing_is_seen(tmp_path: Path, agents: Path, temporary: str) -> None:
    folder = tmp_path / temporary
    folder.mkdir(exist_ok=True)
    environment = hostile(agents, {"TMPDIR": str(folder)})
    with look(environment, *agent_names(), "git", "of-the-persons-own") as process:
        found = seen(process)
        process.communicate("end\n")
    assert process.returncode == 0
    odd = {name: value for name, value in found["variables"].items() if environment.get(name) == value}
    assert odd == {}
    assert (found["umask"], found["hang-up"], found["zone"]) == (0o022, True, "UTC")
    programs = found["programs"]
    assert programs.pop("git")
    assert programs.pop("of-the-persons-own")
    assert set(programs.values()) == {None}
    assert len(found["folder"]) < 45, "room for a socket"
    assert " " not in found["temporary"]
    assert not Path(found["temporary"]).exists()


FONT_FAMILIES = """
import json
from tests.machine import Machine
machine = Machine()
from PySide6.QtGui import QFontDatabase, QFontInfo, QGuiApplication
application = QGuiApplication([])
print(json.dumps([QFontDatabase.families(), QFontInfo(application.font()).family()]))
machine.close()
"""
GENERIC = {"Sans Serif", "Serif", "Monospace"}


def test_no_font_is_seen_but_those_that_are_declared() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FONT_FAMILIES], cwd=ROOT, env=ODD, stdout=subprocess.PIPE, check=True
    )
    families, usual = json.loads(done.stdout)
    assert {family.removesuffix(" Condensed") for family in families} - GENERIC == set(FONTS)
    assert usual == FONTS[0]


def test_without_any_variable_there_are_all_that_tests_need() -> None:
    with look({}, "git", "sh") as process:
        found = seen(process)
        process.communicate("end\n")
    assert all(found["programs"].values())
    assert Path(found["variables"]["HOME"]).is_absolute()


def test_what_a_killed_run_left_is_removed_by_the_next_and_only_that(agents: Path) -> None:
    environment = hostile(agents, {})
    with look(environment) as killed, look(environment) as living:
        left, used = (Path(seen(one)["temporary"]) for one in (killed, living))
        killed.kill()
        killed.wait()
        assert left.exists()
        with look(environment) as third:
            seen(third)
            assert not left.exists()
            assert used.exists()
            third.communicate("end\n")
        living.communicate("end\n")
    assert not used.exists()


def run_tests(environment: Mapping[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_what_tests_leave_among_the_temporary_files_fails_the_run_by_name(
    tmp_path: Path, agents: Path
) -> None:
    test = tmp_path / "test_leaving.py"
    test.write_text(
        "import tempfile\n"
        "def test_clean(): tempfile.mkdtemp(prefix='other-')\n"
        "def test_leaves(): tempfile.mkdtemp(prefix='podium-left-')\n"
    )
    done = run_tests(hostile(agents, {}), "-p", "tests.conftest", test)
    assert done.returncode == 1, done.stdout
    assert "2 passed" in done.stdout
    [line] = [line for line in done.stdout.splitlines() if line.startswith("podium-left-")]
    assert line.endswith("test_leaving.py::test_leaves")
    done = run_tests(hostile(agents, {}), "-p", "tests.conftest", test, "-k", "clean")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_tests_that_knew_the_machine_pass_on_a_hostile_one(tmp_path: Path, agents: Path) -> None:
    folder = tmp_path / ("t" * 200)
    folder.mkdir()
    done = run_tests(
        hostile(agents, {"TMPDIR": str(folder)}),
        "tests/control/test_runtime_folder.py",
        "tests/core/test_core.py",
        "tests/missions/test_mission_file.py",
        "tests/missions/test_agent_command.py",
        "tests/worker/test_limits.py",
    )
    assert done.returncode == 0, done.stdout[-3000:]
