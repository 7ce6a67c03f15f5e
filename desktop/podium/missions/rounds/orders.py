"""What the person asks of a mission while it runs, beside ending it: comments, and other settings."""

from typing import Final

from podium.core.missions.spec import Mission
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.requests import ControlCommand
from podium.missions.rounds.desk import Desk
from podium.missions.rounds.run_settings import Wanted, applied, read_config, remember
from podium.missions.rounds.selection import memory_of
from podium.missions.text import cost, count, one_line, shortened
from podium.missions.turns.comments import LONGEST, as_comment, say_to

_SHOWN: Final = 300
"""Columns of a comment in the log; agents hear all of it."""


class Orders:
    """Carries requests out on ``desk``. ``file`` is the mission as its file has it. Nothing in here raises."""

    def __init__(self, desk: Desk, file: Mission) -> None:
        self._desk = desk
        self._file = file

    def obey(self, request: ControlRequest) -> None:
        """A ``comment`` or ``config``; on disk when this returns."""
        if request.command is ControlCommand.COMMENT:
            self._comment(request.text)
        elif request.command is ControlCommand.CONFIG:
            self._config(read_config(request.text))

    def say_settings(self) -> None:
        """A run that goes on goes on with what was set for it: say so, for the file says something else."""
        settings = self._desk.state.settings
        self._say(Wanted(settings.model or None, settings.budget_usd, settings.max_rounds), "")

    def say_unheard(self) -> None:
        """The mission has come to its end: say so if the last comment came too late for everybody."""
        memories = [memory_of(self._desk.state, agent) for agent in self._file.agents]
        if all(memory.comments for memory in memories):
            self._desk.tell("The last comment came too late: no agent has heard it")

    def _comment(self, text: str) -> None:
        desk = self._desk
        whole = as_comment(text)
        comment = whole[:LONGEST]
        if not comment:
            desk.tell("An empty comment was passed over")
            return
        memories = [memory_of(desk.state, agent) for agent in self._file.agents]
        kept = [say_to(memory, comment) for memory in memories]
        desk.save()
        desk.tell(f"Comment: {shortened(one_line(comment), _SHOWN)}")
        if comment != whole:
            desk.tell(f"Agents hear its first {LONGEST:,} characters; put the rest into a file and name it")
        if not all(kept):
            desk.tell("Older comments that nobody has heard yet were dropped for it")

    def _config(self, wanted: Wanted) -> None:
        desk = self._desk
        remember(desk.state.settings, wanted, self._file)
        desk.change(applied(desk.state.settings, self._file))
        desk.save()
        self._say(wanted, " from now on")
        for fault in wanted.faults:
            desk.tell(f"Passed over in a config: {one_line(fault)}")

    def _say(self, wanted: Wanted, since: str) -> None:
        desk = self._desk
        if wanted.model is not None:
            desk.tell(
                f"Agents that name no model use {wanted.model}{' from their next turns on' if since else ''}"
            )
        if wanted.budget_usd is not None:
            desk.tell(f"The mission’s budget is {cost(wanted.budget_usd)}{since}")
        if wanted.max_rounds is not None:
            desk.tell(f"{count(wanted.max_rounds, 'round')} at most{since}")
