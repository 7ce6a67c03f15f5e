"""Installs the wheel of ``dist`` as a person would, and runs the tests of the sdist on the installed copy.

python packaging/test_installed.py [ARGUMENTS OF PYTEST]    -m quick by default
"""

import os
import platform
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path
from typing import Final

from places import DIST, ROOT

CONSTRAINTS: Final = ROOT / "constraints.txt"
PROGRAMS: Final = "Scripts" if os.name == "nt" else "bin"
QUICK: Final = ["-m", "quick"]


def installed_wheel() -> Path:
    """The compiled wheel for this interpreter, or the pure one."""
    tag = f"cp{sys.version_info.major}{sys.version_info.minor}"
    compiled = [path for path in DIST.glob(f"podium-*-{tag}-*.whl") if platform.machine() in path.name]
    for wheel in [*compiled, *DIST.glob("podium-*-none-any.whl")]:
        return wheel
    raise SystemExit("test_installed: there is no wheel in dist; run make wheel")


def try_tool(folder: Path, tool: list[str], *arguments: str) -> None:
    """Install with a tool for programs in a home of its own; then the program has to answer, and can be removed."""
    name = " ".join(tool)
    home = folder / tool[0]
    programs = home / "bin"
    home.mkdir()
    environment = {
        **os.environ,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "PIPX_HOME": str(home / "pipx"),
        "PIPX_BIN_DIR": str(programs),
        "UV_TOOL_BIN_DIR": str(programs),
        "UV_PYTHON_DOWNLOADS": "never",
        "PATH": os.pathsep.join((str(programs), os.environ["PATH"])),
    }
    _run([sys.executable, "-m", *tool, "install", *arguments], env=environment)
    said = _run([str(programs / "podium"), "--version", "--verbose"], env=environment)
    if not said.startswith("podium "):
        raise SystemExit(f"test_installed: podium, installed with {name}, says: {said}")
    _run([sys.executable, "-m", *tool, "uninstall", "podium"], env=environment)
    if (programs / "podium").exists():
        raise SystemExit(f"test_installed: {name} left {programs / 'podium'}")
    engine = next((line for line in said.splitlines() if "engine" in line), "")
    print(f"{name}: installed, answers ({engine}), removed", flush=True)


def run_tests(folder: Path, wheel: Path, arguments: list[str]) -> int:
    """pytest's exit code. The tests are those of the sdist, so that nothing of the tree is in reach."""
    with tarfile.open(_sdist()) as archive:
        archive.extractall(folder / "sdist", filter="data")
    [top] = (folder / "sdist").iterdir()
    place = folder / "venv"
    venv.create(place, with_pip=True)
    python = str(place / PROGRAMS / "python")
    _run([python, "-m", "pip", "install", "--quiet", "--constraint", str(CONSTRAINTS), f"{wheel}[dev]"])
    command = [python, "-m", "pytest", "-p", "tests.installed_copy", *(arguments or QUICK)]
    return subprocess.run(command, cwd=top, env=_without_paths(), check=False).returncode


def _sdist() -> Path:
    for sdist in DIST.glob("podium-*.tar.gz"):
        return sdist
    raise SystemExit("test_installed: there is no sdist in dist; run make wheel")


def _without_paths() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def _run(command: list[str], env: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, env=env or _without_paths(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"test_installed: {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def main(arguments: list[str]) -> int:
    wheel = installed_wheel()
    print(f"installing {wheel.name}", flush=True)
    with tempfile.TemporaryDirectory(prefix="podium-installed-") as name:
        folder = Path(name)
        try_tool(folder, ["pipx"], f"--pip-args=--constraint {CONSTRAINTS}", str(wheel))
        try_tool(folder, ["uv", "tool"], "--constraints", str(CONSTRAINTS), str(wheel))
        return run_tests(folder, wheel, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
