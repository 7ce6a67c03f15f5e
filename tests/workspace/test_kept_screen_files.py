"""Kept screens on the disk: what is deleted, and what a narrow pane gets of them."""

from pathlib import Path

from podium.core.protocol.frames import Line, Run
from podium.core.protocol.requests import Follow
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


def test_a_reader_of_what_was_kept_stays_where_they_read() -> None:
    lines = tuple(Line((Run(f"{n:04} " + "word " * (n % 30 + 1)),)) for n in range(900))
    picture = KeptPicture(KeptScreen(200, lines))
    frame, _ = picture.reports(200, 10)
    place = (500, 20)
    for columns in (50, 41, 90, 50, 200):
        picture.follow(Follow(1, frame.line_epoch, (place, (500, 200))))
        picture.follow(Follow(2, frame.line_epoch - 1, ((0, 0),)))
        frame, above = picture.reports(columns, 10)
        assert frame.followed == 1
        place, edge = frame.places
        shown = [*above.lines, *(row.line for row in frame.changed)]
        start = next(n for n in range(place[0], -1, -1) if n == 0 or not shown[n - 1].wrapped)
        assert "".join(run.text for run in shown[start].runs).startswith("0500")
        assert (place[0] - start) * columns + place[1] == 20
        assert edge[1] == columns
    assert place == (500, 20)
