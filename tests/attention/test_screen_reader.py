"""Screens in, questions out: and no question out of what only looks like one."""

import pytest

from podium.attention.screen_reader import ScreenReader
from podium.core.adapters.registry import load_adapters
from podium.core.protocol.attention import MAX_ASKED, MAX_OPTIONS, QuestionKind

READER = ScreenReader({name: one.marks for name, one in load_adapters().adapters.items()})
CLAUDE_INPUT = """\
────────────────────────────────────────
❯ {}
────────────────────────────────────────
  ⏸ manual mode on · ? for shortcuts"""
CODEX_INPUT = """
› Ask Codex to do anything

  gpt-5.4 default · ~/proj
  ← for agents · ? for shortcuts"""


def read(screen: str, tool: str = "") -> tuple[str, str, tuple[str, ...]] | None:
    question = READER.read(screen.split("\n"), "", tool).question
    return (question.text, question.subject, question.options) if question is not None else None


@pytest.mark.parametrize(
    ("screen", "tool"),
    [
        ("● Do you want to proceed?\n  ❯ 1. Yes\n    2. No\n" + CLAUDE_INPUT.format(""), "claude"),
        ("● I ask as the tool does:\n\n Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel\n"
         + CLAUDE_INPUT.format("") + "\n more\n and more", "claude"),
        (CLAUDE_INPUT.format("1. Build it\n  2. Test it"), "claude"),
        ("• Shall I go on?\n  1. Yes\n  2. No\n" + CODEX_INPUT, "codex"),
        ("│ Allow execution of it?\n│ 1. Allow once\n│ 2. No\n", "gemini"),
        ("● 1. Allow once\n● 2. No\nAllow execution of it?", "gemini"),
        ("△ Permission required is what it says then.\nAllow once is a button.", "opencode"),
        ("Run shell command? (Y)es/(N)o/(D)on't ask again [Yes]: y", "aider"),
        ("Run it? (Y)es/(N)o [Yes]:\nRan it.", "aider"),
        ("❯ 1. Yes", "claude"),
        ("❯ 2. No\n\nEsc to cancel", "claude"),
        ("", "claude"),
    ],
)  # fmt: skip
def test_what_is_printed_or_typed_is_no_question(screen: str, tool: str) -> None:
    assert read(screen, tool) is None
    assert read(screen) is None


def test_the_chosen_entry_may_be_any() -> None:
    screen = (
        " Do you want to make this edit to a.py?\n   1. Yes\n ❯ 2. Yes, always\n   3. No\n\n Esc to cancel"
    )
    assert read(screen, "claude") == (
        "Do you want to make this edit to a.py?",
        "",
        ("Yes", "Yes, always", "No"),
    )


def test_a_question_may_go_on_in_the_next_row() -> None:
    screen = (
        "● Do you want the long name?\n" + "─" * 40 + "\n Bash command\n\n   make test\n\n"
        " Do you want to make this edit to\n a_rather_long_name.py?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel"
    )
    assert read(screen, "claude") == (
        "Do you want to make this edit to a_rather_long_name.py?",
        "make test",
        ("Yes", "No"),
    )


def test_what_was_said_above_the_line_of_a_question_is_not_it() -> None:
    screen = (
        "● I can do either.\n  Do you want both?\n" + "─" * 40 + "\n Which one?\n\n ❯ 1. This\n   2. That\n\n"
        " Enter to select"
    )
    read_ = read(screen, "claude")
    assert read_ is not None
    assert read_[0] == "Which one?"


def test_entries_may_go_on_in_the_next_row() -> None:
    screen = """\
  Would you like to run the following command?

  Reason: May I test all of it?

  $ cargo test --workspace

› 1. Yes, proceed (y)
  2. Yes, and don't ask again for commands that
     start with `cargo test` (p)
  3. No, and tell Codex what to do differently (esc)

  Press enter to confirm or esc to cancel"""
    question = READER.read(screen.split("\n"), "", "codex").question
    assert question is not None
    assert question.kind is QuestionKind.PERMISSION
    assert question.text == "Would you like to run the following command?"
    assert question.subject == "cargo test --workspace"
    assert len(question.options) == 3
    assert (question.allow, question.deny) == ("Return", "Down Down Return")


def test_a_command_of_several_rows_is_told_whole() -> None:
    """Else what is answered could be another command that ends alike."""
    command = " Bash command\n Clean\n╌╌╌\n rm -rf build &&\n make\n╌╌╌\n"
    screen = f"{command} Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel"
    assert read(screen) == ("Do you want to proceed?", "rm -rf build && make", ("Yes", "No"))


def test_a_question_in_tmux_has_a_status_line_below() -> None:
    screen = " Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel\n[0] 0:claude*          host"
    assert read(screen) == ("Do you want to proceed?", "", ("Yes", "No"))


def test_two_panes_of_tmux_side_by_side_do_no_harm() -> None:
    screen = "left text      │ Do you want to proceed?\nleft           │ ❯ 1. Yes\nleft           │   2. No"
    assert read(screen) is None


def test_neither_titles_nor_busy_words_of_unknown_programs_count() -> None:
    said = READER.read(["esc to interrupt"], "✋  Action Required", "")
    assert (said.busy, said.question, said.tool) == (False, None, "")


def test_hostile_screens_are_bounded() -> None:
    rows = [f" {number}. {'x' * 3000}" for number in range(1, 40)]
    rows[0] = "❯" + rows[0]
    question = READER.read(["?" * 5000, *rows, "Esc to cancel"], "", "claude").question
    if question is not None:
        assert len(question.options) <= MAX_OPTIONS
        assert all(len(text) <= MAX_ASKED for text in (question.text, question.subject, *question.options))
    assert READER.read(["❯ 1. a"] * 5000, "", "claude").question is None
    assert READER.read(["❯ 99999999999999. a", "Esc to cancel"], "", "claude").question is None


def test_a_list_without_numbers_is_answered_by_moving_in_it() -> None:
    """As Claude Code asks whether a folder is trusted."""
    screen = """\
 Quick safety check: Is this a project you created or one you trust? (Like your
 own code). If not, take a moment to review it.

 Security guide

 ❯ No, exit
   Yes, I trust this folder

 Enter to confirm · Esc to cancel"""
    question = READER.read(screen.split("\n"), "", "claude").question
    assert question is not None
    assert question.kind is QuestionKind.TRUST
    assert question.text == "Quick safety check: Is this a project you created or one you trust?"
    assert question.options == ("No, exit", "Yes, I trust this folder")
    assert (question.allow, question.deny) == ("Down Return", "Return")
    moved = screen.replace(" ❯ No", "   No").replace("   Yes", " ❯ Yes")
    other = READER.read(moved.split("\n"), "", "claude").question
    assert question.same(other)
    assert other is not None
    assert (other.allow, other.deny) == ("Return", "Up Return")


def test_several_typed_rows_are_no_list() -> None:
    typed = "● Shall I?\n" + CLAUDE_INPUT.format("fix this\n  and that")
    assert read(typed, "claude") is None
