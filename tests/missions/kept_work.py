"""What missions kept of the work: read from the files of their runs."""

import subprocess
from pathlib import Path

from tests.missions.mission_shell import Done

COMMIT = "git -c user.name=x -c user.email=y commit --quiet"
TWO_ROUNDS = "name = 'Try'\nmax_rounds = 2\nstop_when = 'never'\n"


def show(folder: Path, branch: str, name: str) -> bytes:
    return subprocess.run(
        ["git", "cat-file", "blob", f"{branch}:{name}"], cwd=folder, capture_output=True, check=True
    ).stdout


def assert_partly_done(done: Done) -> None:
    assert done.code == 3, done.log
    assert "✓ Done" not in done.log
    assert "Traceback" not in done.log
