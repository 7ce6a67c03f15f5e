"""Folders for a moment: makers killed, folders gone; makers alive, folders kept."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from podium.core.system import scratch
from podium.core.system.scratch import PREFIX, remove_left_behind, scratch_folder

pytestmark = pytest.mark.fault("G6")

MAKER = """
import time
from podium.core.system import scratch
from podium.core.system.scratch import scratch_folder
with scratch_folder() as folder:
    (folder / "read-only").mkdir(mode=0o500)
    (folder / "index").write_text("work")
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary files"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def maker() -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that has made one and holds it."""
    with subprocess.Popen([sys.executable, "-c", MAKER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, Path(process.stdout.readline().strip())
        process.kill()


def test_a_killed_makers_folder_goes_when_the_next_is_made(
    maker: tuple[subprocess.Popen[str], Path], temporary: Path
) -> None:
    process, left = maker
    with scratch_folder() as other:
        assert left.is_dir(), "its maker lives"
    assert not other.exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (left / "index").exists()
    with scratch_folder() as folder:
        assert list(temporary.iterdir()) == [folder]
    assert list(temporary.iterdir()) == []


def test_what_is_not_ours_stays(temporary: Path, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "diary").write_text("mine")
    (temporary / f"{PREFIX}link").symlink_to(precious)
    (temporary / f"{PREFIX}file").write_text("mine")
    (temporary / "podium-demo-x").mkdir()
    before = set(temporary.iterdir())
    remove_left_behind()
    assert set(temporary.iterdir()) == before
    assert (precious / "diary").read_text() == "mine"


def test_makers_at_once_take_nothing_from_each_other(temporary: Path) -> None:
    def use(number: int) -> None:
        with scratch_folder() as folder:
            (folder / "file").write_text(str(number))
            assert (folder / "file").read_text() == str(number)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(use, range(400)))
    assert list(temporary.iterdir()) == []


def test_a_folder_that_was_removed_meanwhile_harms_nobody() -> None:
    with scratch_folder() as folder:
        folder.rmdir()


def test_without_a_folder_for_temporary_files_it_is_an_os_error(temporary: Path) -> None:
    temporary.rmdir()
    with pytest.raises(OSError, match="temporary files"), scratch_folder():
        pass


def test_a_folder_that_was_put_in_the_place_of_one_stays(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = temporary / f"{PREFIX}aaaaaaaa"
    left.mkdir()
    lock = scratch._lock

    def swapped(folder: Path) -> int | None:
        folder.rename(temporary / "before")
        folder.mkdir()
        return lock(folder)

    monkeypatch.setattr(scratch, "_lock", swapped)
    remove_left_behind()
    assert left.is_dir()
