"""Asserts that an sdist builds the same pure wheel as the tree does.

python packaging/check_sdist.py dist/podium-*.tar.gz dist/podium-*-none-any.whl    exit 1 where they differ
"""

import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Final

_OF_THE_CHECKOUT: Final = ("podium_resources/build.json", "RECORD")
"""The commit is known in a checkout only, and RECORD has the sum of the file that names it."""


def differences(one: Path, other: Path) -> list[str]:
    """The files that are in one of two wheels only, or differ."""
    first, second = contents(one), contents(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {
            name: archive.read(name) for name in archive.namelist() if not name.endswith(_OF_THE_CHECKOUT)
        }


def build(sdist: Path, folder: Path) -> Path:
    """The pure wheel that the unpacked sdist builds. Raises CalledProcessError."""
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    [top] = folder.iterdir()
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(folder / "built"), str(top)],
        env={**os.environ, "PODIUM_COMPILE": "0"},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    [wheel] = (folder / "built").glob("*.whl")
    return wheel


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("check_sdist: name one sdist and one pure wheel", file=sys.stderr)
        return 2
    sdist, wheel = map(Path, arguments)
    with tempfile.TemporaryDirectory(prefix="podium-sdist-") as folder:
        found = differences(wheel, build(sdist, Path(folder)))
    for name in found:
        print(f"check_sdist: {name} differs in the wheel that {sdist.name} builds", file=sys.stderr)
    if not found:
        print(f"{sdist.name}: builds the same wheel")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
