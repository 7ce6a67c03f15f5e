"""The instances that are shown: order, current one, tabs or grid, page, zoom. No widget keeps any of it."""

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QObject, Signal

from podium.core.commands import CommandTarget, Situation
from podium.core.ids import InstanceId
from podium.workspace.views import InstanceState, InstanceView

GRID_PANES: Final = 4
"""Panes of a page of the grid, unless as many as there is room for are to be shown."""


class Layout(StrEnum):
    TABS = "tabs"
    GRID = "grid"


class Arrangement(QObject):
    """The order of the instances and what of them is in sight."""

    changed = Signal()
    """Anything of it changed; read it anew. It is small."""
    current_changed = Signal(str)
    """Another instance is current; "" when none is left."""
    revealed = Signal(str)
    """A person is to see this instance, whatever the window shows now. It is current already."""
    missed = Signal(str)
    """This instance was asked for, and is not in this window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order: list[InstanceId] = []
        self._current: InstanceId | None = None
        self._layout = Layout.TABS
        self._zoomed = False
        self._page_size = GRID_PANES
        self.active = True
        """Whether a person worked last in its window."""
        self.others: Callable[[], Sequence[Arrangement]] = tuple
        """Those of the other windows."""

    @property
    def order(self) -> tuple[InstanceId, ...]:
        return tuple(self._order)

    @property
    def current(self) -> InstanceId | None:
        return self._current

    @property
    def layout(self) -> Layout:
        return self._layout

    @property
    def zoomed(self) -> bool:
        """In the grid: the current pane is shown alone for now."""
        return self._zoomed and self._layout is Layout.GRID

    @property
    def page_size(self) -> int:
        """The most panes that the grid shows at once."""
        return self._page_size

    def set_page_size(self, panes: int) -> None:
        """Show at most so many panes at once in the grid."""
        if panes != self._page_size:
            self._page_size = panes
            self.changed.emit()

    @property
    def page(self) -> int:
        """The grid's page, from 0: always the one with the current instance."""
        return self._order.index(self._current) // self._page_size if self._current is not None else 0

    @property
    def pages(self) -> int:
        return max(1, -(-len(self._order) // self._page_size))

    @property
    def visible(self) -> tuple[InstanceId, ...]:
        """The instances that have a pane in sight, in order."""
        if self._current is None:
            return ()
        if self._layout is Layout.TABS or self.zoomed:
            return (self._current,)
        start = self.page * self._page_size
        return tuple(self._order[start : start + self._page_size])

    @property
    def in_sight(self) -> tuple[InstanceId, ...]:
        """The same, the current one first."""
        return tuple(sorted(self.visible, key=lambda instance: instance != self._current))

    def situation(self, view: InstanceView | None) -> Situation:
        """The facts that decide which commands would do anything for ``view``, the instance they are for."""
        return Situation(
            instances=len(self._order),
            pages=self.pages,
            grid=self._layout is Layout.GRID,
            windows=1 + len(self.others()),
            target=_target(view) if view is not None else None,
        )

    def restore(self, order: Iterable[InstanceId], current: InstanceId | None, layout: Layout) -> None:
        """Take over what was saved."""
        self._order = list(order)
        self._layout = layout
        self._current = current if current in self._order else (self._order[0] if self._order else None)
        self.current_changed.emit(self._current or "")
        self.changed.emit()

    def add(self, instance: InstanceId) -> None:
        self._order.append(instance)
        if self._current is None:
            self.select(instance)
        else:
            self.changed.emit()

    def remove(self, instance: InstanceId) -> None:
        """Take ``instance`` out; its right neighbour (else the left one) becomes current."""
        index = self._order.index(instance)
        del self._order[index]
        if instance == self._current:
            self._current = self._order[min(index, len(self._order) - 1)] if self._order else None
            self._zoomed = False
            self.current_changed.emit(self._current or "")
        self.changed.emit()

    def select(self, instance: InstanceId) -> None:
        """Make ``instance`` current; the grid turns to its page. One of another window is shown there."""
        if instance not in self._order:
            self.missed.emit(instance)
            return
        if instance != self._current:
            self._current = instance
            self.current_changed.emit(instance)
            self.changed.emit()

    def reveal(self, instance: InstanceId) -> None:
        """``select``, for a person who asked to see it from elsewhere."""
        if instance in self._order:
            self.select(instance)
            self.revealed.emit(instance)
        else:
            self.missed.emit(instance)

    def select_number(self, number: int) -> None:
        """Select by place, from 1. A number beyond the last does nothing."""
        if 1 <= number <= len(self._order):
            self.select(self._order[number - 1])

    def step(self, by: int) -> None:
        """Go ``by`` places on, round at the ends."""
        if self._current is not None:
            self.select(self._order[(self._order.index(self._current) + by) % len(self._order)])

    def next_page(self) -> None:
        """Turn the grid to the next page, round at the end."""
        self._turn(1)

    def previous_page(self) -> None:
        """Turn the grid to the page before, round at the start."""
        self._turn(-1)

    def _turn(self, pages: int) -> None:
        if self._order:
            self.select(self._order[(self.page + pages) % self.pages * self._page_size])

    def set_layout(self, layout: Layout) -> None:
        if layout is not self._layout:
            self._layout = layout
            self._zoomed = False
            self.changed.emit()

    def toggle_layout(self) -> None:
        self.set_layout(Layout.GRID if self._layout is Layout.TABS else Layout.TABS)

    def toggle_zoom(self) -> None:
        if self._layout is Layout.GRID:
            self._zoomed = not self._zoomed
            self.changed.emit()

    def swap(self, one: InstanceId, other: InstanceId) -> None:
        """Exchange two places (a pane dropped onto another)."""
        first, second = self._order.index(one), self._order.index(other)
        self._order[first], self._order[second] = other, one
        self.changed.emit()

    def move(self, instance: InstanceId, index: int) -> None:
        """Put ``instance`` at place ``index`` (a dragged tab)."""
        self._order.remove(instance)
        self._order.insert(max(0, min(index, len(self._order))), instance)
        self.changed.emit()


def _target(view: InstanceView) -> CommandTarget:
    asked = view.attention.asked if view.state is InstanceState.WAITING else None
    return CommandTarget(
        kind=view.spec.kind,
        startable=view.startable,
        busy=view.busy,
        idle=view.state is InstanceState.IDLE,
        starting=view.state is InstanceState.STARTING,
        running=view.state in (InstanceState.RUNNING, InstanceState.WAITING),
        finishing=view.state is InstanceState.FINISHING,
        restarting=view.state is InstanceState.RESTARTING,
        resumable=view.resumable,
        left_behind=bool(view.left_behind),
        asks_for_clipboard=bool(view.clipboard_write),
        can_be_allowed=asked is not None and bool(asked.allow),
        can_be_denied=asked is not None and bool(asked.deny),
        prompt_waits=bool(view.prompt_waits_for),
    )
