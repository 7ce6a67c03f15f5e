"""Builds ``dist/podium-VERSION-MACHINE.AppImage`` from the frozen program.

python packaging/appimage.py           fetches appimagetool and the runtime, by version and checksum
python packaging/appimage.py --folder  stops before that, with the checked ``build/appimage/Podium.AppDir``
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import linux_tree as tree
from places import DIST, ROOT

from podium import __version__

WORK: Final = ROOT / "build" / "appimage"
APPDIR: Final = WORK / "Podium.AppDir"
LINKS: Final = {
    "AppRun": "usr/lib/podium/podium",
    "podium.desktop": "usr/share/applications/podium.desktop",
    "podium.svg": "usr/share/icons/hicolor/scalable/apps/podium.svg",
    ".DirIcon": "usr/share/icons/hicolor/256x256/apps/podium.png",
}
"""What an AppImage has at its top. The program finds its files by its own place, not by the link's."""


class Download(NamedTuple):
    url: str
    sha256: str


_TOOL: Final = "https://github.com/AppImage/appimagetool/releases/download/1.9.1/appimagetool"
_RUNTIME: Final = "https://github.com/AppImage/type2-runtime/releases/download/20251108/runtime"
DOWNLOADS: Final = {
    "x86_64": {
        "appimagetool": Download(
            f"{_TOOL}-x86_64.AppImage", "ed4ce84f0d9caff66f50bcca6ff6f35aae54ce8135408b3fa33abfc3cb384eb0"
        ),
        "runtime": Download(
            f"{_RUNTIME}-x86_64", "2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d"
        ),
    },
    "aarch64": {
        "appimagetool": Download(
            f"{_TOOL}-aarch64.AppImage", "f0837e7448a0c1e4e650a93bb3e85802546e60654ef287576f46c71c126a9158"
        ),
        "runtime": Download(
            f"{_RUNTIME}-aarch64", "00cbdfcf917cc6c0ff6d3347d59e0ca1f7f45a6df1a428a0d6d8a78664d87444"
        ),
    },
}
"""Fixed: without a runtime of its own appimagetool takes the newest from the net, whatever that is."""


def lay_out(appdir: Path) -> None:
    """Make the folder that becomes the image."""
    tree.stage(appdir / "usr", "appimage")
    for name, target in LINKS.items():
        (appdir / name).symlink_to(target)


def faults(appdir: Path) -> Iterator[str]:
    """What is wrong with the folder, a sentence each."""
    for name in LINKS:
        if not (appdir / name).is_file():
            yield f"{name} leads nowhere"
    for link in appdir.rglob("*"):
        if link.is_symlink() and not link.resolve().is_relative_to(appdir.resolve()):
            yield f"{link.relative_to(appdir)} leads out of the image"
    told = subprocess.run(
        [str(appdir / "AppRun"), "--version", "--verbose"], capture_output=True, text=True, check=False
    )
    for wanted in (f"podium {__version__}\n", "Package: appimage", "Terminal engine: compiled"):
        if wanted not in told.stdout:
            yield f"AppRun --version --verbose does not say {wanted.strip()!r}: {told.stdout}{told.stderr}"


def fetch(download: Download, target: Path) -> Path:
    """Raises ValueError when what came is not what was tried; nothing is kept then."""
    partial = target.with_name(f"{target.name}.part")
    with urllib.request.urlopen(download.url, timeout=120) as answer, partial.open("wb") as file:
        shutil.copyfileobj(answer, file)
    found = hashlib.sha256(partial.read_bytes()).hexdigest()
    if found != download.sha256:
        partial.unlink()
        raise ValueError(f"{download.url} has the checksum {found}, not {download.sha256}")
    partial.chmod(0o755)
    return partial.rename(target)


def pack(appdir: Path) -> Path:
    """The image's path. Raises CalledProcessError with appimagetool's words on stderr."""
    machine = platform.machine()
    tools = {name: fetch(download, WORK / name) for name, download in DOWNLOADS[machine].items()}
    image = DIST / f"podium-{__version__}-{machine}.AppImage"
    # The tool is an AppImage too, and building machines have no FUSE.
    command = [str(tools["appimagetool"]), "--appimage-extract-and-run", "--no-appstream"]
    subprocess.run(
        [*command, "--runtime-file", str(tools["runtime"]), str(appdir), str(image)],
        env={**os.environ, "ARCH": machine},
        check=True,
    )
    return image


def main(arguments: list[str]) -> int:
    shutil.rmtree(WORK, ignore_errors=True)
    lay_out(APPDIR)
    found = list(faults(APPDIR))
    for fault in found:
        print(f"appimage: {fault}", file=sys.stderr)
    if found or arguments == ["--folder"]:
        return int(bool(found))
    try:
        made = pack(APPDIR)
    except (OSError, ValueError) as error:
        print(f"appimage: {error}", file=sys.stderr)
        return 1
    print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main(sys.argv[1:]))
