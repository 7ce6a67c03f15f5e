"""Builds ``dist/podium-VERSION-linux-MACHINE.tar.xz``: the installed tree and ``install.sh``.

python packaging/portable.py
"""

import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

import linux_tree as tree
from places import DIST, ROOT

from podium import __version__


def build() -> Path:
    """The archive's path."""
    name = f"podium-{__version__}-linux-{platform.machine()}"
    archive = DIST / f"{name}.tar.xz"
    with tempfile.TemporaryDirectory(prefix="podium-portable-") as folder:
        top = Path(folder) / name
        tree.stage(top, "portable")
        for file in ("LICENSE", "README.md", "CHANGELOG.md"):
            shutil.copyfile(ROOT / file, top / file)
        shutil.copy(tree.LINUX / "install.sh", top / "install.sh")
        subprocess.run(
            [
                *("tar", "--create", "--xz", "--file", str(archive), "--directory", folder),
                *("--sort=name", "--owner=0", "--group=0", "--numeric-owner", name),
            ],
            check=True,
            env={**os.environ, "XZ_DEFAULTS": "--threads=0"},
        )
    return archive


if __name__ == "__main__":
    os.umask(0o022)
    made = build()
    print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.0f} MB")
