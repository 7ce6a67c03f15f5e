"""The settings for terminals, a section of ``settings``."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from podium.core.bidi.choice import BidiChoice
from podium.core.instances import TerminalName


class ClipboardAccess(StrEnum):
    """Whether programs in terminals may write to the clipboard (OSC 52)."""

    ASK = "ask"
    FOCUSED = "focused"
    DENY = "deny"


class Terminal(msgspec.Struct, frozen=True):
    font: Annotated[
        tuple[str, ...],
        Meta(
            title="Font",
            description="Families for terminals, the best one first, such as Fira Code. One that is not installed, or "
            "whose letters are not all as wide, is passed over; the bundled JetBrains Mono is the last.",
        ),
    ] = ()
    line_height: Annotated[
        float,
        Meta(title="Line height", ge=1.0, le=2.0, description="The height of a line, in sizes of the font."),
    ] = 1.38
    clipboard: Annotated[
        ClipboardAccess,
        Meta(
            title="Programs may write to the clipboard",
            description="Whether programs may write to your clipboard, also from other computers over ssh: "
            '"ask", only the "focused" instance, or "deny". They can never read it.',
        ),
    ] = ClipboardAccess.ASK
    scrollback_lines: Annotated[
        int,
        Meta(
            title="Lines kept per instance",
            ge=0,
            le=1_000_000,
            description="How many lines each terminal keeps above its screen. Beyond about 10,000 they are kept "
            "compressed on disk, in a file without a name that is gone when the instance's worker ends. Instances "
            "that run keep what they have until then.",
        ),
    ] = 10_000
    copy_on_select: Annotated[
        bool,
        Meta(
            title="Copy on select",
            description="Copy what you select with the mouse to the clipboard as soon as you let go.",
        ),
    ] = False
    word_characters: Annotated[
        str,
        Meta(
            title="Characters of words",
            description="Characters that belong to a word besides letters and digits, for double clicks. Without a "
            "slash among them, a double click takes a part of a path.",
        ),
    ] = "/.-_~:@%+=&?#$"
    ligatures: Annotated[
        bool,
        Meta(
            title="Ligatures",
            description="Show neighbouring signs such as -> and != as one, where the font has a form.",
        ),
    ] = False
    graphics: Annotated[
        bool, Meta(title="Pictures", description="Show the pictures that programs print (sixel, kitty).")
    ] = True
    bidi: Annotated[
        BidiChoice,
        Meta(
            title="Right-to-left text",
            description="Where Arabic, Hebrew and the like are shown from right to left: only in lines of "
            '"programs" that ask for it, "on" for all lines, "auto" for all with lines that begin with such a '
            'letter at the right edge, or "off". What is copied, searched for and sent stays in reading order.',
        ),
    ] = BidiChoice.PROGRAMS
    name: Annotated[
        TerminalName,
        Meta(
            title="TERM of programs",
            description='The TERM of programs: "xterm-256color", which every computer knows, or "podium", which says '
            "more of what Podium can do, but is known on this computer and to your account alone: set "
            "TERM=xterm-256color for ssh, sudo and containers.",
        ),
    ] = TerminalName.XTERM
