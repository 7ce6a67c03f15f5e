"""Texts in little room."""

import pytest

from podium.ui.theme.short_text import fit_path


@pytest.mark.parametrize(
    ("path", "room", "shown"),
    [
        ("~/src/atlas", 11, "~/src/atlas"),
        ("~/src/atlas", 10, "…/atlas"),
        ("~/src/atlas", 7, "…/atlas"),
        ("~/src/atlas", 6, ""),
        ("/very/long/way/to/it", 10, "…/to/it"),
        ("~", 1, "~"),
        ("", 0, ""),
    ],
)
def test_names_of_a_folder_go_as_a_whole(path: str, room: int, shown: str) -> None:
    assert fit_path(path, room, len) == shown
