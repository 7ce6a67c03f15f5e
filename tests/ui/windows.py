"""A window made for a test, and the dialogs that are open over it."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject

from podium.core.ids import InstanceId
from podium.ui.dialogs.modal_card import ModalCard
from podium.ui.main_window import MainWindow
from podium.ui.panes.pane import Pane
from podium.ui.terminal.view import TerminalView

MakeWindow = Callable[..., MainWindow]
"""``make_window(width, height, **options of MainWindow)``."""
Opened = TypeVar("Opened", bound=ModalCard)


def opened(window: MainWindow, kind: type[Opened]) -> Opened:
    """The only dialog that is open."""
    (sheet,) = window.sheets
    assert isinstance(sheet, kind)
    return sheet


def pane_of(window: MainWindow, instance: InstanceId | str) -> Pane:
    pane = window.pane_area.pane(InstanceId(instance))
    assert pane is not None
    return pane


def terminal_of(window: MainWindow, instance: InstanceId | str) -> TerminalView:
    return pane_of(window, instance).terminal


def silence(source: QObject) -> None:
    """It emits no more: what listens is about to go."""
    source.blockSignals(True)
