"""Says which part each file and module of the frozen program belongs to, and what belongs to none.

python packaging/carried.py    exit 1 when something lies there that the notices would not name
"""

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath
from typing import Final

import bundled
import notices
from packaging.utils import canonicalize_name
from places import FROZEN
from runtime_set import FONT, ICU, SYMBOLS

_OWN: Final = ("podium", "podium_resources", "podium_terminal__mypyc")
PODIUM: Final = _OWN[0]
PYTHON: Final = "Python"
_OF_PYTHON: Final = ("python3", "libpython", "base_library.zip", "lib-dynload", "_sysconfigdata")
_OF_PYINSTALLER: Final = ("_pyi", "pyi")


class Owners:
    """Names the part that a file or module comes from."""

    def __init__(
        self, libraries: Mapping[str, str], distributions: Mapping[str, Collection[str]] | None = None
    ) -> None:
        self._libraries = libraries
        self._distributions = packages_distributions() if distributions is None else distributions

    def of_file(self, path: PurePosixPath) -> str:
        """``path`` is relative to ``_internal``. "" when nobody owns it."""
        top = path.parts[0]
        if "fonts" in path.parts and path.suffix == ".ttf":
            return SYMBOLS if path.name.startswith("PodiumSymbols") else FONT
        if path.name.startswith("libicu"):
            return ICU
        if top.endswith(".dist-info"):
            return top.rpartition("-")[0].rpartition("-")[0]
        if len(path.parts) == 1 and top in self._libraries:
            return self._libraries[top]
        return self.of_module(top.partition(".")[0] if not top.startswith(_OF_PYTHON) else top)

    def of_module(self, name: str) -> str:
        """The part of a module or package, by its full name. "" when nobody owns it."""
        top = name.partition(".")[0]
        if top in _OWN:
            return PODIUM
        if name.startswith(_OF_PYTHON) or top in sys.stdlib_module_names:
            return PYTHON
        if top.startswith(_OF_PYINSTALLER):
            return "PyInstaller's bootloader"
        return next(iter(self._distributions.get(top, ())), "")


def unnamed(files: Iterable[str], modules: Iterable[str], owners: Owners, named: Iterable[str]) -> set[str]:
    """What is not of a part in ``named``, as a sentence for each owner or file."""
    known = {canonicalize_name(name) for name in (*named, PODIUM)}
    found = set()
    for what, owner in (
        *((file, owners.of_file(PurePosixPath(file))) for file in files),
        *((module, owners.of_module(module)) for module in modules),
    ):
        if not owner:
            found.add(f"nobody knows where {what} comes from")
        elif canonicalize_name(owner) not in known:
            found.add(f"{owner} is in the frozen program and not in its notices")
    return found


def files(frozen: Path) -> Iterator[str]:
    internal = frozen / "_internal"
    for path in sorted(internal.rglob("*")):
        if path.is_file():
            yield path.relative_to(internal).as_posix()


def modules(frozen: Path) -> list[str]:
    """The modules inside the program's own file."""
    from PyInstaller.archive.readers import CArchiveReader

    program = CArchiveReader(str(frozen / "podium"))
    return sorted(program.open_embedded_archive("PYZ.pyz").toc)


def main() -> int:
    try:
        carried = notices.carried(FROZEN)
        owners = Owners(bundled.owners(FROZEN))
        found = unnamed(files(FROZEN), modules(FROZEN), owners, (part.name for part in carried))
        notices.notices(carried)
    except (ValueError, OSError) as error:
        found = set(str(error).splitlines())
    for fault in sorted(found):
        print(f"carried: {fault}", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
