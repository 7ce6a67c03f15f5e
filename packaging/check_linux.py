"""Checks the .deb with lintian, desktop-file-validate and appstreamcli, those of them that are installed.

python packaging/check_linux.py PACKAGE    exit 1 when one finds an error or a warning that is not overridden
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from linux_tree import METAINFO

FILES = {
    "desktop-file-validate": ((), "usr/share/applications/podium.desktop"),
    "appstreamcli": (("validate", "--no-net"), f"usr/share/metainfo/{METAINFO}"),
}
LINTIAN = ("lintian", "--allow-root", "--tag-display-limit", "0", "--fail-on", "error,warning")


def commands(package: Path, root: Path) -> Iterator[list[str]]:
    """What to run for a package that is unpacked below ``root``."""
    yield [*LINTIAN, str(package)]
    for program, (arguments, file) in FILES.items():
        yield [program, *arguments, str(root / file)]


def check(package: Path) -> int:
    """How many of them found something."""
    found = 0
    with tempfile.TemporaryDirectory(prefix="podium-check-") as folder:
        subprocess.run(["dpkg-deb", "--extract", str(package), folder], check=True)
        for command in commands(package, Path(folder)):
            if shutil.which(command[0]) is None:
                print(f"check_linux: {command[0]} is not installed, so it checks nothing")
                continue
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                found += 1
                print(f"check_linux: {command[0]} found:\n{done.stdout}{done.stderr}", file=sys.stderr)
            else:
                print(f"{command[0]}: nothing that is not overridden")
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("check_linux: name the .deb", file=sys.stderr)
        return 2
    return int(bool(check(Path(arguments[0]))))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
