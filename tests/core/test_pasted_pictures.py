"""Pictures in, private files out, and few of them."""

import os
import stat
import time
from pathlib import Path

import pytest

from podium.core.system import pasted_pictures
from podium.core.system.pasted_pictures import (
    KEEP_SECONDS,
    MAX_PICTURE_BYTES,
    MAX_PICTURES,
    PictureTooBig,
    prune_pictures,
    save_picture,
)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_account_can_read_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = save_picture(tmp_path / "deep" / "pictures", b"png")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"png"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_two_at_once_are_two_files(tmp_path: Path) -> None:
    assert save_picture(tmp_path, b"a") != save_picture(tmp_path, b"b")


def test_one_that_is_too_big_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(PictureTooBig, match="32 MiB is the most"):
        save_picture(tmp_path / "pictures", bytes(MAX_PICTURE_BYTES + 1))
    assert not (tmp_path / "pictures").exists()


def test_the_oldest_of_too_many_go_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    now = time.time()
    for number in range(MAX_PICTURES + 5):
        old = tmp_path / f"pasted-{number}.png"
        old.write_bytes(b"x")
        os.utime(old, (now - number, now - number))
    (tmp_path / "mine.png").write_bytes(b"x")
    kept = save_picture(tmp_path, b"new")
    assert names(tmp_path) == {
        kept.name, "mine.png", *(f"pasted-{number}.png" for number in range(MAX_PICTURES - 1))
    }  # fmt: skip


def test_the_newest_stays_though_the_clock_was_set_back(tmp_path: Path) -> None:
    for number in range(MAX_PICTURES):
        later = tmp_path / f"pasted-{number}.png"
        later.write_bytes(b"x")
        os.utime(later, (time.time() + 9_000, time.time() + 9_000))
    assert save_picture(tmp_path, b"new").exists()
    assert len(names(tmp_path)) == MAX_PICTURES


def test_old_ones_and_those_beyond_the_room_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pasted_pictures, "MAX_ALL_BYTES", 25)
    now = time.time()
    for name, age in (("a", 0.0), ("b", 1.0), ("c", 2.0), ("d", KEEP_SECONDS + 1)):
        path = tmp_path / f"pasted-{name}.png"
        path.write_bytes(bytes(10))
        os.utime(path, (now - age, now - age))
    prune_pictures(tmp_path, now)
    assert names(tmp_path) == {"pasted-a.png", "pasted-b.png"}
    prune_pictures(tmp_path / "none", now)
