"""The settings for workers, what is kept, the control API, logs, missions and updates, sections of ``settings``."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta


class Leftovers(StrEnum):
    """The choice for processes that a crash left, at the next start."""

    ASK = "ask"
    END = "end"
    LEAVE = "leave"


class InstancesMay(StrEnum):
    """The rights of programs inside instances on the control API."""

    OWN = "own"
    ALL = "all"


class LogLevel(StrEnum):
    """From which level on something is logged; in the order of how much that is."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class Workers(msgspec.Struct, frozen=True):
    leftovers: Annotated[
        Leftovers,
        Meta(
            title="What a crash left running",
            extra={"next_start": True},
            description="What to do at the next start with processes that a crash of Podium left running: "
            '"ask", "end" them, or "leave" them.',
        ),
    ] = Leftovers.ASK
    keep_awake: Annotated[
        bool,
        Meta(
            title="Keep the machine awake",
            description="Keep the machine from going to sleep while a mission runs.",
        ),
    ] = True


class Privacy(msgspec.Struct, frozen=True):
    keep_screens: Annotated[
        bool,
        Meta(
            title="Keep the last screens",
            description="Keep the last screen and the last 1,000 lines of each instance on disk, to show them "
            "at the next start. They may contain secrets; only your account can read them.",
        ),
    ] = True


class History(msgspec.Struct, frozen=True):
    keep_days: Annotated[
        int,
        Meta(
            title="Days that runs are kept",
            ge=1,
            le=36_500,
            description="How many days a run and its single costs stay in the history. The sum of each day is kept "
            "without limit.",
        ),
    ] = 365
    keep_runs: Annotated[
        int,
        Meta(
            title="Runs that are kept",
            ge=1,
            le=1_000_000,
            description="The largest number of runs in the history.",
        ),
    ] = 10_000


class Control(msgspec.Struct, frozen=True):
    enabled: Annotated[
        bool,
        Meta(
            title="Control API",
            extra={"next_start": True},
            description="Let your own programs control Podium through a socket that only your account can use "
            "(podium ctl, scripts, agents' hooks).",
        ),
    ] = True
    listen: Annotated[
        str,
        Meta(
            title="Serve over TCP",
            extra={"next_start": True},
            description='Serve the control API over TCP too, on this machine only: "127.0.0.1:8765", or "127.0.0.1:0" '
            "for any free port. Clients then need the token in the file “token” beside the socket.",
        ),
    ] = ""
    instances_may: Annotated[
        InstancesMay,
        Meta(
            title="Rights of programs in instances",
            extra={"next_start": True},
            description="What programs inside instances (shells and agents too) may do through the control "
            'API: "own" lets them report the state of their own instance, "all" lets them do everything.',
        ),
    ] = InstancesMay.OWN


class Logs(msgspec.Struct, frozen=True):
    level: Annotated[
        LogLevel,
        Meta(
            title="How much is logged",
            description='How much is logged: "debug", "info", "warning" or "error". Logs never hold what you '
            "type, what is on a screen, or environment variables.",
        ),
    ] = LogLevel.INFO


class Updates(msgspec.Struct, frozen=True):
    check: Annotated[
        bool,
        Meta(
            title="Look for newer versions",
            description="Look for a newer version at the start, once a day at most. This sends one request to the "
            "release feed, with Podium's version and nothing about you.",
        ),
    ] = False
    feed: Annotated[
        str,
        Meta(
            title="Release feed",
            description="The https address of the release feed, in the form of GitHub's “latest release”. If it is "
            "empty, the feed that this Podium was built with is used.",
        ),
    ] = ""


class Missions(msgspec.Struct, frozen=True):
    day_budget_usd: Annotated[
        float,
        Meta(
            title="Budget for a day",
            ge=0,
            le=1_000_000,
            description="US dollars that all missions together may cost in a day, such as 20.0; 0 sets no budget. "
            "At 80 % a mission warns, at 100 % no agent is started and running agents are asked to end. What agents "
            "that you work with yourself cost is told beside it, and stops nothing.",
        ),
    ] = 0.0
