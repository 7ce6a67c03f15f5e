"""An adapter and what a person wants in, the command line of a session in a terminal out."""

import pytest

from podium.core.adapters.interactive import (
    MAX_PROMPT_BYTES,
    continue_command,
    fresh_command,
    prompt_arguments,
    resume_command,
)
from podium.core.adapters.model import Adapter, Interactive, Output, OutputFormat
from podium.core.adapters.registry import load_adapters

_SHIPPED = load_adapters().adapters
_ID = "3f1c9d1e-0d6b-4a39-9d34-3a3e9a3b8f10"


def _adapter(**tables: object) -> Adapter:
    output = Output(format=OutputFormat.PLAIN)
    return Adapter(
        name="x",
        title="X",
        program="x",
        output=output,
        interactive=Interactive(**tables),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("name", "fresh", "resumed", "continued"),
    [
        ("claude", ("claude",), ("claude", "--resume", _ID), ("claude", "--continue")),
        (
            "codex",
            ("codex", "--no-daemon"),
            ("codex", "--no-daemon", "resume", _ID),
            ("codex", "--no-daemon", "resume", "--last"),
        ),
        ("gemini", ("gemini",), ("gemini", "--resume", _ID), ("gemini", "--resume", "latest")),
        ("opencode", ("opencode",), ("opencode", "--session", _ID), ("opencode", "--continue")),
        ("copilot", ("copilot",), ("copilot", f"--resume={_ID}"), ("copilot", "--continue")),
        ("aider", ("aider",), (), ("aider", "--restore-chat-history")),
    ],
)
def test_a_session_begins_goes_on_and_goes_on_with_the_last(
    name: str, fresh: tuple[str, ...], resumed: tuple[str, ...], continued: tuple[str, ...]
) -> None:
    adapter = _SHIPPED[name]
    assert fresh_command(adapter) == fresh
    assert resume_command(adapter, _ID) == resumed
    assert continue_command(adapter) == continued


@pytest.mark.parametrize("session", ["", "-rf", "--dangerously-skip-permissions"])
def test_what_is_no_session_is_not_gone_on_with(session: str) -> None:
    assert resume_command(_SHIPPED["claude"], session) == ()


def test_a_session_that_is_chosen_before_is_left_out_where_none_is() -> None:
    adapter = _adapter(arguments=(("--session-id", "{session}"), "-v"))
    assert fresh_command(adapter, _ID) == ("x", "--session-id", _ID, "-v")
    assert fresh_command(adapter) == ("x", "-v")


@pytest.mark.parametrize("prompt", ["Fix it", "-rf /", "--help", "two\nlines", "{session} {prompt}", "ü ❯"])
def test_a_prompt_is_one_argument_that_is_taken_for_no_option(prompt: str) -> None:
    for name in ("claude", "codex"):
        interactive = _SHIPPED[name].interactive
        assert interactive is not None
        assert prompt_arguments(interactive, prompt) == ("--", prompt)


@pytest.mark.parametrize("prompt", ["", "a\0b", "x" * (MAX_PROMPT_BYTES + 1), "ü" * MAX_PROMPT_BYTES])
def test_a_prompt_that_is_no_argument_is_left_to_be_typed(prompt: str) -> None:
    assert prompt_arguments(Interactive(prompt=("{prompt}",)), prompt) == ()


def test_gemini_is_typed_to_since_it_would_begin_before_its_question_about_trust() -> None:
    interactive = _SHIPPED["gemini"].interactive
    assert interactive is not None
    assert prompt_arguments(interactive, "Fix it") == ()
