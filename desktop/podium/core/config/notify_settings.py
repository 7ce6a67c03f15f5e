"""The settings for what calls for a person, a section of ``settings``."""

from enum import StrEnum
from typing import Annotated, Final

import msgspec
from msgspec import Meta

QUIET_HOURS: Final = r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$"
ADDRESS: Final = r"^(https://[!-~]+|http://(127\.0\.0\.1|localhost|\[::1\])[!-~]*)?$"


class NotifyOf(StrEnum):
    """What a person is told of outside the window."""

    QUESTIONS = "questions"
    """What waits for an answer."""
    ENDS = "ends"
    """That too, and what is done or has failed."""
    NOTHING = "nothing"


class UrlForm(StrEnum):
    """The form in which an address is told."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"


class Notify(msgspec.Struct, frozen=True):
    desktop: Annotated[
        NotifyOf,
        Meta(
            title="Desktop notifications",
            description='What the desktop notifies you of when you do not look at it: "questions" that wait for you, '
            '"ends" for these and for what is done or has failed, or "nothing".',
        ),
    ] = NotifyOf.ENDS
    tray: Annotated[
        bool,
        Meta(
            title="Tray icon",
            description="Show an icon in the system tray with the number of instances that wait for you.",
        ),
    ] = True
    sound: Annotated[
        bool,
        Meta(
            title="Sound",
            description="Play a sound with the notification of an instance that begins to wait for you.",
        ),
    ] = False
    quiet_hours: Annotated[
        str,
        Meta(
            title="Quiet hours",
            pattern=QUIET_HOURS,
            examples=["22:00-07:00"],
            description="The hours, in local time, in which only instances marked as important call for you, such as "
            '"22:00-07:00". Empty: none.',
        ),
    ] = ""
    command: Annotated[
        tuple[str, ...],
        Meta(
            title="Command to run",
            description="A program with its arguments that runs for each of them. It is told the facts in variables "
            "such as PODIUM_ALERT_TITLE, and as JSON on its standard input. Empty: none.",
        ),
    ] = ()
    url: Annotated[
        str,
        Meta(
            title="Address to call",
            pattern=ADDRESS,
            examples=["https://ntfy.sh/my-topic"],
            description="An https address that each of them is sent to: a topic of ntfy, a webhook of Slack or "
            "Discord, a Telegram bot's sendMessage with its chat_id, or a server of your own. Empty: none.",
        ),
    ] = ""
    url_form: Annotated[
        UrlForm,
        Meta(
            title="Form of the calls",
            description='What that address is sent: "text" for servers such as ntfy, "json", or "auto" to go by the '
            "address.",
        ),
    ] = UrlForm.AUTO
    calls: Annotated[
        NotifyOf,
        Meta(
            title="Calls are made for",
            description='What the command and the address are called for: "questions", "ends" or "nothing". At most '
            "10 calls in 10 minutes; what is more comes as one digest.",
        ),
    ] = NotifyOf.ENDS
    call_text: Annotated[
        bool,
        Meta(
            title="Calls tell what programs wrote",
            description="Hand also what programs wrote (their questions) to the command and the address. Without it "
            "these get only names, states, times and costs.",
        ),
    ] = False
    away_minutes: Annotated[
        int,
        Meta(
            title="Minutes until you count as away",
            ge=0,
            le=1440,
            description="After so many minutes without a key or click in Podium you count as away: what happens then "
            "is collected in one digest every so many minutes; 0 never counts you as away.",
        ),
    ] = 15
