"""Writes THIRD-PARTY-NOTICES.txt: name, version, licence and licence text of everything a package carries.

python packaging/notices.py TARGET [FROZEN]    with the system's libraries beside the frozen program in that folder;
                                               exit 1 when a text is missing
"""

import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

import bundled
import runtime_set
from runtime_set import Part

from podium import __version__

_IS_TEXT: Final = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_RULE: Final = "=" * 78

REPLACEABLE: Final = """\
PySide6, Shiboken and Qt, and pyte, are under the GNU Lesser General Public
License, version 3. You may change and replace them, and examine Podium as far
as that needs it. They lie apart from Podium's own program:
- Qt, PySide6 and Shiboken are shared libraries in the folders PySide6 and
  shiboken6. Put libraries in their place that have the same interface (another
  build of the same minor version, or your own).
- pyte is plain Python source in the folder pyte. Edit it, or put another
  version there.
The folders are in site-packages of a Python environment, in _internal beside
the program of a package for Linux or Windows, and in Contents/Frameworks of
the macOS bundle. On macOS, sign the bundle again afterwards:
    codesign --force --deep --sign - Podium.app
Podium uses them unchanged. The source of exactly these versions:
- Qt: https://download.qt.io/official_releases/qt/
- PySide6 and Shiboken: https://download.qt.io/official_releases/QtForPython/
- pyte: https://github.com/selectel/pyte
Qt contains code of others in turn, listed with its notices at
https://doc.qt.io/qt-6/licenses-used-in-qt.html
"""


def built_in() -> list[Part]:
    """What building adds to a package: the frozen program's start, and the C part of the compiled engine."""
    told = (
        ("pyinstaller", "PyInstaller's bootloader", "GPL-2.0-or-later WITH Bootloader-exception"),
        ("mypy", "mypyc's runtime library", "MIT AND PSF-2.0"),
    )
    found = []
    for name, title, licence in told:
        try:
            package = distribution(name)
        except PackageNotFoundError:
            raise ValueError(f"{name} is not installed, so its licence text is missing") from None
        found.append(Part(title, package.version, licence, "", package=package))
    return found


def carried(*frozen: Path) -> list[Part]:
    """All that a package carries, with the system's libraries beside these frozen programs. Raises ValueError when a
    licence can't be told.
    """
    return [*runtime_set.parts(), *built_in(), *bundled.parts(*frozen)]


def texts(part: Part) -> list[str]:
    """The licence texts of a part. Raises ValueError when it has none."""
    found = _python_texts() if part.name == "Python" else []
    if part.package is not None:
        found = _own_texts(part.package)
    found += [path.read_text(encoding="utf-8") for path in part.text_files]
    if not found:
        raise ValueError(f"{part.name} {part.version} ({part.licence}) has no licence text")
    return found


def _own_texts(package: Distribution) -> list[str]:
    files = [
        path
        for path in package.files or ()
        if ".dist-info" in path.parts[0] and _IS_TEXT.search(path.name) and path.suffix != ".py"
    ]
    return [str(path.read_text(encoding="utf-8")) for path in sorted(files)]


def _python_texts() -> list[str]:
    version = sysconfig.get_python_version()
    places = (
        Path(sysconfig.get_path("stdlib"), "LICENSE.txt"),
        Path(sys.base_prefix, "LICENSE.txt"),
        Path(f"/usr/share/doc/python{version}/copyright"),
    )
    return [path.read_text(encoding="utf-8") for path in places if path.is_file()][:1]


def notices(parts: Iterable[Part]) -> str:
    """The whole file. Raises ValueError that names every part without a text."""
    parts = list(parts)
    missing = []
    bodies: list[tuple[Part, list[str]]] = []
    for part in parts:
        try:
            bodies.append((part, texts(part)))
        except (ValueError, OSError) as error:
            missing.append(str(error))
    if missing:
        raise ValueError("\n".join(missing))
    head = [
        f"Third-party notices for Podium {__version__}",
        "",
        "Podium is under the MIT licence; see LICENSE. It carries the software below, each",
        "piece under the licence that is named, with its text further down.",
        "",
        *(f"- {part.name} {part.version}: {part.licence}" for part in parts),
        "",
        REPLACEABLE,
    ]
    return "\n".join([*head, *_sections(bodies)])


def _sections(bodies: Iterable[tuple[Part, list[str]]]) -> Iterator[str]:
    printed: dict[str, str] = {}
    for part, found in bodies:
        yield f"{_RULE}\n{part.name} {part.version}\n{part.licence}"
        if part.source:
            yield part.source
        yield _RULE
        for text in found:
            key = " ".join(text.split())
            first = printed.setdefault(key, part.name)
            yield text.strip() + "\n" if first == part.name else f"The text is that under {first}.\n"


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print("notices: name the file to write", file=sys.stderr)
        return 2
    try:
        written = notices(carried(*map(Path, arguments[1:])))
    except ValueError as error:
        print(f"notices: {error}", file=sys.stderr)
        return 1
    Path(arguments[0]).write_text(written, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
