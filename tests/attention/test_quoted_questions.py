"""Recorded questions of real tools where nobody asks them: quoted by a tool, printed in a shell, shown by a pager."""

import pytest

from podium.attention.screen_reader import ScreenReader
from podium.core.adapters.registry import load_adapters
from tests.attention.test_recordings import ANSWERED
from tests.terminal.test_typescripts import recording

READER = ScreenReader({name: one.marks for name, one in load_adapters().adapters.items()})


def _screen(name: str, mark: str) -> list[str]:
    meta, _ = recording(name)
    rows: list[str] = next(one for one in meta["marks"] if one["name"] == mark)["screen"].split("\n")
    while rows and not rows[-1].strip():
        rows.pop()
    return rows


QUOTED = {name: _screen(name, "question") for name in ANSWERED}
"""Screens that end in a question."""
PROMPTS = {
    tool: _screen(name, "end")[-12:]
    for tool, name in (
        ("aider", "aider-command"),
        ("claude", "claude-edit"),
        ("codex", "codex-command"),
        ("copilot", "copilot-command"),
        ("gemini", "gemini-edit"),
        ("opencode", "opencode-edit"),
    )
}
"""The ends of screens on which a tool prompts."""
EDITOR = 5
"""A row in the midst of what is shown."""


def asked(rows: list[str], tool: str = "", cursor: int | None = None) -> bool:
    return READER.read(rows, "", tool, cursor).question is not None


@pytest.mark.parametrize("name", QUOTED)
def test_the_recorded_screens_do_ask_also_in_ssh_and_tmux(name: str) -> None:
    rows = QUOTED[name]
    assert asked(rows, name.partition("-")[0])
    assert asked(rows)
    at_end = (
        len(rows) - 1 if name.startswith("aider") else None
    )  # It asks in a line, and shows the cursor there.
    assert asked([*rows, "[0] 0:agent*                      host 12:00"], "", at_end)


@pytest.mark.parametrize("tool", PROMPTS)
@pytest.mark.parametrize("name", QUOTED)
def test_a_tool_that_quotes_a_question_of_any_tool_above_its_prompt_asks_nothing(
    name: str, tool: str
) -> None:
    assert not asked([*QUOTED[name], *PROMPTS[tool]], tool)
    assert not asked([f"  {row}" for row in QUOTED[name]] + PROMPTS[tool], tool)


@pytest.mark.parametrize(
    "prompt", ["$ ", "user@host:~/proj$ ", "❯ ", "➜  proj git:(main) ", "PS C:\\>", "# ", "> "]
)
@pytest.mark.parametrize("name", QUOTED)
def test_a_shell_that_printed_a_question_asks_nothing(name: str, prompt: str) -> None:
    rows = [*QUOTED[name], prompt]
    assert not asked(rows, "", len(rows) - 1)


@pytest.mark.parametrize(
    "status", [":", "(END)", "--More--(62%)", "lines 1-39/512 7%", "dialog.txt (file 1 of 2)"]
)
@pytest.mark.parametrize("name", QUOTED)
def test_a_pager_that_shows_a_question_asks_nothing(name: str, status: str) -> None:
    rows = [*QUOTED[name], status]
    assert not asked(rows, "", len(rows) - 1)


@pytest.mark.parametrize("name", QUOTED)
def test_an_editor_that_shows_a_question_asks_nothing(name: str) -> None:
    rows = [*QUOTED[name], '"dialog.txt" 40L, 1734B                  1,1           All']
    assert not asked(rows, "", EDITOR)


@pytest.mark.parametrize("name", QUOTED)
def test_another_pane_of_tmux_that_has_the_cursor_takes_no_answer(name: str) -> None:
    """Keys would go there, not to the question."""
    rows = QUOTED[name]
    below = [*rows, "─" * 120, "$ ls", "a.txt", "$ "]
    assert not asked(below, "", len(below) - 1)
    above = ["$ ls", "a.txt", "$ ", "─" * 120, *rows, "[0] 0:bash*"]
    assert not asked(above, "", 2)


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(
            ["● There are two ways:", "  1. Yes, do it", "  2. No, wait", "Which one?"], id="a list"
        ),
        pytest.param(["> 1. Yes", "> 2. No", "> Esc to cancel"], id="a quotation"),
        pytest.param(["```", "❯ 1. Yes", "  2. No", "```", "That is how it asks."], id="a block of code"),
        pytest.param(["Do you want to proceed?", "- Yes", "- No"], id="bullets"),
        pytest.param(["Shall I run the tests? (y/n) is what I would ask."], id="a sentence"),
        pytest.param(["| 1. Yes | 2. No |", "|---|---|", "| ❯ 1. | go |"], id="a table"),
        pytest.param(["Allow once   Allow always   Reject"], id="buttons without their heading"),
        pytest.param(["Run shell command? (Y)es/(N)o [Yes]: y", "Ran it."], id="a line that was answered"),
    ],
)
@pytest.mark.parametrize("tool", ["", *PROMPTS])
def test_prose_that_looks_like_a_question_is_none(rows: list[str], tool: str) -> None:
    assert not asked(rows, tool)
    assert not asked([*rows, *PROMPTS.get(tool, ["$ "])], tool)


@pytest.mark.parametrize("name", QUOTED)
def test_a_question_in_words_that_no_adapter_knows_is_quiet(name: str) -> None:
    """A tool was updated: it is not shown as waiting by its screen, and nothing is typed into it."""
    others = str.maketrans("❯›●△123456789", "▶▶▶▶ABCDEFGHI")
    rows = [row.translate(others).replace("Allow", "Permit").replace("(Y)es", "[Y]") for row in QUOTED[name]]
    said = READER.read(rows, "", name.partition("-")[0])
    assert said.question is None
