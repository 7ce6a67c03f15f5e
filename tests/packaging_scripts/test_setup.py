"""A bare machine in, what ``packaging/setup.sh`` says out."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import SCRIPTS


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with a checkout's script in it, and one with the only programs there are; no git among them."""
    (tmp_path / "packaging").mkdir()
    shutil.copy(SCRIPTS / "setup.sh", tmp_path / "packaging")
    (tmp_path / "bin").mkdir()
    for name in ("dirname", "grep", "find", "head", "mktemp", "date", "tail", "rm", "env"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / "bin" / name).symlink_to(found)
    program(tmp_path, "uname", "echo Linux")
    return tmp_path


def program(machine: Path, name: str, body: str) -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def setup(machine: Path) -> tuple[int, str]:
    shell = shutil.which("sh")
    assert shell is not None
    done = subprocess.run(
        [shell, str(machine / "packaging" / "setup.sh"), "run"],
        env={"PATH": str(machine / "bin"), "HOME": str(machine), "TMPDIR": str(machine)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_who_may_not_install_is_told_the_whole_command(machine: Path) -> None:
    program(machine, "id", "echo 1000")
    status, said = setup(machine)
    assert status == 1
    assert ": apt-get update && apt-get install " in said
    assert said.rstrip().endswith("git")


def test_apt_shows_where_it_is_and_what_went_wrong(machine: Path) -> None:
    program(machine, "id", "echo 0")
    program(
        machine,
        "apt-get",
        'case $1 in update) echo "Get:1 lists" ;; *) printf "reading\\nE: disk full\\n"; exit 100 ;; esac',
    )
    status, said = setup(machine)
    assert status == 1
    assert "Get:1 lists" in said
    assert "E: disk full" in said
    assert not list(machine.glob("tmp.*")), "what it keeps meanwhile is gone"
