"""Workspace files: the instances written to a text, and a file's instances added."""

from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any

from podium.control.api.errors import ApiError
from podium.control.api.workspaces import (
    AddWorkspace,
    WorkspaceAdded,
    WorkspaceInstance,
    WorkspaceText,
    WriteWorkspace,
)
from podium.control.bridge.futures import settle
from podium.control.operations.context import OperationContext, absolute_file
from podium.control.operations.mission_check import check_failed
from podium.control.operations.table import OperationTable
from podium.core.instances import MAX_INSTANCES, InstanceSpec
from podium.core.workspace_files.file import (
    WorkspaceEntry,
    WorkspaceFile,
    WorkspaceFileError,
    load_workspace_file,
)
from podium.core.workspace_files.keys import View
from podium.core.workspace_files.paths import SUFFIX
from podium.core.workspace_files.writing import workspace_text
from podium.workspace.workspace import WorkspaceError

_SHOWN_FAULTS = 20


class WorkspaceOperations:
    def __init__(self, context: OperationContext) -> None:
        self._workspace = context.workspace
        self._background = context.background

    def register(self, table: OperationTable) -> None:
        table.add(WriteWorkspace, self._write)
        table.add(AddWorkspace, self._add)

    def _write(self, call: WriteWorkspace) -> WorkspaceText:
        file = absolute_file(call.file)
        specs = self._specs()
        if not specs:
            raise ApiError(409, "not-now", "There are no instances to write down.")
        view = View(self._workspace.arrangement.layout.value)
        name = call.name.strip() or file.name.removesuffix(SUFFIX)
        written = workspace_text(name, view, specs, file, Path.home())
        return WorkspaceText(text=written.text, left_out=written.left_out)

    def _specs(self) -> tuple[InstanceSpec, ...]:
        return tuple(self._workspace.view(id).spec for id in self._workspace.ids())

    def _add(self, call: AddWorkspace) -> Future[Any]:
        file = absolute_file(call.file)
        future: Future[Any] = Future()

        def on_loaded(workspace: WorkspaceFile) -> None:
            try:
                settle(future, self._added(workspace, call))
            except ApiError as error:
                settle(future, error)

        self._background(
            partial(load_workspace_file, file), on_loaded, lambda error: settle(future, _faulty(error))
        )
        return future

    def _added(self, workspace: WorkspaceFile, call: AddWorkspace) -> WorkspaceAdded:
        there = self._specs()
        missing = workspace.missing(there)
        over = len(there) + len(missing) - MAX_INSTANCES
        if over > 0:
            raise ApiError(
                409, "too-many", f"That is {over} more than the {MAX_INSTANCES} instances there may be."
            )
        if not call.yes:
            return WorkspaceAdded(
                name=workspace.name, added=False, instances=tuple(_shown("", entry) for entry in missing)
            )
        added = []
        for entry in missing:
            spec = entry.spec(self._workspace.new_id(entry.name), self._workspace.next_theme())
            try:
                self._workspace.create(spec, start=call.start and entry.start)
            except WorkspaceError as error:
                raise ApiError(409, "not-now", str(error)) from None
            added.append(_shown(spec.id, entry))
        return WorkspaceAdded(name=workspace.name, added=True, instances=tuple(added))


def _shown(id: str, entry: WorkspaceEntry) -> WorkspaceInstance:
    return WorkspaceInstance(
        id=id,
        name=entry.name,
        kind=entry.kind,
        folder=entry.folder,
        command=entry.command,
        mission=entry.mission,
        environment=entry.environment,
        start=entry.start,
    )


def _faulty(error: Exception) -> ApiError:
    if isinstance(error, WorkspaceFileError):
        return ApiError(422, "bad-file", "\n".join(map(str, error.faults[:_SHOWN_FAULTS])))
    return check_failed(error)
