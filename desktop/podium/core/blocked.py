"""How long programs waited for a person."""

import msgspec


class Blocked(msgspec.Struct, frozen=True):
    """A sum of waits."""

    seconds: float = 0.0
    questions: int = 0
    """How often it began to wait."""
    longest: float = 0.0
    """Seconds of the longest wait, from its question on."""

    def __add__(self, other: "Blocked") -> "Blocked":
        return Blocked(
            self.seconds + other.seconds,
            self.questions + other.questions,
            max(self.longest, other.longest),
        )
