"""Comments of the person on a mission that runs: each agent gets each comment once, in its next turn."""

from collections.abc import Iterable
from typing import Final

from podium.core.missions.state import AgentMemory, TurnState

LONGEST: Final = 8_000
"""Characters of comments that one turn gets; the newest count most."""
_HEADING: Final = "The person you work for says:"


def as_comment(text: str) -> str:
    """``text`` as a program can be given it, whole: no NUL or other control characters, no halves of characters."""
    kept = "".join(character for character in text if character >= " " or character in "\n\t")
    return kept.encode("utf-8", "ignore").decode().strip()


def queue_comment(memory: AgentMemory, comment: str) -> bool:
    """Keep ``comment`` for the agent's next turn. False if older ones were dropped for it."""
    comments = [*memory.comments, comment]
    memory.comments = _latest(comments)
    return len(memory.comments) == len(comments)


def take_comments(memory: AgentMemory, turn: TurnState) -> None:
    """Give the queued comments to ``turn``, which begins or goes on."""
    turn.comments = _latest([*turn.comments, *memory.comments])
    memory.comments = []


def return_comments(memory: AgentMemory, turn: TurnState) -> None:
    """Queue the comments of ``turn`` again: its program was never started."""
    memory.comments = _latest([*turn.comments, *memory.comments])
    turn.comments = []


def feedback_text(feedback: str, comments: Iterable[str]) -> str:
    """The text that a turn gets beside its task, or ""."""
    text = "\n\n".join(comments)
    return "\n\n".join(part for part in (feedback, f"{_HEADING}\n{text}" if text else "") if part)


def _latest(comments: list[str]) -> list[str]:
    """The newest that fit."""
    kept: list[str] = []
    left = LONGEST
    for comment in reversed(comments):
        left -= len(comment)
        if left < 0:
            break
        kept.insert(0, comment)
    return kept
