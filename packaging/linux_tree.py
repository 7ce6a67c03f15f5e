"""The files of an installed Podium, below a prefix such as ``/usr``: the same for all packages for Linux.

lib/podium/                     the frozen program
bin/podium                      a link to it
share/applications, icons, mime, metainfo, man, bash-completion, zsh, fish
share/doc/podium/               the documentation in html/, the licences

python packaging/linux_tree.py KIND FOLDER    only this tree, for a package of that kind that others build
"""

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import build_file
import changelog
import docs_parts
import icons
import linux_metainfo
import notices
from places import FROZEN, RESOURCES, ROOT

LINUX: Final = ROOT / "packaging" / "linux"
APP: Final = "podium"
METAINFO: Final = "io.github.podium.Podium.metainfo.xml"
SIZES: Final = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Pixels of the icons that are drawn from the scalable one."""

FILE_TYPES: Final = ("application-x-podium-mission", "application-x-podium-workspace")
"""The icons of the file types."""


def stage(prefix: Path, kind: str, *, with_libraries: bool = True) -> None:
    """Copy everything below ``prefix``, which may be new, for a package of this ``PackageKind``.

    Without the system's libraries the package has to require them. Raises FileNotFoundError when Podium is not frozen
    or its documentation not built, ValueError when a licence is missing.
    """
    program = prefix / "lib" / APP
    copy_program(FROZEN, program, with_libraries=with_libraries)
    _forget_places(program)
    build_file.write(program / RESOURCES, kind)
    (prefix / "bin").mkdir(parents=True)
    (prefix / "bin" / APP).symlink_to(Path("..", "lib", APP, APP))
    share = prefix / "share"
    _copy(LINUX / "podium.desktop", share / "applications" / "podium.desktop")
    _copy(LINUX / "podium.xml", share / "mime" / "packages" / "podium.xml")
    _metainfo(share / "metainfo" / METAINFO)
    _icons(share / "icons" / "hicolor")
    subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "documents.py"), str(share)], check=True, cwd=ROOT
    )
    _documentation(program, share / "doc" / APP)
    if kind != "deb":  # There the file copyright says it.
        _copy(ROOT / "LICENSE", share / "doc" / APP / "LICENSE")
    _even_modes(prefix)


def copy_program(source: Path, target: Path, *, with_libraries: bool) -> None:
    """Copy the frozen program, with the system's libraries beside it or without."""
    # Python writes the folders beside the resources as soon as they are imported, in a checkout too.
    shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    for library in () if with_libraries else (target / "_internal").glob("*.so.*"):
        if not library.name.startswith("libpython"):
            library.unlink()


def _forget_places(program: Path) -> None:
    """Take out where the building machine's Python looks for libraries: elsewhere others may write there."""
    for file in (*program.rglob("*.so"), *program.rglob("*.so.*")):
        places = _patchelf("--print-rpath", file).strip()
        kept = own_places(places)
        if kept != places:
            _patchelf("--set-rpath", file, kept) if kept else _patchelf("--remove-rpath", file)


def own_places(places: str) -> str:
    """Those of a library's search places, joined by colons, that go by where the library lies."""
    return ":".join(place for place in places.split(":") if place.startswith("$ORIGIN"))


def _patchelf(option: str, file: Path, *value: str) -> str:
    command = [str(Path(sys.executable).with_name("patchelf")), option, *value, str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _metainfo(target: Path) -> None:
    released = changelog.releases(changelog.CHANGELOG.read_text(encoding="utf-8"))
    text = linux_metainfo.filled(
        linux_metainfo.SOURCE.read_text(encoding="utf-8"),
        linux_metainfo.home_page(),
        released,
        build_file.date(),
    )
    target.parent.mkdir(parents=True)
    target.write_text(text, encoding="utf-8")


def _documentation(program: Path, folder: Path) -> None:
    """The pages that Help opens, and the licences of all that is in the package."""
    docs_parts.copy(folder / "html")
    text = notices.notices([*notices.carried(program), *docs_parts.parts()])
    (folder / "THIRD-PARTY-NOTICES.txt").write_text(text, encoding="utf-8")


def _icons(theme: Path) -> None:
    drawn = [("apps", "podium"), *(("mimetypes", name) for name in FILE_TYPES)]
    for kind, name in drawn:
        source = LINUX / "icons" / f"{name}.svg"
        _copy(source, theme / "scalable" / kind / source.name)
        for size in SIZES:
            target = theme / f"{size}x{size}" / kind / f"{name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(icons.draw(source, size))
    symbolic = "podium-symbolic.svg"
    _copy(LINUX / "icons" / symbolic, theme / "symbolic" / "apps" / symbolic)


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


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("linux_tree: name the kind of package and the folder to make")
    os.umask(0o022)
    stage(Path(sys.argv[2]), sys.argv[1])
