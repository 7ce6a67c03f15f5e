"""The libraries of the building system that PyInstaller puts beside the frozen program, as parts of the package."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from runtime_set import Part

_LICENCES: Final = (
    (r"lib(?:crypto|ssl)", "Apache-2.0"),
    (r"libbz2", "bzip2-1.0.6"),
    (r"libffi", "MIT"),
    (r"liblzma", "LicenseRef-public-domain"),
    (r"libsqlite3", "blessing"),
    (r"libxcb-(?:cursor|icccm|image|keysyms|render-util|util)", "X11"),
    (r"libxkbcommon(?:-x11)?", "MIT"),
)
"""Their licences; the packages that hold them give texts, and no expression that a program could read."""
_DOC: Final = Path("/usr/share/doc")


def parts(*programs: Path) -> list[Part]:
    """One part for each package that the libraries beside frozen programs come from.

    Raises ValueError when a licence can't be told.
    """
    found: dict[str, Part] = {}
    for name, (package, version) in _owners(*programs).items():
        text = _DOC / package / "copyright"
        found[package] = Part(package, version, licence_of(name), "", text_files=(text,))
    return list(found.values())


def owners(*programs: Path) -> Mapping[str, str]:
    """The package of each library."""
    return {name: package for name, (package, _) in _owners(*programs).items()}


def _owners(*programs: Path) -> Mapping[str, tuple[str, str]]:
    """Package and version of each library in the programs' ``_internal``. Python's own library is none of them."""
    libraries = [path.name for program in programs for path in (program / "_internal").glob("lib*.so*")]
    wanted = sorted(name for name in libraries if not name.startswith("libpython"))
    if not wanted:
        return {}  # Nor is there any ldconfig on other systems.
    paths = _paths()
    return {name: _owner(name, paths) for name in wanted}


def licence_of(name: str) -> str:
    """The SPDX expression of a library. Raises ValueError when it is not known here."""
    for pattern, licence in _LICENCES:
        if re.match(rf"{pattern}\.so", name):
            return licence
    raise ValueError(f"the licence of {name} is not known; add it to {__file__}")


def _paths() -> Mapping[str, str]:
    """Where the loader finds each library; the first place counts."""
    printed = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    places: dict[str, str] = {}
    for line in printed.splitlines():
        name, _, path = line.strip().partition(" => ")
        places.setdefault(name.partition(" ")[0], path)
    return places


def _owner(name: str, paths: Mapping[str, str]) -> tuple[str, str]:
    for path in _spellings(paths.get(name, "")):
        done = subprocess.run(["dpkg", "-S", path], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            package = done.stdout.partition(":")[0]
            version = subprocess.run(
                ["dpkg-query", "-W", "-f", "${Version}\n", package],
                capture_output=True,
                text=True,
                check=True,
            )
            return package, version.stdout.splitlines()[0]
    raise ValueError(f"dpkg does not know where {name} comes from, so its licence text is missing")


def _spellings(path: str) -> Iterator[str]:
    """dpkg knows a file by the path in its package, and /lib is a link to /usr/lib."""
    if path:
        real = str(Path(path).resolve())
        yield from (path, real, real.removeprefix("/usr"))
