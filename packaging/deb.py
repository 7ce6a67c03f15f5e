"""Builds ``dist/podium_VERSION_ARCH.deb`` from the frozen program.

python packaging/deb.py [--fast]    --fast compresses hardly, to look at the package
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import build_file
import carried
import changelog
import debian_copyright
import docs_parts
import linux_metainfo
import linux_tree as tree
import notices
from places import DIST, ROOT

from podium import __version__

RECOMMENDED: Final = "fonts-noto-cjk, fonts-noto-color-emoji"
DESCRIPTION: Final = """\
command centre for teams of AI agents, builds and shells
 Podium runs several long-lived programs side by side: teams of AI coding
 agents that work in rounds on a mission, builds, test loops and shells.
 Each has a supervised worker process and a terminal of its own, in tabs or
 a grid, with its state, round, agents and cost always in sight.
"""


def build(level: int = 6) -> Path:
    """The package's path. ``level`` is how hard xz tries, up to 9."""
    architecture = _output("dpkg", "--print-architecture")
    package = DIST / f"podium_{__version__}_{architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="podium-deb-") as folder:
        root = Path(folder) / "root"
        # Debian has the libraries, and mends them; see Depends.
        tree.stage(root / "usr", "deb", with_libraries=False)
        _doc(root, root / "usr" / "share" / "doc" / "podium")
        _overrides(root / "usr" / "share" / "lintian" / "overrides" / "podium")
        for path in (root, *root.rglob("*")):  # The folders that staging did not make itself.
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        control = root / "DEBIAN"
        control.mkdir()
        (control / "control").write_text(_control(root, architecture))
        _sums(root, control / "md5sums")
        subprocess.run(
            ["dpkg-deb", "--build", "--root-owner-group", "-Zxz", f"-z{level}", str(root), str(package)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return package


def maintainer(environment: Mapping[str, str]) -> str:
    """By the variables that Debian's own tools take. Who builds for themselves has no address to give."""
    name = environment.get("DEBFULLNAME") or "The Podium authors"
    return f"{name} <{environment.get('DEBEMAIL') or 'podium@localhost'}>"


def _control(root: Path, architecture: str) -> str:
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    home = linux_metainfo.home_page()
    return (
        f"Package: podium\nVersion: {__version__}\nArchitecture: {architecture}\n"
        f"Maintainer: {maintainer(os.environ)}\nInstalled-Size: {size}\n"
        + (f"Homepage: {home}\n" if home else "")
        + f"Depends: git, {_libraries(root)}\nRecommends: {RECOMMENDED}\n"
        f"Section: devel\nPriority: optional\nDescription: {DESCRIPTION}"
    )


def _libraries(root: Path) -> str:
    """The packages of the libraries that the program needs and does not bring."""
    program = root / "usr" / "lib" / "podium"
    files = [
        str(program / "podium"),
        *(str(path) for path in program.rglob("*.so*") if not path.is_symlink()),
    ]
    own = sorted({str(Path(file).parent) for file in files})
    with tempfile.TemporaryDirectory(prefix="podium-shlibdeps-") as folder:
        (Path(folder) / "debian").mkdir()
        (Path(folder) / "debian" / "control").write_text(
            "Source: podium\nPackage: podium\nArchitecture: any\n"
        )
        found = _output(
            "dpkg-shlibdeps",
            "-O",
            "--ignore-missing-info",
            *(f"-l{place}" for place in own),
            *files,
            cwd=folder,
        )
    return re.sub(r"^shlibs:Depends=", "", found)


def _doc(root: Path, folder: Path) -> None:
    program = root / "usr" / "lib" / "podium"
    parts, site = notices.carried(program), docs_parts.parts()
    owners = carried.Owners({})
    (folder / "copyright").write_text(debian_copyright.written(root, parts, site, owners), encoding="utf-8")
    changes = changelog.CHANGELOG.read_text(encoding="utf-8")
    text = changelog.debian(changes, maintainer(os.environ), build_file.date())
    tree.compressed(text.encode(), folder / "changelog.gz")


def _overrides(target: Path) -> None:
    target.parent.mkdir(parents=True)
    shutil.copyfile(tree.LINUX / "lintian-overrides", target)


def _sums(root: Path, target: Path) -> None:
    files = sorted(
        str(path.relative_to(root))
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and "DEBIAN" not in path.parts
    )
    target.write_text(_output("md5sum", "--", *files, cwd=str(root)) + "\n")


def _output(*command: str, cwd: str | None = None) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=cwd)
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr}")
    return done.stdout.strip()


if __name__ == "__main__":
    os.umask(0o022)
    made = build(0 if "--fast" in sys.argv else 6)
    print(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.0f} MB")
    sys.exit(0)
