"""Disks that are small, full, read-only or lose bits, for real where the machine allows it."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534


class SmallDisk:
    """A file system of its own that can be filled up and freed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * 4096)

    def free(self) -> None:
        self._ballast.unlink()

    def remount_read_only(self) -> None:
        subprocess.run(["mount", "-o", "remount,ro", str(self.folder)], check=True)


@contextlib.contextmanager
def small_disk(folder: Path, size: str = "2m") -> Iterator[SmallDisk]:
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "podium-test", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextlib.contextmanager
def roots_folder() -> Iterator[Path]:
    """A folder everybody can look into, to be made somebody else's by ``give_up_rights``."""
    if os.geteuid() != 0:
        pytest.skip("only root has powers to give up: who owns a folder can always write it again")
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        os.seteuid(0)
        shutil.rmtree(folder)


def give_up_rights(folder: Path) -> None:
    """From here on ``folder`` and what is in it can be read, and nothing else."""
    folder.chmod(0o755)
    for file in folder.iterdir():
        file.chmod(0o644)
    os.seteuid(NOBODY)
    if not os.access(folder, os.R_OK, effective_ids=True):
        pytest.skip(f"only root can reach {folder}")


def flip(path: Path, offset: int, bits: int = 0xFF) -> None:
    """Turn over bits of one byte, without the file becoming another."""
    with path.open("r+b") as file:
        file.seek(offset)
        (byte,) = file.read(1)
        file.seek(offset)
        file.write(bytes([byte ^ bits]))
