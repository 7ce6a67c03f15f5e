"""Builds ``dist/podium-VERSION-windows-MACHINE-setup.exe`` from the frozen program, with makensis.

python packaging/windows/installer.py [--fast]    --fast compresses hardly at all, to try the script
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent.parent
TEXTS: Final = {"LICENSE": "LICENSE.txt", "CHANGELOG.md": "CHANGELOG.md"}
"""Files of the tree, and their names beside the program; podium.nsi removes these by name."""


def build(frozen: Path, notices: Path, icon: Path, target: Path, *, version: str, fast: bool = False) -> None:
    """Raises CalledProcessError with makensis' words on stdout, or OSError when there is no makensis."""
    with tempfile.TemporaryDirectory(prefix="podium-installer-") as folder:
        stage = Path(folder) / "podium"
        shutil.copytree(frozen, stage)
        shutil.copyfile(notices, stage / "THIRD-PARTY-NOTICES.txt")
        for name, there in TEXTS.items():
            shutil.copyfile(ROOT / name, stage / there)
        values = {"VERSION": version, "STAGE": stage, "OUTPUT": target.absolute(), "ICON": icon.absolute()}
        if fast:
            values["FAST"] = "1"
        # Options are -NAME, not /NAME, on every system; warnings are faults.
        defined = [f"-D{name}={value}" for name, value in values.items()]
        command = [_makensis(), "-V2", "-WX", "-INPUTCHARSET", "UTF8", *defined, str(HERE / "podium.nsi")]
        subprocess.run(command, check=True)


def _makensis() -> str:
    installed = Path(os.environ.get("PROGRAMFILES(X86)", ""), "NSIS", "makensis.exe")
    return shutil.which("makensis") or str(installed)


def main(arguments: list[str]) -> int:
    sys.path.insert(0, str(HERE.parent))
    import build_file
    import docs_parts
    import notices
    from places import DIST, DOCUMENTS, FROZEN, RESOURCES

    from podium import __version__

    target = DIST / f"podium-{__version__}-windows-{platform.machine().lower()}-setup.exe"
    build_file.write(FROZEN / RESOURCES, "windows")
    docs_parts.copy(FROZEN / DOCUMENTS)
    with tempfile.TemporaryDirectory(prefix="podium-notices-") as folder:
        text = Path(folder) / "THIRD-PARTY-NOTICES.txt"
        text.write_text(notices.notices([*notices.carried(FROZEN), *docs_parts.parts()]), encoding="utf-8")
        build(FROZEN, text, HERE / "podium.ico", target, version=__version__, fast="--fast" in arguments)
    print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1e6:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
