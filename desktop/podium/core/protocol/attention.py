"""The marks by which the screen of an agent's tool is read, and what it says: a question it asks, that it works."""

from enum import StrEnum
from typing import Annotated, Final, TypeAlias

import msgspec

MAX_ASKED: Final = 256
"""Characters of a question, of its subject and of each of its options."""
MAX_OPTIONS: Final = 12
MAX_ANSWER: Final = 32 * 1024
"""Characters of a text that is an answer."""

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
    choices: Annotated[tuple[_Asked, ...], msgspec.Meta(max_length=MAX_OPTIONS)] = ()
    """The keys for each of the options; "" for one that leads further. Empty where that is not known."""
    reply: _Asked | None = None
    """The keys before a text of one's own; None where it takes none."""
    shown: Annotated[str, msgspec.Meta(max_length=16)] = ""
    """A digest of all that the screen shows with it; "" where that does not begin on the screen."""

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
    """The mark in front of the chosen entry of a list. One without numbers needs a footer, and a question above; a
    numbered one whose chosen entry has only another colour has a footer and no mark."""
    framed: bool = False
    """The list stands in a frame."""
    footer: tuple[str, ...] = ()
    """One of these is on a row under the list; empty: there need be none."""
    asks: tuple[str, ...] = ()
    """The beginnings of questions above a list; else the nearest row with a question mark is taken."""
    buttons: tuple[str, ...] = ()
    """Stand in one row, in this order."""
    heading: str = ""
    """Stands above the buttons, or above the list."""
    line: tuple[str, ...] = ()
    """All of these are on the last row."""
    end: str = ""
    """The end of that row, while nothing was typed."""
    allow: str = ""
    """The keys that say yes, with blanks between them; ``{number}`` is that of the option below, and
    ``{moves}`` moves to it in the list."""
    deny: str = ""
    allow_option: tuple[str, ...] = ()
    """The beginnings of the option of a list that says yes to this one question alone, the best first."""
    deny_option: tuple[str, ...] = ()
    choose: str = ""
    """The keys for any option of a list, written in the same way."""
    reply: str | None = None
    """The keys before a text of one's own, which Return follows: ``{number}`` and ``{moves}`` are those of the option
    below, without Return. Without it no text is taken."""
    reply_option: tuple[str, ...] = ()
    """The beginnings of the option of a list that takes a text."""


class Marks(msgspec.Struct, frozen=True, kw_only=True):
    """Parts of the screen and the title of interactive use."""

    questions: tuple[QuestionMark, ...] = ()
    busy: tuple[str, ...] = ()
    """At the bottom of the screen while it works."""
    prompt: tuple[str, ...] = ()
    """At the bottom of the screen while its prompt is empty and takes a text."""
    prompt_row: tuple[str, ...] = ()
    """The same, as a whole row."""
    trust: tuple[str, ...] = ()
    """In a question that asks whether a folder is trusted."""
    title_waiting: tuple[str, ...] = ()
    title_busy: tuple[str, ...] = ()
    ready: tuple[str, ...] = ()
    """The row of its input while that is empty: its whole text or, with ``*`` at the end, its beginning."""
    pasted: tuple[str, ...] = ()
    """What its input shows in place of a long paste."""
    answered: tuple[str, ...] = ()
    """Below a question that stays on the screen after it was answered."""


class AgentScreen(msgspec.Struct, frozen=True, tag="agentScreen"):
    """What the screen and the title say changed. ``tool`` is an adapter's name, "" for a program that none knows."""

    tool: str = ""
    question: Question | None = None
    busy: bool = False
    title: TitleState = TitleState.SILENT
    tells: bool = False
    """Whether this tool's screen or title say so while it works."""
    ready: bool = False
    """Its prompt is empty and takes a text."""


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


class Allow(msgspec.Struct, frozen=True, tag="allow"):
    """Yes, to this question alone."""


class Deny(msgspec.Struct, frozen=True, tag="deny"):
    """No."""


class Choose(msgspec.Struct, frozen=True, tag="choose"):
    """The option of this number, from 1."""

    number: Annotated[int, msgspec.Meta(ge=1, le=MAX_OPTIONS)]


class Say(msgspec.Struct, frozen=True, tag="say"):
    """A text, which Return follows; its lines stay together."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ANSWER)]


Decision: TypeAlias = Allow | Deny | Choose | Say


def keys_for(question: Question, decision: Decision) -> str | None:
    """The keys that answer ``question``, or those before a text; None where they are not known."""
    match decision:
        case Allow():
            return question.allow or None
        case Deny():
            return question.deny or None
        case Choose(number=number):
            return question.choices[number - 1] or None if number <= len(question.choices) else None
        case Say():
            return question.reply


class AnswerQuestion(msgspec.Struct, frozen=True, tag="answerQuestion"):
    """Answer ``question``, if it is still the one on the screen, once the screen is still.

    Without a ``question`` a text is typed at the prompt of a tool that asks nothing on its screen. Answered by an
    AnsweredReport when the question has gone from the screen, or the text was taken; by an ErrorReport that says why
    it was not answered.
    """

    request: int
    question: Question | None
    decision: Decision


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
