"""Records what real agents print in cases that need no person: ``python -m tests.agents.record [TOOL [CASE…]]``.

Writes ``tests/missions/data/own-agent-samples``; look at them, and write what they mean into
``tests/missions/test_own_agent_samples.py``.
"""

import json
import os
import shutil
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from podium.core.adapters.registry import load_adapters
from podium.missions.agent_command import (
    AgentCommand,
    CommandOptions,
    NewSession,
    Permission,
    ResumeSession,
    Session,
    command_for,
)
from podium.missions.streams.reader import AgentReader
from tests.agents.__main__ import alone, prepare_work
from tests.agents.model_server import ModelServer
from tests.agents.tools import ROOT, RUN, Tool, environment, installed
from tests.missions.agent_run import Turn, run_turn

DATA = Path(__file__).parents[1] / "missions" / "data" / "own-agent-samples"


class Case(NamedTuple):
    """One run. ``before``: a turn whose session it goes on with."""

    prompt: str = "Say hello"
    fault: str = ""
    permission: Permission = Permission.EDIT
    session: Callable[[str], Session] | None = None
    before: bool = False
    budget: float | None = None
    turns: int | None = None
    ask: bool = False
    no_key: bool = False
    closed: bool = False
    timeout: float = 100.0


FAULTS = {
    "401": Case(fault="401"),
    "429": Case(fault="429"),
    "429once": Case(fault="429-once"),
    "529": Case(fault="529"),
    "cut": Case(fault="cut"),
    "cut-once": Case(fault="cut-once"),
    "refused": Case(closed=True, timeout=60),
    "no-key": Case(no_key=True, timeout=30),
}
RESUMED = {
    "resume": Case(before=True, session=ResumeSession),
    "resume-missing": Case(session=lambda _: ResumeSession("6f9619ff-8b86-4d01-b42d-00cf4fc964ff")),
}
CASES: dict[str, dict[str, Case]] = {
    "claude": {
        **FAULTS,
        **RESUMED,
        "fork": Case(before=True, session=lambda session: ResumeSession(session, fork=True)),
        "used-id": Case(before=True, session=NewSession),
        "max-turns": Case("FILE={file}", turns=1),
        "max-budget": Case("FILE={file}", budget=0.003),
        "refused-tool": Case("RUN=/etc/made", permission=Permission.READ),
    },
    "codex": {
        **FAULTS,
        **RESUMED,
        "fork": Case(before=True, session=lambda session: ResumeSession(session, fork=True)),
        "read-only": Case("FILE={file}", permission=Permission.READ),
    },
    "gemini": {**FAULTS, **RESUMED, "max-turns": Case("FILE={file}", turns=1)},
    "opencode": {
        **FAULTS,
        "resume": RESUMED["resume"],
        "resume-missing": Case(session=lambda _: ResumeSession("ses_dfd6619aaffeFpkP0BOmRTKBve")),
        "fork": Case(before=True, session=lambda session: ResumeSession(session, fork=True)),
        "refused-tool": Case("RUN={folder}/made", ask=True),
    },
    "copilot": {
        **{name: case for name, case in FAULTS.items() if name != "no-key"},  # Our server needs none.
        **RESUMED,
        "refused-tool": Case("RUN={folder}/made"),
    },
    "aider": {**FAULTS},
}


def record(tool: Tool, name: str, case: Case) -> None:
    folder = RUN / f"{tool.name}-{name}"
    shutil.rmtree(folder, ignore_errors=True)
    work = folder / "work"
    prepare_work(work)
    home = folder / "home"
    adapter = load_adapters(Path("/nonexistent")).adapters[tool.name]

    def turn(prompt: str, fault: str, session: Session, options: CommandOptions) -> tuple[AgentCommand, Turn]:
        with _Closed() if case.closed else ModelServer(fault) as server:
            return _run(prompt, session, options, environment(tool, home, server))

    def _run(
        prompt: str, session: Session, options: CommandOptions, variables: dict[str, str]
    ) -> tuple[AgentCommand, Turn]:
        if case.ask:
            _ask(home)
        if case.no_key:
            variables = {key: value for key, value in variables.items() if "KEY" not in key}
        command = command_for(
            adapter, prompt, folder=work, model=tool.model, session=session, options=options
        )
        reader = AgentReader(adapter, session_id=command.session_id)
        return command, run_turn(command, reader, variables, case.timeout)

    files = ("hello.txt",) if tool.name == "aider" else ()
    plain = CommandOptions(files=files, scratch=folder / "scratch")
    session: Session = NewSession(str(uuid.uuid4()))
    if case.before:
        session = NewSession(turn("Say hello", "", session, plain)[1].report.session_id)
    if case.session is not None:
        session = case.session(session.id)
    options = CommandOptions(
        files=files,
        scratch=folder / "scratch",
        permission=case.permission,
        budget_usd=case.budget,
        max_turns=case.turns,
    )
    prompt = case.prompt.format(file=work / "hello.txt", folder=work)
    command, made = turn(prompt, case.fault, session, options)
    _save(tool, name, folder, command, made, case)
    print(f"{tool.name}/{name}: {made.seconds:.1f} s {made.report}", flush=True)


class _Closed(ModelServer):
    """An address where nobody answers."""

    @property
    def address(self) -> str:
        return "http://127.0.0.1:9"


def _ask(home: Path) -> None:
    file = home / ".config" / "opencode" / "opencode.json"
    settings = json.loads(file.read_text())
    file.write_text(json.dumps({**settings, "permission": {"bash": "ask", "edit": "ask"}}))


def _save(tool: Tool, name: str, folder: Path, command: AgentCommand, made: Turn, case: Case) -> None:
    def clean(data: bytes) -> bytes:
        for path, other in ((folder, "/home/me/proj"), (ROOT, "/home/me/agents"), (Path.home(), "/home/me")):
            data = data.replace(str(path).encode(), other.encode())
            data = data.replace(str(path).replace("/", "-").encode(), other.replace("/", "-").encode())
        return data

    DATA.mkdir(exist_ok=True)
    place = DATA / tool.name
    place.mkdir(exist_ok=True)
    base = place / name
    base.with_name(f"{name}.jsonl").write_bytes(clean(made.stdout))
    if made.stderr:
        base.with_name(f"{name}.stderr").write_bytes(clean(made.stderr))
    code = made.exit_code
    timed_out = made.seconds >= case.timeout
    meta: dict[str, Any] = {
        "tool": tool.name,
        "argv": [clean(word.encode()).decode() for word in command.argv],
        "exit_code": code,
        "seconds": round(made.seconds, 2),
        "timed_out_by_us": timed_out,
        "first_stdout_s": 0.0,
        "last_stdout_s": round(made.seconds, 2),
    }
    base.with_name(f"{name}.meta.json").write_text(json.dumps(meta, indent=1) + "\n")


def main() -> int:
    alone("tests.agents.record")
    os.umask(0o077)
    wanted = sys.argv[1:]
    for tool in installed()[0]:
        if wanted and tool.name != wanted[0]:
            continue
        for name, case in CASES[tool.name].items():
            if not wanted[1:] or name in wanted[1:]:
                record(tool, name, case)
    return 0


if __name__ == "__main__":
    sys.exit(main())
