"""Mouse events for programs that track the mouse, and the wheel's notches. Qt-free."""

from typing import Final

from podium.core.protocol.frames import MOUSE_MODES, ScreenMode
from podium.core.protocol.requests import MouseAction, MouseButton, MouseInput
from podium.ui.terminal.model.cell_position import CellPosition


class MouseReporter:
    """Turns presses, releases and moves at places into what the program's modes ask for."""

    def __init__(self) -> None:
        self._held: list[int] = []
        self._last: CellPosition | None = None

    @property
    def holds_button(self) -> bool:
        """True between a press that the program got and its release, which then is the program's too."""
        return bool(self._held)

    def press(self, modes: int, position: CellPosition, button: int, modifiers: int) -> MouseInput | None:
        if not modes & MOUSE_MODES:
            return None
        self._held.append(button)
        self._last = position
        return position.event(MouseAction.PRESS, button, modifiers)

    def release(self, modes: int, position: CellPosition, button: int, modifiers: int) -> MouseInput | None:
        if button not in self._held:
            return None
        self._held.remove(button)
        return position.event(MouseAction.RELEASE, button, modifiers) if modes & MOUSE_MODES else None

    def move(self, modes: int, position: CellPosition, modifiers: int) -> MouseInput | None:
        """A move is reported once for each new cell, or each new pixel where the program asked for those."""
        dragging = bool(self._held) and modes & (ScreenMode.MOUSE_DRAG | ScreenMode.MOUSE_MOTION)
        if not dragging and not modes & ScreenMode.MOUSE_MOTION:
            return None
        if position == self._last:
            return None
        self._last = position
        button = self._held[-1] if self._held else MouseButton.NONE
        return position.event(MouseAction.MOVE, button, modifiers)


NOTCH: Final = 120
"""Qt's angle delta of one notch of a wheel."""


class WheelSteps:
    """Adds up fine wheel movements until they make whole steps."""

    def __init__(self) -> None:
        self._rest = 0.0

    def take(self, delta: float, step: float) -> int:
        """Whole steps of size ``step`` in this movement and what was left of those before."""
        if delta * self._rest < 0:
            self._rest = 0.0
        self._rest += delta
        steps = int(self._rest / step)
        self._rest -= steps * step
        return steps
