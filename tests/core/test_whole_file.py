"""A person's file: all of the new one, or the old one as it was."""

import os
from pathlib import Path

import pytest

from podium.core.system.whole_file import WholeFile


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_nothing_is_there_before_it_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with WholeFile(path) as file:
        file.write(b"one ")
        assert not path.exists()
        file.write(b"two")
        file.finish()
    assert path.read_bytes() == b"one two"
    assert names(tmp_path) == ["a.txt"]
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def test_the_old_file_stays_when_it_is_not_finished(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with WholeFile(path) as file:
        file.write(b"new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("old")
    real.chmod(0o600)
    link.symlink_to(real)
    with WholeFile(link) as file:
        file.write(b"new")
        file.finish()
    assert link.is_symlink()
    assert (real.read_text(), real.stat().st_mode & 0o777) == ("new", 0o600)


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, tmp_path / "missing" / "a"):
        with pytest.raises(OSError):
            WholeFile(path)
    assert names(tmp_path) == ["pipe"]


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with WholeFile(path) as one, WholeFile(path) as other:
        one.write(b"one")
        other.write(b"other")
        one.finish()
        assert path.read_bytes() == b"one"
        other.finish()
    assert path.read_bytes() == b"other"
    assert names(tmp_path) == ["a.txt"]
