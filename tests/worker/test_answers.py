"""An answer in, keys out: once the screen is still, to that question alone, and confirmed on the screen."""

import pytest

from podium.core.adapters.registry import load_adapters
from podium.core.protocol.attention import (
    AgentMarks,
    AgentScreen,
    Allow,
    AnsweredReport,
    AnswerQuestion,
    Choose,
    Decision,
    Deny,
    Question,
    Say,
)
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import KeyInput, Paste, RawInput
from podium.terminal import Emulator
from podium.worker.observers.answers import Typed
from podium.worker.observers.output_observers import OutputObservers

MARKS = AgentMarks({name: one.marks for name, one in load_adapters().adapters.items()})
CLAUDE = " Do you want to proceed?\r\n ❯ 1. Yes\r\n   2. Yes, and don't ask again\r\n   3. No\r\n\r\n Esc to cancel"
OPENCODE = "  ┃  △ Permission required\r\n  ┃  $ make\r\n  ┃   Allow once   Allow always   Reject"
AIDER = "Run shell command? (Y)es/(N)o [Yes]: "
GONE = "\x1b[2J\x1b[H● Done."


class Pane:
    """A session's observers, with a program that is drawn by hand."""

    def __init__(self) -> None:
        self.now = 50.0
        self.emulator = Emulator(80, 24, 100, lambda: self.now)
        self.reports: list[Report] = []
        self.keys: list[str] = []
        self.tool = ""
        self.observers = OutputObservers(
            self.emulator, self.reports.append, lambda: self.now, lambda _: self.tool, self._type
        )
        self.observers.handle(MARKS)
        self.on_key = ""

    def _type(self, typed: Typed) -> None:
        match typed:
            case KeyInput(key=key):
                self.keys.append(key)
            case Paste(text=text):
                self.keys.append(f"paste:{text}")
            case RawInput(data=data):
                self.keys.append(data.decode())
        if self.on_key:
            self.draw(self.on_key)

    def draw(self, text: str) -> None:
        data = text.encode()
        self.emulator.feed(data)
        self.observers.on_output(data)

    def after(self, seconds: float) -> None:
        end = self.now + seconds
        while (due := self.observers.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.observers.step()
        self.now = end
        self.observers.step()

    def asked(self) -> Question:
        screens = [report for report in self.reports if isinstance(report, AgentScreen)]
        question = screens[-1].question
        assert question is not None
        return question

    def answer(self, question: Question | None, decision: Decision = Allow()) -> None:  # noqa: B008 - it never changes
        self.observers.handle(AnswerQuestion(7, question, decision))

    def answers(self) -> list[Report]:
        return [report for report in self.reports if isinstance(report, AnsweredReport | ErrorReport)]


@pytest.fixture
def pane() -> Pane:
    return Pane()


@pytest.mark.parametrize(
    ("screen", "decision", "keys"),
    [
        (CLAUDE, Allow(), ["1"]),
        (CLAUDE, Deny(), ["3"]),
        (OPENCODE, Allow(), ["Return"]),
        (OPENCODE, Deny(), ["Escape"]),
        (AIDER, Allow(), ["Y", "Return"]),
        (AIDER, Deny(), ["N", "Return"]),
    ],
)
def test_the_keys_are_those_that_the_tool_takes(
    pane: Pane, screen: str, decision: Decision, keys: list[str]
) -> None:
    pane.draw(screen)
    pane.after(1)
    pane.on_key = GONE
    pane.answer(pane.asked(), decision)
    pane.after(1)
    assert pane.keys == keys
    assert pane.answers() == [AnsweredReport(7)]


def test_nothing_is_typed_while_the_screen_is_drawn(pane: Pane) -> None:
    pane.draw(CLAUDE)
    pane.after(1)
    question = pane.asked()
    pane.draw("\x1b[s\x1b[20;1Htick\x1b[u")
    pane.answer(question)
    for _ in range(5):
        pane.after(0.1)
        pane.draw("\x1b[s\x1b[20;1Htick\x1b[u")
    assert pane.keys == []
    pane.on_key = GONE
    pane.after(1)
    assert pane.keys == ["1"]


def test_a_screen_that_never_stands_still_is_not_answered(pane: Pane) -> None:
    pane.draw(CLAUDE)
    pane.after(1)
    question = pane.asked()
    pane.draw("\x1b[s\x1b[20;1Htick\x1b[u")
    pane.answer(question)
    for _ in range(25):
        pane.after(0.1)
        pane.draw("\x1b[s\x1b[20;1Htick\x1b[u")
    assert pane.keys == []
    assert pane.answers() == [ErrorReport("Its screen does not stand still; answer it in its terminal.", 7)]


def test_another_question_is_not_answered(pane: Pane) -> None:
    pane.draw(CLAUDE)
    pane.after(1)
    question = pane.asked()
    pane.draw("\x1b[2J\x1b[H$ rm -rf /\r\n" + CLAUDE)
    pane.answer(question)
    pane.after(1)
    assert pane.keys == []
    assert pane.answers() == [ErrorReport("That question is not on its screen any more.", 7)]


def test_a_question_that_stays_was_not_answered(pane: Pane) -> None:
    pane.draw(CLAUDE)
    pane.after(1)
    pane.answer(pane.asked())
    pane.after(5)
    assert pane.keys == ["1"]
    assert pane.answers() == [ErrorReport("The keys were typed, and the question is still on its screen.", 7)]


def test_one_answer_at_a_time(pane: Pane) -> None:
    pane.draw(CLAUDE)
    pane.after(1)
    pane.answer(pane.asked())
    pane.answer(pane.asked(), Deny())
    pane.after(5)
    assert pane.keys == ["1"]
    assert isinstance(pane.answers()[0], ErrorReport)


def test_a_question_without_known_keys_is_not_answered(pane: Pane) -> None:
    pane.draw(CLAUDE.replace("3. No", "3. Never"))
    pane.after(1)
    pane.answer(pane.asked(), Deny())
    assert pane.keys == []
    assert "answer it in its terminal" in str(pane.answers())


def test_a_program_that_ends_takes_the_answer_with_it(pane: Pane) -> None:
    pane.draw(CLAUDE)
    pane.after(1)
    pane.answer(pane.asked())
    pane.observers.on_program_ended()
    assert pane.answers() == [ErrorReport("Its program has ended.", 7)]
    assert pane.observers.next_deadline() is None


CHOICE = (
    " Which colour?\r\n\r\n ❯ 1. Red\r\n   2. Blue\r\n   3. Type something.\r\n\r\n"
    " Enter to select · ↑/↓ to navigate · Esc to cancel"
)
TYPED = CHOICE.replace("❯ 1.", "  1.").replace("  3. Type something.", "❯ 3. Green")
MOVES = (
    " Would you like to run it?\r\n\r\n $ make\r\n\r\n › 1. Yes, proceed\r\n   2. Always\r\n   3. No\r\n\r\n"
    " Press enter to confirm or esc to cancel"
)
PROMPT = "\x1b[2J\x1b[H● Done.\r\n────\r\n❯ \r\n────\r\n  ? for shortcuts"
BUSY = "\x1b[2J\x1b[H● Reading\r\n────\r\n❯ \r\n────\r\n  esc to interrupt"
PASTES = "\x1b[?2004h"


@pytest.mark.parametrize(
    ("screen", "number", "keys"),
    [(CHOICE, 2, ["2"]), (MOVES, 1, ["Return"]), (MOVES, 3, ["Down", "Down", "Return"])],
)
def test_an_option_is_chosen_with_the_keys_of_its_list(
    pane: Pane, screen: str, number: int, keys: list[str]
) -> None:
    pane.draw(screen)
    pane.after(1)
    pane.on_key = GONE
    pane.answer(pane.asked(), Choose(number))
    pane.after(1)
    assert pane.keys == keys
    assert pane.answers() == [AnsweredReport(7)]


@pytest.mark.parametrize("number", [3, 4, 12])
def test_an_option_that_leads_further_or_is_not_there_is_not_chosen(pane: Pane, number: int) -> None:
    pane.draw(CHOICE)
    pane.after(1)
    pane.answer(pane.asked(), Choose(number))
    pane.after(1)
    assert pane.keys == []
    assert "answer it in its terminal" in str(pane.answers())


def test_the_keys_are_those_from_where_a_person_has_moved_in_the_list(pane: Pane) -> None:
    pane.draw(MOVES)
    pane.after(1)
    question = pane.asked()
    pane.draw("\x1b[2J\x1b[H" + MOVES.replace("› 1.", "  1.").replace("   2.", " › 2."))
    pane.answer(question, Choose(3))
    pane.after(1)
    assert pane.keys == ["Down", "Return"]


def test_a_text_goes_where_the_list_takes_one_and_return_follows_when_it_shows(pane: Pane) -> None:
    pane.draw(PASTES + CHOICE)
    pane.after(1)
    pane.answer(pane.asked(), Say("Green"))
    pane.after(0.1)
    assert pane.keys == ["3"]
    pane.draw("\x1b[2J\x1b[H" + TYPED.replace("Green", ""))
    pane.after(0.25)
    assert pane.keys == ["3", "paste:Green"]
    pane.draw("\x1b[2J\x1b[H" + TYPED)
    pane.after(0.15)
    assert pane.keys == ["3", "paste:Green"]
    pane.after(0.1)
    assert pane.keys == ["3", "paste:Green", "Return"]
    assert pane.answers() == [], "it still stands there, with the text in one of its options"
    pane.draw(GONE)
    pane.after(0.1)
    assert pane.answers() == [AnsweredReport(7)]


def test_a_text_goes_to_no_other_list_with_the_same_question(pane: Pane) -> None:
    pane.draw(PASTES + CHOICE)
    pane.after(1)
    pane.answer(pane.asked(), Say("Green"))
    pane.after(0.1)
    assert pane.keys == ["3"]
    pane.draw("\x1b[2J\x1b[H" + CHOICE.replace("Red", "Delete all").replace("Blue", "Keep"))
    pane.after(3)
    assert pane.keys == ["3"]
    assert pane.answers() == [ErrorReport("It asks something else now; look at it again.", 7)]


def test_a_text_is_no_answer_to_a_question_that_takes_none(pane: Pane) -> None:
    pane.draw(PASTES + CLAUDE)
    pane.after(1)
    pane.answer(pane.asked(), Say("Use pytest"))
    pane.after(3)
    assert pane.keys == []
    assert pane.answers() == [
        ErrorReport("This question takes no text; answer it with one of its options.", 7)
    ]


def test_a_question_that_comes_between_text_and_return_does_not_get_the_return(pane: Pane) -> None:
    """Return would say yes to it."""
    pane.tool = "claude"
    pane.draw(PASTES + PROMPT)
    pane.after(1)
    pane.answer(None, Say("go on"))
    pane.after(0.1)
    assert pane.keys == ["paste:go on"]
    pane.draw("\x1b[2J\x1b[H$ rm -rf /\r\n" + CLAUDE)
    pane.after(3)
    assert pane.keys == ["paste:go on"]
    assert pane.answers() == [ErrorReport("It asks something else now; look at it again.", 7)]


def test_lines_of_a_text_at_a_prompt_stay_together(pane: Pane) -> None:
    pane.tool = "claude"
    pane.draw(PASTES + PROMPT)
    pane.after(1)
    pane.answer(None, Say("first\nsecond"))
    pane.after(1)
    assert pane.keys == ["paste:first\nsecond", "Return"]
    pane.draw(BUSY)
    pane.after(0.1)
    assert pane.answers() == [AnsweredReport(7)]


def test_lines_that_would_not_stay_together_are_not_typed(pane: Pane) -> None:
    pane.tool = "claude"
    pane.draw(PROMPT)
    pane.after(1)
    pane.answer(None, Say("first\nsecond"))
    pane.after(1)
    assert pane.keys == []
    assert "send one line" in str(pane.answers())


@pytest.mark.parametrize(
    "screen",
    [
        pytest.param(BUSY, id="it works"),
        pytest.param(PROMPT.replace("❯ ", "❯ rm -rf").replace("? for shortcuts", ""), id="a draft is typed"),
        pytest.param(
            "\x1b[2J\x1b[H Really?\r\n ❯ Sure\r\n   Never", id="a dialog in words that nobody knows"
        ),
    ],
)
def test_a_text_waits_for_no_prompt_that_is_not_ready(pane: Pane, screen: str) -> None:
    pane.tool = "claude"
    pane.draw(PASTES + screen)
    pane.after(1)
    pane.answer(None, Say("go on"))
    pane.after(3)
    assert pane.keys == []
    assert "prompt is not ready" in str(pane.answers())


DRAFT = PROMPT.replace("❯ ", "❯ go on").replace("? for shortcuts", "")


def test_a_text_that_stays_at_the_prompt_gets_one_more_return_and_then_was_not_taken(pane: Pane) -> None:
    """Some tools take no Return shortly after a paste."""
    pane.tool = "claude"
    pane.draw(PASTES + PROMPT)
    pane.after(1)
    pane.answer(None, Say("go on"))
    pane.after(0.1)
    pane.draw(DRAFT)
    pane.after(1.1)
    assert pane.keys == ["paste:go on", "Return"]
    pane.after(0.5)
    assert pane.keys == ["paste:go on", "Return", "Return"]
    assert pane.answers() == []
    pane.after(5)
    assert pane.keys == ["paste:go on", "Return", "Return"]
    assert pane.answers() == [ErrorReport("The text was typed, and was not taken; look at its prompt.", 7)]


def test_no_second_return_goes_to_a_question_that_has_come_meanwhile(pane: Pane) -> None:
    pane.tool = "claude"
    pane.draw(PASTES + PROMPT)
    pane.after(1)
    pane.answer(None, Say("go on"))
    pane.after(0.1)
    pane.draw(DRAFT)
    pane.after(0.5)
    assert pane.keys == ["paste:go on", "Return"]
    pane.draw("\x1b[2J\x1b[H> go on\r\n" + CLAUDE)
    pane.after(6)
    assert pane.keys == ["paste:go on", "Return"]
    assert pane.answers() == [AnsweredReport(7)]


@pytest.mark.parametrize("tool", ["", "aider"])
def test_a_text_is_taken_when_something_changes_where_nothing_says_that_it_works(
    pane: Pane, tool: str
) -> None:
    pane.tool = tool
    pane.draw(PASTES + ("hello.txt\r\n> " if tool else "Which one?"))
    pane.after(1)
    pane.answer(None, Say("go on"))
    pane.after(1)
    assert pane.answers() == []
    pane.draw("ok")
    pane.after(0.1)
    assert pane.answers() == [AnsweredReport(7)]


@pytest.mark.parametrize("decision", [Allow(), Deny(), Choose(1)])
def test_what_asks_nothing_takes_text_alone(pane: Pane, decision: Decision) -> None:
    pane.tool = "claude"
    pane.draw(PASTES + PROMPT)
    pane.after(1)
    pane.answer(None, decision)
    pane.after(1)
    assert pane.keys == []
    assert isinstance(pane.answers()[0], ErrorReport)
