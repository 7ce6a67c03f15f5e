"""``make install`` and ``make uninstall``: a home in, a link and a word about PATH out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import SCRIPTS


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program of a checkout."""
    tree = tmp_path / "tree"
    (tree / "packaging").mkdir(parents=True)
    shutil.copy(SCRIPTS / "link.sh", tree / "packaging")
    (tree / ".venv" / "bin").mkdir(parents=True)
    (tree / ".venv" / "bin" / "podium").write_text("#!/bin/sh\n")
    return tree / ".venv" / "bin" / "podium"


def run(program: Path, *arguments: str, path: str = "") -> tuple[int, str]:
    home = program.parents[3] / "home"
    home.mkdir(exist_ok=True)
    done = subprocess.run(
        ["sh", str(program.parents[2] / "packaging" / "link.sh"), *arguments],
        env={
            "HOME": str(home),
            "PATH": os.pathsep.join(filter(None, (path, os.defpath, "/usr/bin", "/bin"))),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def link_of(program: Path) -> Path:
    return program.parents[3] / "home" / ".local" / "bin" / "podium"


def test_the_link_starts_the_program_and_path_is_spoken_of(program: Path) -> None:
    status, said = run(program)
    assert status == 0
    assert link_of(program).resolve() == program.resolve()
    assert "is not on your PATH yet" in said
    status, said = run(program, path=str(link_of(program).parent))
    assert (status, "PATH" in said) == (0, False)


def test_another_program_of_that_name_is_left_alone(program: Path) -> None:
    link = link_of(program)
    link.parent.mkdir(parents=True)
    link.write_text("another")
    for arguments in ((), ("--remove",)):
        status, said = run(program, *arguments)
        assert status == 1
        assert "it was left as it is" in said
    assert link.read_text() == "another"


def test_only_the_link_is_removed(program: Path) -> None:
    run(program)
    assert run(program, "--remove")[0] == 0
    assert not link_of(program).is_symlink()
    assert program.exists()
    assert run(program, "--remove")[0] == 0, "once more is no fault"
