"""Records how real agents ask in a terminal, and how Podium answers: ``python -m tests.agents.interactive [CASE…]``.

Each case plays a tool against our model server in a terminal of 120 columns and 40 lines, with Podium's own watch and
answers on it. Writes ``tests/terminal/data/typescripts``; look at what it shows before you commit it, and say in
``tests/attention/test_recordings.py`` what it means.
"""

import json
import os
import select
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from ptyprocess import PtyProcess

from podium.core.adapters.registry import load_adapters
from podium.core.protocol.attention import (
    AgentMarks,
    Allow,
    AnsweredReport,
    AnswerQuestion,
    Choose,
    Decision,
    Deny,
    Question,
    Say,
)
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import KeyInput, Paste, RawInput
from podium.terminal import Emulator
from podium.worker.observers.agent_watch import AgentWatch
from podium.worker.observers.answers import Answers, Typed
from tests.agents.__main__ import alone, prepare_work
from tests.agents.model_server import ModelServer
from tests.agents.tools import RUN, Tool, environment, installed
from tests.terminal.test_typescripts import FOLDER

COLUMNS, LINES = 120, 40
_PATIENCE: Final = 60.0


class Failed(Exception):
    """A tool did not do what the case expects; its screen is in the message."""


class Terminal:
    """A tool in a terminal of ours; all times are seconds since it was started."""

    def __init__(self, argv: list[str], folder: Path, variables: dict[str, str], tool: str) -> None:
        self._began = time.monotonic()
        self.emulator = Emulator(COLUMNS, LINES, 1000, self.clock)
        self._reports: list[Report] = []
        self.watch = AgentWatch(self.emulator, self._reports.append, self.clock, lambda _: tool)
        self.watch.use(AgentMarks({name: one.marks for name, one in load_adapters().adapters.items()}))
        self._answers = Answers(self.emulator, self.watch, self._input, self._reports.append, self.clock)
        self.raw = bytearray()
        self.timing: list[tuple[float, int]] = []
        self.keys: list[tuple[float, str]] = []
        self.marks: list[dict[str, Any]] = []
        self._process = PtyProcess.spawn(argv, cwd=str(folder), env=variables, dimensions=(LINES, COLUMNS))

    def clock(self) -> float:
        return time.monotonic() - self._began

    @property
    def question(self) -> Question | None:
        return self.watch.look().question

    @property
    def text(self) -> str:
        return "\n".join(row.rstrip() for row in self.emulator.display)

    def mark(self, name: str) -> None:
        mark = {"name": name, "offset": len(self.raw), "screen": self.text, "t": round(self.clock(), 3)}
        self.marks.append(mark)

    def rest(self, seconds: float) -> None:
        end = self.clock() + seconds
        while self.clock() < end:
            self._step()

    def until(self, condition: Callable[[], object], what: str, patience: float = _PATIENCE) -> None:
        """Raises Failed."""
        end = self.clock() + patience
        while not condition():
            if self.clock() > end or not self._step():
                raise Failed(f"{what} did not come:\n{self.text}")

    def type(self, text: str) -> None:
        self.keys.append((round(self.clock(), 3), text))
        self._process.write(text.encode())

    def answer(self, wanted: AnswerQuestion) -> None:
        """Raises Failed when the answer was not taken."""
        self._reports.clear()
        self._answers.give(wanted)
        self.until(lambda: self._outcome() is not None, "an outcome of the answer")
        outcome = self._outcome()
        if isinstance(outcome, ErrorReport):
            raise Failed(f"{outcome.message}\n{self.text}")

    def close(self) -> None:
        self._process.terminate(force=True)

    def _outcome(self) -> Report | None:
        return next((one for one in self._reports if isinstance(one, AnsweredReport | ErrorReport)), None)

    def _input(self, typed: Typed) -> None:
        match typed:
            case KeyInput():
                self.type(self.emulator.encode_key(typed).decode())
            case Paste(text=text):
                self.type(self.emulator.encode_paste(text).decode())
            case RawInput(data=data):
                self.type(data.decode())

    def _step(self) -> bool:
        """Take in what the tool says. Returns whether it runs."""
        if select.select([self._process.fd], [], [], 0.02)[0]:
            try:
                data = os.read(self._process.fd, 65536)
            except OSError:
                return False
            self.timing.append((round(self.clock(), 4), len(data)))
            self.raw += data
            self.emulator.feed(data)
            if replies := self.emulator.take_replies():
                self._process.write(replies)
            self.emulator.take_events()
            self.watch.on_output()
            self._answers.on_output()
        self.watch.step()
        self._answers.step()
        return True


class Case(NamedTuple):
    """A prompt, and what is answered to each question that it leads to."""

    tool: str
    prompt: str
    answers: tuple[Decision, ...] = (Allow(),)
    arguments: tuple[str, ...] = ()
    known: bool = True
    """The folder is trusted already."""


_FILE, _RUN, _PATCH, _ASK, _PLAN = (
    "FILE=hello.txt",
    "RUN=made.txt",
    "PATCH=hello.txt",
    "ASK=colour",
    "PLAN=it",
)
CASES: Final = {
    "claude-edit": Case("claude", _FILE),
    "claude-edit-denied": Case("claude", _FILE, (Deny(),)),
    "claude-command-denied": Case("claude", _RUN, (Deny(),)),
    "claude-choice": Case("claude", _ASK, (Choose(2),)),
    "claude-choice-text": Case("claude", _ASK, (Say("Green, please"),)),
    "claude-plan": Case("claude", _PLAN, arguments=("--permission-mode", "plan")),
    "claude-plan-denied": Case("claude", _PLAN, (Deny(),), ("--permission-mode", "plan")),
    "claude-trust": Case("claude", "", (Allow(),), known=False),
    "codex-command": Case("codex", _RUN),
    "codex-command-denied": Case("codex", _RUN, (Deny(),)),
    "codex-patch": Case("codex", _PATCH),
    "codex-patch-denied": Case("codex", _PATCH, (Deny(),)),
    "gemini-edit": Case("gemini", _FILE),
    "gemini-edit-denied": Case("gemini", _FILE, (Deny(),)),
    "gemini-choice": Case("gemini", _ASK, (Choose(2),)),
    "gemini-choice-text": Case("gemini", _ASK, (Say("Green, please"),)),
    "gemini-trust": Case("gemini", "", known=False),
    "opencode-edit": Case("opencode", _FILE),
    "opencode-edit-denied": Case("opencode", _FILE, (Deny(),)),
    "opencode-choice": Case("opencode", _ASK, (Choose(2),)),
    "opencode-choice-text": Case("opencode", _ASK, (Say("Green, please"),)),
    "copilot-command": Case("copilot", _RUN),
    "copilot-command-denied": Case("copilot", _RUN, (Deny(),)),
    "copilot-trust": Case("copilot", "", known=False),
    "copilot-choice": Case("copilot", _ASK, (Choose(2),)),
    "copilot-choice-text": Case("copilot", _ASK, (Say("Green, please"),)),
    "copilot-edit": Case("copilot", _FILE),
    "aider-command": Case("aider", _RUN),
    "aider-command-denied": Case("aider", _RUN, (Deny(),)),
}
_READY: Final = {
    "claude": "❯",
    "codex": "›",
    "gemini": "Type your message",
    "opencode": "Ask anything",
    "copilot": "? help",
    "aider": "\ndiff>",
}


def record(tool: Tool, name: str, case: Case) -> None:
    """Raises Failed."""
    folder = RUN / f"{name}"
    shutil.rmtree(folder, ignore_errors=True)
    work, home = folder / "work", folder / "home"
    prepare_work(work)
    with ModelServer() as server:
        variables = {
            **environment(tool, home, server),
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TERM_PROGRAM": "Podium",
        }
        argv = [str(tool.program), *_prepared(tool, case, home, work), *case.arguments]
        terminal = Terminal(argv, work, variables, tool.name)
        try:
            _play(terminal, tool, case)
        finally:
            terminal.close()
            if len(sys.argv) > 1 and sys.argv[1] == "--try":
                print(terminal.text)
            else:
                _save(name, case, terminal, folder)


def _play(terminal: Terminal, tool: Tool, case: Case) -> None:
    if case.prompt:
        terminal.until(lambda: _READY[tool.name] in terminal.text, "its prompt")
        terminal.rest(1.0)
        terminal.mark("ready")
        terminal.answer(AnswerQuestion(0, None, Say(case.prompt)))
    for number, decision in enumerate(case.answers):
        terminal.until(lambda: terminal.question is not None, "a question")
        terminal.rest(2.5)
        suffix = f"{number + 1}" if number else ""
        terminal.mark(f"question{suffix}")
        question = terminal.question
        print(question, flush=True)
        if question is None:
            raise Failed(f"the question went:\n{terminal.text}")
        terminal.answer(AnswerQuestion(0, question, decision))
        terminal.mark(f"answered{suffix}")
    terminal.rest(8.0)
    terminal.mark("end")


def _prepared(tool: Tool, case: Case, home: Path, work: Path) -> list[str]:
    """The arguments with which it asks about what it does, and about nothing else; writes the settings for that."""
    match tool.name:
        case "claude":
            told: dict[str, Any] = {
                "hasCompletedOnboarding": True,
                "theme": "dark",
                "customApiKeyResponses": {"approved": ["dummy"], "rejected": []},
            }
            if case.known:
                told["projects"] = {str(work): {"hasTrustDialogAccepted": True}}
            (home / ".claude.json").write_text(json.dumps(told))
            return ["--model", tool.model] + ([] if case.arguments else ["--permission-mode", "manual"])
        case "codex":
            settings = home / ".codex" / "config.toml"
            settings.write_text(
                f"check_for_update_on_startup = false\n{settings.read_text()}"
                f'[analytics]\nenabled = false\n[projects."{work}"]\ntrust_level = "trusted"\n'
            )
            return ["-m", tool.model, "-a", "on-request", "-s", "read-only", "--no-daemon"]
        case "gemini":
            settings = home / ".gemini" / "settings.json"
            told = json.loads(settings.read_text())
            told["general"] = {"enableAutoUpdate": False}
            told["privacy"] = {"usageStatisticsEnabled": False}
            settings.write_text(json.dumps(told))
            trust = {str(work): "TRUST_FOLDER"} if case.known else {}
            (home / ".gemini" / "trustedFolders.json").write_text(json.dumps(trust))
            return ["-m", tool.model]
        case "opencode":
            settings = home / ".config" / "opencode" / "opencode.json"
            asking = {"permission": {"bash": "ask", "edit": "ask"}, "autoupdate": False, "share": "disabled"}
            settings.write_text(
                json.dumps({**json.loads(settings.read_text()), **asking, "model": tool.model})
            )
            return []
        case "copilot":
            folder = home / ".copilot"
            folder.mkdir()
            trusted = [str(work)] if case.known else []
            (folder / "config.json").write_text(json.dumps({"trusted_folders": trusted}))
        case "aider":
            quiet = "--no-check-update --no-show-release-notes --no-show-model-warnings --no-gitignore --no-analytics"
            return [*quiet.split(), "--edit-format", "diff", "--model", tool.model, "hello.txt"]
    return []


def _save(name: str, case: Case, terminal: Terminal, folder: Path) -> None:
    """Write the recording, without this machine's paths: others of the same length stand for them."""
    raw = bytes(terminal.raw)
    marks = json.dumps(terminal.marks, ensure_ascii=False)
    meta = {
        "name": name,
        "columns": COLUMNS,
        "lines": LINES,
        "keys": terminal.keys,
        "timing": terminal.timing,
        "marks": json.loads(marks),
    }
    FOLDER.joinpath(f"{name}.raw").write_bytes(raw)
    FOLDER.joinpath(f"{name}.json").write_text(json.dumps(meta, ensure_ascii=False, indent=1) + "\n")


def main() -> int:
    alone("tests.agents.interactive")
    os.umask(0o077)
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    tools = {tool.name: tool for tool in installed()[0]}
    failed = 0
    for name, case in CASES.items():
        if case.tool not in tools or not any(name.startswith(word) for word in wanted or [""]):
            continue
        try:
            record(tools[case.tool], name, case)
            print(f"{name}: recorded", flush=True)
        except Failed as error:
            failed += 1
            print(f"{name}: {error}", flush=True)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
