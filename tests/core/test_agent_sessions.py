"""What a tool says of its conversation, and what of that may become words of a command line."""

import pytest

from podium.core.agent_sessions import ToolSession, tool_session

ID = "3f1c2d9a-7b1e-4c55-9f0e-0a1b2c3d4e5f"


@pytest.mark.parametrize(
    ("tool", "session"),
    [("claude", ID), ("my-own.tool_2", "ses_4Kx9"), ("codex", "2026-12-01T02:45:19.123")],
)
def test_what_names_a_conversation_is_kept(tool: str, session: str) -> None:
    assert tool_session(tool, session, "/home/a/t.jsonl") == ToolSession(tool, session, "/home/a/t.jsonl")


@pytest.mark.parametrize(
    ("tool", "session"),
    [
        ("claude", ""),
        ("claude", "--dangerously-skip-permissions"),
        ("claude", f"{ID}\n"),
        ("claude", "a b"),
        ("claude", "$(id)"),
        ("claude", "../../x"),
        ("claude", "a" * 129),
        ("", ID),
        ("Claude", ID),
        ("-c", ID),
        ("claude\n", ID),
        ("c" * 65, ID),
    ],
)
def test_what_could_be_an_option_or_a_path_is_none(tool: str, session: str) -> None:
    assert tool_session(tool, session) is None


@pytest.mark.parametrize("path", ["t.jsonl", "~/t.jsonl", "/a\nb", "/a\x1b[2Jb", "/" + "a" * 4096])
def test_a_transcript_that_is_no_plain_path_is_left_out(path: str) -> None:
    assert tool_session("claude", ID, path) == ToolSession("claude", ID, "")
