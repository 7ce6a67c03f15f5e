"""The driver of any command: its exit code decides, its lines are shown."""

import asyncio
import re
from collections.abc import Callable, Set
from pathlib import PurePath
from typing import Final

from podium.core.missions.spec import AgentSpec
from podium.missions.processes import Ending, Lines
from podium.missions.text import clean
from podium.missions.turns.agent_driver import AttemptCallbacks, Start, Task, says_done
from podium.missions.turns.results import AttemptResult

TRY_LATER: Final = 75
"""EX_TEMPFAIL of sysexits.h: the program asks to be tried again."""
_STILL_TRYING = re.compile(
    r"^\W*(?:reconnecting|retrying|waiting for (?:the )?network|still trying)\b", re.IGNORECASE
)


class ShownLines(Lines):
    """A program's lines in the log; ``last`` is the last one that says something."""

    def __init__(self, callbacks: AttemptCallbacks) -> None:
        super().__init__(self._line)
        self._callbacks = callbacks
        self.last = ""

    async def ready(self, exited: asyncio.Event) -> None:
        await self._callbacks.wait(exited)

    def _line(self, line: bytes) -> None:
        text = clean(line)
        if not text:
            return
        # Saying the same again, or that it is still trying, is not getting on.
        if text != self.last and not _STILL_TRYING.match(text):
            self._callbacks.progress()
        self.last = text
        self._callbacks.show(text)


class CommandDriver:
    """Gives the task in ``PODIUM_PROMPT``, ``PODIUM_MODEL`` and ``PODIUM_SESSION``, and for the same in braces."""

    def __init__(
        self,
        agent: AgentSpec,
        task: Task,
        callbacks: AttemptCallbacks,
        tools: Callable[[], Set[str]] = frozenset,
    ) -> None:
        """``tools`` lists the programs of known tools; they are paid for, however they are started."""
        self._agent = agent
        self._tools = tools
        self._task = task
        self.output = ShownLines(callbacks)
        self.errors = None

    @property
    def simulates(self) -> bool:
        words = (PurePath(word).name for part in self._agent.command for word in _SHELL_WORD.findall(part))
        return self._tools().isdisjoint(words)

    def start(self) -> Start:
        task = self._task
        words = {"{prompt}": task.prompt, "{model}": task.model, "{session}": task.session}
        argv = tuple(_filled(word, words) for word in self._agent.command)
        environment = {
            "PODIUM_PROMPT": task.prompt,
            "PODIUM_MODEL": task.model,
            "PODIUM_SESSION": task.session,
        }
        return Start(argv, environment)

    def result(self, ending: Ending, failure: str) -> AttemptResult:
        return AttemptResult(
            failure,
            done=not failure and says_done(self.output.last),
            transient=ending.code == TRY_LATER and not ending.made_to,
        )


_SHELL_WORD = re.compile(r"[^\s;&|()<>'\"`$=]+")
_WORD = re.compile(r"\{(?:prompt|model|session)\}")


def _filled(text: str, words: dict[str, str]) -> str:
    # In one pass: a prompt that holds “{model}” keeps it.
    return _WORD.sub(lambda match: words[match[0]], text)
