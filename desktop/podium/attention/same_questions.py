"""The same question of several agents, so that a person answers it once."""

from collections.abc import Hashable, Iterable
from typing import Final

import msgspec

from podium.attention.signals import Attention
from podium.core.ids import InstanceId
from podium.core.protocol.attention import MAX_ASKED, Question, QuestionKind

_ALONE: Final = object()


class Waiting(msgspec.Struct, frozen=True):
    """An instance that waits for a person. ``tool`` is an adapter's name, "" for a program that none knows."""

    instance: InstanceId
    tool: str
    attention: Attention


class Group(msgspec.Struct, frozen=True):
    """Those that ask the same, the oldest question first. At least one."""

    members: tuple[Waiting, ...]

    @property
    def first(self) -> Waiting:
        return self.members[0]

    @property
    def since(self) -> float:
        """Since when the oldest waits, of the clock of its attention."""
        return self.first.attention.since

    @property
    def instances(self) -> tuple[InstanceId, ...]:
        return tuple(member.instance for member in self.members)


def group(waiting: Iterable[Waiting]) -> list[Group]:
    """``waiting`` by what they ask, the oldest question first.

    A question is the same when the same tool asks for the same in the same words, and shows the same with it; blanks
    make no difference. A question that is not on the screen of a known tool, or is there only in part, is alone.
    """
    groups: dict[Hashable, list[Waiting]] = {}
    for one in sorted(waiting, key=lambda one: (one.attention.since, one.instance)):
        asked = one.attention.asked
        key = _key(one.tool, asked) if asked is not None else None
        groups.setdefault(key if key is not None else (_ALONE, one.instance), []).append(one)
    return [Group(tuple(members)) for members in groups.values()]


def is_same(tool: str, asked: Question, other_tool: str, other: Question) -> bool:
    """Whether two tools ask the same, so that one answer is meant for both."""
    key = _key(tool, asked)
    return key is not None and key == _key(other_tool, other)


def _key(tool: str, asked: Question) -> Hashable | None:
    """What is the same for questions that are; None for one that is like no other."""
    if not tool or not asked.shown or not (asked.text or asked.subject) or _is_cut(asked):
        return None
    options = tuple(map(_words, asked.options)) if asked.kind is QuestionKind.CHOICE else ()
    return tool, asked.kind, _words(asked.text), _words(asked.subject), options, asked.shown


def _is_cut(asked: Question) -> bool:
    """What follows may be different."""
    return any(len(text) >= MAX_ASKED for text in (asked.text, asked.subject))


def _words(text: str) -> str:
    return " ".join(text.split())
