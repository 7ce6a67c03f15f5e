"""The settings for shells, a section of ``settings``."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta


class ClickMoves(StrEnum):
    """The click that moves the cursor at a shell's prompt."""

    CLICK = "click"
    ALT_CLICK = "alt-click"
    OFF = "off"


class OnExit(StrEnum):
    """What becomes of a shell's pane when the shell has ended well."""

    KEEP = "keep"
    CLOSE = "close"


class Shell(msgspec.Struct, frozen=True):
    integration: Annotated[
        bool,
        Meta(
            title="Shells mark their prompts",
            description="Have bash, zsh and fish mark where prompts, commands and their output begin, without touching "
            "your own files: for jumping from prompt to prompt, and for what became of each command. It counts for "
            "shells started afterwards.",
        ),
    ] = True
    click_moves_cursor: Annotated[
        ClickMoves,
        Meta(
            title="A click moves the cursor",
            description='The click that moves the cursor in what you type at such a prompt: "click", "alt-click" or '
            '"off".',
        ),
    ] = ClickMoves.CLICK
    notice_after: Annotated[
        int,
        Meta(
            title="Tell of commands that took",
            ge=0,
            le=86_400,
            description="Say when a command that took at least this many seconds ends out of sight; 0 says nothing.",
        ),
    ] = 10
    resume: Annotated[
        bool,
        Meta(
            title="Start shells again",
            description="At the next start, start the shells again that ran when you quit Podium, each in its last "
            "folder. Commands, agents and missions are never started unasked.",
        ),
    ] = True
    on_exit: Annotated[
        OnExit,
        Meta(
            title="When a shell ends",
            description='What becomes of a shell that you leave with exit: "keep" it with its text, where Enter starts '
            'it again and Ctrl+D closes it, or "close" it. One that fails, or leaves something running, stays.',
        ),
    ] = OnExit.KEEP
