"""Recorded screens of real tools in, whether a prompt may be typed there out."""

import pytest

from podium.attention.screen_reader import ScreenReader
from podium.core.adapters.registry import load_adapters
from podium.core.protocol.attention import Marks
from tests.terminal.test_typescripts import NAMES, recording

READER = ScreenReader({name: one.marks for name, one in load_adapters().adapters.items()})
MARKS = [(name, mark["name"], mark["screen"]) for name in NAMES for mark in recording(name)[0]["marks"]]
WITHOUT_MARK = ("codex-trust", "copilot-choice", "copilot-choice-text")
"""One asks at once; copilot's framed input shows nothing by which it could be told to be empty."""
STARTED = [screen for screen in MARKS if screen[1] == "ready" and screen[0] not in WITHOUT_MARK]


@pytest.mark.parametrize(("name", "mark", "screen"), STARTED, ids=lambda value: value[:24])
def test_a_tool_that_has_started_shows_its_empty_input(name: str, mark: str, screen: str) -> None:
    assert READER.empty_input(screen.split("\n"), name.partition("-")[0]), mark


@pytest.mark.parametrize(("name", "mark", "screen"), MARKS, ids=lambda value: value[:24])
def test_there_is_none_while_it_asks(name: str, mark: str, screen: str) -> None:
    tool, rows = name.partition("-")[0], screen.split("\n")
    if READER.read(rows, "", tool).question is not None:
        assert not READER.empty_input(rows, tool), mark


@pytest.mark.parametrize("tool", ["", "unknown", "amp"])
def test_a_tool_without_a_mark_has_none(tool: str) -> None:
    assert not ScreenReader({"amp": Marks()}).empty_input(["❯", ">", ""], tool)


@pytest.mark.parametrize(
    ("text", "rows", "shown"),
    [
        ("Mend it", ["❯ Mend it"], True),
        ("Mend it\nat once", ["> Mend it", "> at once"], True),
        (
            "a sentence that is much longer than its row",
            ["❯ a sentence that is mu", "  ch longer than its r", "  ow"],
            True,
        ),
        ("hi", ["this is it"], False),
        ("hi", ["│ > hi   │"], True),
        ("Mend it", ["❯ Mend it now"], False),
        ("x\n\n", ["❯ x"], True),
        ("line\n" * 99, ["❯ [Pasted text #1 +99 lines]"], True),
        ("anything", [], False),
    ],
)
def test_a_text_shows_where_its_end_ends_a_row(text: str, rows: list[str], shown: bool) -> None:
    assert READER.shows(rows, text, "claude") is shown
