"""Compiles the terminal engine with mypyc, in place; Podium runs the same source interpreted where this can't be done.

python packaging/compile_terminal.py           compile, if the source changed since the last time
python packaging/compile_terminal.py --check   exit with 1 if what is compiled is not what the source says
python packaging/compile_terminal.py --clean   back to the interpreted form
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DESKTOP = ROOT / "desktop"
ENGINE = DESKTOP / "podium" / "terminal"
STAMP = ENGINE / ".compiled"
GROUP = "podium_terminal"
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
TIMEOUT_SECONDS = 400

INTERPRETED = frozenset(
    {
        "compat/cell",
        "compat/pyte_screen",
        "emulator",
        "screen/events",
        "screen/wide_cells",
        "screen/width_tables",
    }
)
"""The face stays Python: it subclasses pyte's Screen, and its small values are made by whoever looks."""

SETUP = """
from setuptools import setup
from mypyc.build import mypycify
setup(name={group!r}, packages=[], ext_modules=mypycify(
    {modules!r}, opt_level="3", debug_level="0", multi_file=True, group_name={group!r}))
"""


def modules() -> list[str]:
    """The modules of the engine that are compiled: paths below the engine, without their suffix."""
    sources = (path.relative_to(ENGINE).with_suffix("") for path in ENGINE.rglob("*.py"))
    return sorted({path.as_posix() for path in sources if path.name != "__init__"} - INTERPRETED)


def digest() -> str:
    """What the compiled form depends on: the sources mypyc sees, and the interpreter."""
    state = hashlib.sha256(f"{SUFFIX} {SETUP}".encode())
    for path in sorted([*ENGINE.rglob("*.py"), *(DESKTOP / "podium" / "core").rglob("*.py")]):
        state.update(path.relative_to(DESKTOP).as_posix().encode() + path.read_bytes())
    return state.hexdigest()


def compiled_files() -> list[Path]:
    """Every compiled file in the tree, of whatever interpreter."""
    return [*ENGINE.rglob("*.so"), *ENGINE.rglob("*.pyd"), *DESKTOP.glob(f"{GROUP}__mypyc*")]


def clean() -> None:
    for path in [*compiled_files(), STAMP]:
        path.unlink(missing_ok=True)


def build(target: Path) -> list[Path]:
    """Compile in a copy and put the result under ``target`` as it lies in the source tree; returns the files.

    Raises CalledProcessError or OSError.
    """
    with tempfile.TemporaryDirectory(prefix="podium-compile-") as folder:
        work = Path(folder)
        for room in ("core", "terminal"):
            shutil.copytree(
                DESKTOP / "podium" / room,
                work / "podium" / room,
                ignore=shutil.ignore_patterns("*.so", "*.pyd", "__pycache__"),
            )
        shutil.copy(DESKTOP / "podium" / "__init__.py", work / "podium")
        sources = [f"podium/terminal/{name}.py" for name in modules()]
        (work / "setup.py").write_text(SETUP.format(group=GROUP, modules=sources))
        subprocess.run(
            [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"],
            cwd=work,
            check=True,
            timeout=TIMEOUT_SECONDS,
            capture_output=True,
        )
        made = [*(work / "podium" / "terminal").rglob(f"*{SUFFIX}"), *work.glob(f"{GROUP}__mypyc*{SUFFIX}")]
        # One file for each module and one they share: less would be a mixture of both forms.
        if len(made) != len(sources) + 1:
            raise OSError(f"{len(made)} files were made of {len(sources)} modules")
        placed = [target / path.relative_to(work) for path in made]
        for path, place in zip(made, placed, strict=True):
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, place)
        return placed


def compile_in_place() -> None:
    """Put the compiled modules beside their sources. Raises CalledProcessError or OSError."""
    source = digest()  # Before: what is edited meanwhile is not what is compiled.
    with tempfile.TemporaryDirectory(prefix="podium-compiled-") as folder:
        made = build(Path(folder))
        clean()
        for path in made:
            shutil.copy(path, DESKTOP / path.relative_to(folder))
    STAMP.write_text(source)


def can_compile() -> bool:
    """Whether it is wanted (PODIUM_COMPILE is not 0) and mypyc, a C compiler and Python's headers are here."""
    header = Path(sysconfig.get_path("include")) / "Python.h"
    # Windows' compiler is on no PATH; setuptools finds it, or says that it is not there.
    compiler = sys.platform == "win32" or shutil.which("cc") is not None
    found = importlib.util.find_spec("mypyc") is not None and header.exists() and compiler
    return found and os.environ.get("PODIUM_COMPILE") != "0"


def main() -> int:
    if "--clean" in sys.argv:
        clean()
        return 0
    stamp = STAMP.read_text() if STAMP.exists() else ""
    if "--check" in sys.argv:
        return 0 if not compiled_files() or stamp == digest() else 1
    if not can_compile():
        clean()
        return 0
    source = digest()
    if stamp in (source, f"failed {source}"):
        return 0
    clean()
    print("podium setup: compiling the terminal engine, about a minute", file=sys.stderr)
    try:
        compile_in_place()
    except (OSError, subprocess.SubprocessError) as error:
        clean()
        STAMP.write_text(f"failed {source}")
        said = getattr(error, "stderr", None)
        detail = said.decode(errors="replace").strip().splitlines()[-3:] if said else [str(error)]
        print(
            "podium setup: it could not be compiled, so it runs interpreted:",
            *detail,
            sep="\n  ",
            file=sys.stderr,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
