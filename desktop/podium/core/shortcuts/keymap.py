"""Which chords each command has, and where two want the same one. Bytes of no file here, see ``file``."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from podium.core.commands import COMMANDS, ArgumentType, Command, CommandId
from podium.core.shortcuts.keys import Chord, Stroke, parse_chord

MOST_CHORDS: Final = 8
"""Chords of one command. A numbered one has as many as it has numbers."""


class Conflict(msgspec.Struct, frozen=True):
    """Two commands that want the same keys: only ``kept`` has them."""

    chord: Chord
    kept: CommandId
    loser: CommandId


class Keymap:
    """The chords of all commands. It never changes; ``changed`` makes another one."""

    def __init__(self, chords: Mapping[CommandId, tuple[Chord, ...]]) -> None:
        """Commands that are not named have no keys. Of two that want the same keys, the one that stands later in the
        command table loses them.
        """
        self._chords: dict[CommandId, tuple[Chord, ...]] = {}
        self._owners: dict[Chord, tuple[CommandId, int]] = {}
        self._firsts: set[Stroke] = set()
        self.conflicts: tuple[Conflict, ...] = ()
        """Those of the chords that were asked for, in the order of the commands."""
        lost: list[Conflict] = []
        for row in COMMANDS:
            kept: list[Chord] = []
            for number, chord in enumerate(chords.get(row.id, ()), start=1):
                owner = self.clash(chord)
                if owner is not None:
                    if chord not in kept:  # Else it only stands twice.
                        lost.append(Conflict(chord, owner, row.id))
                else:
                    kept.append(chord)
                    self._owners[chord] = (row.id, number if row.argument is ArgumentType.NUMBER else 0)
                    if len(chord) > 1:
                        self._firsts.add(chord[0])
            self._chords[row.id] = tuple(kept)
        self.conflicts = tuple(lost)

    def chords(self, command: CommandId) -> tuple[Chord, ...]:
        """Of a numbered command, the one for 1 first."""
        return self._chords[command]

    def bound(self, chord: Chord) -> tuple[CommandId, int] | None:
        """The command that has ``chord``, and its number; 0 without one."""
        return self._owners.get(chord)

    def begins(self, stroke: Stroke) -> bool:
        """Whether a chord of two strokes begins with this one."""
        return stroke in self._firsts

    def clash(self, chord: Chord) -> CommandId | None:
        """The command that keeps ``chord`` from being bound: it has it, or a chord that begins as this one does."""
        return next((command for one, (command, _) in self._owners.items() if _clash(one, chord)), None)

    def changed(self, command: CommandId, chords: Iterable[Chord]) -> "Keymap":
        """The map with other chords for ``command``, which takes them from those that had them."""
        wanted = tuple(dict.fromkeys(chords))
        taken = {id: without(own, wanted) for id, own in self._chords.items()}
        return Keymap({**taken, command: wanted})

    def all(self) -> Mapping[CommandId, tuple[Chord, ...]]:
        return self._chords


def without(chords: tuple[Chord, ...], taken: Iterable[Chord]) -> tuple[Chord, ...]:
    """Those of ``chords`` that none of ``taken`` keeps from being bound."""
    others = tuple(taken)
    return tuple(one for one in chords if not any(_clash(one, other) for other in others))


def _clash(one: Chord, other: Chord) -> bool:
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def usual_chords(row: Command) -> tuple[Chord, ...]:
    """The chords that a row of the command table gives."""
    return tuple(map(parse_chord, row.keys))


def usual_keymap() -> Keymap:
    """Podium's own keys on this platform."""
    return Keymap({row.id: usual_chords(row) for row in COMMANDS})
