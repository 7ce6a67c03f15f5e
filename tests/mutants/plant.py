"""One fault to plant, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """What the tests said of a planted fault."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    STALE = "STALE"
    """The source no longer holds the text once, or the tests fail without the fault: the row has to be mended."""


@dataclass(frozen=True, slots=True)
class Plant:
    """A fault: in ``file`` (below ``desktop/podium``) ``old`` becomes ``new``, and ``tests`` (below ``tests``) have to
    fail. ``room`` is the name of its table.
    """

    room: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        before, after = (" ".join(text.split()) for text in (self.old, self.new))
        return f"{self.file}: {before or 'nothing'} → {after or 'nothing'}"

    def belongs_to(self, part: str) -> bool:
        """Whether ``part`` is a piece of the room's name or of the file's path."""
        return part in self.room or part in self.file

    def applied(self, source: str) -> str:
        """``source`` with the fault in it. Raises ValueError if ``old`` is not there exactly once, or if what comes of
        it is no Python: every test would notice that.
        """
        if (found := source.count(self.old)) != 1:
            raise ValueError(f"{self.file} holds {self.old!r} {found} times, not once")
        planted = source.replace(self.old, self.new)
        try:
            compile(planted, self.file, "exec")
        except SyntaxError as error:
            raise ValueError(f"{self.file} with {self.new!r} is no Python: {error}") from None
        return planted


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one plant, with the failing test or the reason."""

    plant: Plant
    outcome: Outcome
    detail: str = ""


def source_of(root: Path, plant: Plant) -> Path:
    return root / "desktop" / "podium" / plant.file
