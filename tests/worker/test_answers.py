"""An answer in, keys out: once the screen is still, to that question alone, and confirmed on the screen."""

import pytest

from podium.core.adapters.registry import load_adapters
from podium.core.protocol.attention import AgentMarks, AgentScreen, AnsweredReport, AnswerQuestion, Question
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import KeyInput
from podium.terminal import Emulator
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
        self.observers = OutputObservers(
            self.emulator, self.reports.append, lambda: self.now, lambda _: "", self._type
        )
        self.observers.handle(MARKS)
        self.on_key = ""

    def _type(self, key: KeyInput) -> None:
        self.keys.append(key.key)
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

    def answer(self, question: Question, *, allow: bool = True) -> None:
        self.observers.handle(AnswerQuestion(7, question, allow))

    def answers(self) -> list[Report]:
        return [report for report in self.reports if isinstance(report, AnsweredReport | ErrorReport)]


@pytest.fixture
def pane() -> Pane:
    return Pane()


@pytest.mark.parametrize(
    ("screen", "allow", "keys"),
    [
        (CLAUDE, True, ["1"]),
        (CLAUDE, False, ["3"]),
        (OPENCODE, True, ["Return"]),
        (OPENCODE, False, ["Escape"]),
        (AIDER, True, ["Y", "Return"]),
        (AIDER, False, ["N", "Return"]),
    ],
)
def test_the_keys_are_those_that_the_tool_takes(
    pane: Pane, screen: str, allow: bool, keys: list[str]
) -> None:
    pane.draw(screen)
    pane.after(1)
    pane.on_key = GONE
    pane.answer(pane.asked(), allow=allow)
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
    pane.answer(pane.asked(), allow=False)
    pane.after(5)
    assert pane.keys == ["1"]
    assert isinstance(pane.answers()[0], ErrorReport)


def test_a_question_without_known_keys_is_not_answered(pane: Pane) -> None:
    pane.draw(CLAUDE.replace("3. No", "3. Never"))
    pane.after(1)
    pane.answer(pane.asked(), allow=False)
    assert pane.keys == []
    assert "answer it in its terminal" in str(pane.answers())


def test_a_program_that_ends_takes_the_answer_with_it(pane: Pane) -> None:
    pane.draw(CLAUDE)
    pane.after(1)
    pane.answer(pane.asked())
    pane.observers.on_program_ended()
    assert pane.answers() == [ErrorReport("Its program has ended.", 7)]
    assert pane.observers.next_deadline() is None
