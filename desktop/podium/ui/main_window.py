"""The window: puts its parts together and connects them. What the commands do is in window_commands."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QHideEvent, QKeyEvent, QPixmap, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from podium.core.background import RunInBackground
from podium.core.commands import CommandId
from podium.core.config.settings import Grid, Settings
from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.sessions.hub import SessionHub
from podium.ui.appearance import Appearance
from podium.ui.attention import Attention
from podium.ui.command_palette.opener import PaletteOpener
from podium.ui.commands.actions import WindowActions
from podium.ui.commands.quitting import Quitting
from podium.ui.commands.window_commands import WindowCommands
from podium.ui.commands.window_menus import WindowMenus
from podium.ui.dialogs.sheet_stack import SheetStack
from podium.ui.inbox.place import Inbox
from podium.ui.keys_in_use import KeysInUse
from podium.ui.notices.chord_notice import ChordNotice
from podium.ui.notices.command_notices import CommandNotices
from podium.ui.pages.page import Page, PageId
from podium.ui.pages.page_switch import PageSwitch
from podium.ui.pane_wiring import connect_panes
from podium.ui.panes.held_pane import HeldPane
from podium.ui.panes.pane_area import PaneArea
from podium.ui.searching import Searching
from podium.ui.sidebar.rail import Rail
from podium.ui.sidebar.sidebar import Sidebar
from podium.ui.tabs.tab_bar import TabBar
from podium.ui.terminal.view import TerminalView
from podium.ui.terminal_settings import TerminalSettings
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.style import palette, prepare_application, style_sheet
from podium.ui.ticker import Ticker
from podium.ui.welcome import Welcome
from podium.ui.widgets.toast import Toast, Toasts
from podium.ui.window_context import WindowContext
from podium.ui.window_frame import WindowFrame
from podium.ui.window_messages import WindowMessages
from podium.ui.window_signs import WindowSigns
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceView
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.ui.dialogs.modal_card import ModalCard

MINIMUM_SIZE = (800, 600)


class MainWindow(QMainWindow):
    """Shows ``workspace``, or its part of that: ``context`` says which. ``on_quit`` is called when the person means to
    quit; the app then ends things.
    """

    activated = Signal()
    """A person works in it now."""
    appearance_changed = Signal()
    key_pressed = Signal()

    def __init__(
        self,
        workspace: Workspace,
        hub: SessionHub,
        *,
        on_demo: Callable[[], None],
        on_quit: Callable[[], None],
        look: RunInBackground,
        app_commands: Mapping[CommandId, Callable[[], None]] | None = None,
        pages: Mapping[PageId, Callable[["MainWindow"], Page]] | None = None,
        ask_on_close: bool = True,
        context: WindowContext | None = None,
    ) -> None:
        """``look`` is for what takes long; the app carries out ``app_commands`` and makes ``pages``."""
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        prepare_application(app)
        self._workspace = workspace
        self._hub = hub
        self._look = look
        self._context = context = context or WindowContext.alone(workspace, self)
        self._arrangement, self._themes, self._appearance = context[:3]
        self._sheets = SheetStack(self)
        # Looked up when a key comes: terminals may be made before the actions are.
        self._terminals = TerminalSettings(
            look,
            lambda event: self._actions.take(event),
            lambda event: self._actions.take_for_terminal(event),
            self._appearance.current.font_size,
        )
        makers = {id: partial(make, self) for id, make in (pages or {}).items()}
        self.pages = PageSwitch(makers, self)
        self._build(hub)
        self.palette_opener = PaletteOpener(workspace, context, self, lambda id: self._commands.run(id), self)
        own_commands = {**(app_commands or {}), **self.inbox.commands(), **self.pages.commands()}
        own_commands[CommandId.COMMAND_PALETTE] = self.palette_opener.open
        own_commands |= self._frame.commands(self.focus_content)
        self._commands = WindowCommands(workspace, context, hub, self, on_demo, own_commands, look, self)
        self._actions = WindowActions(self, self._commands.handlers(), context.keys, self._commands.takes_key)
        self._actions.pressed.connect(self.key_pressed)
        self._actions.second_awaited.connect(ChordNotice(self.toasts, self).show)
        self._menus = WindowMenus(workspace, context, self._commands, self._actions, self)
        self._quitting = Quitting(workspace, self._themes, self, on_quit, ask_on_close, self)
        self._connect()
        self.setMinimumSize(*MINIMUM_SIZE)
        self._on_theme_changed()
        self.apply_settings(Settings())
        self._on_arrangement_changed()

    def _build(self, hub: SessionHub) -> None:
        workspace, arrangement = self._workspace, self._arrangement
        self._attention = Attention(workspace, arrangement, self)
        self._command_notices = CommandNotices(workspace, self._is_watched)
        self._signs = WindowSigns(workspace, arrangement, self._attention, self)
        self._ticker = Ticker(workspace, self)
        self.rail = Rail(self._themes, self.pages.offered)
        self.sidebar = Sidebar(workspace, arrangement, self._attention, self._themes)
        self.tab_bar = TabBar(workspace, arrangement, self._attention, self._themes)
        self.pane_area = PaneArea(
            workspace, arrangement, hub, self._attention, self._themes, self._terminals.make
        )
        self._terminals.existing = self.pane_area.terminals
        self.welcome = Welcome(self._themes, self._context.keys)
        self._content = QStackedWidget()
        self._content.addWidget(self.welcome)
        self._content.addWidget(self.pane_area)
        self._frame = WindowFrame(self._themes, self.rail, self.sidebar, self.tab_bar, self._content)
        self.setCentralWidget(self._frame)
        self.inbox = Inbox(
            workspace, arrangement, hub, self._themes, self._frame, self._content, self.sidebar
        )
        self._searching = Searching(
            workspace, self._context, hub, self.pane_area, self._sheets, self._frame, self
        )
        self.toasts = Toasts(self._themes, self._frame)
        self._messages = WindowMessages(workspace, arrangement, self.toasts, self._is_current, self)

    def _connect(self) -> None:
        run = self._commands.run
        for source in (self.rail, self.welcome, self.tab_bar, self.pane_area):
            source.requested.connect(run)
        self.pages.changed.connect(self._on_page_changed)
        self.sidebar.instance_chosen.connect(self._on_instance_chosen)
        self.sidebar.left.connect(self._on_sidebar_left)
        self.sidebar.width_changed.connect(lambda width: self._appearance.change(sidebar_width=width))
        self.tab_bar.menu_requested.connect(self._menus.open_window)
        self.tab_bar.new_menu_requested.connect(self._menus.open_new)
        for place in (self.tab_bar, self.pane_area, self.sidebar, self.inbox):
            place.instance_menu_requested.connect(self._menus.open_instance)
        self.inbox.left.connect(self.focus_content)
        self.inbox.placed.connect(self.toasts.keep_off)
        connect_panes(self.pane_area, self._commands, self._menus, self._command_notices, self.toasts)
        self.pane_area.terminal_focused.connect(self._frame.close_overlay)
        self.pane_area.terminal_focused.connect(self.inbox.give_way)
        self._commands.opening.workspace_opened.connect(self.palette_opener.recent.add_file)
        self._sheets.filled.connect(self._on_sheets_filled)
        self._sheets.emptied.connect(self._on_sheets_emptied)
        self._frame.compact_changed.connect(self.pane_area.set_compact)
        for show in (self._signs.update, self.pane_area.refresh_meters, self.tab_bar.refresh_ages):
            self._ticker.ticked.connect(show)
        self._ticker.ticked.connect(self._on_ticked)
        self._themes.changed.connect(self._on_theme_changed)
        self._appearance.changed.connect(self._on_appearance_changed)
        self._arrangement.changed.connect(self._on_arrangement_changed)
        self._arrangement.current_changed.connect(self._on_current_changed)
        self._arrangement.revealed.connect(self.show_terminals)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._on_focus_changed)

    # what the app needs

    @property
    def themes(self) -> ThemeManager:
        return self._themes

    @property
    def sheets(self) -> "list[ModalCard]":
        """The dialogs that are open, the topmost last."""
        return self._sheets.sheets

    @property
    def keys(self) -> KeysInUse:
        return self._context.keys

    def has_sheets(self) -> bool:
        return bool(self.sheets)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open files and folders; their dialogs ask before anything runs."""
        self._commands.opening.open(paths)

    def come_forward(self) -> None:
        """Show the window in front of others, as far as the desktop allows."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def quit_unasked(self) -> None:
        """End everything, whatever runs."""
        self._quitting.quit_now()

    def screenshot(self) -> QPixmap:
        return self.grab()

    def appearance(self) -> Appearance:
        return self._appearance.current

    def adopt_pane(self, held: HeldPane) -> None:
        """Take a pane that the pane area of another window has released."""
        self._terminals.adopt(held.pane.terminal)
        self.pane_area.adopt(held)

    def apply_appearance(self, appearance: Appearance) -> None:
        """Take over what was saved."""
        self._appearance.restore(appearance)
        self._themes.choose(appearance.color_scheme)
        self.sidebar.set_width(appearance.sidebar_width)
        self._terminals.set_font_size(appearance.font_size)
        self._on_arrangement_changed()

    def _on_appearance_changed(self) -> None:
        appearance = self._appearance.current
        self.sidebar.set_width(appearance.sidebar_width)
        if appearance.font_size != self._terminals.font_size:
            self._terminals.set_font_size(appearance.font_size)
        self._on_arrangement_changed()
        self.appearance_changed.emit()

    def apply_settings(self, settings: Settings) -> None:
        """Go by what the settings say of terminals, their keys, pastes and links."""
        self._workspace.set_clipboard_access(settings.terminal.clipboard, self.has_focus)
        self._workspace.presentation.set_graphics(settings.terminal.graphics)
        self._workspace.presentation.set_bidi(settings.terminal.bidi)
        self._commands.pictures.tools = settings.paste.image_tools
        self._themes.reduced_motion = settings.window.reduced_motion
        self._command_notices.least_seconds = settings.shell.notice_after
        self._commands.links.apply(settings.links)
        self._terminals.apply(settings)
        self.pane_area.show_all_in_grid(settings.window.grid is Grid.ALL)
        self.pane_area.refresh()

    def refusal(self, command: CommandId, instance: InstanceId | None) -> str:
        """Why the command would do nothing now, for ``instance`` or the current one; "" when it would do something."""
        return "A dialog is open." if self.sheets else self._commands.refusal(command, instance or "")

    def can_run(self, command: CommandId, instance: InstanceId | None) -> bool:
        """Whether the command would do anything now; none does while a dialog asks."""
        return not self.refusal(command, instance)

    def run(self, command: CommandId, instance: InstanceId | None) -> None:
        """Carry out a command as its menu entry does, but end what it ends without a question."""
        self._commands.run_for_program(command, instance or "")

    def run_as_shown(self, command: CommandId, view: InstanceView) -> None:
        """See ``Peer``. A dialog that asks something here comes first."""
        self.come_forward()
        if not self.sheets:
            self._commands.run_as_shown(command, view)

    def come_to(self, instance: InstanceId) -> None:
        """See ``Peer``."""
        self.come_forward()
        self._arrangement.reveal(instance)

    def show_match(self, instance: InstanceId, query: SearchQuery, line: int) -> None:
        """See ``Peer``."""
        self._searching.show_match(instance, query, line)

    # CommandHost: what the commands need of the window

    def sheet_host(self) -> QWidget:
        return self._frame

    def open_sheet(self, sheet: "ModalCard") -> None:
        self._sheets.open(sheet)

    def terminal(self, instance: InstanceId) -> TerminalView | None:
        pane = self.pane_area.pane(instance)
        return pane.terminal if pane is not None else None

    def find_in(self, instance: InstanceId) -> None:
        self._searching.open(instance)

    def find_in_all(self) -> None:
        self._searching.open_with_current_query()

    def toggle_sidebar(self) -> None:
        if self._frame.compact:
            self._frame.toggle_by_hand()
        elif not self._frame.wide:
            self._appearance.change(sidebar_narrow=not self._frame.sidebar_shown)
            self._on_arrangement_changed()
        else:
            grid = self._arrangement.layout is Layout.GRID
            shown = self._frame.sidebar_shown
            self._appearance.change(**{"sidebar_grid" if grid else "sidebar_tabs": not shown})
            self._on_arrangement_changed()
        # As an overlay it lies over the terminals until something is chosen in it.
        if self._frame.compact and self._frame.sidebar_shown:
            self.sidebar.filter.setFocus()
        else:
            self.focus_content()

    def change_font_size(self, step: int) -> None:
        self._terminals.step_font_size(step)
        self._appearance.change(font_size=self._terminals.font_size)

    def link_hosts(self) -> tuple[str, ...]:
        return self._appearance.current.link_hosts

    def set_link_hosts(self, hosts: tuple[str, ...]) -> None:
        self._appearance.change(link_hosts=hosts)

    def send_next_key(self) -> None:
        self._actions.send_next_key()

    def has_focus(self, instance: InstanceId) -> bool:
        terminal = self.terminal(instance)
        return self.isActiveWindow() and terminal is not None and terminal.hasFocus()

    def show_message(self, message: str) -> None:
        """Say something in a corner of the window, for a while."""
        self.toasts.show(message)

    def show_progress(self, title: str, cancel: Callable[[], None]) -> Toast:
        """Say what goes on, until it is over."""
        return self.toasts.show(title, " ", ("Cancel", cancel), lasting=True)

    def offered(self) -> frozenset[CommandId]:
        return self._actions.offered

    def quit(self) -> None:
        if self._quitting.may_close():
            self.hide()

    def show_terminals(self) -> None:
        self.pages.show_terminals()

    def terminals_shown(self) -> bool:
        return self.pages.page is None

    def focus_content(self) -> None:
        """The terminal, or the page that is shown, has the keyboard unless something else was asked for."""
        if self.pages.page is not None:
            self.pages.page.setFocus()
        elif self._arrangement.current is None:
            self.welcome.setFocus()
        else:
            self.pane_area.focus_current()

    # what happens

    def _on_sheets_filled(self) -> None:
        self._actions.set_enabled(False)
        self.inbox.lend_keyboard()

    def _on_sheets_emptied(self) -> None:
        self._actions.set_enabled(True)
        if not self.inbox.take_keyboard_back():
            self.focus_content()
        self._commands.opening.proceed()

    def _on_focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        # What had the keyboard has gone, such as a button that was pressed with it.
        if now is None and not self.sheets and self.isActiveWindow() and self.isVisible():
            self.focus_content()

    def _on_arrangement_changed(self) -> None:
        grid = self._arrangement.layout is Layout.GRID
        empty = self._arrangement.current is None
        self._content.setCurrentWidget(self.welcome if empty else self.pane_area)
        wanted = self._appearance.current.sidebar_grid if grid else self._appearance.current.sidebar_tabs
        narrow = self._appearance.current.sidebar_narrow
        self._frame.set_sidebar_wanted(wanted and not empty, narrow and not empty)

    def _on_page_changed(self) -> None:
        self.rail.show_page(self.pages.current)
        self._frame.set_page(self.pages.page)
        if self.pages.page is None:
            self.focus_content()

    def _on_current_changed(self, _instance: str) -> None:
        if not self.inbox.keeps_keyboard() and not self.sheets:
            self.focus_content()

    def _on_instance_chosen(self, instance: str) -> None:
        self._arrangement.select(InstanceId(instance))
        self._on_sidebar_left()

    def _on_sidebar_left(self) -> None:
        self._frame.close_overlay()
        self.focus_content()

    def _on_ticked(self) -> None:
        if self._frame.sidebar_shown:
            self.sidebar.refresh()

    def _on_theme_changed(self) -> None:
        colors = self._themes.colors
        self.setPalette(palette(colors))
        self.setStyleSheet(style_sheet(colors))
        chosen = self._themes.chosen
        self._appearance.change(scheme=chosen.value if chosen else "system")
        self._workspace.set_color_scheme(colors.scheme)

    def _is_current(self, instance: InstanceId) -> bool:
        return instance == self._arrangement.current and self.isActiveWindow()

    def _is_watched(self, instance: InstanceId) -> bool:
        """Whether a person may be looking at this instance."""
        return self.isActiveWindow() and instance in self._arrangement.visible

    # Qt

    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self._context.leave(self._arrangement) or self._quitting.may_close())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # No widget wanted it, and Qt knew no shortcut for it.
        event.setAccepted(self._actions.take(event))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticker.set_visible(True)
        self.focus_content()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._ticker.set_visible(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.ActivationChange:
            self._attention.set_watching(self.isActiveWindow())
            if self.isActiveWindow():
                self.activated.emit()
