"""Choosing a link by keys: each has a label, and typing a label opens or copies its link. Qt-free."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final, NamedTuple

from podium.core.links.targets import Target
from podium.ui.terminal.links.labels import ALPHABET, labels
from podium.ui.terminal.links.scan import Link

MAX_HINTS: Final = 500
"""Links that get a label; the first of them count."""


class Phase(Enum):
    """Hints go from OFF over LOOKING, while links are looked up, to SHOWN, and back to OFF."""

    OFF = auto()
    LOOKING = auto()
    SHOWN = auto()


class Act(Enum):
    OPEN = auto()
    COPY = auto()


class Choice(NamedTuple):
    """The link whose label was typed, and what is to be done with it."""

    act: Act
    target: Target


class Hint(NamedTuple):
    """``typed`` of its letters are typed already."""

    label: str
    link: Link
    typed: int = 0


class Hints:
    """The labels of one view."""

    def __init__(self) -> None:
        self.phase = Phase.OFF
        self._hints: list[Hint] = []
        self._typed = ""

    @property
    def on(self) -> bool:
        """Whether keys are for the hints, and not for the program."""
        return self.phase is not Phase.OFF

    def begin(self) -> None:
        """Links are being looked up."""
        self._forget(Phase.LOOKING)

    def show(self, links: Sequence[Link]) -> bool:
        """Give the links their labels; False, and the hints are off, when there are none or nobody waits for them."""
        if self.phase is not Phase.LOOKING or not links:
            self.leave()
            return False
        links = links[:MAX_HINTS]
        self.phase = Phase.SHOWN
        self._hints = [Hint(label, link) for label, link in zip(labels(len(links)), links, strict=True)]
        return True

    def leave(self) -> None:
        self._forget(Phase.OFF)

    def drop_lines(self, lines: Sequence[int]) -> None:
        """The text of these lines is another one now."""
        if self.phase is not Phase.SHOWN:
            return
        self._hints = [hint for hint in self._hints if not any(one.line in lines for one in hint.link.spans)]
        if not self.matching():
            self.leave()

    def matching(self) -> list[Hint]:
        """The hints whose labels begin with what was typed."""
        size = len(self._typed)
        return [hint._replace(typed=size) for hint in self._hints if hint.label.startswith(self._typed)]

    def type(self, letter: str, *, copy: bool) -> Choice | None:
        """A key: a letter of the alphabet of labels, or anything else, which leaves. The choice, once it is made."""
        known = len(letter) == 1 and letter in ALPHABET
        if self.phase is Phase.LOOKING and known:
            return None  # Labels can't have been read yet.
        self._typed += letter
        found = self.matching() if known else []
        if not found:
            self.leave()
        elif found[0].label == self._typed:
            self.leave()
            return Choice(Act.COPY if copy else Act.OPEN, found[0].link.target)
        return None

    def erase(self) -> None:
        """Take the last letter back; without one, leave."""
        if not self._typed:
            self.leave()
        self._typed = self._typed[:-1]

    def _forget(self, phase: Phase) -> None:
        self.phase = phase
        self._hints = []
        self._typed = ""
