"""Kept screens on the disk: what is deleted, and what a narrow pane gets of them."""

from pathlib import Path

from podium.core.protocol.frames import Line, Run
from podium.core.protocol.saved_screen import KeptScreen
from podium.workspace.kept_picture import KeptPicture
from podium.workspace.kept_screens import delete_kept_screens
from tests.workspace.kept_screens import leave


def test_deleting_harms_nothing_else(tmp_path: Path, folder: Path) -> None:
    leave(folder)
    (folder / "notes").mkdir()
    (tmp_path / "precious").write_text("x")
    (folder / "link.screen").symlink_to(tmp_path / "precious")
    delete_kept_screens(folder)
    delete_kept_screens(tmp_path / "none")
    assert [path.name for path in folder.iterdir()] == ["notes"]
    assert (tmp_path / "precious").read_text() == "x"


def test_a_very_narrow_pane_gets_the_newest_lines_only() -> None:
    picture = KeptPicture(KeptScreen(80, (Line((Run("x" * 80),)),) * 1000))
    frame, above = picture.reports(2, 10)
    assert len(above.lines) + len(frame.changed) == 3000
