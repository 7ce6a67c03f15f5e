"""Lays the frozen folder out as a macOS bundle, ``Podium.app``.

codesign takes everything below Contents/Frameworks for code, and a folder with a dot in its name for a bundle. So other
files lie below Contents/Resources with links to them, and a folder with a dot gets another name and a link. The frozen
program looks for its files in Contents/Frameworks when it is started from Contents/MacOS.
"""

import os
import plistlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
NAME: Final = "Podium.app"
_MACH_O: Final = frozenset(
    bytes.fromhex(text) for text in ("feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe", "cafebabf")
)


def lay_out(frozen: Path, icon: Path, notices: Path, target: Path, *, version: str) -> Path:
    """Make the bundle in the folder ``target``, in place of one that is there."""
    bundle = target / NAME
    if bundle.exists():
        shutil.rmtree(bundle)
    contents = bundle / "Contents"
    for folder in ("MacOS", "Frameworks", "Resources"):
        (contents / folder).mkdir(parents=True)
    shutil.copy(frozen / "podium", contents / "MacOS" / "podium")
    shutil.copyfile(icon, contents / "Resources" / "podium.icns")
    shutil.copyfile(notices, contents / "Resources" / "THIRD-PARTY-NOTICES.txt")
    _divide(frozen / "_internal", contents / "Frameworks", contents / "Resources")
    (contents / "Info.plist").write_bytes(plistlib.dumps(properties(version)))
    return bundle


def properties(version: str) -> dict[str, object]:
    """What the bundle's Info.plist says."""
    told: dict[str, object] = plistlib.loads((HERE / "Info.plist").read_bytes())
    return {**told, "CFBundleShortVersionString": version, "CFBundleVersion": version}


def code(bundle: Path) -> Iterator[Path]:
    """What has to be signed by itself, the innermost first; the bundle comes after these."""
    frameworks = bundle / "Contents" / "Frameworks"
    found = [path for path in frameworks.rglob("*") if not path.is_symlink() and _is_code(path)]
    inside = [path for path in found if path.suffix != ".framework" and _is_in_framework(path, frameworks)]
    alone = [path for path in found if path not in inside and path.suffix != ".framework"]
    yield from sorted(inside)
    yield from sorted(path for path in found if path.suffix == ".framework")
    yield from sorted(alone)


def _divide(source: Path, code_folder: Path, data_folder: Path) -> None:
    """Copy ``source``: code below ``code_folder``, all else below ``data_folder`` with links from there."""
    for path in sorted(source.iterdir()):
        if path.is_symlink():
            (code_folder / path.name).symlink_to(path.readlink())
        elif path.suffix == ".framework":
            shutil.copytree(path, code_folder / path.name, symlinks=True)
        elif path.is_file() and is_mach_o(path):
            shutil.copy(path, code_folder / path.name)
        elif path.is_dir() and _has_code(path):
            name = path.name.replace(".", "__dot__")
            (code_folder / name).mkdir()
            if name != path.name:
                (code_folder / path.name).symlink_to(name)
            _divide(path, code_folder / name, data_folder / path.name)
        else:
            data_folder.mkdir(parents=True, exist_ok=True)
            place = data_folder / path.name
            if path.is_dir():
                shutil.copytree(path, place, symlinks=True)
            else:
                shutil.copy(path, place)
            (code_folder / path.name).symlink_to(os.path.relpath(place, code_folder))


def _has_code(folder: Path) -> bool:
    return any(not path.is_symlink() and _is_code(path) for path in folder.rglob("*"))


def _is_code(path: Path) -> bool:
    return path.suffix == ".framework" if path.is_dir() else is_mach_o(path)


def _is_in_framework(path: Path, top: Path) -> bool:
    return any(part.endswith(".framework") for part in path.relative_to(top).parts[:-1])


def is_mach_o(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _MACH_O
