"""Folders and downloads in, what is wrong with them out."""

import hashlib
from pathlib import Path

import pytest

from podium import __version__
from tests.packaging_scripts.conftest import Load

SAYS = f"podium {__version__}\nPackage: appimage; to update it: …\nTerminal engine: compiled"


@pytest.fixture
def appdir(load: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as it has to be, of a program that only says its version."""

    def stage(prefix: Path, kind: str) -> None:
        for name in appimage.LINKS.values():
            file = prefix.parent / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"#!/bin/sh\ncat <<'END'\n{SAYS}\nEND\n")
            file.chmod(0o755)

    appimage = load("appimage")
    monkeypatch.setattr(appimage.tree, "stage", stage)
    appimage.lay_out(tmp_path / "Podium.AppDir")
    return tmp_path / "Podium.AppDir"


def test_a_folder_with_all_that_an_image_needs_has_no_fault(load: Load, appdir: Path) -> None:
    assert list(load("appimage").faults(appdir)) == []


def test_what_is_missing_or_leads_outside_is_named(load: Load, appdir: Path) -> None:
    (appdir / "podium.svg").unlink()
    (appdir / ".DirIcon").resolve().unlink()
    (appdir / "usr" / "hosts").symlink_to("/etc/hosts")
    assert set(load("appimage").faults(appdir)) == {
        "podium.svg leads nowhere",
        ".DirIcon leads nowhere",
        "usr/hosts leads out of the image",
    }


@pytest.mark.parametrize("line", SAYS.splitlines())
def test_the_program_inside_has_to_say_what_it_is(load: Load, appdir: Path, line: str) -> None:
    program = appdir / "usr" / "lib" / "podium" / "podium"
    program.write_text(program.read_text().replace(line, ""))
    (fault,) = load("appimage").faults(appdir)
    assert line.partition(";")[0] in fault


def test_a_download_with_another_checksum_is_not_kept(load: Load, tmp_path: Path) -> None:
    appimage = load("appimage")
    served, target = tmp_path / "served", tmp_path / "tool"
    served.write_bytes(b"what was tried")
    good = appimage.Download(served.as_uri(), hashlib.sha256(served.read_bytes()).hexdigest())
    assert appimage.fetch(good, target).stat().st_mode & 0o100
    target.unlink()
    served.write_bytes(b"something else")
    with pytest.raises(ValueError, match="has the checksum"):
        appimage.fetch(good, target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["served"]


def test_each_machine_has_both_downloads_by_version_and_checksum(load: Load) -> None:
    downloads = load("appimage").DOWNLOADS
    assert set(downloads) == {"x86_64", "aarch64"}
    every = [download for found in downloads.values() for download in found.values()]
    assert len({download.sha256 for download in every}) == 4
    for download in every:
        assert len(bytes.fromhex(download.sha256)) == 32
        assert "continuous" not in download.url
