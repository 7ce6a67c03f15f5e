"""The windows, as far as the control API may use them."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QImageWriter

from podium.app.startup.arguments import RunOptions
from podium.control.api.window import RunInWindow
from podium.core.background import RunInBackground
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.names import clean_prompt
from podium.ui.main_window import MainWindow

_TOKEN: Final = "XDG_ACTIVATION_TOKEN"


class WindowAccess:
    """A WindowHost over the real windows: what is about an instance happens in the one that has it, all else in the one
    in which a person works.
    """

    def __init__(
        self,
        find_window: Callable[[InstanceId | None], MainWindow],
        run: Callable[[RunOptions], None],
        in_background: RunInBackground,
    ) -> None:
        """``find_window`` returns either; ``run`` adds an instance and shows it, raises WorkspaceError."""
        self._find_window = find_window
        self._run = run
        self._in_background = in_background

    def refusal(self, command: CommandId, instance: InstanceId | None) -> str:
        return self._find_window(instance).refusal(command, instance)

    def run(self, command: CommandId, instance: InstanceId | None) -> None:
        self._find_window(instance).run(command, instance)

    def open_paths(self, paths: Sequence[Path], activation: str) -> None:
        self._come_forward(activation)
        self._find_window(None).open_paths(paths)

    def run_program(self, request: RunInWindow) -> None:
        self._run(
            RunOptions(
                command=request.command,
                name=request.name,
                theme=request.theme,
                folder=Path(request.folder) if request.folder else Path.home(),
                agent=request.agent,
                prompt=clean_prompt(request.prompt),
            )
        )
        self._come_forward(request.activation)

    def _come_forward(self, activation: str) -> None:
        # Qt for Wayland takes the token from there, and from nowhere else. It is gone before a program could see it.
        if activation:
            os.environ[_TOKEN] = activation
        self._find_window(None).come_forward()
        os.environ.pop(_TOKEN, None)

    def take_picture(self, receive: Callable[[bytes], None]) -> None:
        """Painted here and now, compressed elsewhere: a PNG of a big window takes longer than a frame."""
        image = self._find_window(None).screenshot().toImage()
        self._in_background(lambda: _png(image), receive, lambda _: receive(b""))


def _png(image: QImage) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"PNG")).write(image)
    return bytes(buffer.data().data())
