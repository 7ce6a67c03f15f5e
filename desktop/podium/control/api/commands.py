"""The command table of the window."""

from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, Done


class ListCommands(Call, frozen=True):
    pass


class RunCommand(Call, frozen=True, kw_only=True):
    """``instance`` is the current one by default. ``argument`` is what the command's row asks for."""

    command: str
    instance: str = ""
    argument: Annotated[str, Meta(max_length=256)] | Annotated[int, Meta(ge=0, le=1000)] | None = None


class CommandInfo(Answer, frozen=True):
    id: str
    group: str
    title: str
    help: str
    keys: tuple[str, ...]
    argument: str
    needs_instance: bool
    possible: bool
    """Whether it would do anything now, for the current instance."""
    reason: str = ""
    """Why it would not, in a sentence."""


class Commands(Answer, frozen=True):
    commands: tuple[CommandInfo, ...]


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/api/commands",
        ListCommands,
        Commands,
        Access.READ,
        "The commands of the window, with their keys and whether each is possible now.",
    ),
    Route(
        "POST",
        "/api/commands/{command}",
        RunCommand,
        Done,
        Access.WRITE,
        "Carry out a command of the window.",
        {404: "There is no such command or instance.", 409: "It would do nothing now."},
    ),
)
