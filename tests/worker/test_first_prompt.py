"""A first prompt and what a tool draws in, what is typed out: once, when it is ready, and seen to be taken."""

from collections.abc import Callable

import pytest

from podium.core.adapters.registry import load_adapters
from podium.core.protocol.attention import AgentMarks, PromptReport, SubmitPrompt
from podium.core.protocol.reports import ErrorReport, Report
from podium.core.protocol.requests import KeyInput, Paste
from podium.terminal import Emulator
from podium.worker.observers.output_observers import OutputObservers

MARKS = AgentMarks({name: one.marks for name, one in load_adapters().adapters.items()})
CLEAR = "\x1b[2J\x1b[H"
PASTES = "\x1b[?2004h"
TRUST = (
    " Quick safety check: Is this a project you trust?\r\n\r\n ❯ No, exit\r\n   Yes, I trust this folder\r\n\r\n"
    " Enter to confirm · Esc to cancel"
)
RULE = "─" * 80
PROMPT = "Mend the flaky test\nand say why it failed"


def claude(above: str = "", typed: str = "", below: str = "  ? for shortcuts") -> str:
    """Claude's screen, with the cursor in its input."""
    rows = [*above.split("\n"), RULE, *f"❯ {typed}".rstrip().replace("\n", "\n  ").split("\n")]
    at = len(rows), len(rows[-1]) + 1
    return f"{CLEAR}{PASTES}" + "\r\n".join([*rows, RULE, below]) + f"\x1b[{at[0]};{at[1]}H"


class Tool:
    """A tool in a session: what it is typed, and what it draws then."""

    def __init__(self, tool: str = "claude") -> None:
        self.now = 50.0
        self.tool = tool
        self.emulator = Emulator(80, 24, 100, lambda: self.now)
        self.reports: list[Report] = []
        self.typed: list[str] = []
        self.observers = OutputObservers(
            self.emulator, self.reports.append, lambda: self.now, lambda _: self.tool, self._type
        )
        self.observers.handle(MARKS)
        self.on_paste: Callable[[str], str] = lambda text: claude(typed=text)
        self.on_return = claude(PROMPT, below="  esc to interrupt")

    def _type(self, typed: KeyInput | Paste) -> None:
        if isinstance(typed, Paste):
            self.typed.append(typed.text)
            self.draw(self.on_paste(typed.text))
        else:
            self.typed.append(typed.key)
            self.draw(self.on_return)

    def draw(self, text: str) -> None:
        data = text.encode()
        self.emulator.feed(data)
        self.observers.on_output(data)

    def wait(self, seconds: float) -> None:
        end = self.now + seconds
        while (due := self.observers.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.observers.step()
        self.now = end
        self.observers.step()

    def submit(self, text: str = PROMPT, *, given: bool = False, tool: str = "claude") -> None:
        self.observers.handle(SubmitPrompt(7, tool, text, given))

    @property
    def submitted(self) -> int:
        return sum(isinstance(report, PromptReport) and report.submitted for report in self.reports)

    @property
    def reasons(self) -> list[str]:
        return [
            report.waits_for
            for report in self.reports
            if isinstance(report, PromptReport) and not report.submitted
        ]


@pytest.fixture
def tool() -> Tool:
    return Tool()


def test_it_is_typed_when_the_empty_input_stands_and_the_screen_is_still(tool: Tool) -> None:
    tool.submit()
    tool.wait(1)
    assert not tool.typed
    tool.draw(claude())
    tool.wait(1.4)
    assert not tool.typed
    tool.wait(3)
    assert tool.typed == [PROMPT, "Return"]
    assert tool.submitted == 1
    assert not tool.reasons


def test_nothing_is_typed_while_the_screen_is_drawn(tool: Tool) -> None:
    tool.submit()
    for tick in range(40):
        tool.draw(claude(str(tick)))
        tool.wait(0.1)
    assert not tool.typed
    tool.wait(3)
    assert tool.typed == [PROMPT, "Return"]


def test_it_is_submitted_once(tool: Tool) -> None:
    tool.submit()
    tool.draw(claude())
    tool.wait(3)
    tool.draw(claude(PROMPT + "\n● Done."))
    tool.wait(30)
    assert tool.typed == [PROMPT, "Return"]
    assert tool.submitted == 1
    assert tool.observers.next_deadline() is None


def test_a_question_that_stands_first_is_told_and_nothing_is_typed_until_it_was_answered(tool: Tool) -> None:
    tool.submit()
    tool.draw(CLEAR + TRUST)
    tool.wait(60)
    assert not tool.typed
    assert tool.reasons == ["Quick safety check: Is this a project you trust?"]
    tool.draw(claude())
    tool.wait(3)
    assert tool.typed == [PROMPT, "Return"]
    assert tool.submitted == 1


def test_a_question_over_the_input_right_after_it_was_drawn_gets_no_key(tool: Tool) -> None:
    tool.submit()
    tool.draw(claude())
    tool.wait(1.2)
    tool.draw(CLEAR + TRUST)
    tool.wait(5)
    assert not tool.typed
    tool.draw(claude())
    tool.wait(1.2)
    assert not tool.typed


def test_a_question_below_an_empty_input_keeps_it_from_being_typed(tool: Tool) -> None:
    tool.submit()
    tool.draw(f"{CLEAR}{PASTES}❯\r\n{RULE}\r\n{TRUST}")
    tool.wait(10)
    assert not tool.typed


def test_a_question_over_what_was_typed_gets_no_return_and_is_told(tool: Tool) -> None:
    tool.on_paste = lambda _text: CLEAR + TRUST
    tool.submit()
    tool.draw(claude())
    tool.wait(30)
    assert tool.typed == [PROMPT]
    assert tool.reasons == ["Quick safety check: Is this a project you trust?"]
    tool.on_paste = lambda text: claude(typed=text)
    tool.draw(claude())  # It has started again.
    tool.wait(12)
    assert tool.typed == [PROMPT, PROMPT, "Return"]
    assert tool.submitted == 1


@pytest.mark.parametrize("tool_there", ["", "codex"])
def test_nothing_is_typed_into_another_program(tool: Tool, tool_there: str) -> None:
    tool.tool = tool_there
    tool.submit()
    tool.draw(claude())
    tool.wait(60)
    assert not tool.typed
    assert tool.reasons == [
        "The tool is not ready for it yet. See whether it asks you something, or wants a log-in."
    ]


def test_nothing_is_added_to_what_a_person_types(tool: Tool) -> None:
    tool.submit()
    tool.draw(claude(typed="my own"))
    tool.wait(60)
    assert not tool.typed


def test_nothing_is_typed_while_it_works(tool: Tool) -> None:
    tool.submit()
    tool.draw(claude(below="  esc to interrupt"))
    tool.wait(60)
    assert not tool.typed


def test_several_lines_wait_for_a_program_that_takes_pastes(tool: Tool) -> None:
    tool.submit()
    tool.draw(claude().replace(PASTES, ""))
    tool.wait(5)
    assert not tool.typed
    tool.draw(PASTES)
    tool.wait(3)
    assert tool.submitted == 1


def test_a_return_that_is_taken_for_a_part_of_the_paste_is_pressed_again(tool: Tool) -> None:
    tool.on_return = claude(typed=PROMPT)
    tool.submit()
    tool.draw(claude())
    tool.wait(3)
    assert tool.typed == [PROMPT, "Return"]
    tool.on_return = claude(PROMPT, below="  esc to interrupt")
    tool.wait(4)
    assert tool.typed == [PROMPT, "Return", "Return"]
    assert tool.submitted == 1


def test_a_return_that_makes_a_new_line_is_pressed_again(tool: Tool) -> None:
    tool.on_return = claude(typed=PROMPT) + "\x1b[B\x1b[3G"
    tool.submit()
    tool.draw(claude())
    tool.wait(4)
    assert tool.typed == [PROMPT, "Return"]
    assert tool.submitted == 0
    tool.on_return = claude(PROMPT, below="  esc to interrupt")
    tool.wait(4)
    assert tool.typed == [PROMPT, "Return", "Return"]
    assert tool.submitted == 1


def test_what_is_never_taken_is_told_and_stays(tool: Tool) -> None:
    tool.on_return = claude(typed=PROMPT)
    tool.submit()
    tool.draw(claude())
    tool.wait(60)
    assert tool.typed == [PROMPT, "Return", "Return"]
    assert tool.submitted == 0
    assert tool.reasons == ["It was typed, and has not been taken. Press Return in its input."]
    tool.draw(claude(PROMPT, below="  esc to interrupt"))  # A person did.
    tool.wait(1)
    assert tool.submitted == 1


def test_no_return_is_pressed_for_a_text_that_does_not_show(tool: Tool) -> None:
    tool.on_paste = lambda _text: claude(typed="something else")
    tool.submit()
    tool.draw(claude())
    tool.wait(60)
    assert tool.typed == [PROMPT]
    assert tool.reasons == ["It was typed, and does not show. Look at its input."]


def test_a_text_that_shows_over_an_empty_input_was_not_typed_there(tool: Tool) -> None:
    tool.on_paste = lambda text: claude(above=text)
    tool.submit()
    tool.draw(claude())
    tool.wait(4)
    assert tool.typed == [PROMPT]


def test_a_text_that_was_dropped_is_typed_again(tool: Tool) -> None:
    tool.on_paste = lambda _text: ""
    tool.submit()
    tool.draw(claude())
    tool.wait(3)
    assert tool.typed == [PROMPT]
    tool.on_paste = lambda text: claude(typed=text)
    tool.wait(9)
    assert tool.typed == [PROMPT, PROMPT, "Return"]
    assert tool.submitted == 1


def test_a_tool_that_drops_it_always_is_not_typed_at_for_ever(tool: Tool) -> None:
    tool.on_paste = lambda _text: claude()
    tool.submit()
    tool.draw(claude())
    tool.wait(600)
    assert tool.typed == [PROMPT] * 3
    assert tool.reasons == ["It was typed, and does not show. Look at its input."]
    tool.draw(claude(PROMPT, below="  esc to interrupt"))  # A person gave it.
    tool.wait(3)
    assert tool.submitted == 1


def test_a_long_paste_that_shows_as_one_is_submitted(tool: Tool) -> None:
    tool.on_paste = lambda _text: claude(typed="[Pasted text #1 +999 lines]")
    tool.submit("line\n" * 1000)
    tool.draw(claude())
    tool.wait(3)
    assert tool.typed[1:] == ["Return"]
    assert tool.submitted == 1


def test_a_prompt_that_was_given_as_an_argument_is_not_typed(tool: Tool) -> None:
    tool.submit(given=True)
    tool.draw(CLEAR + TRUST)
    tool.wait(30)
    assert tool.submitted == 0
    assert tool.reasons == ["Quick safety check: Is this a project you trust?"]
    tool.draw(claude(PROMPT, below="  esc to interrupt"))
    tool.wait(1)
    assert tool.submitted == 1
    assert not tool.typed


def test_one_that_was_answered_between_two_looks_is_seen_above_the_input(tool: Tool) -> None:
    tool.submit(given=True)
    tool.draw(claude(PROMPT + "\n● Done."))
    tool.wait(2)
    assert tool.submitted == 1
    assert not tool.typed


def test_an_argument_that_the_tool_has_dropped_is_typed(tool: Tool) -> None:
    tool.submit(given=True)
    tool.draw(claude())
    tool.wait(2)
    assert not tool.typed
    tool.wait(5)
    assert tool.typed == [PROMPT, "Return"]
    assert tool.submitted == 1


def test_an_argument_that_a_tool_takes_up_late_is_not_typed(tool: Tool) -> None:
    tool.submit(given=True)
    tool.draw(claude())
    tool.wait(4)
    assert not tool.typed
    tool.draw(claude(PROMPT, below="  esc to interrupt"))
    tool.wait(3)
    assert not tool.typed
    assert tool.submitted == 1


def test_an_argument_that_only_fills_the_input_is_submitted(tool: Tool) -> None:
    tool.submit(given=True)
    tool.draw(claude(typed=PROMPT))
    tool.wait(3)
    assert tool.typed == ["Return"]
    assert tool.submitted == 1


@pytest.mark.parametrize("given", [True, False])
def test_the_end_of_the_program_is_told(tool: Tool, given: bool) -> None:
    tool.submit(given=given)
    tool.draw(CLEAR + TRUST)
    tool.wait(2)
    tool.observers.on_program_ended()
    assert [report for report in tool.reports if isinstance(report, ErrorReport)] == [
        ErrorReport("Its program ended before it took its first prompt.", 7)
    ]
    tool.draw(claude())
    tool.wait(5)
    assert not tool.typed


def test_there_is_one_at_a_time(tool: Tool) -> None:
    tool.submit()
    tool.submit("another")
    assert [report.request for report in tool.reports if isinstance(report, ErrorReport)] == [7]
    tool.draw(claude())
    tool.wait(3)
    assert tool.typed == [PROMPT, "Return"]


AIDER = f"{CLEAR}{PASTES}Aider v0.86.2\r\n{RULE}\r\n> "


def test_a_tool_that_does_not_say_that_it_works_has_taken_it_when_its_cursor_has_left_it() -> None:
    tool = Tool("aider")
    tool.on_paste = lambda text: text
    tool.on_return = "\r\n\r\nThinking"
    tool.submit("Mend it", tool="aider")
    tool.draw(AIDER)
    tool.wait(3)
    assert tool.typed == ["Mend it", "Return"]
    assert tool.submitted == 1


def test_a_mark_before_each_line_of_the_input_is_no_part_of_it() -> None:
    tool = Tool("aider")
    tool.on_paste = lambda text: text.replace("\n", "\r\n> ")
    tool.on_return = "\r\n\r\nThinking"
    tool.submit(tool="aider")
    tool.draw(AIDER)
    tool.wait(3)
    assert tool.typed == [PROMPT, "Return"]
    assert tool.submitted == 1


def test_a_long_last_line_is_known_however_it_wraps(tool: Tool) -> None:
    prompt = "word " * 60 + "the end"
    tool.on_paste = lambda text: claude(typed="\n".join(text[at : at + 76] for at in range(0, len(text), 76)))
    tool.submit(prompt)
    tool.draw(claude())
    tool.wait(3)
    assert tool.typed == [prompt, "Return"]
    assert tool.submitted == 1


def test_what_a_tool_prints_about_an_empty_input_is_none(tool: Tool) -> None:
    tool.submit()
    lines = "\r\n".join(f"line {number}" for number in range(12))
    tool.draw(f"{CLEAR}{PASTES}❯\r\n{lines}")
    tool.wait(10)
    assert not tool.typed


def gemini(typed: str = "", above: str = "") -> str:
    """Gemini CLI's screen."""
    return f"{CLEAR}{PASTES}{above}\r\n{RULE}\r\n > {typed or '  Type your message or @path/to/file'}"


@pytest.mark.parametrize("text", ["Type your message or @path", "What is (esc to cancel, 3s)?"])
def test_a_prompt_in_words_of_the_tools_own_screen_is_typed_once_and_submitted(text: str) -> None:
    tool = Tool("gemini")
    tool.on_paste = gemini
    tool.on_return = gemini(above=f" > {text}\r\n✦ Done.")
    tool.submit(text, tool="gemini")
    tool.draw(gemini())
    tool.wait(60)
    assert tool.typed == [text, "Return"]
    assert tool.submitted == 1


def test_a_text_that_is_dropped_again_and_again_is_told_and_stays(tool: Tool) -> None:
    tool.on_paste = lambda _text: claude()
    tool.submit()
    tool.draw(claude())
    tool.wait(120)
    assert tool.typed == [PROMPT] * 3
    assert tool.reasons == ["It was typed, and does not show. Look at its input."]
    assert not tool.submitted
