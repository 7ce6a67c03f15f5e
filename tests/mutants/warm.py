"""pytest in a process that has its libraries already: loading them takes longer than most tests.

Each run is forked from a server that has imported what is no part of the project, and imports the project itself anew.
"""

import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest

_LIBRARIES: Final = (
    "pytest",
    "pytestqt.plugin",
    "pytest_timeout",
    "hypothesis.strategies",
    "PySide6.QtWidgets",
    "asyncio",
    "aiohttp.web",
    "msgspec",
    "platformdirs",
    "psutil",
)
_SERVER: Final = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(list(_LIBRARIES))
_PATHS: Final = ("desktop", "resources", ".")


def run_pytest(
    folder: Path, arguments: Sequence[str], output: Path, seconds: float, *, keep_bytecode: bool
) -> int | None:
    """The status of pytest in the project at ``folder``; None when it did not end within ``seconds``."""
    process = _SERVER.Process(target=_run, args=(folder, tuple(arguments), output, keep_bytecode))
    process.start()
    process.join(seconds)
    if process.is_alive():
        process.kill()
        process.join()
        return None
    return process.exitcode


def _run(folder: Path, arguments: tuple[str, ...], output: Path, keep_bytecode: bool) -> None:
    own = Path(__file__).parents[2]
    paths = [str(folder / name) for name in _PATHS]
    os.chdir(folder)
    os.environ |= {
        "PYTHONPATH": os.pathsep.join(paths[:2]),  # For the processes that tests start.
        "PYTHONDONTWRITEBYTECODE": "" if keep_bytecode else "1",
    }
    sys.dont_write_bytecode = not keep_bytecode
    sys.path[:] = paths + [path for path in sys.path if path and not _is_source(Path(path), own)]
    for name in [name for name in sys.modules if name.partition(".")[0] == "tests"]:
        del sys.modules[name]
    with output.open("wb") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
    sys.exit(int(pytest.main(list(arguments))))


def _is_source(path: Path, root: Path) -> bool:
    return path == root or path in (root / "desktop", root / "resources")
