"""What all tests share: Qt without a screen, and nothing of the person's own settings."""

import gc
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.plugin import JUDGES

# Before anything imports Qt. The tests in a real window start the app as a subprocess with a display of their own.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.pop("QT_SCALE_FACTOR", None)
gc.disable()

Figure = Callable[..., None]
"""Called with a name, a number or text, and a unit: ``figure("memory", 3.5, "MiB", limit=32)``."""

if os.environ.get("PODIUM_INTERPRETED"):
    from tests.bench.engine import SourceOnly

    sys.meta_path.insert(0, SourceOnly())


_MUCH_GARBAGE = 100_000
"""New objects after which a test ends with a look for garbage."""


def pytest_runtest_teardown() -> None:
    """As in the app: garbage is collected on the main thread alone, because Qt's objects may be among it."""
    if gc.get_count()[0] > _MUCH_GARBAGE:
        gc.collect()


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
def runtime_folder() -> Iterator[Path]:
    """Where sockets are; a short path, because a socket's may have about a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="podium-run-") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def _own_state(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, runtime_folder: Path
) -> Path:
    """Every test has a home of its own, so none reads or writes the person's."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime_folder))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in tuple(os.environ):
        if name.startswith("PODIUM_"):
            monkeypatch.delenv(name)
    return home


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
