"""The effect of each command of the window: it calls the workspace, the arrangement or opens a dialog."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from podium.core.background import RunInBackground
from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import AlertLevel, Kind, ThemeName
from podium.core.protocol.requests import ClearScrollback
from podium.sessions.hub import SessionHub
from podium.ui.attention import next_waiting
from podium.ui.commands.actions import Handler
from podium.ui.commands.answering import AnsweringCommands
from podium.ui.commands.current_folder import current_folder
from podium.ui.commands.ending import EndingCommands
from podium.ui.commands.exporting import Exporting, Progress
from podium.ui.commands.html_copy import HtmlCopy
from podium.ui.commands.links import LinkCommands
from podium.ui.commands.menus import ALERT_LEVELS
from podium.ui.commands.new_instances import NewInstances
from podium.ui.commands.opening import OpeningCommands
from podium.ui.commands.picture_paste import PicturePaste
from podium.ui.commands.possible import no_room_reason, refusal
from podium.ui.commands.workspace_saving import WorkspaceSaving
from podium.ui.commands.worktrees import Worktrees
from podium.ui.terminal.view import TerminalView
from podium.ui.window_context import WindowContext
from podium.workspace.views import InstanceView
from podium.workspace.workspace import Workspace, WorkspaceError

# Each dialog is loaded when it is first opened: they take as long to load as all that an empty window shows.
if TYPE_CHECKING:
    from podium.core.adapters.found_tools import ToolVersions
    from podium.ui.dialogs.sheet import Sheet


_FOR_SELECTION: Final = frozenset({CommandId.COPY, CommandId.COPY_HTML})
_FOR_PROMPTS: Final = frozenset(
    {CommandId.PREVIOUS_PROMPT, CommandId.NEXT_PROMPT, CommandId.COPY_OUTPUT, CommandId.RUN_AGAIN}
)
"""Commands for a terminal whose shell marks its prompts."""
_TAKING_KEYS: Final = frozenset({CommandId.COPY_MODE, CommandId.MARK_LINKS})
"""Commands after which keys are for what they show in the terminal, wherever the keyboard was before."""
_AMONG_TERMINALS: Final = frozenset(
    {
        CommandId.SWITCH,
        CommandId.NEXT,
        CommandId.PREVIOUS,
        CommandId.TOGGLE_LAYOUT,
        CommandId.NEXT_PAGE,
        CommandId.PREVIOUS_PAGE,
        CommandId.ZOOM,
        CommandId.TOGGLE_SIDEBAR,
        CommandId.INBOX,
    }
)
"""Commands that change what is seen of the terminals: from another page they lead back to these."""


class CommandHost(Protocol):
    """The window, as far as the commands use it."""

    def sheet_host(self) -> QWidget: ...

    def open_sheet(self, sheet: "Sheet") -> None:
        """Show a dialog and give the focus back to the terminal when it closes."""

    def has_sheets(self) -> bool: ...

    def show_terminals(self) -> None:
        """Show the terminals instead of another page."""

    def terminals_shown(self) -> bool: ...

    def terminal(self, instance: InstanceId) -> TerminalView | None: ...

    def find_in(self, instance: InstanceId) -> None:
        """Open the search bar of an instance's pane."""

    def find_in_all(self) -> None: ...

    def toggle_sidebar(self) -> None: ...

    def change_font_size(self, step: int) -> None:
        """By ``step`` px; 0 sets the usual size."""

    def send_next_key(self) -> None: ...

    def focus_content(self) -> None:
        """Give the keyboard to the current instance's terminal."""

    def link_hosts(self) -> tuple[str, ...]: ...

    def set_link_hosts(self, hosts: tuple[str, ...]) -> None: ...

    def show_message(self, message: str) -> None: ...

    def show_progress(self, title: str, cancel: Callable[[], None]) -> Progress: ...

    def offered(self) -> frozenset[CommandId]: ...

    def quit(self) -> None: ...


class WindowCommands(QObject):
    """``run`` carries out a command for an instance; ``handlers`` feeds the actions."""

    def __init__(
        self,
        workspace: Workspace,
        context: WindowContext,
        hub: SessionHub,
        host: CommandHost,
        on_demo: Callable[[], None],
        of_the_app: Mapping[CommandId, Callable[[], None]],
        look: RunInBackground,
        parent: QObject,
    ) -> None:
        """``of_the_app`` are commands that the app carries out: its files are not the window's. ``look`` is for
        folders that may hang.
        """
        super().__init__(parent)
        arrangement, themes = context.arrangement, context.themes
        self._look = look
        self._workspace = workspace
        self._arrangement = arrangement
        self._themes = themes
        self._keys = context.keys
        self._host = host
        self._versions: ToolVersions | None = None
        self._worktrees = Worktrees(workspace, themes, host, look, self)
        self._ending = EndingCommands(workspace, themes, host, self, self._worktrees.ask)
        self._answering = AnsweringCommands(workspace, host.show_message)
        self.pictures = PicturePaste(workspace, host, look, self)
        self.opening = OpeningCommands(workspace, arrangement, themes, host, look, self)
        self._new_instances = NewInstances(
            workspace, arrangement, self.opening.create, host.show_message, self
        )
        self._saving = WorkspaceSaving(workspace, arrangement, host, look, self)
        self._exporting = Exporting(workspace, hub, look, host, self)
        self._html_copy = HtmlCopy(workspace, hub, host)
        self.links = LinkCommands(workspace, arrangement, themes, host, look, self.opening.create, self)
        self._for_window: Mapping[CommandId, Callable[[], None]] = {
            CommandId.NEW_MISSION: lambda: self._new(Kind.MISSION),
            CommandId.NEW_SHELL: lambda: self._new(Kind.SHELL),
            CommandId.NEW_COMMAND: lambda: self._new(Kind.COMMAND),
            CommandId.NEW_AGENT: lambda: self._new(Kind.COMMAND, agent=True),
            **self._new_instances.handlers(),
            CommandId.OPEN_FILE: self.opening.ask,
            CommandId.SAVE_WORKSPACE: self._saving.ask,
            CommandId.WATCH_DEMO: on_demo,
            CommandId.NEXT: lambda: self._arrangement.step(1),
            CommandId.PREVIOUS: lambda: self._arrangement.step(-1),
            CommandId.NEXT_WAITING: self._next_waiting,
            CommandId.TOGGLE_LAYOUT: self._arrangement.toggle_layout,
            CommandId.NEXT_PAGE: self._arrangement.next_page,
            CommandId.PREVIOUS_PAGE: self._arrangement.previous_page,
            CommandId.TOGGLE_SIDEBAR: host.toggle_sidebar,
            CommandId.TOGGLE_COLORS: themes.toggle,
            CommandId.SEND_NEXT_KEY: host.send_next_key,
            CommandId.FIND_ALL: host.find_in_all,
            CommandId.SHOW_SHORTCUTS: self._show_shortcuts,
            CommandId.QUIT: host.quit,
            **of_the_app,
        }
        self._for_instance: Mapping[CommandId, Callable[[InstanceId], object]] = {
            CommandId.START: workspace.start,
            CommandId.RESUME: workspace.resume,
            **self._ending.handlers(),
            CommandId.FINISH_ROUND: workspace.finish_round,
            CommandId.ALLOW_QUESTION: self._answering.allow,
            CommandId.DENY_QUESTION: self._answering.deny,
            **self._new_instances.instance_handlers(),
            CommandId.RENAME: self._rename,
            **{id: partial(self._set_alerts, level) for id, level in ALERT_LEVELS.items()},
            CommandId.REMOVE: lambda id: self._worktrees.ask(id, lambda: workspace.remove(id)),
            CommandId.END_LEFT_BEHIND: workspace.end_left_behind,
            CommandId.LEAVE_LEFT_BEHIND: workspace.leave_left_behind,
            CommandId.ALLOW_CLIPBOARD_ONCE: workspace.allow_clipboard_write,
            CommandId.ALLOW_CLIPBOARD: lambda id: workspace.allow_clipboard_write(id, always=True),
            CommandId.DENY_CLIPBOARD: workspace.deny_clipboard_write,
            CommandId.COPY_FIRST_PROMPT: self._copy_first_prompt,
            CommandId.DROP_FIRST_PROMPT: workspace.agents.drop_prompt,
            CommandId.ZOOM: self._zoom,
            CommandId.CLEAR_SCROLLBACK: lambda id: workspace.send(id, ClearScrollback()),
            CommandId.RESET_TERMINAL: lambda id: workspace.send(id, ClearScrollback(reset=True)),
            CommandId.COPY_HTML: lambda id: self._with_terminal(id, self._html_copy.copy),
            CommandId.EXPORT: lambda id: self._with_terminal(id, self._exporting.ask),
            CommandId.FIND: host.find_in,
            CommandId.FONT_LARGER: lambda _id: host.change_font_size(1),
            CommandId.FONT_SMALLER: lambda _id: host.change_font_size(-1),
            CommandId.FONT_RESET: lambda _id: host.change_font_size(0),
            **context.instance_commands,
        }
        self._for_terminal: Mapping[CommandId, Callable[[TerminalView], None]] = {
            CommandId.COPY: TerminalView.copy,
            CommandId.PASTE: TerminalView.paste,
            CommandId.COPY_MODE: TerminalView.toggle_copy_mode,
            CommandId.SELECT_ALL: TerminalView.select_all,
            CommandId.MARK_LINKS: lambda terminal: terminal.links.begin_hints(),
            CommandId.SCROLL_UP: lambda terminal: terminal.scroll_pages(-1),
            CommandId.SCROLL_DOWN: lambda terminal: terminal.scroll_pages(1),
            CommandId.SCROLL_LINE_UP: lambda terminal: terminal.scroll_lines(-1),
            CommandId.SCROLL_LINE_DOWN: lambda terminal: terminal.scroll_lines(1),
            CommandId.SCROLL_TOP: TerminalView.scroll_to_top,
            CommandId.SCROLL_BOTTOM: TerminalView.scroll_to_bottom,
            CommandId.PREVIOUS_PROMPT: lambda terminal: terminal.prompts.go(above=True),
            CommandId.NEXT_PROMPT: lambda terminal: terminal.prompts.go(above=False),
            CommandId.COPY_OUTPUT: lambda terminal: terminal.prompts.copy_output(),
            CommandId.RUN_AGAIN: lambda terminal: terminal.prompts.run_again(),
        }

    def handlers(self) -> Mapping[CommandId, Handler]:
        """For every command there is: what its action calls."""

        def handler(id: CommandId) -> Handler:
            return lambda _number: self.run(id)

        made = {id: handler(id) for id in (*self._for_window, *self._for_instance, *self._for_terminal)}
        # Themes are chosen in a menu, where a person sees them; the key-less command leads to it from the overview.
        made[CommandId.CHANGE_THEME] = lambda _number: self._next_theme()
        made[CommandId.SWITCH] = self._switch
        made[CommandId.COPY] = lambda _number: self._copy_by_key()
        made[CommandId.PASTE] = lambda _number: self._paste_by_key()
        return made

    def run(self, id: CommandId, instance: str = "") -> None:
        """Carry out ``id`` for ``instance``, the current one by default."""
        target = InstanceId(instance) if instance else self._arrangement.current
        self._attempt(lambda: self._carry_out(id, target))

    def run_as_shown(self, id: CommandId, view: InstanceView) -> None:
        """``run`` from a menu that shows ``view``: no other question is answered than the one it had."""
        if id in (CommandId.ALLOW_QUESTION, CommandId.DENY_QUESTION):
            allow = id is CommandId.ALLOW_QUESTION
            self._attempt(lambda: self._answering.answer(view.id, view.attention.asked, allow=allow))
        else:
            self.run(id, view.id)

    def run_for_program(self, id: CommandId, instance: str = "") -> None:
        """``run`` for a program, which is not asked whether it means it; *Close* and *Quit* still ask the person."""
        target = InstanceId(instance) if instance else self._arrangement.current
        if id in (CommandId.STOP, CommandId.STOP_NOW, CommandId.RESTART) and target is not None:
            self._attempt(lambda: self._ending.run_unasked(id, target))
        else:
            self.run(id, instance)

    def refusal(self, id: CommandId, instance: str = "") -> str:
        """Why ``run`` would do nothing now, in a sentence; "" when it would do something."""
        target = InstanceId(instance) if instance else self._arrangement.current
        view = self._workspace.view(target) if target is not None else None
        known = id in self._for_window or id in self._for_instance or id in self._for_terminal
        if not known and id is not CommandId.CHANGE_THEME:
            return "This window does not have it."
        if refused := refusal(id, view, self._arrangement):
            return refused
        if id in self._for_terminal and not self._host.terminals_shown():
            return "Another page hides the terminals."
        if id in _FOR_SELECTION and not self._has_selection(target):
            return "Nothing is selected."
        return self._prompts_refusal(id, target) if id in _FOR_PROMPTS else ""

    def can_run(self, id: CommandId, instance: str = "") -> bool:
        """Whether ``run`` would do anything now."""
        return not self.refusal(id, instance)

    def offered_command(self, instance: InstanceId) -> str | None:
        """The command line of the command that its menu was opened on; None where there is no command."""
        terminal = self._host.terminal(instance)
        return terminal.prompts.offer() if terminal is not None else None

    def _has_selection(self, target: InstanceId | None) -> bool:
        terminal = self._host.terminal(target) if target is not None else None
        return terminal is not None and terminal.has_selection

    def _prompts_refusal(self, id: CommandId, target: InstanceId | None) -> str:
        terminal = self._host.terminal(target) if target is not None else None
        if id in (CommandId.PREVIOUS_PROMPT, CommandId.NEXT_PROMPT):
            marked = terminal is not None and terminal.prompts.any
            return "" if marked else "No shell has marked a prompt here."
        ran = terminal is not None and terminal.prompts.command is not None
        return "" if ran else "No shell has marked a command here."

    def takes_key(self, id: CommandId, number: int) -> bool:
        """Whether the command's key, the ``number``-th of a numbered command, does something for the current instance
        or says why it can't. Otherwise the key is the program's.
        """
        if id is CommandId.SWITCH:
            return number <= len(self._arrangement.order)
        # With nothing selected the key of Copy is still no Ctrl+C for the program.
        return id in _FOR_SELECTION or self.can_run(id) or bool(no_room_reason(id, self._arrangement))

    def _carry_out(self, id: CommandId, target: InstanceId | None) -> None:
        view = self._workspace.view(target) if target is not None else None
        if refusal(id, view, self._arrangement):
            if reason := no_room_reason(id, self._arrangement):
                self._host.show_message(reason)
            return
        if id in _AMONG_TERMINALS:
            self._host.show_terminals()
        if id in self._for_window:
            self._for_window[id]()
        elif id is CommandId.CHANGE_THEME:
            self._next_theme()
        elif target is not None:
            self._run_for(id, target)

    def _attempt(self, call: Callable[[], None]) -> None:
        """Call it and report a refusal. An instance may also be gone by the time a menu or dialog answers."""
        try:
            call()
        except WorkspaceError as error:
            self._host.show_message(str(error))

    def _run_for(self, id: CommandId, target: InstanceId) -> None:
        if id in self._for_instance:
            self._for_instance[id](target)
            return
        if not self._host.terminals_shown():
            return  # Whose terminal is hidden, nobody sees what becomes of it.
        terminal = self._host.terminal(target)
        if terminal is not None and id in self._for_terminal:
            if id in _TAKING_KEYS:
                self._arrangement.select(target)
                terminal.setFocus()
            self._for_terminal[id](terminal)

    def set_theme(self, instance: InstanceId, theme: ThemeName) -> None:
        self._attempt(lambda: self._workspace.set_theme(instance, theme))

    def confirm_paste(self, instance: str, text: str) -> None:
        """Ask before a text goes to a program that could do harm with it."""
        id = InstanceId(instance)
        terminal = self._host.terminal(id)
        bracketed = terminal is not None and terminal.bracketed_paste
        name = self._workspace.view(id).spec.name
        from podium.ui.dialogs.confirm_dialog import PasteDialog

        sheet = PasteDialog(self._themes, self._host.sheet_host(), text, name, bracketed=bracketed)
        sheet.accepted.connect(lambda: self._paste(id, text))
        self._host.open_sheet(sheet)

    def confirm_run(self, instance: str, text: str, run: Callable[[InstanceId, str], None]) -> None:
        """Ask before a command runs again that was not shown yet."""
        id = InstanceId(instance)
        from podium.ui.dialogs.confirm_dialog import RunAgainDialog

        sheet = RunAgainDialog(
            self._themes, self._host.sheet_host(), text, self._workspace.view(id).spec.name
        )
        sheet.accepted.connect(lambda: run(id, text))
        self._host.open_sheet(sheet)

    # details

    def _with_terminal(self, id: InstanceId, act: Callable[[InstanceId, TerminalView], object]) -> None:
        terminal = self._host.terminal(id)
        if terminal is not None:
            act(id, terminal)

    def _paste(self, id: InstanceId, text: str) -> None:
        terminal = self._host.terminal(id)
        if terminal is not None:
            terminal.paste_text(text)

    def _new(self, kind: Kind, *, agent: bool = False) -> None:
        from podium.core.adapters.found_tools import ToolVersions
        from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog

        self._versions = self._versions or ToolVersions()
        sheet = NewInstanceDialog(
            self._workspace,
            self._themes,
            self._host.sheet_host(),
            kind,
            current_folder(self._workspace, self._arrangement),
            lambda: no_room_reason(CommandId.NEW_SHELL, self._arrangement),
            self._look,
            self._versions,
            agent=agent,
        )
        sheet.spec_ready.connect(self.opening.create)
        sheet.asked.connect(self._host.open_sheet)
        self._host.open_sheet(sheet)

    def _copy_first_prompt(self, id: InstanceId) -> None:
        agent = self._workspace.view(id).spec.agent
        if agent is not None:
            QApplication.clipboard().setText(agent.first_prompt)

    def _copy_by_key(self) -> None:
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit) and field.hasSelectedText():
            field.copy()
        else:
            self.run(CommandId.COPY)

    def _paste_by_key(self) -> None:
        """Paste where the keyboard is: what is meant for a search field is no command line."""
        field = QApplication.focusWidget()
        if isinstance(field, QLineEdit):
            field.paste()
        else:
            self.run(CommandId.PASTE)

    def _rename(self, id: InstanceId) -> None:
        from podium.ui.dialogs.confirm_dialog import RenameDialog

        sheet = RenameDialog(self._themes, self._host.sheet_host(), self._workspace.view(id).spec.name)
        sheet.name_chosen.connect(lambda name: self._attempt(lambda: self._workspace.rename(id, name)))
        self._host.open_sheet(sheet)

    def _set_alerts(self, level: AlertLevel, id: InstanceId) -> None:
        self._workspace.set_alert_level(id, level)

    def _zoom(self, id: InstanceId) -> None:
        self._arrangement.select(id)
        self._arrangement.toggle_zoom()

    def _next_waiting(self) -> None:
        found = next_waiting(self._workspace, self._arrangement.current)
        if found is None:
            self._host.show_message("Nobody waits for you.")
            return
        self._arrangement.reveal(found)
        self._host.focus_content()

    def _switch(self, number: int) -> None:
        self._host.show_terminals()
        self._arrangement.select_number(number)

    def _next_theme(self) -> None:
        current = self._arrangement.current
        if current is not None:
            themes = list(ThemeName)
            at = themes.index(self._workspace.view(current).spec.theme)
            self._workspace.set_theme(current, themes[(at + 1) % len(themes)])

    def _show_shortcuts(self) -> None:
        from podium.ui.dialogs.shortcuts_dialog import ShortcutsDialog

        offered = self._host.offered()
        sheet = ShortcutsDialog(self._themes, self._host.sheet_host(), offered, self._keys)
        sheet.change_chosen.connect(lambda: self.run(CommandId.CHANGE_SHORTCUTS))
        self._host.open_sheet(sheet)
