"""Pasting a picture: into a tool that takes one by its path it goes as a private file."""

from functools import partial
from typing import Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter

from podium.core.background import RunInBackground
from podium.core.ids import InstanceId
from podium.core.system.app_dirs import pictures_folder
from podium.core.system.pasted_pictures import save_picture
from podium.ui.terminal.input.clipboard import quoted_paths
from podium.ui.terminal.view import TerminalView
from podium.workspace.workspace import Workspace

Picture = bytes | QImage
"""A PNG file's bytes, or a picture that has to be made one."""


class TerminalHost(Protocol):
    """The window, as far as pasting uses it."""

    def terminal(self, instance: InstanceId) -> TerminalView | None: ...

    def show_message(self, message: str) -> None: ...


class PicturePaste(QObject):
    """Asks the session which tool has its terminal, saves the picture off the window's thread, and types its path."""

    def __init__(
        self, workspace: Workspace, host: TerminalHost, run: RunInBackground, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._host = host
        self._run = run
        self.tools: tuple[str, ...] = ()
        """The programs that take pictures."""

    def paste(self, instance: str) -> None:
        """Paste the picture on the clipboard into an instance. Raises WorkspaceError."""
        id = InstanceId(instance)
        picture = _read_picture()
        if picture is not None:
            self._workspace.find_tool(id, self.tools, partial(self._on_found, id, picture))

    def _on_found(self, id: InstanceId, picture: Picture, tool: str) -> None:
        if not tool:
            self._host.show_message(
                "No program that takes pictures runs here, so the picture was not pasted."
            )
            return
        self._run(
            lambda: save_picture(pictures_folder(), _png(picture)),
            lambda path: self._type(id, str(path)),
            lambda error: self._host.show_message(f"The picture was not pasted. {error}"),
        )

    def _type(self, id: InstanceId, path: str) -> None:
        terminal = self._host.terminal(id)
        if terminal is not None:
            terminal.paste_text(quoted_paths([path]))


def _read_picture() -> Picture | None:
    """The picture on the clipboard, as it is there: making a file of it takes long."""
    clipboard = QGuiApplication.clipboard()
    png = bytes(clipboard.mimeData().data("image/png").data())
    if png:
        return png
    image = clipboard.image()
    return None if image.isNull() else image


def _png(picture: Picture) -> bytes:
    """Not on the window's thread. Raises OSError."""
    if isinstance(picture, bytes):
        return picture
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"png"))
    if not writer.write(picture):
        raise OSError(writer.errorString())
    return bytes(buffer.data().data())
