"""The windows of Podium: opens and closes them, and moves panes between them."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal

from podium.core.commands import CommandId
from podium.core.config.settings import Settings
from podium.core.ids import InstanceId
from podium.ui.appearance import Appearance, AppearanceStore
from podium.ui.keys_in_use import KeysInUse
from podium.ui.main_window import MainWindow
from podium.ui.recent_choices import RecentChoices
from podium.ui.theme.palette import ThemeManager
from podium.ui.window_context import WindowContext
from podium.workspace.arrangement import Arrangement
from podium.workspace.workspace import Workspace

MOST_WINDOWS: Final = 16
MakeWindow = Callable[[WindowContext], MainWindow]


class Windows(QObject):
    """One for each of the workspace's arrangements. A window that was closed is kept, empty, for the next one."""

    opened = Signal(object, object)
    """A MainWindow that is about to be shown, and the one that it was asked for in; None for none."""
    changed = Signal()
    """A window came or went."""
    key_pressed = Signal()
    """A person has pressed a key in any of them."""

    def __init__(self, workspace: Workspace, make: MakeWindow, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._arrangements = workspace.arrangements
        self._make_window = make
        self.themes = ThemeManager(self)
        self.appearance = AppearanceStore(self)
        self.keys = KeysInUse(self)
        self.recent = RecentChoices(self)
        self._settings: Settings | None = None
        self._windows: dict[Arrangement, MainWindow] = {}
        self._closed: list[Arrangement] = []
        """Those without a window now; their windows are hidden."""
        self._add(self._arrangements.first)
        self._arrangements.moving.connect(self._on_moving)
        self._arrangements.shown_elsewhere.connect(self._on_shown_elsewhere)

    @property
    def all(self) -> tuple[MainWindow, ...]:
        """The open ones, the oldest first."""
        return tuple(self._windows[one] for one in self._arrangements.all)

    @property
    def first(self) -> MainWindow:
        return self._windows[self._arrangements.first]

    @property
    def front(self) -> MainWindow:
        """The one in which a person works, or worked last."""
        return self._windows[self._arrangements.active]

    def of(self, instance: InstanceId | None) -> MainWindow:
        """The one that has ``instance``; the front one for None."""
        return self._windows[self._arrangements.of(instance)] if instance is not None else self.front

    def has_focus(self, instance: InstanceId) -> bool:
        """Whether a person types into ``instance`` now."""
        return self.of(instance).has_focus(instance)

    def show_message(self, text: str) -> None:
        """Say something in the front one, for a while."""
        self.front.show_message(text)

    def show(self) -> None:
        """All of them, the first one in front."""
        first, *others = self.all
        for window in others:
            # Else the desktop may give the keyboard to any of them.
            window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, True)
            window.show()
            window.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)
        first.show()

    def delete_all(self) -> None:
        """Only for the very end."""
        for window in self._windows.values():
            window.deleteLater()

    def apply_settings(self, settings: Settings) -> None:
        self._settings = settings
        for window in self.all:
            window.apply_settings(settings)
        self._workspace.set_clipboard_access(settings.terminal.clipboard, self.has_focus)

    def apply_appearance(self, appearance: Appearance) -> None:
        """Take over what was saved."""
        for window in self.all:
            window.apply_appearance(appearance)

    def add(self) -> MainWindow:
        """A further one, empty and not shown yet."""
        earlier = self._closed.pop() if self._closed else None
        arrangement = self._arrangements.open(earlier)
        if arrangement not in self._windows:
            self._add(arrangement)
        window = self._windows[arrangement]
        if self._settings is not None:
            window.apply_settings(self._settings)
            self._workspace.set_clipboard_access(self._settings.terminal.clipboard, self.has_focus)
        window.apply_appearance(self.appearance.current)
        return window

    def open_new(self) -> None:
        """An empty one in front of the others, with the layout of the one that it was asked for in."""
        asked = self.front
        if not self._has_room(asked):
            return
        window = self.add()
        self._arrangement_of(window).set_layout(self._arrangement_of(asked).layout)
        self._show(window, asked)

    def move_to_new(self, instance: InstanceId) -> None:
        """Take ``instance`` into a window of its own, just as it is."""
        asked = self.of(instance)
        if not self._has_room(asked):
            return
        window = self.add()
        self._arrangements.move(instance, self._arrangement_of(window))
        self._show(window, asked)

    def move_to_next(self, instance: InstanceId) -> None:
        """Take ``instance`` into the next window, round at the end, and go with it."""
        arrangements = self._arrangements.all
        at = arrangements.index(self._arrangements.of(instance)) + 1
        target = arrangements[at % len(arrangements)]
        self._arrangements.move(instance, target)
        target.reveal(instance)
        self._windows[target].come_forward()

    def _has_room(self, asked: MainWindow) -> bool:
        room = len(self.all) < MOST_WINDOWS
        if not room:
            asked.show_message(f"{MOST_WINDOWS} windows are the most; close one first.")
        return room

    def _show(self, window: MainWindow, asked: MainWindow) -> None:
        self.opened.emit(window, asked)
        window.show()
        # At once: what is started now belongs there, whenever the desktop says that it is the active one.
        self._arrangements.activate(self._arrangement_of(window))
        window.come_forward()
        self.changed.emit()

    def _add(self, arrangement: Arrangement) -> None:
        window = self._make_window(
            WindowContext(
                arrangement,
                self.themes,
                self.appearance,
                self.keys,
                self.recent,
                self._leave,
                lambda instance: self._find_peer(arrangement, instance),
                {
                    CommandId.MOVE_TO_NEW_WINDOW: self.move_to_new,
                    CommandId.MOVE_TO_NEXT_WINDOW: self.move_to_next,
                },
            )
        )
        self._windows[arrangement] = window
        # The desktop may refuse to bring a new window forward, and tells nothing of that.
        for signal in (window.activated, window.key_pressed):
            signal.connect(lambda: self._arrangements.activate(arrangement))
        window.key_pressed.connect(self.key_pressed)

    def _arrangement_of(self, window: MainWindow) -> Arrangement:
        return next(arrangement for arrangement, one in self._windows.items() if one is window)

    def _find_peer(self, own: Arrangement, instance: InstanceId) -> MainWindow | None:
        found = self._arrangements.of(instance)
        return self._windows[found] if found is not own and instance in found.order else None

    def _leave(self, arrangement: Arrangement) -> bool:
        """Close its window, if there are others: its instances go on in the oldest of these."""
        if len(self._arrangements.all) == 1 or arrangement not in self._arrangements.all:
            return False
        if self._workspace.closing:
            return True
        window = self._windows[arrangement]
        _clear_away(window)
        self._arrangements.close(arrangement)
        self._closed.append(arrangement)
        self.changed.emit()
        return True

    def _on_moving(self, instance: str, source: Arrangement, target: Arrangement) -> None:
        held = self._windows[source].pane_area.release(InstanceId(instance))
        if held is not None:
            self._windows[target].adopt_pane(held)

    def _on_shown_elsewhere(self, arrangement: Arrangement) -> None:
        self._windows[arrangement].come_forward()


def _clear_away(window: MainWindow) -> None:
    """Close what is open over its terminals."""
    while window.sheets:  # Closing one may open the next.
        window.sheets[-1].reject()
    window.toasts.clear()
    window.inbox.close()
    window.show_terminals()
