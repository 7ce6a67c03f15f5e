"""Workspace files: instances that belong together, written to a file and added from one."""

from typing import Final

from podium.control.api.route import Route
from podium.control.api.scope import Access
from podium.control.api.shapes import Answer, Call, Text
from podium.core.instances import Kind


class WriteWorkspace(Call, frozen=True):
    """``file`` is the absolute path that the text is meant for: paths in it are relative to its folder."""

    file: Text
    name: Text = ""


class AddWorkspace(Call, frozen=True):
    """``file`` is an absolute path. Without ``yes`` nothing is added: the answer says what would be. ``start`` false
    adds without starting. Missions ask about their own commands before their first run, as always.
    """

    file: Text
    start: bool = True
    yes: bool = False


class WorkspaceText(Answer, frozen=True):
    """``leftOut`` says, a sentence each, what of the instances the text does not have."""

    text: str
    left_out: tuple[str, ...]


class WorkspaceInstance(Answer, frozen=True):
    """``id`` is empty for one that is not added yet; ``environment`` are the variables that its programs get."""

    id: str
    name: str
    kind: Kind
    folder: str
    command: tuple[str, ...]
    mission: str
    environment: dict[str, str]
    start: bool


class WorkspaceAdded(Answer, frozen=True):
    """The instances of the file that were not there: added, or without ``yes`` such as would be."""

    name: str
    added: bool
    instances: tuple[WorkspaceInstance, ...]


ROUTES: Final[tuple[Route, ...]] = (
    Route(
        "GET",
        "/api/workspace",
        WriteWorkspace,
        WorkspaceText,
        Access.READ,
        "The instances as the text of a workspace file.",
        {409: "There are no instances."},
    ),
    Route(
        "POST",
        "/api/workspace",
        AddWorkspace,
        WorkspaceAdded,
        Access.WRITE,
        "Add the instances of a workspace file.",
        {409: "There is no room for them, or Podium is closing.", 422: "The file has faults."},
    ),
)
