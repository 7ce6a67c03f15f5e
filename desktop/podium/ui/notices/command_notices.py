"""Notices of commands that took long and ended where nobody was looking."""

from collections.abc import Callable
from typing import Final

from podium.core.ids import InstanceId
from podium.core.protocol.reports import CommandEndedReport, NoticeReport
from podium.workspace.workspace import Workspace

_USUAL: Final = 10


class CommandNotices:
    """Posts them by the workspace, as those that programs ask for."""

    def __init__(self, workspace: Workspace, is_watched: Callable[[InstanceId], bool]) -> None:
        self.least_seconds = _USUAL
        """What takes less is not told; 0: nothing is."""
        self._workspace = workspace
        self._is_watched = is_watched

    def on_ended(self, instance: InstanceId, report: CommandEndedReport) -> None:
        """A command of ``instance`` has ended."""
        if not self.least_seconds or report.seconds < self.least_seconds or self._is_watched(instance):
            return
        self._workspace.notify(instance, NoticeReport("", notice_text(report)), None)


def notice_text(report: CommandEndedReport) -> str:
    """``make test ended with exit code 2 after 3:12.``"""
    command = report.command or "A command"
    code = f" with exit code {report.exit_code}" if report.exit_code else ""
    # A clock that is read a moment early must not take a second off.
    whole = round(report.seconds)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    took = f"{whole} s" if whole < 60 else clock
    return f"{command} ended{code} after {took}."
