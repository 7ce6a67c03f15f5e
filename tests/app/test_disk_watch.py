"""A disk that is nearly full in, one word about it out, before the run; and the run starts all the same."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.app.health.disk_watch import DiskWatch, free_bytes
from podium.app.logs.log_entries import AppLog, LogEntry
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.requests import Start
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend

PATIENCE = 60_000
MIB = 1 << 20


class Rig:
    """A workspace with a watch on it, a clock to turn, and the disks as the test fills them."""

    def __init__(self, own: Path) -> None:
        self.now = 0.0
        self.free: dict[str, int] = {}
        self.backend = FakeBackend()
        self.workspace = Workspace(self.backend.hub, {})
        self.log: list[LogEntry] = []
        self.told: list[tuple[str, str]] = []
        self.background = Background()
        self.watch = DiskWatch(
            self.workspace,
            own,
            AppLog(self.log.append),
            self.background.foreign.run,
            ask=lambda folder: self.ask(folder),
            clock=lambda: self.now,
        )
        self.watch.low.connect(lambda title, text: self.told.append((title, text)))
        self.asked: list[str] = []

    def ask(self, folder: str) -> int:
        self.asked.append(folder)
        if folder not in self.free:
            raise FileNotFoundError(folder)
        return self.free[folder]

    def add(self, name: str, folder: str) -> InstanceId:
        spec = InstanceSpec(InstanceId(name), name, Kind.COMMAND, ThemeName.ROSE, folder, ("make",))
        self.workspace.create(spec, start=False)
        return spec.id


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path / "state")
    made.free[str(tmp_path / "state")] = 9000 * MIB
    yield made
    made.watch.stop()
    made.background.close()


def test_it_is_told_before_the_run_starts_and_the_run_starts(qtbot: QtBot, rig: Rig) -> None:
    rig.free["/srv/a"] = 312 * MIB
    a = rig.add("a", "/srv/a")
    qtbot.waitUntil(lambda: "/srv/a" in rig.watch._free, timeout=PATIENCE)
    assert rig.told == []
    rig.backend.become("a", WorkerState.RUNNING)
    order: list[str] = []
    rig.watch.low.connect(lambda *_: order.append(f"told, {len(rig.backend.requests('a', Start))} started"))
    rig.workspace.start(a)
    assert order == ["told, 0 started"]
    assert len(rig.backend.requests("a", Start)) == 1
    [(title, text)] = rig.told
    assert title == "Only 312 MiB free on the disk of /srv/a"
    assert text.startswith("Make room")
    assert [entry.event for entry in rig.log] == ["disk:trouble"]


def test_a_folder_not_looked_at_yet_is_told_as_soon_as_it_is_known(qtbot: QtBot, rig: Rig) -> None:
    held = threading.Event()
    rig.free["/srv/a"] = 3 * MIB
    real = rig.watch._ask
    rig.watch._ask = lambda folder: (held.wait(20), real(folder))[1]
    a = rig.add("a", "/srv/a")
    rig.workspace.start(a)  # It would hang here.
    rig.backend.run("a")
    assert rig.told == []
    held.set()
    qtbot.waitUntil(lambda: len(rig.told) == 1, timeout=PATIENCE)


def test_it_is_told_once_an_hour_for_each_folder(qtbot: QtBot, rig: Rig) -> None:
    for folder in ("/srv/a", "/srv/b"):
        rig.free[folder] = MIB
    a, b = rig.add("a", "/srv/a"), rig.add("b", "/srv/b")

    def run(instance: InstanceId) -> None:
        before = len(rig.asked)
        rig.workspace.start(instance)
        qtbot.waitUntil(lambda: len(rig.asked) > before and not rig.watch._asked, timeout=PATIENCE)
        rig.backend.run(instance)
        rig.backend.exit(instance)

    for _ in range(3):
        run(a)
    assert len(rig.told) == 1
    run(b)
    assert [title for title, _ in rig.told] == [f"Only 1 MiB free on the disk of /srv/{n}" for n in "ab"]
    rig.now = 3599.0
    run(a)
    assert len(rig.told) == 2
    rig.now = 3601.0
    run(a)
    assert len(rig.told) == 3


def test_enough_room_or_a_folder_that_is_gone_is_no_news(qtbot: QtBot, rig: Rig) -> None:
    rig.free["/srv/a"] = 500 * MIB
    for name, folder in (("a", "/srv/a"), ("gone", "/srv/gone")):
        rig.workspace.start(rig.add(name, folder))
    qtbot.waitUntil(lambda: "/srv/gone" in rig.asked and not rig.watch._asked, timeout=PATIENCE)
    assert rig.told == []


def test_a_disk_that_fills_up_while_something_runs_is_told_at_the_next_look(qtbot: QtBot, rig: Rig) -> None:
    rig.free["/srv/a"] = 600 * MIB
    rig.free["/srv/idle"] = MIB
    rig.add("idle", "/srv/idle")
    rig.workspace.start(rig.add("a", "/srv/a"))
    rig.backend.run("a")
    qtbot.waitUntil(lambda: len(rig.watch._free) == 3 and not rig.watch._asked, timeout=PATIENCE)
    rig.free["/srv/a"] = 400 * MIB
    rig.watch.check()
    qtbot.waitUntil(lambda: len(rig.told) == 1, timeout=PATIENCE)
    assert "400 MiB" in rig.told[0][0]


def test_podiums_own_folder_is_watched_too(qtbot: QtBot, rig: Rig, tmp_path: Path) -> None:
    rig.free[str(tmp_path / "state")] = 0
    rig.watch.start()
    qtbot.waitUntil(lambda: len(rig.told) == 1, timeout=PATIENCE)
    assert "state" in rig.told[0][0]


def test_folders_that_hang_keep_a_few_threads_and_nothing_else(qtbot: QtBot, rig: Rig) -> None:
    held = threading.Event()
    rig.watch._ask = lambda _folder: int(not held.wait(20))
    before = threading.active_count()
    for number in range(30):
        rig.workspace.start(rig.add(f"i{number}", f"/net/{number}"))
        rig.backend.run(f"i{number}")
    for _ in range(10):
        rig.watch.check()
    assert threading.active_count() <= before + 8
    held.set()
    qtbot.waitUntil(lambda: not rig.watch._asked, timeout=PATIENCE)


def test_the_real_disk_is_asked_also_for_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    there: Callable[[], int] = lambda: free_bytes(str(tmp_path))  # noqa: E731
    assert there() > 0
    assert abs(free_bytes(str(tmp_path / "not" / "yet")) - there()) < 1 << 30


def test_files_without_a_disk_have_no_free_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as /proc, whose size is 0."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: SimpleNamespace(total=0, used=0, free=0))
    with pytest.raises(OSError, match="not on a disk"):
        free_bytes(str(tmp_path))
