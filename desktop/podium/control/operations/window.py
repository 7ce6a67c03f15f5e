"""The window's arrangement and its picture."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

from podium.control.api.errors import ApiError
from podium.control.api.shapes import Done
from podium.control.api.window import (
    ArrangeWindow,
    GetScreenshot,
    GetWindow,
    OpenPaths,
    Picture,
    RunInWindow,
    WindowInfo,
)
from podium.control.bridge.futures import settle
from podium.control.operations.context import OperationContext, WindowHost, require_instance
from podium.control.operations.table import OperationTable
from podium.core.names import name_error
from podium.core.system.app_dirs import state_folder
from podium.core.visible_text import visible
from podium.workspace.arrangement import Arrangement, Layout
from podium.workspace.workspace import WorkspaceError

NO_WINDOW: Final = "There is no window: Podium runs as a server."


class WindowOperations:
    def __init__(self, context: OperationContext) -> None:
        self._context = context
        self._workspace = context.workspace

    def register(self, table: OperationTable) -> None:
        table.add(GetWindow, self._window)
        table.add(ArrangeWindow, self._arrange)
        table.add(OpenPaths, self._open)
        table.add(RunInWindow, self._run)
        table.add(GetScreenshot, self._screenshot)

    def _window(self, _call: GetWindow) -> WindowInfo:
        return _info(self._workspace.arrangement)

    def _arrange(self, call: ArrangeWindow) -> WindowInfo:
        """In the window that has the instance to focus, else in the active one."""
        focus = require_instance(self._workspace, call.focus) if call.focus is not None else None
        arrangements = self._workspace.arrangements
        arrangement = arrangements.of(focus) if focus is not None else arrangements.active
        if call.layout is not None:
            arrangement.set_layout(Layout(call.layout.value))
        if call.page is not None:
            if call.page > arrangement.pages:
                raise ApiError(404, "unknown-page", f"There are {arrangement.pages} pages.")
            while arrangement.page + 1 != call.page:
                arrangement.next_page()
        if focus is not None:
            arrangement.reveal(focus)
        if call.zoomed is not None and call.zoomed is not arrangement.zoomed:
            if arrangement.layout is not Layout.GRID:
                raise ApiError(409, "not-now", "Only a pane of the grid can be zoomed.")
            arrangement.toggle_zoom()
        return _info(arrangement)

    def _host(self, state: str) -> WindowHost:
        """The window, if it is the one that is meant. Raises ApiError 409."""
        if self._context.window is None:
            raise ApiError(409, "no-window", NO_WINDOW)
        if state and Path(state) != state_folder():
            raise ApiError(409, "another-state", f"This Podium keeps its state in {state_folder()}.")
        if self._workspace.closing:
            raise ApiError(409, "closing", "Podium is closing; nothing opens any more.")
        return self._context.window

    def _run(self, call: RunInWindow) -> Done:
        host = self._host(call.state)
        if bool(call.command and call.command[0]) is bool(call.agent):
            raise ApiError(422, "bad-shape", "Give “command”, a program and its arguments, or “agent”.")
        if any("\0" in text for text in (*call.command, call.folder, call.prompt)):
            raise ApiError(422, "bad-shape", "Texts can't hold NUL characters.")
        if call.folder and not Path(call.folder).is_absolute():
            raise ApiError(422, "bad-shape", "“folder” must be an absolute path.")
        if wrong := name_error(call.name):
            raise ApiError(422, "bad-shape", f"The name {wrong}")
        try:
            host.run_program(call)
        except WorkspaceError as error:
            raise ApiError(409, "not-now", str(error)) from None
        return Done()

    def _open(self, call: OpenPaths) -> Done:
        host = self._host(call.state)
        paths = tuple(map(Path, call.paths))
        for path in paths:
            if not path.is_absolute() or "\0" in str(path):
                raise ApiError(422, "bad-shape", f"“{visible(str(path)[:200])}” is no absolute path.")
        host.open_paths(paths, call.activation)
        return Done()

    def _screenshot(self, _call: GetScreenshot) -> Future[Any]:
        if self._context.window is None:
            raise ApiError(409, "no-window", NO_WINDOW)
        future: Future[Any] = Future()

        def receive(png: bytes) -> None:
            settle(
                future,
                Picture(png=png) if png else ApiError(500, "no-picture", "The window could not be painted."),
            )

        self._context.window.take_picture(receive)
        return future


def _info(arrangement: Arrangement) -> WindowInfo:
    return WindowInfo(
        layout=arrangement.layout.value,
        current=arrangement.current,
        zoomed=arrangement.zoomed,
        page=arrangement.page + 1,
        pages=arrangement.pages,
        visible=arrangement.visible,
    )
