"""What stands beside a prompt: a mark at the left, and words at the row's right end. Qt-free."""

from enum import Enum, auto
from typing import Final, NamedTuple

from podium.core.protocol.marks import CommandState, ShellCommand

LEAST_SECONDS: Final = 1.0
"""What takes less is not told."""


class Mark(Enum):
    NONE = auto()
    SUCCEEDED = auto()
    FAILED = auto()
    RUNNING = auto()


class RowNote(NamedTuple):
    mark: Mark
    text: str = ""


def row_note(command: ShellCommand, seconds: float | None, *, live: bool) -> RowNote:
    """The note for ``command``, which took ``seconds`` or has taken them until now; ``live``: its shell still runs."""
    told = seconds is not None and seconds >= LEAST_SECONDS
    match command.state:
        case CommandState.RUNNING if live:
            return RowNote(Mark.RUNNING, f"running {clock_text(seconds)}" if told and seconds else "")
        case CommandState.ENDED if command.exit_code is not None:
            took = duration_text(seconds) if told and seconds else ""
            if command.exit_code == 0:
                return RowNote(Mark.SUCCEEDED, took)
            code = f"exit {command.exit_code}"
            return RowNote(Mark.FAILED, f"{code} · {took}" if took else code)
    return RowNote(Mark.NONE)


def duration_text(seconds: float) -> str:
    """``2.1 s``, ``3:12``, ``1:04:09``."""
    return f"{seconds:.1f} s" if seconds < 59.95 else clock_text(round(seconds))


def clock_text(seconds: float) -> str:
    """``0:07``, ``3:12``, ``1:04:09``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
