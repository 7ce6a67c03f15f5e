"""A file and a place in, an editor's command line out."""

import pytest

from podium.core.editors import Editor, editor_command

FILE = "/srv/my dir/-x;$(y).py"


@pytest.mark.parametrize(
    ("editor", "line", "column", "program", "arguments", "in_terminal"),
    [
        (Editor.VSCODE, 3, 5, "code", ("--goto", f"{FILE}:3:5"), False),
        (Editor.VSCODE, 3, 0, "code", ("--goto", f"{FILE}:3:1"), False),
        (Editor.VSCODE, 0, 0, "code", ("--goto", FILE), False),
        (Editor.JETBRAINS, 3, 5, "idea", ("--line", "3", "--column", "5", FILE), False),
        (Editor.JETBRAINS, 3, 0, "idea", ("--line", "3", FILE), False),
        (Editor.JETBRAINS, 0, 0, "idea", (FILE,), False),
        (Editor.VIM, 3, 5, "vim", ("+call cursor(3,5)", FILE), True),
        (Editor.VIM, 0, 0, "vim", (FILE,), True),
    ],
)
def test_editors(
    editor: Editor, line: int, column: int, program: str, arguments: tuple[str, ...], in_terminal: bool
) -> None:
    command = editor_command(editor, FILE, line, column, {})
    assert command is not None
    assert (command.programs[0], command.arguments, command.in_terminal) == (program, arguments, in_terminal)


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ("nano", ("nano", "+3,5", FILE)),
        ("/usr/bin/nvim -p", ("/usr/bin/nvim", "-p", "+call cursor(3,5)", FILE)),
        ("emacsclient -nw", ("emacsclient", "-nw", "+3:5", FILE)),
        ("micro", ("micro", "+3:5", FILE)),
        ("hx", ("hx", f"{FILE}:3:5")),
        ("code --wait", ("code", "--wait", "--goto", f"{FILE}:3:5")),
        ("joe", ("joe", "+3", FILE)),
        ("'/opt/my editor/ed' --x", ("/opt/my editor/ed", "--x", FILE)),
    ],
)
def test_ones_own_editor(own: str, expected: tuple[str, ...]) -> None:
    command = editor_command(Editor.EDITOR, FILE, 3, 5, {"EDITOR": own})
    assert command is not None
    assert (*command.programs, *command.arguments) == expected
    assert command.in_terminal


def test_visual_counts_more_and_no_editor_is_none() -> None:
    command = editor_command(Editor.EDITOR, FILE, 0, 0, {"EDITOR": "ed", "VISUAL": "vi"})
    assert command is not None
    assert command.programs == ("vi",)
    for environment in ({}, {"EDITOR": ""}, {"EDITOR": "'open"}, {"VISUAL": "  "}):
        assert editor_command(Editor.EDITOR, FILE, 1, 1, environment) is None
    assert editor_command(Editor.SYSTEM, FILE, 1, 1, {"EDITOR": "vi"}) is None
