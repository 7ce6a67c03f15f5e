"""An instance in, the page about it out; each page is one that the documentation has."""

from pathlib import Path

import pytest

from podium.app.help_pages import documentation_folders, find_page, fitting_page
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace.views import InstanceState, InstanceView

ROOT = Path(__file__).parents[2]


def view(kind: Kind, state: InstanceState = InstanceState.RUNNING) -> InstanceView:
    spec = InstanceSpec(InstanceId("one"), "one", kind, ThemeName.ROSE, "/")
    return InstanceView(spec, 1, state, "")


@pytest.mark.parametrize(
    ("shown", "page"),
    [
        (None, "guide/first-steps"),
        (view(Kind.SHELL), "guide/first-steps"),
        (view(Kind.COMMAND), "guide/agents"),
        (view(Kind.MISSION), "guide/missions"),
        (view(Kind.MISSION, InstanceState.FAILED), "guide/troubleshooting"),
        (view(Kind.SHELL, InstanceState.RESTARTING), "guide/troubleshooting"),
    ],
    ids=["none", "shell", "command", "mission", "failed", "restarting"],
)
def test_the_page_fits_the_instance_and_is_written(shown: InstanceView | None, page: str) -> None:
    assert fitting_page(shown) == f"{page}.html"
    assert (ROOT / "docs" / f"{page}.md").is_file()


def test_the_first_folder_that_has_the_page_counts(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("none", "empty", "one", "two")]
    for folder in folders[1:]:
        folder.mkdir()
    for folder in folders[2:]:
        (folder / "index.html").touch()
    assert find_page("index.html", folders) == tmp_path / "one" / "index.html"
    assert find_page("index.html", folders[:2]) is None


def test_a_frozen_program_looks_beside_its_own_prefix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "lib" / "podium" / "podium"))
    assert documentation_folders()[0] == tmp_path / "share" / "doc" / "podium" / "html"
    assert documentation_folders()[-1] == ROOT / "dist" / "docs"
