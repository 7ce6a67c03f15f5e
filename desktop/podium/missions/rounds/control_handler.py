"""Handling requests to a mission that runs, other than to end it: comments and settings."""

from typing import Final

from podium.core.missions.spec import Mission
from podium.core.protocol.program_channels import ControlRequest
from podium.core.protocol.requests import ControlCommand
from podium.missions.rounds.mission_context import MissionContext
from podium.missions.rounds.run_settings import Wanted, applied, read_config, remember
from podium.missions.rounds.selection import memory_of
from podium.missions.text import cost, count, one_line, shortened
from podium.missions.turns.comments import LONGEST, as_comment, queue_comment

_SHOWN: Final = 300
"""Columns of a comment in the log; agents get all of it."""


class ControlHandler:
    """Carries requests out on ``context``. ``file`` is the mission as its file has it. No method raises."""

    def __init__(self, context: MissionContext, file: Mission) -> None:
        self._context = context
        self._file = file

    def handle(self, request: ControlRequest) -> None:
        """A ``comment`` or ``config``; on disk when this returns."""
        if request.command is ControlCommand.COMMENT:
            self._comment(request.text)
        elif request.command is ControlCommand.CONFIG:
            self._config(read_config(request.text))

    def say_settings(self) -> None:
        """Say which settings a resumed run keeps: the file says something else."""
        settings = self._context.state.settings
        self._say(Wanted(settings.model or None, settings.budget_usd, settings.max_rounds), "")

    def say_missed_comment(self) -> None:
        """At the end of the mission, say if the last comment came too late for every agent."""
        memories = [memory_of(self._context.state, agent) for agent in self._file.agents]
        if all(memory.comments for memory in memories):
            self._context.report("The last comment came too late: no agent has heard it")

    def _comment(self, text: str) -> None:
        context = self._context
        whole = as_comment(text)
        comment = whole[:LONGEST]
        if not comment:
            context.report("An empty comment was passed over")
            return
        memories = [memory_of(context.state, agent) for agent in self._file.agents]
        kept = [queue_comment(memory, comment) for memory in memories]
        context.save()
        context.report(f"Comment: {shortened(one_line(comment), _SHOWN)}")
        if comment != whole:
            context.report(
                f"Agents hear its first {LONGEST:,} characters; put the rest into a file and name it"
            )
        if not all(kept):
            context.report("Older comments that nobody has heard yet were dropped for it")

    def _config(self, wanted: Wanted) -> None:
        context = self._context
        remember(context.state.settings, wanted, self._file)
        context.change(applied(context.state.settings, self._file))
        context.save()
        self._say(wanted, " from now on")
        for fault in wanted.faults:
            context.report(f"Passed over in a config: {one_line(fault)}")

    def _say(self, wanted: Wanted, since: str) -> None:
        context = self._context
        if wanted.model is not None:
            context.report(
                f"Agents that name no model use {wanted.model}{' from their next turns on' if since else ''}"
            )
        if wanted.budget_usd is not None:
            context.report(f"The mission’s budget is {cost(wanted.budget_usd)}{since}")
        if wanted.max_rounds is not None:
            context.report(f"{count(wanted.max_rounds, 'round')} at most{since}")
