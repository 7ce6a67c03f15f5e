"""A scripted agent at work: it really edits, runs and commits; only its thinking time and its price are made up."""

import os
import subprocess
import time
from pathlib import Path
from typing import Final

from podium.core.protocol.events import AgentComplete, AgentError, FilesChanged
from podium.core.protocol.program_channels import EventWriter
from podium.core.system.processes import NO_CONSOLE
from podium.demo.git import commit
from podium.demo.script import Step, Turn
from podium.repositories.git import GitError

SPEED: Final = "PODIUM_DEMO_SPEED"
"""The factor by which the agents work faster than a person; tests set it."""

_RED, _GREEN, _YELLOW, _MAGENTA, _CYAN, _DIM = "31", "32", "33", "35", "36", "90"
_SHOWN_CHANGES: Final = 6
_RUN_TIMEOUT: Final = 60.0


class StepFailed(Exception):
    """A step that can't be done; the message says why."""


class ScriptedAgent:
    """Plays one turn in ``folder`` and reports how it went."""

    def __init__(self, turn: Turn, folder: Path, events: EventWriter, speed: float) -> None:
        self._turn = turn
        self._folder = folder
        self._events = events
        self._speed = speed
        self._changed: list[str] = []

    def play(self) -> int:
        """Return the exit code: 0, or 1 if the turn failed."""
        turn = self._turn
        started = time.monotonic()
        reason = turn.fails
        try:
            for step in turn.steps:
                time.sleep(step.wait / self._speed)
                self._do(step)
        except (StepFailed, GitError, OSError) as error:
            reason = str(error)
        seconds = time.monotonic() - started
        if reason:
            _say("Failed", _paint(reason, _RED))
            self._events.write(AgentError(turn.agent, turn.round, seconds, reason, turn.cost, simulated=True))
            return 1
        self._events.write(
            AgentComplete(turn.agent, turn.round, seconds, turn.cost, simulated=True, summary=turn.summary)
        )
        return 0

    def _do(self, step: Step) -> None:
        if step.say:
            print(step.say, flush=True)
        elif step.read:
            lines = len(self._read(step.read).splitlines())
            _say("Read", f"{_paint(step.read, _CYAN)} {_paint(f'({lines} lines)', _DIM)}")
        elif step.run:
            self._run(step.run)
        elif step.edit:
            self._edit(step)
        elif step.write:
            self._write(step.write, step.text)
            _say("Write", f"{_paint(step.write, _CYAN)} {_paint(f'+{len(step.text.splitlines())}', _GREEN)}")
        elif step.commit:
            self._commit(step.commit)

    def _read(self, name: str) -> str:
        return (self._folder / name).read_text(encoding="utf-8")

    def _write(self, name: str, text: str) -> None:
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        # The other agents and a shell look at the same files: they see the old or the new text, nothing between.
        new = path.with_name(f".{path.name}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(path)
        if name not in self._changed:
            self._changed.append(name)

    def _edit(self, step: Step) -> None:
        text = self._read(step.edit)
        if step.replace in text and step.find not in text:
            _say("Edit", f"{_paint(step.edit, _CYAN)} {_paint('is so already', _DIM)}")
            return
        if text.count(step.find) != 1:
            raise StepFailed(f"{step.edit} is not as expected")
        self._write(step.edit, text.replace(step.find, step.replace))
        old, new = step.find.strip("\n").splitlines(), step.replace.strip("\n").splitlines()
        added = [line for line in new if line not in old]
        removed = [line for line in old if line not in new]
        counts = f"{_paint(f'+{len(added)}', _GREEN)} {_paint(f'-{len(removed)}', _RED)}"
        _say("Edit", f"{_paint(step.edit, _CYAN)} {counts}")
        for sign, colour, lines in (("-", _RED, removed), ("+", _GREEN, added)):
            for line in lines[:_SHOWN_CHANGES]:
                print(_paint(f"{sign} {line}", colour), flush=True)

    def _run(self, command: str) -> None:
        try:
            done = subprocess.run(
                ["sh", "-c", command],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_RUN_TIMEOUT,
                creationflags=NO_CONSOLE,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise StepFailed(f"“{command}” did not end within {_RUN_TIMEOUT:g} s") from None
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        result = lines[-1] if lines else f"exited with {done.returncode}"
        mark = _paint("✓", _GREEN) if done.returncode == 0 else _paint("✗", _RED)
        _say("Bash", f"{command} {mark} {_paint(result, _GREEN if done.returncode == 0 else _YELLOW)}")

    def _commit(self, message: str) -> None:
        files = tuple(self._changed)
        number = commit(self._folder, self._turn.agent, message, files) if files else ""
        self._changed.clear()
        if number:
            _say("Commit", f"{_paint(number, _MAGENTA)} {message}")
            self._events.write(FilesChanged(files))
        else:
            _say("Commit", _paint("nothing has changed", _DIM))


def idle_turn(agent: str, round_number: int) -> Turn:
    """The turn of an agent in a round for which its script has nothing."""
    return Turn(agent, round_number, 0.01, (Step(say="Nothing is left to do"),), "nothing left to do")


def demo_speed() -> float:
    """The factor from the environment; 1 when it is not a usable number."""
    try:
        speed = float(os.environ.get(SPEED, "1"))
    except ValueError:
        return 1.0
    return speed if 0.01 <= speed <= 10_000 else 1.0


def _say(what: str, text: str) -> None:
    print(f"{what:<6} {text}", flush=True)


def _paint(text: str, colour: str) -> str:
    # The mission passes colours on to the terminal, or takes them out where none are wanted.
    return f"\x1b[{colour}m{text}\x1b[0m"
