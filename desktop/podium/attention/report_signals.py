"""A session's reports as signals for a classifier."""

from typing import Final

from podium.attention.signals import Claim, Said, ScreenSaid, Signal, Source, Wrote
from podium.core.protocol.attention import AgentScreen, PromptSaid, StatusSaid
from podium.core.protocol.reports import NoticeReport, OutputReport, ProgressReport, ProgressState, Report

Telling = AgentScreen | StatusSaid | PromptSaid | NoticeReport | ProgressReport | OutputReport
"""The reports that say anything here."""
TELLING: Final[tuple[type[Telling], ...]] = (
    AgentScreen,
    StatusSaid,
    PromptSaid,
    NoticeReport,
    ProgressReport,
    OutputReport,
)

_STATUS_CLAIMS: Final = {
    "working": Claim.BUSY,
    "blocked": Claim.WAITING,
    "idle": Claim.IDLE,
    "done": Claim.DONE,
    "clear": Claim.NOTHING,
}
_PROGRESS_CLAIMS: Final = {
    ProgressState.NONE: Claim.NOTHING,
    ProgressState.NORMAL: Claim.BUSY,
    ProgressState.UNKNOWN: Claim.BUSY,
    ProgressState.PAUSED: Claim.IDLE,
    ProgressState.ERROR: Claim.FAILED,
}
_ASKS: Final = ("permission", "approv", "needs your", "action required", "confirm", "question")
"""In notices of tools that ask something."""
_ENDS: Final = ("complete", "finished", "is done", "waiting for your input")
"""In notices of tools that have done what they were asked to."""
_LONG: Final = 10.0
"""Seconds from which on it is worth a person's look that a command has ended."""


def signal_of(report: Report) -> Signal | None:
    """What ``report`` says; None when that is nothing of this."""
    match report:
        case AgentScreen():
            return ScreenSaid(report)
        case StatusSaid(state=state, message=message):
            if (claim := _STATUS_CLAIMS.get(state)) is not None:
                return Said(Source.STATUS, claim, message if claim is Claim.WAITING else "")
        case PromptSaid():
            return Said(Source.PROMPT, _prompt_claim(report))
        case NoticeReport(title=title, body=body):
            if (claim := _notice_claim(f"{title} {body}".casefold())) is not None:
                return Said(Source.NOTICE, claim, (body or title) if claim is Claim.WAITING else "")
        case ProgressReport(state=state):
            return Said(Source.PROGRESS, _PROGRESS_CLAIMS[state])
        case OutputReport(size=size):
            return Wrote(size)
    return None


def _prompt_claim(said: PromptSaid) -> Claim:
    if not said.at_prompt:
        return Claim.BUSY
    if said.seconds is None or said.seconds < _LONG:
        return Claim.IDLE
    return Claim.FAILED if said.exit_code else Claim.DONE


def _notice_claim(text: str) -> Claim | None:
    """A notice that says neither is for the person to read, and changes nothing."""
    if any(part in text for part in _ASKS):
        return Claim.WAITING
    return Claim.DONE if any(part in text for part in _ENDS) else None
