"""The files of an installed Podium, below a prefix such as ``/usr``: the same for the .deb and the portable archive.

lib/podium/                     the frozen program
bin/podium                      a link to it
share/applications, icons, mime, metainfo, man, bash-completion, zsh, fish, doc
"""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import build_file

ROOT: Final = Path(__file__).resolve().parent.parent
LINUX: Final = ROOT / "packaging" / "linux"
FROZEN: Final = ROOT / "dist" / "frozen" / "podium"
APP: Final = "podium"
METAINFO: Final = "io.github.podium.Podium.metainfo.xml"
SIZES: Final = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Pixels of the icons that are drawn from the scalable one."""

FILE_TYPES: Final = ("application-x-podium-mission", "application-x-podium-workspace")
"""The icons of the file types."""


def stage(prefix: Path, kind: str) -> None:
    """Copy everything below ``prefix``, which may be new, for a package of this ``PackageKind``.

    Raises FileNotFoundError when Podium is not frozen yet.
    """
    shutil.copytree(FROZEN, prefix / "lib" / APP, symlinks=True)
    build_file.write(prefix / "lib" / APP / "_internal" / "podium_resources", kind)
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / APP).symlink_to(Path("..", "lib", APP, APP))
    share = prefix / "share"
    _copy(LINUX / "podium.desktop", share / "applications" / "podium.desktop")
    _copy(LINUX / "podium.xml", share / "mime" / "packages" / "podium.xml")
    _copy(LINUX / METAINFO, share / "metainfo" / METAINFO)
    _icons(share / "icons" / "hicolor")
    subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "documents.py"), str(share)], check=True, cwd=ROOT
    )
    _even_modes(prefix)


def _icons(theme: Path) -> None:
    icons = LINUX / "icons"
    _copy(icons / "podium.svg", theme / "scalable" / "apps" / "podium.svg")
    _copy(icons / "podium-symbolic.svg", theme / "symbolic" / "apps" / "podium-symbolic.svg")
    for name in FILE_TYPES:
        _copy(icons / f"{name}.svg", theme / "scalable" / "mimetypes" / f"{name}.svg")
    for size in SIZES:
        for kind, name in (("apps", "podium"), *(("mimetypes", name) for name in FILE_TYPES)):
            _draw(icons / f"{name}.svg", size, theme / f"{size}x{size}" / kind / f"{name}.png")


def _draw(source: Path, size: int, target: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(source)).render(painter)
    painter.end()
    target.parent.mkdir(parents=True, exist_ok=True)
    if not image.save(str(target)):
        raise OSError(f"{target} could not be written")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _even_modes(prefix: Path) -> None:
    """What is run is 755, all else 644, whatever the umask was."""
    for path in prefix.rglob("*"):
        if path.is_symlink():
            continue
        run = path.is_dir() or (
            path.parent.name == APP and path.name == APP and path.parent.parent.name == "lib"
        )
        os.chmod(path, 0o755 if run else 0o644)  # noqa: PTH101


def compressed(text: bytes, target: Path) -> None:
    """Write ``text`` gzipped, the same bytes each time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text, 9, mtime=0))
