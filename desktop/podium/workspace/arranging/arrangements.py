"""The arrangements of all windows: each instance is in exactly one of them."""

from PySide6.QtCore import QObject, Signal

from podium.core.ids import InstanceId
from podium.workspace.arrangement import Arrangement


class Arrangements(QObject):
    """One arrangement for each window, the oldest first; there is always one. It keeps no widget."""

    changed = Signal()
    """Anything of any of them changed, or which there are."""
    current_changed = Signal(str)
    """Another instance is current in the active window; "" for none. Also when another window is active."""
    moving = Signal(str, object, object)
    """An instance is about to leave the first Arrangement for the second one. It is still where it was."""
    shown_elsewhere = Signal(object)
    """A person asked in one window for an instance of another one: the Arrangement of that window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: list[Arrangement] = []
        self._moving: InstanceId | None = None
        self._expected: dict[InstanceId, Arrangement] = {}
        self._active = self.open()

    @property
    def all(self) -> tuple[Arrangement, ...]:
        return tuple(self._all)

    @property
    def first(self) -> Arrangement:
        """That of the window that is open longest."""
        return self._all[0]

    @property
    def active(self) -> Arrangement:
        """That of the window in which a person worked last. New instances go there."""
        return self._active

    @property
    def order(self) -> tuple[InstanceId, ...]:
        """All instances, window by window."""
        moving = (self._moving,) if self._moving is not None else ()
        return (*(instance for one in self._all for instance in one.order), *moving)

    @property
    def in_sight(self) -> tuple[InstanceId, ...]:
        """What any window shows, that of the active one first."""
        others = [one for one in self._all if one is not self._active]
        return tuple(instance for one in (self._active, *others) for instance in one.in_sight)

    def of(self, instance: InstanceId) -> Arrangement:
        """The one that ``instance`` is in; the active one where there is no such instance."""
        return next((one for one in self._all if instance in one.order), self._active)

    def number(self, instance: InstanceId) -> int:
        """The place of ``instance`` in its window, from 1; 0 when it is in none."""
        order = self.of(instance).order
        return order.index(instance) + 1 if instance in order else 0

    def open(self, earlier: Arrangement | None = None) -> Arrangement:
        """An empty one for a further window, or ``earlier``, which was closed."""
        made = earlier or Arrangement(self)
        if earlier is None:
            made.changed.connect(self.changed)
            made.current_changed.connect(lambda instance: self._on_current_changed(made, instance))
            made.missed.connect(self._show_elsewhere)
            made.others = lambda: [one for one in self._all if one is not made]
        self._all.append(made)
        made.active = len(self._all) == 1
        self.changed.emit()
        return made

    def close(self, arrangement: Arrangement) -> None:
        """Its window closes: its instances go to the one that is open longest. Not for the last one."""
        heir = next(one for one in self._all if one is not arrangement)
        for instance in arrangement.order:
            self.move(instance, heir)
        self._all.remove(arrangement)
        if arrangement is self._active:
            self.activate(heir)
        arrangement.active = False
        self.changed.emit()

    def activate(self, arrangement: Arrangement) -> None:
        """A person works in its window now."""
        if arrangement is self._active or arrangement not in self._all:
            return
        self._active.active = False
        self._active = arrangement
        arrangement.active = True
        self.current_changed.emit(arrangement.current or "")

    def expect(self, instance: InstanceId, arrangement: Arrangement) -> None:
        """This instance, when it is added, goes there and not to the active one."""
        self._expected[instance] = arrangement

    def add(self, instance: InstanceId) -> None:
        """Put a new instance into the active one, unless it is expected elsewhere."""
        expected = self._expected.pop(instance, self._active)
        (expected if expected in self._all else self._active).add(instance)

    def remove(self, instance: InstanceId) -> None:
        """Take ``instance`` out of the one that it is in."""
        self.of(instance).remove(instance)

    def move(self, instance: InstanceId, target: Arrangement) -> None:
        """Put ``instance`` at the end of ``target``; nothing of it ends by that."""
        source = self.of(instance)
        if source is target or instance not in source.order:
            return
        self.moving.emit(instance, source, target)
        # Between the two it is still one of the instances.
        self._moving = instance
        try:
            source.remove(instance)
        finally:
            self._moving = None
        target.add(instance)

    def reveal(self, instance: InstanceId) -> None:
        """A person is to see ``instance``, in whatever window it is."""
        self.of(instance).reveal(instance)

    def touch(self, instance: InstanceId) -> None:
        """Something about ``instance`` changed that is shown with the order, or saved."""
        self.of(instance).changed.emit()

    def _on_current_changed(self, arrangement: Arrangement, instance: str) -> None:
        if arrangement is self._active:
            self.current_changed.emit(instance)

    def _show_elsewhere(self, missed: str) -> None:
        """``missed`` is not where it was asked for."""
        found = self.of(instance := InstanceId(missed))
        if instance in found.order:
            found.reveal(instance)
            self.shown_elsewhere.emit(found)
