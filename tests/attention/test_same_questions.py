"""Which questions of several agents are the same one."""

import msgspec
import pytest

from podium.attention.same_questions import Group, Waiting, group
from podium.attention.signals import Attention, AttentionState, Source
from podium.core.ids import InstanceId
from podium.core.protocol.attention import MAX_ASKED, Question, QuestionKind

ASKED = Question(
    QuestionKind.PERMISSION, "Do you want to proceed?", "make clean", ("Yes", "No"), "1", "2", shown="a1"
)
CHOICE = Question(QuestionKind.CHOICE, "Which colour?", "", ("Red", "Blue"), shown="b2")


def asks(instance: str, asked: Question | None = ASKED, tool: str = "claude", since: float = 1.0) -> Waiting:
    text = asked.text if asked is not None else "Claude needs your permission to use Bash"
    attention = Attention(AttentionState.WAITING, Source.SCREEN, since, text, asked, tool)
    return Waiting(InstanceId(instance), tool, attention)


def changed(asked: Question = ASKED, **fields: object) -> Question:
    return msgspec.structs.replace(asked, **fields)


def together(groups: list[Group]) -> list[tuple[str, ...]]:
    return [one.instances for one in groups]


def test_four_that_ask_the_same_are_one_group_with_the_oldest_first() -> None:
    groups = group([asks("a", since=3), asks("b", since=1), asks("c", since=4), asks("d", since=2)])
    assert together(groups) == [("b", "d", "a", "c")]
    assert (groups[0].since, groups[0].first.instance) == (1, "b")


def test_the_group_with_the_oldest_question_comes_first() -> None:
    other = changed(subject="make test")
    groups = group(
        [asks("a", since=5), asks("b", other, since=2), asks("c", since=1), asks("d", other, since=9)]
    )
    assert together(groups) == [("c", "a"), ("b", "d")]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(changed(text="Do  you want\tto proceed?"), id="blanks in the words"),
        pytest.param(changed(subject=" make   clean "), id="blanks in the command"),
        pytest.param(
            changed(options=("Yes", "Yes, always in /b", "No"), deny="3"), id="options that name a folder"
        ),
        pytest.param(changed(allow="2 Return"), id="another row is chosen"),
    ],
)
def test_what_makes_no_difference(other: Question) -> None:
    assert together(group([asks("a"), asks("b", other)])) == [("a", "b")]


@pytest.mark.parametrize(
    ("other", "tool"),
    [
        pytest.param(ASKED, "codex", id="another tool"),
        pytest.param(ASKED, "", id="no tool that is known"),
        pytest.param(changed(subject="make clean install"), "claude", id="another command"),
        pytest.param(changed(text="Do you want to run it outside?"), "claude", id="other words"),
        pytest.param(changed(kind=QuestionKind.TRUST), "claude", id="another kind"),
        pytest.param(None, "claude", id="it is not on its screen"),
        pytest.param(changed(shown="c3"), "claude", id="another change is shown above the same words"),
    ],
)
def test_what_is_another_question(other: Question | None, tool: str) -> None:
    assert together(group([asks("a"), asks("b", other, tool)])) == [("a",), ("b",)]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(None, id="only told"),
        pytest.param(changed(text="", subject=""), id="without a word"),
        pytest.param(changed(subject="x" * MAX_ASKED), id="the command is cut: its end may differ"),
        pytest.param(changed(text="x" * MAX_ASKED), id="the words are cut"),
        pytest.param(changed(shown=""), id="it begins above the screen"),
    ],
)
def test_what_is_never_the_same_as_another(asked: Question | None) -> None:
    assert together(group([asks("a", asked), asks("b", asked)])) == [("a",), ("b",)]


def test_programs_of_no_known_tool_are_never_together() -> None:
    assert together(group([asks("a", tool=""), asks("b", tool="")])) == [("a",), ("b",)]


def test_a_choice_is_the_same_only_with_the_same_options() -> None:
    other = changed(CHOICE, options=("Blue", "Red"))
    assert together(group([asks("a", CHOICE), asks("b", other), asks("c", CHOICE)])) == [("a", "c"), ("b",)]


def test_nobody_waits() -> None:
    assert group([]) == []
