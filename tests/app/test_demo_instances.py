"""The demo asked for, played, kept and left: its instances and folders in, what stays of them out."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from podium.app.startup.demo_instances import DemoInstances
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.missions.state import state_path
from podium.core.protocol.reports import ForegroundReport
from podium.core.protocol.requests import ForegroundWanted
from podium.core.system.private_files import private_folder
from podium.demo import folders
from podium.demo.folders import folder_of, is_demo, new_folder, remove_unused, set_kept
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend

PATIENCE = 60_000
FOUR = ("harbor", "harbor-shell", "lantern", "aurora")
SLEEPER = "import time; print('there', flush=True); time.sleep(600)"


def spec(name: str, folder: Path | str, kind: Kind = Kind.SHELL) -> InstanceSpec:
    return InstanceSpec(InstanceId(name.replace(" ", "-")), name, kind, ThemeName.ROSE, str(folder))


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary files"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


# Which instances are the demo's


@pytest.mark.parametrize(
    ("name", "folder", "demo"),
    [
        ("harbor", "podium-demo-projects-a1_b2c3d/harbor", True),
        ("harbor shell", "podium-demo-abcdefgh/harbor", True),  # Of an older version.
        ("aurora", "podium-demo-abcdefgh", True),
        ("my harbor", "podium-demo-abcdefgh/harbor", False),
        ("shell", "podium-demo-abcdefgh/harbor", False),
        ("harbor", "/srv/harbor", False),
        ("harbor", "/srv/podium-demo-projects/harbor", False),  # A person's own, with eight letters.
        ("harbor", "src/podium-demo-projects/harbor", False),
        ("harbor", "podium-demo-pictures-abcdefgh", False),
        ("harbor", "my-podium-demo-abcdefgh/harbor", False),
        ("harbor", "", False),
    ],
)
def test_the_demos_are_known_by_name_and_folder(temporary: Path, name: str, folder: str, demo: bool) -> None:
    assert is_demo(spec(name, temporary / folder)) is demo


def test_a_folder_of_the_demo_is_known_by_a_link_to_it_too(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shells say where they are without links; on macOS all temporary files are behind one."""
    (tmp_path / "link").symlink_to(temporary)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "link"))
    folder = new_folder()
    assert folder_of(spec("mine", temporary / folder.path.name / "harbor")) == folder.path
    assert folder_of(spec("mine", folder.path)) == folder.path
    folder.close()


# What becomes of folders


def test_a_killed_windows_folder_goes_with_the_state_of_its_missions(temporary: Path) -> None:
    left = temporary / "podium-demo-projects-aaaaaaaa"
    (left / "harbor").mkdir(parents=True)
    state = state_path(left / "harbor" / "mission.toml")
    private_folder(state.parent)
    state.touch()
    state.with_suffix(".lock").touch()
    other = state.with_name("other.json")
    other.touch()
    remove_unused()
    assert list(temporary.iterdir()) == []
    assert list(state.parent.iterdir()) == [other]


def test_a_folder_in_which_something_runs_stays_until_it_has_ended(temporary: Path) -> None:
    left = temporary / "podium-demo-projects-aaaaaaaa"
    (left / "harbor").mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-c", SLEEPER], cwd=left / "harbor", stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        remove_unused()
        assert left.is_dir()
        process.kill()
        process.wait()
        remove_unused()
    assert not left.exists()


def test_a_folder_of_another_window_and_one_of_the_persons_stay(temporary: Path) -> None:
    held = new_folder()
    kept = temporary / "podium-demo-projects-aaaaaaaa"
    kept.mkdir()
    set_kept(kept, True)
    remove_unused()
    assert held.path.is_dir()
    held.close()
    assert list(temporary.iterdir()) == [kept]
    set_kept(kept, False)
    remove_unused()
    assert list(temporary.iterdir()) == []


def test_a_folder_that_no_demo_made_stays(temporary: Path) -> None:
    copy = temporary / "podium-demo-projects-of mine"
    copy.mkdir()
    remove_unused()
    assert copy.is_dir()


@pytest.mark.parametrize("linked", ["harbor", ""], ids=["project", "folder"])
def test_the_state_of_a_mission_elsewhere_stays(tmp_path: Path, temporary: Path, linked: str) -> None:
    """A person moved the project away and left a link; or there is a link where the folder was."""
    left = temporary / "podium-demo-projects-aaaaaaaa"
    (tmp_path / "mine" / "harbor").mkdir(parents=True)
    state = state_path(tmp_path / "mine" / "harbor" / "mission.toml")
    private_folder(state.parent)
    state.touch()
    (left / linked).parent.mkdir(exist_ok=True)
    (left / linked).symlink_to(tmp_path / "mine" / linked)
    folders._remove(left)
    assert state.exists()
    assert (tmp_path / "mine" / "harbor").is_dir()


# What becomes of instances


class Rig:
    def __init__(self) -> None:
        self.backend = FakeBackend()
        self.workspace = Workspace(self.backend.hub, {})
        self.failures: list[Exception] = []
        self.demo = DemoInstances(self.workspace, self.run, self.workspace)
        self.messages: list[str] = []
        self.demo.failed.connect(self.messages.append)

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        try:
            result = work()
        except Exception as error:
            assert failed is not None
            failed(error)
        else:
            then(result)

    def play(self) -> Path:
        """The demo begins; returns its folder."""
        self.demo.add()
        for name in FOUR:
            self.backend.run(name)
        folder = folder_of(self.workspace.view(InstanceId("harbor")).spec)
        assert folder is not None
        return folder

    def end_missions(self) -> None:
        for name in ("harbor", "lantern"):
            self.backend.exit(name)

    def names(self) -> tuple[str, ...]:
        return tuple(spec.name for spec in self.workspace.specs())


@pytest.fixture
def rig(qapp: object) -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.demo.close(60)


def test_a_demo_at_work_is_shown_and_not_doubled(rig: Rig) -> None:
    rig.play()
    rig.workspace.arrangement.select(InstanceId("aurora"))
    rig.demo.add()
    assert rig.workspace.ids() == FOUR
    assert rig.workspace.arrangement.current == "harbor"


def test_a_demo_that_is_over_makes_room_for_the_next(rig: Rig, temporary: Path) -> None:
    before = rig.play()
    rig.end_missions()
    rig.demo.add()
    [asked] = rig.backend.requests("harbor-shell", ForegroundWanted)
    rig.backend.report("harbor-shell", ForegroundReport(asked.request, ""))
    assert rig.names() == ("harbor", "harbor shell", "lantern", "aurora")
    assert {folder_of(spec) for spec in rig.workspace.specs()}.isdisjoint({before})
    assert not before.exists()
    assert len(list(temporary.iterdir())) == 1


def test_a_shell_of_the_demo_in_which_something_runs_is_not_ended_for_the_next(rig: Rig) -> None:
    before = rig.play()
    rig.end_missions()
    rig.demo.add()
    [asked] = rig.backend.requests("harbor-shell", ForegroundWanted)
    rig.backend.report("harbor-shell", ForegroundReport(asked.request, "vim"))
    assert sorted(rig.names()) == ["aurora", "harbor", "harbor shell", "harbor shell", "lantern"]
    assert before.is_dir()


def test_two_requests_at_once_make_one_demo(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[tuple[Any, ...]] = []
    monkeypatch.setattr(rig.demo, "_run", lambda *job: waiting.append(job))
    rig.demo.add()
    rig.demo.add()
    [job] = waiting
    rig.run(*job)
    assert rig.workspace.ids() == FOUR


def test_a_demo_that_can_not_be_made_leaves_no_folder_and_can_be_asked_for_again(
    rig: Rig, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without_git:
        without_git.setenv("PATH", "/nowhere")
        rig.demo.add()
    assert len(rig.messages) == 1
    assert list(temporary.iterdir()) == []
    rig.play()


def test_the_folder_goes_when_the_window_does(rig: Rig, temporary: Path) -> None:
    rig.play()
    rig.demo.close(60)
    assert list(temporary.iterdir()) == []


def test_the_folder_of_an_instance_that_was_renamed_stays(rig: Rig, temporary: Path) -> None:
    folder = rig.play()
    rig.workspace.rename(InstanceId("harbor"), "mine")
    rig.demo.close(60)
    remove_unused()
    assert list(temporary.iterdir()) == [folder]


def test_the_folder_stays_for_an_instance_of_the_persons_for_as_long_as_that_is_there(
    rig: Rig, temporary: Path
) -> None:
    folder = rig.play()
    rig.workspace.create(spec("shell", folder / "harbor"), start=False)
    remove_unused()
    assert (folder / "kept").exists()
    rig.workspace.close(InstanceId("shell"))
    assert not (folder / "kept").exists()
    rig.demo.close(60)
    assert list(temporary.iterdir()) == []


def test_the_folder_stays_when_its_mark_could_not_be_written_in_time(
    rig: Rig, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = rig.play()
    monkeypatch.setattr(rig.demo, "_run", lambda *_job: None)
    rig.workspace.rename(InstanceId("harbor"), "mine")
    rig.demo.close(60)
    assert list(temporary.iterdir()) == [folder]


def test_a_renamed_instance_stays_beside_the_next_demo(rig: Rig) -> None:
    rig.play()
    rig.workspace.rename(InstanceId("aurora"), "lights")
    rig.end_missions()
    rig.demo.add()
    [asked] = rig.backend.requests("harbor-shell", ForegroundWanted)
    rig.backend.report("harbor-shell", ForegroundReport(asked.request, ""))
    assert sorted(rig.names()) == ["aurora", "harbor", "harbor shell", "lantern", "lights"]


def test_the_demos_names_are_those_it_makes(rig: Rig) -> None:
    rig.play()
    assert all(map(is_demo, rig.workspace.specs()))
    assert not is_demo(msgspec.structs.replace(rig.workspace.specs()[0], name="x"))
