"""What all tests share: Qt without a screen, and nothing of the person's own settings."""

import functools
import gc
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.faults.plugin import JUDGES
from tests.machine import Machine, set_prompt
from tests.patience import PatientQtBot

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


ROOT = Path(__file__).parent.parent
_NOT_QUICK = ("e2e", "window", "slow", "lengthy")
_MISSION_HELPERS = ("mission_process", "mission_shell", "killed_mission")
"""They run ``podium mission`` as a person does, so tests that use one are end to end."""


@functools.cache
def qt_free_rooms() -> frozenset[str]:
    """The rooms that a contract keeps free of Qt: ``core``, ``worker`` …; their tests are in folders of these names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["name"] == "Qt stays out of the Qt-free rooms":
            return frozenset(module.removeprefix("podium.") for module in contract["source_modules"])
    raise LookupError("The contract has another name; make test-quick goes by it.")


def _runs_missions(item: pytest.Item) -> bool:
    if "start_mission" in getattr(item, "fixturenames", ()):
        return True
    module = getattr(item, "module", None)
    origins = (str(getattr(value, "__module__", "")) for value in vars(module).values()) if module else ()
    return any(origin.rpartition(".")[2] in _MISSION_HELPERS for origin in origins)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Importing the tests of windows takes longer than the quick ones."""
    if (
        config.option.markexpr != "quick"
        or collection_path.parent != ROOT / "tests"
        or collection_path.is_file()
    ):
        return None
    return collection_path.name not in qt_free_rooms() or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """``quick``: the tests of a room without Qt, but for those marked otherwise. New ones become so by their place."""
    rooms = qt_free_rooms()
    for item in items:
        place = (
            item.path.relative_to(ROOT / "tests").parts if item.path.is_relative_to(ROOT / "tests") else ()
        )
        if len(place) < 2 or place[0] not in rooms or _runs_missions(item):
            continue
        if not any(map(item.get_closest_marker, _NOT_QUICK)):
            item.add_marker("quick")


_MUCH_GARBAGE = 100_000
"""New objects after which a test ends with a look for garbage."""


def pytest_runtest_teardown() -> None:
    """As in the app: garbage is collected on the main thread alone, because Qt's objects may be among it."""
    gc.disable()  # A test may have called something that switches it on.
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
    script = ROOT / "packaging" / "compile_terminal.py"
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
def qtbot(qapp: object, request: pytest.FixtureRequest) -> PatientQtBot:
    return PatientQtBot(request)


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
