"""The portable archive's ``install.sh``: a prefix in, what it put there and what it left alone out."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import SCRIPTS


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The unpacked archive, with as little in it as the script needs."""
    top = tmp_path / "archive"
    (top / "lib" / "podium").mkdir(parents=True)
    program = top / "lib" / "podium" / "podium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    entry = top / "share" / "applications" / "podium.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_text("[Desktop Entry]\nTryExec=podium\nExec=podium open %F\n")
    shutil.copy(SCRIPTS / "linux" / "install.sh", top)
    return top


def run(archive: Path, *arguments: str) -> tuple[int, str]:
    """Its exit code and errors. What desktops keep of menu entries is nothing of the script's own."""
    tools = archive.parent / "tools"
    tools.mkdir(exist_ok=True)
    for name in ("update-desktop-database", "update-mime-database", "gtk-update-icon-cache"):
        (tools / name).write_text("#!/bin/sh\n")
        (tools / name).chmod(0o755)
    done = subprocess.run(
        ["sh", str(archive / "install.sh"), *arguments],
        env={"HOME": str(archive.parent / "home"), "PATH": os.pathsep.join((str(tools), os.defpath))},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_what_was_installed_twice_is_removed_without_a_trace(archive: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    for _ in range(2):
        assert run(archive, "--prefix", str(prefix)) == (0, "")
    assert (prefix / "bin" / "podium").resolve() == prefix / "lib" / "podium" / "podium"
    assert f'Exec="{prefix}/bin/podium" open' in (prefix / "share/applications/podium.desktop").read_text()
    assert run(archive, "--prefix", str(prefix), "--uninstall") == (0, "")
    assert [path for path in prefix.rglob("*") if not path.is_dir()] == []


@pytest.mark.parametrize("link", [False, True], ids=["file", "link"])
def test_another_program_of_that_name_is_left_alone(archive: Path, tmp_path: Path, link: bool) -> None:
    """Such as that of pipx, or of a checkout."""
    prefix, other = tmp_path / "prefix", tmp_path / "other"
    other.touch()
    there = prefix / "bin" / "podium"
    there.parent.mkdir(parents=True)
    if link:
        there.symlink_to(other)
    else:
        there.touch()
    code, said = run(archive, "--prefix", str(prefix))
    assert (code, said) == (1, f"podium: {there} is another program; move it away first\n")
    assert there.is_symlink() is link
    assert not (prefix / "lib" / "podium").exists()


def test_a_link_to_a_program_that_has_gone_is_replaced(archive: Path, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / "podium").symlink_to(tmp_path / "gone")
    assert run(archive, "--prefix", str(prefix)) == (0, "")
    assert (prefix / "bin" / "podium").resolve() == prefix / "lib" / "podium" / "podium"
