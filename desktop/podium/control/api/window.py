"""The window's arrangement and its picture."""

from enum import StrEnum
from typing import Annotated, Final

from msgspec import Meta

from podium.control.api.limits import MAX_TOKEN
from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, Done, Text
from podium.core.workspace_files.paths import MAX_OPENED


class LayoutName(StrEnum):
    TABS = "tabs"
    GRID = "grid"


class ArrangeWindow(Call, frozen=True):
    """Every field is optional. ``focus`` is an instance, ``page`` the grid's page from 1."""

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
    activation: Annotated[str, Meta(max_length=MAX_TOKEN, pattern="^[!-~]*$")] = ""


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
        {409: "There is no window, or it is closing."},
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
