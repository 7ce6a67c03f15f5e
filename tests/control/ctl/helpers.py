"""Ways to call ``podium ctl``, and missions for it."""

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from podium.control.ctl.command_line import main
from tests.control.running import PATIENCE, Running


def ctl_here(podium: Running, *arguments: str, status: int = 0) -> str:
    """What it said on stdout."""
    said, told = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(told):
        patch.setenv("XDG_RUNTIME_DIR", podium.environment["XDG_RUNTIME_DIR"])
        try:
            given = main(list(arguments))
        except SystemExit as end:
            given = int(end.code or 0)
    assert given == status, (given, said.getvalue(), told.getvalue())
    return said.getvalue()


def mission(folder: Path, script: str, max_rounds: int = 1, gate: str = "true") -> str:
    """A mission of one agent; the path of its file."""
    file = folder / "mission.toml"
    file.write_text(
        f"name = 'Try'\nmax_rounds = {max_rounds}\n"
        f"[[agents]]\nid = 'one'\ncommand = ['/bin/sh', '-c', '''{script}''']\n"
        f"[[gates]]\nname = 'tests'\ncommand = '{gate}'\n"
    )
    return str(file)


def ctl(podium: Running, *arguments: str, status: int = 0, **environment: str) -> tuple[str, str]:
    """What it said on stdout and stderr."""
    ran = subprocess.run(
        [sys.executable, "-m", "podium", "ctl", *arguments],
        env={**podium.environment, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 2,
    )
    assert ran.returncode == status, (ran.returncode, ran.stdout, ran.stderr)
    assert "Traceback" not in ran.stderr
    return ran.stdout, ran.stderr


WAITS = 'echo "$PODIUM_ROUND" >> begun; while [ ! -e "go-$PODIUM_ROUND" ]; do sleep 0.05; done'


def rounds_begun(folder: Path) -> list[str]:
    """What WAITS wrote down so far."""
    record = folder / "begun"
    return record.read_text().split() if record.exists() else []
