"""What the person says to a mission that runs: each agent hears it once, in its next turn."""

from collections.abc import Iterable
from typing import Final

from podium.core.missions.state import AgentMemory, TurnState

LONGEST: Final = 8_000
"""Characters one turn hears; what was said last counts most."""
_HEADING: Final = "The person you work for says:"


def as_comment(text: str) -> str:
    """``text`` as a program can be given it, whole: no NUL or other control characters, no halves of characters."""
    kept = "".join(character for character in text if character >= " " or character in "\n\t")
    return kept.encode("utf-8", "ignore").decode().strip()


def say_to(memory: AgentMemory, comment: str) -> bool:
    """Its next turn is to hear ``comment``. False if older ones had to go for it."""
    comments = [*memory.comments, comment]
    memory.comments = _latest(comments)
    return len(memory.comments) == len(comments)


def hear(memory: AgentMemory, turn: TurnState) -> None:
    """``turn`` begins, or goes on: it hears what has been said meanwhile."""
    turn.comments = _latest([*turn.comments, *memory.comments])
    memory.comments = []


def unheard(memory: AgentMemory, turn: TurnState) -> None:
    """``turn`` never came to its program: the next one is to hear it."""
    memory.comments = _latest([*turn.comments, *memory.comments])
    turn.comments = []


def told(feedback: str, comments: Iterable[str]) -> str:
    """What a turn hears beside its task, or ""."""
    said = "\n\n".join(comments)
    return "\n\n".join(part for part in (feedback, f"{_HEADING}\n{said}" if said else "") if part)


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
