"""Open folders of Windows, with a fake of its calls over this system's own."""

import ctypes
import os
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from podium.core.system.windows.folders import is_folder_itself, open_folder, place_of_folder

INVALID = ctypes.c_void_p(-1).value


class FakeKernel32:
    def __init__(self, final: str = "", *, swapped: Path | None = None) -> None:
        self.final = final
        self.swapped = swapped
        self.opened: list[tuple[Any, ...]] = []

    def CreateFileW(self, path: str, *more: Any) -> int | None:
        self.opened.append(more)
        return INVALID if "refused" in path else os.open(self.swapped or path, os.O_RDONLY)

    def GetFinalPathNameByHandleW(self, handle: int, buffer: Any, size: int, flags: int) -> int:
        buffer.value = self.final
        return len(self.final)


def test_a_folder_is_opened_itself_and_may_be_moved_and_removed(tmp_path: Path) -> None:
    calls = FakeKernel32()
    descriptor = open_folder(tmp_path, calls)
    assert os.fstat(descriptor).st_ino == tmp_path.stat().st_ino
    os.close(descriptor)
    read_attributes, share_all, existing, backup_and_no_links = 0x80, 7, 3, 0x0220_0000
    assert calls.opened == [(read_attributes, share_all, None, existing, backup_and_no_links, None)]


def test_no_file_and_no_link_is_opened(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "refused").mkdir()
    for name in ("file", "link", "refused", "nothing"):
        with pytest.raises(OSError, match=r"directory|CreateFile|Nothing|nothing"):
            open_folder(tmp_path / name, FakeKernel32())


def test_a_folder_put_in_its_place_meanwhile_is_another(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with pytest.raises(NotADirectoryError, match="in its place"):
        open_folder(tmp_path / "one", FakeKernel32(swapped=tmp_path / "two"))


@pytest.mark.parametrize(
    ("final", "path"),
    [
        ("\\\\?\\C:\\work\\tree", "C:\\work\\tree"),
        ("\\\\?\\UNC\\server\\share\\tree", "\\\\server\\share\\tree"),
    ],
    ids=["here", "on a server"],
)
def test_a_place_is_a_path_that_git_knows(final: str, path: str) -> None:
    assert str(place_of_folder(0, FakeKernel32(final))) == path


def test_a_folder_without_a_place_is_told() -> None:
    with pytest.raises(OSError, match="GetFinalPathNameByHandle"):
        place_of_folder(0, FakeKernel32(""))


@pytest.mark.parametrize(
    ("tag", "itself"),
    [(0, True), (0xA000_0003, False), (0xA000_000C, False), (0x9000_001A, True)],
    ids=["plain", "junction", "link", "synchronised"],
)
def test_a_junction_is_no_folder_of_its_own(tag: int, itself: bool) -> None:
    found: Any = SimpleNamespace(st_mode=stat.S_IFDIR, st_reparse_tag=tag)
    assert is_folder_itself(found) is itself
