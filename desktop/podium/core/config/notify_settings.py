"""The settings for what calls for a person, a section of ``settings``."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta


class NotifyOf(StrEnum):
    """What a person is told of outside the window."""

    QUESTIONS = "questions"
    """What waits for an answer."""
    ENDS = "ends"
    """That too, and what is done or has failed."""
    NOTHING = "nothing"


class Notify(msgspec.Struct, frozen=True):
    desktop: Annotated[
        NotifyOf,
        Meta(
            description='What the desktop notifies you of when you do not look at it: "questions" that wait for you, '
            '"ends" for these and for what is done or has failed, or "nothing".'
        ),
    ] = NotifyOf.ENDS
    tray: Annotated[
        bool,
        Meta(description="Show an icon in the system tray with the number of instances that wait for you."),
    ] = True
    sound: Annotated[bool, Meta(description="Play a sound when an instance begins to wait for you.")] = False
    quiet_hours: Annotated[
        str,
        Meta(
            description='The hours in which only instances marked as important call for you: "22:00-07:00". Empty: '
            "none. Local time."
        ),
    ] = ""
    command: Annotated[
        str,
        Meta(
            description="A command that runs for each question, end and digest, or an https address that is sent each "
            "of them (ntfy, Slack, Telegram: see the guide). A command gets the facts in variables such as "
            "PODIUM_TITLE, and as JSON on its standard input. Empty: none."
        ),
    ] = ""
    command_of: Annotated[
        NotifyOf, Meta(description='What that is called for: "questions", "ends" or "nothing".')
    ] = NotifyOf.ENDS
    command_text: Annotated[
        bool,
        Meta(
            description="Also hand the question's text to that command or address. Without it only names, states "
            "and times leave this machine."
        ),
    ] = False
    away_minutes: Annotated[
        int,
        Meta(
            ge=0,
            le=1440,
            description="After so many minutes without a key or click in Podium you count as away: what happens then "
            "is collected in one digest every so many minutes; 0 never counts you as away.",
        ),
    ] = 15
