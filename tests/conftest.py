"""What all tests share: Qt without a screen, and nothing of the person's own settings."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.plugin import JUDGES
from tests.machine import Machine, set_prompt

MACHINE = Machine()
"""Before anything imports Qt, or is started."""
LEFT_BY_PARTS: list[str] = []
"""What processes that ran a part of the tests have left."""
gc.disable()

Figure = Callable[..., None]
"""Called with a name, a number or text, and a unit: ``figure("memory", 3.5, "MiB", limit=32)``."""

if os.environ.pop("PODIUM_INTERPRETED", ""):
    from tests.bench.engine import SourceOnly

    sys.meta_path.insert(0, SourceOnly())


_MUCH_GARBAGE = 100_000
"""New objects after which a test ends with a look for garbage."""


def pytest_runtest_teardown() -> None:
    """As in the app: garbage is collected on the main thread alone, because Qt's objects may be among it."""
    if gc.get_count()[0] > _MUCH_GARBAGE:
        gc.collect()


def pytest_runtest_logfinish(nodeid: str) -> None:
    MACHINE.look(nodeid)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Nothing of Podium's may pile up among the temporary files, whatever was killed meanwhile."""
    left = [*MACHINE.left(), *LEFT_BY_PARTS]
    if (part := getattr(session.config, "workeroutput", None)) is not None:
        part["left"] = left  # The process that started this one says so.
    elif left:
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        for line in ("", "Left among the temporary files:", *left) if reporter else ():
            reporter.write_line(line, red=True)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    LEFT_BY_PARTS.extend(getattr(node, "workeroutput", {}).get("left", ()))


def pytest_unconfigure() -> None:
    MACHINE.close()


def pytest_sessionstart() -> None:
    """Compiled modules hide the source beside them; tests of a source that is not run would prove nothing."""
    script = Path(__file__).parent.parent / "packaging" / "compile_terminal.py"
    if subprocess.run([sys.executable, str(script), "--check"], check=False).returncode:
        pytest.exit(
            "desktop/podium/terminal was changed after it was compiled. Run packaging/compile_terminal.py, "
            "or packaging/compile_terminal.py --clean to work on it interpreted.",
            returncode=4,
        )


@pytest.fixture
def runtime_folder() -> Path:
    """Where sockets are."""
    return MACHINE.folder("r")


@pytest.fixture(autouse=True)
def _own_state(monkeypatch: pytest.MonkeyPatch, runtime_folder: Path) -> None:
    """Every test has a home of its own, so none reads what another wrote."""
    home = MACHINE.folder("h")
    set_prompt(home)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime_folder))


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Records what a test measured; ``make test-faults`` prints it beside the test's row.

    A figure has to be below its ``limit`` there, and only there: any other run may share its machine.
    """

    def record(name: str, value: float | str, unit: str = "", limit: float | None = None) -> None:
        request.node.user_properties.append(("figure", (name, value, unit, limit)))
        if limit is not None and isinstance(value, float | int) and request.config.stash.get(JUDGES, False):
            assert value < limit, f"{name}: {value} {unit}, which has to be below {limit}"

    return record
