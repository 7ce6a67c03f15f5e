"""What a classifier is told, from the strongest source to the weakest, and what it says."""

from enum import Enum, StrEnum, auto

import msgspec

from podium.core.protocol.attention import AgentScreen, Question


class AttentionState(StrEnum):
    """Whether a program needs a person."""

    NONE = "none"
    """Nothing is known of it, or nothing runs."""
    BUSY = "busy"
    WAITING = "waiting"
    """It asks a person."""
    QUIET = "quiet"
    """It neither works nor asks."""
    DONE = "done"
    """What it was asked to do has ended, and nobody has looked since."""
    FAILED = "failed"


class Source(StrEnum):
    """Where a state is known from, the strongest first."""

    EVENTS = "events"
    """The program's event channel."""
    HOOK = "hook"
    """A hook of a tool, by ``podium ctl notify``."""
    STATUS = "status"
    """OSC 7501."""
    NOTICE = "notice"
    """OSC 9, 99 or 777."""
    PROGRESS = "progress"
    """OSC 9;4."""
    PROMPT = "prompt"
    """OSC 133."""
    TITLE = "title"
    SCREEN = "screen"
    OUTPUT = "output"
    """That there was any, or none for a while."""


class Attention(msgspec.Struct, frozen=True):
    """What a program needs. ``since`` is of the classifier's clock."""

    state: AttentionState = AttentionState.NONE
    source: Source = Source.OUTPUT
    since: float = 0.0
    question: str = ""
    asked: Question | None = None
    """The question as it stands on the screen, where it was found there."""
    tool: str = ""
    """The adapter's name of the tool that has the terminal, or that ``asked``; "" where none is known."""


class Claim(Enum):
    """What a program, its hooks or its terminal say outright."""

    BUSY = auto()
    WAITING = auto()
    IDLE = auto()
    DONE = auto()
    FAILED = auto()
    NOTHING = auto()
    """What was said before no longer holds."""


class Said(msgspec.Struct, frozen=True):
    """A source says what the program does. ``question`` goes with WAITING; "" when it is not told."""

    source: Source
    claim: Claim
    question: str = ""


class ScreenSaid(msgspec.Struct, frozen=True):
    """The screen or the title says something else than before."""

    screen: AgentScreen


class Wrote(msgspec.Struct, frozen=True):
    """The program wrote ``size`` bytes since the last of these."""

    size: int


class Resized(msgspec.Struct, frozen=True):
    """Its terminal has another size: what it draws anew for that is no news."""


class Answered(msgspec.Struct, frozen=True):
    """A person, or somebody for them, typed what may be an answer."""


class Seen(msgspec.Struct, frozen=True):
    """A person looks at it."""


class Began(msgspec.Struct, frozen=True):
    """A program was started: nothing of the one before holds."""


class Ended(msgspec.Struct, frozen=True):
    """The program ended. ``failed``: otherwise than it should have."""

    failed: bool = False


Signal = Said | ScreenSaid | Wrote | Resized | Answered | Seen | Began | Ended
