"""Private files: nobody else reads them, and a reader sees the old or the new one."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.system.private_files import name_aside, private_folder, restrict, write_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(params=[0o000, 0o022, 0o077], autouse=True)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def test_a_folder_and_all_that_is_missing_above_it_are_its_owners_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    folder = private_folder(tmp_path / "a" / "b")
    assert folder == tmp_path / "a" / "b"
    assert (mode(folder), mode(folder.parent), mode(tmp_path)) == (0o700, 0o700, 0o755)
    assert private_folder(folder) == folder


@pytest.mark.parametrize("durable", [True, False])
@pytest.mark.parametrize("open_to", [0o777, 0o770, 0o707, 0o720, 0o702, 0o740, 0o701])
def test_a_file_is_private_in_a_folder_that_was_open_to_others(
    tmp_path: Path, open_to: int, durable: bool
) -> None:
    folder = tmp_path / "open"
    folder.mkdir()
    folder.chmod(open_to)
    file = folder / "file"
    file.write_bytes(b"before")
    file.chmod(0o666)
    write_private(file, b"after", durable=durable)
    assert (file.read_bytes(), mode(file), mode(folder)) == (b"after", 0o600, 0o700)
    assert [path.name for path in folder.iterdir()] == ["file"]


def test_a_sticky_folder_stays_everybodys(tmp_path: Path) -> None:
    folder = tmp_path / "sticky"
    folder.mkdir()
    folder.chmod(0o1777)
    write_private(folder / "file", b"x", durable=False)
    assert (mode(folder), mode(folder / "file")) == (0o1777, 0o600)


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "taken"
    file.mkdir()
    with pytest.raises(OSError):
        write_private(file, b"x", durable=True)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_link_in_the_place_of_the_new_file_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    file = tmp_path / "file"
    file.symlink_to(victim)
    write_private(file, b"new", durable=False)
    assert (victim.read_bytes(), file.read_bytes(), file.is_symlink()) == (b"mine", b"new", False)


def test_restricting_sets_exactly_the_mode(tmp_path: Path) -> None:
    for found, wanted in ((0o666, 0o600), (0o400, 0o600), (0o600, 0o600)):
        file = tmp_path / "file"
        file.touch()
        file.chmod(found)
        restrict(file, wanted)
        assert mode(file) == wanted


def test_a_name_aside_is_free_with_every_ending(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    assert name_aside(path).name == "x.db.unreadable"
    (tmp_path / "x.db.unreadable").symlink_to("nowhere")
    assert name_aside(path).name == "x.db.unreadable-2"
    (tmp_path / "x.db.unreadable-2-wal").touch()
    assert name_aside(path).name == "x.db.unreadable-2"
    assert name_aside(path, ("", "-wal")).name == "x.db.unreadable-3"
