"""Builds the frozen program, ``dist/frozen/podium``, and checks what came out.

python packaging/freeze.py            build, then check
python packaging/freeze.py --check    check what is there
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping

import build_file
from compile_terminal import GROUP, modules
from places import FROZEN, ROOT

SPEC = ROOT / "packaging" / "frozen" / "podium.spec"
WORK = ROOT / "build" / "frozen"
PROGRAM = FROZEN / ("podium-console.exe" if os.name == "nt" else "podium")
BINARY = {".so", ".pyd"}


def build() -> None:
    """Freeze Podium. Raises CalledProcessError with PyInstaller's words on stderr."""
    build_file.write(WORK, "frozen")
    subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR"),
            *("--distpath", str(FROZEN.parent), "--workpath", str(WORK), str(SPEC)),
        ],
        check=True,
        cwd=ROOT,
    )
    if sys.platform.startswith("linux") and shutil.which("strip"):
        libraries = [str(path) for path in FROZEN.rglob("*.so*") if not path.is_symlink()]
        subprocess.run(["strip", "--strip-unneeded", *libraries], check=True)


def faults() -> Iterator[str]:
    """What is wrong with the frozen program, a sentence each."""
    if not PROGRAM.is_file():
        yield f"{PROGRAM} is not there; build it first"
        return
    yield from _missing_modules()
    with tempfile.TemporaryDirectory(prefix="podium-freeze-") as home:
        environment = {"HOME": home, "PATH": os.environ.get("PATH", ""), "LANG": "C"}
        version = _output(["--version", "--verbose"], environment)
        if "Terminal engine: compiled" not in version:
            yield f"the frozen program does not run the compiled engine; it says: {version}"
        for part in ("mission", "ctl"):
            if "usage: podium" not in _output([part, "--help"], environment):
                yield f"podium {part} --help does not answer"


def _missing_modules() -> Iterator[str]:
    terminal = FROZEN / "_internal" / "podium" / "terminal"
    compiled = {
        path.relative_to(terminal).as_posix().partition(".")[0]
        for path in terminal.rglob("*")
        if path.suffix in BINARY
    }
    for name in modules():
        if name not in compiled:
            yield f"the compiled module {name} is missing"
    if not any(path.suffix in BINARY for path in (FROZEN / "_internal").glob(f"{GROUP}__mypyc.*")):
        yield f"the compiled module {GROUP}__mypyc is missing"
    # pyte is under the LGPL: whoever has the program can put another one in its place.
    if not (FROZEN / "_internal" / "pyte" / "screens.py").is_file():
        yield "pyte is not there as plain files"


def _output(arguments: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(
        [str(PROGRAM), *arguments], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout + done.stderr


def main(arguments: list[str]) -> int:
    if arguments != ["--check"]:
        build()
    found = list(faults())
    for fault in found:
        print(f"freeze: {fault}", file=sys.stderr)
    if not found:
        size = sum(path.stat().st_size for path in FROZEN.rglob("*") if not path.is_symlink())
        print(f"{FROZEN.relative_to(ROOT)}: {size / 1e6:.0f} MB, the engine is compiled")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
