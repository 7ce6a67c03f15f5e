"""Pictures from the clipboard as private files, for programs that take a picture by its path. Few are kept."""

import contextlib
import secrets
import time
from pathlib import Path
from typing import Final

from podium.core.system.private_files import write_private

MAX_PICTURE_BYTES: Final = 32 << 20
MAX_PICTURES: Final = 50
MAX_ALL_BYTES: Final = 256 << 20
KEEP_SECONDS: Final = 7 * 86_400.0
_PATTERN: Final = "pasted-*.png"


class PictureTooBig(Exception):
    """A picture that is not saved; the message is for a person."""


def save_picture(folder: Path, png: bytes) -> Path:
    """Save a picture, a PNG file's bytes, and delete what is too much or too old. Waits for the disk.

    Raises PictureTooBig and OSError.
    """
    if len(png) > MAX_PICTURE_BYTES:
        raise PictureTooBig(
            f"The picture has {len(png) / 2**20:.1f} MiB; {MAX_PICTURE_BYTES >> 20} MiB is the most. "
            "Save it to a file and drop that."
        )
    path = folder / f"pasted-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}.png"
    write_private(path, png, durable=False)
    prune_pictures(folder, time.time(), keep=path)
    return path


def prune_pictures(folder: Path, now: float, keep: Path | None = None) -> None:
    """Delete pictures older than ``KEEP_SECONDS``, and the oldest of too many, but never ``keep``. Raises nothing."""
    found: list[tuple[float, int, Path]] = []
    with contextlib.suppress(OSError):
        for path in folder.glob(_PATTERN):
            with contextlib.suppress(OSError):
                status = path.lstat()
                found.append((status.st_mtime, status.st_size, path))
    found.sort(key=lambda one: (one[2] == keep, one[0]), reverse=True)
    total = 0
    for count, (saved, size, path) in enumerate(found, start=1):
        total += size
        old = saved < now - KEEP_SECONDS
        if path != keep and (old or count > MAX_PICTURES or total > MAX_ALL_BYTES):
            with contextlib.suppress(OSError):
                path.unlink()
