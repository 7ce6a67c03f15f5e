"""Menus from the command table. They are made when opened, so they never show what was so a moment ago."""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from podium.core.commands import Command, CommandId, Section, commands_in
from podium.core.commands import command as row_of
from podium.core.instances import AlertLevel, ThemeName
from podium.core.themes import load_theme
from podium.core.visible_text import visible
from podium.ui.keys_in_use import KeysInUse
from podium.ui.theme.icons import icon
from podium.ui.theme.palette import WindowColors
from podium.workspace.views import InstanceState, InstanceView

Run = Callable[[CommandId], None]
Refusal = Callable[[CommandId, str], str]
ChooseTheme = Callable[[ThemeName], None]

_OF_INSTANCE: Final = (
    Section.QUESTION,
    Section.RUN,
    Section.LEFT_BEHIND,
    Section.CLIPBOARD_WRITE,
    Section.FIRST_PROMPT,
    Section.INSTANCE,
    Section.END,
)


ALERT_LEVELS: Final = {
    CommandId.ALERT_NORMAL: AlertLevel.NORMAL,
    CommandId.ALERT_IMPORTANT: AlertLevel.IMPORTANT,
    CommandId.ALERT_MUTED: AlertLevel.MUTED,
}


class LinkMenu(NamedTuple):
    """What can be done with a link."""

    open: Callable[[], None]
    copy: Callable[[], None]
    open_with: Sequence[tuple[str, Callable[[], None]]] = ()
    """Other ways, with their titles."""


class MenuMaker:
    """Builds the window's menus; ``run`` is called with the chosen command."""

    def __init__(
        self,
        parent: QWidget,
        colors: WindowColors,
        offered: frozenset[CommandId],
        keys: KeysInUse,
        refusal: Refusal,
    ) -> None:
        """``refusal`` says why a command would do nothing for an instance now; "" when it would do something."""
        self._parent = parent
        self._colors = colors
        self._offered = offered
        self._keys = keys
        self._refusal = refusal

    def new_menu(self, run: Run) -> QMenu:
        """The menu behind +."""
        menu = self._menu()
        self._fill(menu, Section.NEW, None, run)
        return menu

    def window_menu(self, view: InstanceView | None, run: Run, choose_theme: ChooseTheme) -> QMenu:
        """Everything; ``view`` is the current instance."""
        menu = self._menu()
        self._fill(menu, Section.NEW, None, run)
        if view is not None:
            menu.addSeparator()
            self._fill_instance(_submenu_of(menu, view), view, run, choose_theme)
            self._fill(menu.addMenu("Terminal"), Section.TERMINAL, view, run)
        self._fill(menu, Section.ALL, view, run)
        self._fill(menu.addMenu("View"), Section.VIEW, view, run)
        self._fill(menu.addMenu("Go to"), Section.PAGES, view, run)
        menu.addSeparator()
        self._fill(menu, Section.FILES, None, run)
        menu.addSeparator()
        self._fill(menu, Section.PODIUM, None, run)
        return menu

    def instance_menu(self, view: InstanceView, run: Run, choose_theme: ChooseTheme) -> QMenu:
        """The menu of one instance."""
        menu = self._menu()
        self._fill_instance(menu, view, run, choose_theme)
        return menu

    def terminal_menu(
        self,
        view: InstanceView,
        run: Run,
        choose_theme: ChooseTheme,
        link: LinkMenu | None = None,
        command: str | None = None,
    ) -> QMenu:
        """The menu of the right button and the menu key in a terminal; ``link`` is about the link at the pointer,
        ``command`` the line of the command there.
        """
        menu = self._menu()
        if link is not None:
            menu.addAction("Open").triggered.connect(lambda _checked=False: link.open())
            menu.addAction("Copy link").triggered.connect(lambda _checked=False: link.copy())
            if link.open_with:
                ways = menu.addMenu("Open with…")
                for title, choose in link.open_with:
                    ways.addAction(title).triggered.connect(lambda _checked=False, choose=choose: choose())
            menu.addSeparator()
        self._fill(menu, Section.CLIPBOARD, view, run)
        menu.addSeparator()
        if command is not None:
            self._fill(menu, Section.COMMAND, view, run)
            if command:
                _name_command(menu, command)
            menu.addSeparator()
        self._fill(menu, Section.CLEAR, view, run)
        menu.addSeparator()
        self._fill_instance(_submenu_of(menu, view), view, run, choose_theme)
        self._fill(menu.addMenu("View"), Section.VIEW, view, run)
        return menu

    def _menu(self) -> QMenu:
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)  # They say why an entry is grey.
        return menu

    def _fill_instance(self, menu: QMenu, view: InstanceView, run: Run, choose_theme: ChooseTheme) -> None:
        hidden = set() if view.left_behind else {Section.LEFT_BEHIND}
        hidden |= set() if view.clipboard_write else {Section.CLIPBOARD_WRITE}
        hidden |= set() if view.prompt_waits_for else {Section.FIRST_PROMPT}
        hidden |= set() if _is_answerable(view) else {Section.QUESTION}
        shown = [one for one in _OF_INSTANCE if one not in hidden]
        for section in shown:
            if section is not shown[0]:
                menu.addSeparator()
            self._fill(menu, section, view, run, choose_theme)
            if section is Section.INSTANCE:
                self._add_alerts(menu.addMenu("Alerts"), view, run)

    def _fill(
        self,
        menu: QMenu,
        section: Section,
        view: InstanceView | None,
        run: Run,
        choose_theme: ChooseTheme | None = None,
    ) -> None:
        for row in commands_in(section, view.spec.kind if view is not None else None):
            if row.id not in self._offered or (view is not None and _is_idle_twin(row.id, view)):
                continue
            if row.id is CommandId.CHANGE_THEME and view is not None and choose_theme is not None:
                self._add_themes(menu.addMenu(row.title), view, choose_theme)
            else:
                self._add(menu, row, view, run)

    def _add_themes(self, menu: QMenu, view: InstanceView, choose_theme: ChooseTheme) -> None:
        for theme in ThemeName:
            action = menu.addAction(load_theme(theme).name)
            action.setCheckable(True)
            action.setChecked(theme is view.spec.theme)
            action.triggered.connect(lambda _checked=False, theme=theme: choose_theme(theme))

    def _add_alerts(self, menu: QMenu, view: InstanceView, run: Run) -> None:
        """How the instance may call for a person."""
        if view.spec.alerts is AlertLevel.MUTED:
            menu.setIcon(icon("bell-off", self._colors.chrome.text_2))
        for row in commands_in(Section.ALERTS, view.spec.kind):
            if row.id in self._offered:
                action = menu.addAction(row.title)
                action.setToolTip(row.help)
                action.setCheckable(True)
                action.setChecked(ALERT_LEVELS[row.id] is view.spec.alerts)
                action.triggered.connect(lambda _checked=False, id=row.id: run(id))

    def _add(self, menu: QMenu, row: Command, view: InstanceView | None, run: Run) -> None:
        # Text after a tab is shown as a shortcut; a real one would be registered a second time.
        key = self._keys.text(CommandId.CLOSE if row.id is CommandId.REMOVE else row.id)
        action = menu.addAction(f"{row.title}\t{key}" if key else row.title)
        refused = self._refusal(row.id, view.id if view is not None else "")
        action.setToolTip(refused or row.help)
        action.setEnabled(not refused)
        if row.icon:
            chrome = self._colors.chrome
            action.setIcon(icon(row.icon, chrome.text_2, chrome.text_disabled))
        action.triggered.connect(lambda _checked=False, id=row.id: run(id))


def _is_idle_twin(id: CommandId, view: InstanceView) -> bool:
    """Whether another entry says better what this one does: what runs is restarted and closed, what does not is started
    and removed. The keys of all of them do the same in both cases.
    """
    return id in ((CommandId.START, CommandId.REMOVE) if view.busy else (CommandId.RESTART, CommandId.CLOSE))


def _is_answerable(view: InstanceView) -> bool:
    asked = view.attention.asked if view.state is InstanceState.WAITING else None
    return asked is not None and bool(asked.allow or asked.deny)


def _name_command(menu: QMenu, command: str) -> None:
    """Say which command runs again: output may have been made to look like another one."""
    title = row_of(CommandId.RUN_AGAIN).title
    for action in menu.actions():
        if action.text() == title:
            action.setText(f"{title}: {visible(command).replace('&', '&&')}")


def _submenu_of(menu: QMenu, view: InstanceView) -> QMenu:
    return menu.addMenu(view.spec.name.replace("&", "&&"))


def popup(menu: QMenu, at: QPoint, window: QWidget) -> None:
    """Open ``menu`` at a global position, inside the window where it fits."""
    right = window.mapToGlobal(QPoint(window.width(), 0)).x()
    at.setX(min(at.x(), right - menu.sizeHint().width() - 4))
    menu.popup(at)
