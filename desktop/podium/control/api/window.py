"""The window's arrangement and its picture."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.limits import MAX_TOKEN
from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, Done, Name, Text
from podium.core.instances import ThemeName
from podium.core.workspace_files.paths import MAX_OPENED

Token = Annotated[str, Meta(max_length=MAX_TOKEN, pattern="^[!-~]*$")]


class LayoutName(StrEnum):
    TABS = "tabs"
    GRID = "grid"


class ArrangeWindow(Call, frozen=True):
    """Every field is optional. ``focus`` is an instance, ``page`` the grid's page from 1. Of several windows the one
    is meant that has the instance to focus, else the one in which a person works.
    """

    layout: LayoutName | None = None
    focus: str | None = None
    zoomed: bool | None = None
    page: Annotated[int, Meta(ge=1, le=1000)] | None = None


class GetWindow(Call, frozen=True):
    pass


class OpenPaths(Call, frozen=True):
    """``paths`` are absolute paths of mission files, workspace files and folders; none only shows the window.
    ``activation`` is the desktop's token for the start of the program that calls (``XDG_ACTIVATION_TOKEN``), by which
    the window may come to the front.
    """

    paths: Annotated[tuple[Text, ...], Meta(max_length=MAX_OPENED)] = ()
    activation: Token = ""
    state: Text = ""
    """The folder of the Podium that is meant; another one refuses. "" is any."""


class RunInWindow(Call, frozen=True):
    """Add an instance with a ``command``, or with the ``agent``'s tool of this name and its first ``prompt``, start it
    and show it. ``folder`` is an absolute path, by default the home folder. The rest is as in OpenPaths.
    """

    name: Name
    command: tuple[Text, ...] = ()
    agent: Annotated[str, Meta(max_length=64)] = ""
    prompt: Text = ""
    theme: ThemeName | None = None
    folder: Text = ""
    activation: Token = ""
    state: Text = ""


class GetScreenshot(Call, frozen=True):
    pass


class WindowInfo(Answer, frozen=True):
    layout: str
    current: str | None
    zoomed: bool
    page: int
    pages: int
    visible: tuple[str, ...]


class Picture(Answer, frozen=True):
    """A PNG file's bytes; over HTTP they are the body."""

    png: bytes


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/api/window",
        GetWindow,
        WindowInfo,
        Access.READ,
        "Layout, page and focus.",
    ),
    Route(
        "POST",
        "/api/window",
        ArrangeWindow,
        WindowInfo,
        Access.WRITE,
        "Change layout, page, zoom or focus.",
        {404: "There is no such instance."},
    ),
    Route(
        "POST",
        "/api/window/open",
        OpenPaths,
        Done,
        Access.WRITE,
        "Open mission files, workspace files or folders in the window. It asks before anything runs.",
        {409: "There is no window, it is closing, or it is another one than was meant."},
    ),
    Route(
        "POST",
        "/api/window/run",
        RunInWindow,
        Done,
        Access.WRITE,
        "Run a command or an agent's tool in a new instance, and show it.",
        {409: "There is no window, no room for it, it is closing, or it is another one than was meant."},
    ),
    Route(
        "GET",
        "/api/window/screenshot",
        GetScreenshot,
        Picture,
        Access.READ,
        "A picture of the window (PNG).",
        {409: "There is no window."},
    ),
)
