"""Command lines in, the tools they are out; and Return in a tool that knows no keyboard protocol."""

import sys
from collections.abc import Collection
from pathlib import Path

import pytest

from podium.core.adapters.tool_names import tool_names
from podium.core.protocol.reports import ForegroundReport, Report
from podium.core.protocol.requests import ForegroundWanted, KeyInput, Modifier
from podium.terminal import Emulator
from podium.worker.typed_input import TypedInput
from tests.worker.test_foreground import Terminal
from tests.worker.test_foreground import terminal as terminal

TOOLS = ("claude", "codex", "gemini", "opencode", "aider")


@pytest.mark.parametrize(
    ("command", "tool"),
    [
        ("claude", "claude"),
        ("/home/kim/.local/bin/claude --resume", "claude"),
        ("node /usr/bin/claude", "claude"),
        ("node --no-warnings=DEP0040 /usr/bin/gemini -p hello", "gemini"),
        ("/usr/bin/node -r /x/hook.js --import file:///y /usr/local/bin/codex.js", "codex"),
        ("node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js", "claude"),
        ("node /x/node_modules/@google/gemini-cli/dist/index.js", "gemini"),
        ("node /x/node_modules/a/node_modules/opencode-ai/bin/start", "opencode"),
        ("npm exec @anthropic-ai/claude-code", "claude"),
        ("bun x opencode-ai", ""),
        ("bun run /opt/opencode.ts", "opencode"),
        ("python3.12 -u /home/kim/.venv/bin/aider", "aider"),
        ("python -m aider --model x", "aider"),
        ("C:\\\\tools\\\\codex.exe", "codex"),
        ("bash", ""),
        ("bash -c claude", ""),
        ("vim claude", ""),
        ("less /usr/bin/codex", ""),
        ("ssh host claude", ""),
        ("tail -f gemini", ""),
        ("node", ""),
        ("", ""),
    ],
)
def test_a_tool_is_known_however_it_was_started(command: str, tool: str) -> None:
    names = tool_names(command.replace("\\\\", "\\").split())
    assert next((name for name in names if name in TOOLS), "") == tool


def test_a_process_that_named_itself_is_known() -> None:
    assert "claude" in tool_names(["claude "])
    assert "claude" in tool_names(["npm exec @anthropic-ai/claude-code"])


class Reader:
    has_read_input = True

    def __init__(self) -> None:
        self.read = b""

    def write_input(self, data: bytes) -> bool:
        self.read += data
        return True


SHIFT, CONTROL, ALT = Modifier.SHIFT, Modifier.CONTROL, Modifier.ALT


@pytest.mark.parametrize(
    ("setup", "modifiers", "tool", "read"),
    [
        (b"", SHIFT, "claude", b"\x1b\r"),
        (b"", CONTROL, "claude", b"\x1b\r"),
        (b"", ALT, "", b"\x1b\r"),
        (b"", SHIFT, "", b"\r"),
        (b"", CONTROL, "", b"\r"),
        (b"\x1b[>1u", SHIFT, "claude", b"\x1b[13;2u"),
        (b"\x1b[>1u\x1b[<u", SHIFT, "claude", b"\x1b\r"),
        (b"\x1b[>4;1m", SHIFT, "claude", b"\x1b[27;2;13~"),
        (b"\x1b[>4;2m", CONTROL, "claude", b"\x1b[27;2;13~"),
        (b"\x1b[>4;2m", CONTROL, "", b"\x1b[27;5;13~"),
        (b"\x1b[>1u", CONTROL, "claude", b"\x1b[13;2u"),
        (b"\x1b[>5u", CONTROL | SHIFT, "claude", b"\x1b[13;6u"),
        (b"\x1b[>1u", CONTROL | Modifier.NUM_LOCK, "claude", b"\x1b[13;130u"),
        (b"\x1b[>1u", CONTROL, "", b"\x1b[13;5u"),
    ],
)
def test_a_new_line_in_tools(setup: bytes, modifiers: Modifier, tool: str, read: bytes) -> None:
    emulator, reader, reports = Emulator(80, 24), Reader(), list[Report]()
    emulator.feed(setup)
    asked: list[Collection[str]] = []

    def running(tools: Collection[str]) -> str:
        asked.append(tools)
        return tool

    typed = TypedInput(emulator, lambda _text, _pasted: None, reports.append, lambda: 0.0, running)
    tools = () if modifiers == ALT else ("claude",)
    typed.type(KeyInput("Return", "\r", int(modifiers), newline_in=tools), reader)
    typed.type(KeyInput("Return", "\r"), reader)
    assert reader.read == read + b"\r"
    assert all(one == ("claude",) for one in asked)


LISTENER = """
import os, sys, tty
tty.setraw(0)
os.write(1, b"up\\r\\n")
while (data := os.read(0, 100)) != b"q":
    os.write(1, b"<" + data.hex().encode() + b">")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells all processes of a group")
def test_a_tool_below_a_shell_gets_a_new_line_and_the_shell_an_enter(
    terminal: Terminal, tmp_path: Path
) -> None:
    (tmp_path / "claude").write_text(LISTENER)
    terminal.start("bash", "--norc", "--noprofile", folder=str(tmp_path))
    key = KeyInput("Return", "\r", int(SHIFT), newline_in=("claude",))

    def shows(text: str) -> bool:
        return text in terminal.session._emulator.text_between()

    terminal.wait(lambda: shows("ready$"))
    terminal.type("echo A$((1+1))B")
    terminal.session.handle(key)
    terminal.wait(lambda: shows("A2B"))
    # Behind a wrapper, as started by a package's own script.
    terminal.type(f"sh -c '{sys.executable} claude; true'\r")
    terminal.wait(lambda: shows("up"))
    terminal.session.handle(key)
    terminal.wait(lambda: shows("<1b0d>"))
    terminal.session.handle(ForegroundWanted(7, ("codex", "claude")))
    [report] = [one for one in terminal.reports if isinstance(one, ForegroundReport)]
    assert report.tool == "claude"
    terminal.type("q")
    terminal.wait(lambda: terminal.job() == "")
    terminal.type("echo C$((1+2))D")
    terminal.session.handle(key)
    terminal.wait(lambda: shows("C3D"))
