"""The settings for the window, keys, pastes and links, sections of ``settings``."""

from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from podium.core.editors import Editor


class ConfirmPaste(StrEnum):
    """The pastes that are asked about first."""

    ALWAYS = "always"
    UNSAFE = "unsafe"
    NEVER = "never"


AGENT_TOOLS: Final = ("claude", "codex", "gemini", "opencode")


class Keys(msgspec.Struct, frozen=True):
    newline_tools: Annotated[
        tuple[str, ...],
        Meta(
            title="Shift+Enter begins a new line in",
            description="Programs in which Shift+Enter and Ctrl+Enter begin a new line. While one of them runs in the "
            "foreground it gets Escape and Enter, or Shift+Enter for both if it has asked for a keyboard protocol that "
            "tells these keys apart.",
        ),
    ] = AGENT_TOOLS


class Pasting(msgspec.Struct, frozen=True):
    confirm: Annotated[
        ConfirmPaste,
        Meta(
            title="Ask before a paste",
            description='Which pastes to ask about first: "always" all of them, "unsafe" those with control or hidden '
            "characters, and where the program can't tell them from typed keys also those with line breaks or sudo, "
            '"never" none.',
        ),
    ] = ConfirmPaste.UNSAFE
    image_tools: Annotated[
        tuple[str, ...],
        Meta(
            title="Paste pictures as files in",
            description="Programs that take a picture by its path: pasting a picture into one saves it to a file that "
            "only your account can read, and types the path.",
        ),
    ] = AGENT_TOOLS


class Links(msgspec.Struct, frozen=True):
    editor: Annotated[
        Editor,
        Meta(
            title="Open files with",
            description='What opens a file that a terminal names (Ctrl+click on it): "system" (its usual app), '
            '"vscode", "jetbrains", "vim" in a new instance, or "editor" ($VISUAL or $EDITOR in a new instance).',
        ),
    ] = Editor.SYSTEM
    ask: Annotated[
        bool,
        Meta(
            title="Ask before opening web links",
            description="Ask before a link of the web is opened, and show where it leads. You can also agree for one "
            "host when you are asked.",
        ),
    ] = True


class Grid(StrEnum):
    """How many instances the grid shows at once."""

    FOUR = "four"
    ALL = "all"


class Window(msgspec.Struct, frozen=True):
    grid: Annotated[
        Grid,
        Meta(
            title="Grid",
            description='How many instances the grid shows at once: "four", or "all" of them, 16 at most and as many '
            "as have 240 × 120 pixels each. Beyond that it has pages.",
        ),
    ] = Grid.FOUR
    reduced_motion: Annotated[
        bool,
        Meta(
            title="Reduced motion",
            description="Let nothing in the window move: the bar of an instance that begins to wait for you gets a "
            "thicker outline for five seconds instead of pulsing three times.",
        ),
    ] = False
