"""The marks by which the screen of an agent's tool is read, and what it says: a question it asks, that it works."""

from enum import StrEnum
from typing import Annotated, Final

import msgspec

MAX_ASKED: Final = 256
"""Characters of a question, of its subject and of each of its options."""
MAX_OPTIONS: Final = 12

_Asked = Annotated[str, msgspec.Meta(max_length=MAX_ASKED)]


class QuestionKind(StrEnum):
    """What a question is about."""

    PERMISSION = "permission"
    """Whether the tool may do something."""
    TRUST = "trust"
    """Whether the person trusts a folder."""
    CHOICE = "choice"


class Question(msgspec.Struct, frozen=True):
    """A question that stands on the screen."""

    kind: QuestionKind
    text: _Asked
    subject: _Asked = ""
    """What it is about: a command, a file; "" when that is not known."""
    options: Annotated[tuple[_Asked, ...], msgspec.Meta(max_length=MAX_OPTIONS)] = ()
    """From the first to the last."""
    allow: _Asked = ""
    """The keys that say yes, as people write them (``1``, ``y Return``); "" where that is not known."""
    deny: _Asked = ""

    def same(self, other: "Question | None") -> bool:
        """Whether it is the same question, though another option may be chosen."""
        return other is not None and (self.text, self.subject, self.options) == (
            other.text,
            other.subject,
            other.options,
        )


class TitleState(StrEnum):
    """What a tool's title says."""

    SILENT = "silent"
    """Nothing of this."""
    BUSY = "busy"
    WAITING = "waiting"


class QuestionMark(msgspec.Struct, frozen=True, kw_only=True):
    """The form of a question at the bottom of the screen: a numbered list, buttons in a row, or a line."""

    menu: str = ""
    """The mark in front of the chosen entry of a list. One without numbers needs a footer, and a question above."""
    framed: bool = False
    """The list stands in a frame."""
    footer: tuple[str, ...] = ()
    """One of these is on a row under the list; empty: there need be none."""
    asks: tuple[str, ...] = ()
    """The beginnings of questions above a list; else the nearest row with a question mark is taken."""
    buttons: tuple[str, ...] = ()
    """Stand in one row, in this order."""
    heading: str = ""
    """Stands above the buttons."""
    line: tuple[str, ...] = ()
    """All of these are on the last row."""
    end: str = ""
    """The end of that row, while nothing was typed."""
    allow: str = ""
    """The keys that say yes, with blanks between them; ``{number}`` is that of the option below, and
    ``{moves}`` moves to it in the list."""
    deny: str = ""
    allow_option: tuple[str, ...] = ()
    """The beginnings of the option of a list that says yes to this one question alone."""
    deny_option: tuple[str, ...] = ()


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """Parts of the screen and the title of interactive use."""

    questions: tuple[QuestionMark, ...] = ()
    busy: tuple[str, ...] = ()
    """At the bottom of the screen while it works."""
    trust: tuple[str, ...] = ()
    """In a question that asks whether a folder is trusted."""
    title_waiting: tuple[str, ...] = ()
    title_busy: tuple[str, ...] = ()
    ready: tuple[str, ...] = ()
    """The row of its input while that is empty: its whole text or, with ``*`` at the end, its beginning."""
    pasted: tuple[str, ...] = ()
    """What its input shows in place of a long paste."""


class AgentScreen(msgspec.Struct, frozen=True, tag="agentScreen"):
    """What the screen and the title say changed. ``tool`` is an adapter's name, "" for a program that none knows."""

    tool: str = ""
    question: Question | None = None
    busy: bool = False
    title: TitleState = TitleState.SILENT
    tells: bool = False
    """Whether this tool's screen or title say so while it works."""


class AgentMarks(msgspec.Struct, frozen=True, tag="agentMarks"):
    """Look for the marks of these tools from now on: adapter's name → its marks."""

    tools: dict[str, Marks] = {}


class StatusSaid(msgspec.Struct, frozen=True, tag="programStatus"):
    """The program told its own status (OSC 7501): one word each, ``message`` at most 256 characters, sanitised."""

    state: str
    app: str = ""
    kind: str = ""
    message: str = ""


class PromptSaid(msgspec.Struct, frozen=True, tag="prompt"):
    """A marking shell prompts, or runs a command (OSC 133)."""

    at_prompt: bool
    exit_code: int | None = None
    """Of the command that ended; None when none did, or it is not known."""
    seconds: float | None = None
    """How long that took."""


class AnswerQuestion(msgspec.Struct, frozen=True, tag="answerQuestion"):
    """Say yes or no to ``question``, if it is still the one on the screen, once the screen is still.

    Answered by an AnsweredReport when it has gone from there, or by an ErrorReport that says why it was not answered.
    """

    request: int
    question: Question
    allow: bool


class AnsweredReport(msgspec.Struct, frozen=True, tag="answered"):
    """The question was answered, and has gone from the screen."""

    request: int


class SubmitPrompt(msgspec.Struct, frozen=True, tag="submitPrompt"):
    """Give the tool that has the terminal its first prompt: typed once it is ready, and submitted.

    Answered by PromptReports, or by an ErrorReport that says why it was not submitted. Nothing is typed while the tool
    asks something, nor into an input that is not empty. Without a text, the prompt of that number is not given any
    more, and nothing is answered.
    """

    request: int
    tool: str
    """The name of its adapter."""
    text: str
    given: bool = False
    """The tool got it as an argument: it is typed only where the tool has dropped it."""


AgentRequest = AgentMarks | AnswerQuestion | SubmitPrompt


class PromptReport(msgspec.Struct, frozen=True, tag="promptState"):
    """The first prompt was submitted; or why it was not yet, in words for a person, "" when nothing keeps it."""

    request: int
    submitted: bool = False
    waits_for: _Asked = ""
