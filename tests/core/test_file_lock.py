"""Locks on files: of POSIX as they are, of Windows by a module that stands for the system's."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from podium.core.system import file_lock
from podium.core.system.file_lock import lock, read_start, replace_text, try_lock


class FakeMsvcrt(ModuleType):
    """Locks bytes of files, as Windows does, for as long as the test runs."""

    LK_NBLCK = 2

    def __init__(self) -> None:
        super().__init__("msvcrt")
        self.held: set[tuple[int, int]] = set()
        self.busy = 0
        """The number of tries that still find another process's lock."""

    def locking(self, descriptor: int, mode: int, count: int) -> None:
        assert (mode, count) == (self.LK_NBLCK, 1)
        place = os.fstat(descriptor).st_ino, os.lseek(descriptor, 0, os.SEEK_CUR)
        if self.busy or place in self.held:
            self.busy = max(0, self.busy - 1)
            raise PermissionError(13, "Permission denied")
        self.held.add(place)


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> FakeMsvcrt:
    fake = FakeMsvcrt()
    monkeypatch.setitem(sys.modules, "msvcrt", fake)
    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setattr(file_lock.sys, "platform", "win32")
    return fake


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[int, int]]:
    both = tuple(os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT, 0o600) for _ in range(2))
    yield both
    for descriptor in both:
        os.close(descriptor)


@pytest.fixture(params=["posix", "windows"])
def system(request: pytest.FixtureRequest) -> None:
    if request.param == "windows":
        request.getfixturevalue("windows")


def test_a_held_lock_is_refused_and_its_holder_can_be_read(system: None, opened: tuple[int, int]) -> None:
    holder, other = opened
    try_lock(holder)
    replace_text(holder, "a longer name")
    replace_text(holder, "a name")
    with pytest.raises(BlockingIOError):
        try_lock(other)
    assert read_start(other, 100) == b"a name"
    assert os.read(other, 100) == b"a name", "the position is as it was"


def test_shared_locks_stand_side_by_side(opened: tuple[int, int]) -> None:
    one, other = opened
    try_lock(one, shared=True)
    try_lock(other, shared=True)
    with pytest.raises(BlockingIOError):
        try_lock(other)


def test_windows_waits_for_a_lock_by_trying_again(
    windows: FakeMsvcrt, opened: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(file_lock.time, "sleep", waited.append)
    windows.busy = 3
    lock(opened[0])
    assert len(waited) == 3
    with pytest.raises(BlockingIOError):
        try_lock(opened[1])
