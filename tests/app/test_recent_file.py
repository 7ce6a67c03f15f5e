"""What was chosen and opened last, kept in a file."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from podium.app.state.recent_file import RecentFile, read_recent
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.ui.recent_choices import MOST_PLACES, MOST_USED, Recent, RecentChoices
from tests.ui.fake_workspace import FakeWorkspace


class Disk:
    """Jobs wait until the test does them."""

    def __init__(self) -> None:
        self.jobs: list[
            tuple[Callable[[], Any], Callable[[Any], None], Callable[[Exception], None] | None]
        ] = []

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        self.jobs.append((work, then, failed))

    def step(self) -> None:
        work, then, failed = self.jobs.pop(0)
        try:
            result = work()
        except OSError as error:
            assert failed is not None
            failed(error)
        else:
            then(result)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "recent.json"


def begun(path: Path) -> tuple[RecentChoices, FakeWorkspace, Disk, RecentFile]:
    recent, workspace, disk = RecentChoices(), FakeWorkspace(), Disk()
    kept = RecentFile(path, recent, workspace.as_workspace, disk.run, recent)
    kept.load()
    return recent, workspace, disk, kept


def test_it_is_there_at_the_next_start(qapp: object, path: Path) -> None:
    recent, workspace, disk, _kept = begun(path)
    mission = InstanceSpec(
        InstanceId("a"), "a", Kind.MISSION, ThemeName.INDIGO, "/srv/atlas", mission="/srv/atlas/mission.toml"
    )
    workspace.create(mission, start=False)
    recent.add_used("command:quit")
    disk.step()
    recent.add_used("command:copy")
    disk.step()
    assert len(disk.jobs) == 1, "the latest, once"
    disk.step()
    assert disk.jobs == []
    again, _, disk, _kept = begun(path)
    again.add_folder("/srv/new")
    disk.step()
    assert again.current == Recent(
        ("command:copy", "command:quit"), ("/srv/new", "/srv/atlas"), ("/srv/atlas/mission.toml",)
    )


def test_the_demos_folders_are_left_out(qapp: object, path: Path) -> None:
    recent, workspace, _, _kept = begun(path)
    workspace.add("harbor", folder=f"{tempfile.gettempdir()}/podium-demo-projects-abcdefgh/harbor")
    assert recent.current == Recent()


@pytest.mark.parametrize("content", [b"", b"{", b'{"used": 3}', b"[]", b"\xff" * 1_000_000])
def test_a_damaged_file_is_as_good_as_none(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert read_recent(path) == Recent()


def test_a_disk_that_refuses_loses_only_what_was_to_be_kept(qapp: object, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    recent, _, disk, _kept = begun(tmp_path / "file" / "recent.json")
    disk.step()
    recent.add_used("a:b")
    disk.step()
    assert (recent.current.used, disk.jobs) == (("a:b",), [])


def test_all_of_it_is_bounded(qapp: object) -> None:
    recent = RecentChoices()
    for number in range(200):
        recent.add_used(f"command:{number}")
        recent.add_folder(f"/srv/{number}")
    recent.add_folder("/" + "x" * 5_000)
    recent.add_folder("/srv/\udcff")
    assert (len(recent.current.used), len(recent.current.folders)) == (MOST_USED, MOST_PLACES)
    assert recent.current.folders[0] == "/srv/199"
