"""Links that a person chose in a terminal: looked up beside the window, asked about where need be, opened."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from podium.core.background import RunInBackground
from podium.core.config.settings import Links
from podium.core.editors import EDITOR_NAMES, Editor
from podium.core.ids import InstanceId
from podium.core.instances import InstancePolicy, InstanceSpec, Kind, RestartWhen
from podium.core.links.addresses import host_of, is_link
from podium.core.links.targets import Answer, CommitLink, FileLink, Target, WebLink, target_text
from podium.ui.commands.ending import SheetHost
from podium.ui.commands.file_opening import Opening, Way, open_way, start_detached
from podium.ui.commands.menus import LinkMenu
from podium.ui.commands.possible import no_room
from podium.ui.terminal.input.clipboard import write_clipboard
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.short_text import short_path
from podium.workspace.arrangement import Arrangement
from podium.workspace.links.lookups import LinkLookups
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.ui.terminal.links.finder import LinkQuery
    from podium.ui.terminal.view import TerminalView

MOST_TRUSTED: Final = 200
"""Hosts that are remembered; of more, the oldest are asked about again."""
_SHOW: Final = ("git", "show", "--no-ext-diff", "--no-textconv")
_SHOW_VARIABLES: Final = {
    # What the repository's settings name is not run: a program may have printed the name of any repository.
    "GIT_PAGER": "less -FRX",
    "GIT_CONFIG_COUNT": "2",
    "GIT_CONFIG_KEY_0": "core.fsmonitor",
    "GIT_CONFIG_VALUE_0": "false",
    "GIT_CONFIG_KEY_1": "log.showSignature",
    "GIT_CONFIG_VALUE_1": "false",
}
_SHORT: Final = 10


class LinkHost(SheetHost, Protocol):
    """The window, as links use it."""

    def terminal(self, instance: InstanceId) -> "TerminalView | None": ...

    def show_message(self, message: str) -> None: ...

    def link_hosts(self) -> tuple[str, ...]:
        """The hosts whose links open without a question."""

    def set_link_hosts(self, hosts: tuple[str, ...]) -> None: ...


class LinkCommands(QObject):
    """Opens nothing that the person did not choose, and runs no file."""

    def __init__(
        self,
        workspace: Workspace,
        arrangement: Arrangement,
        themes: ThemeManager,
        host: LinkHost,
        look: RunInBackground,
        create: Callable[[InstanceSpec], None],
        parent: QObject,
    ) -> None:
        """``look`` is for folders that may hang, ``create`` adds an instance and shows it."""
        super().__init__(parent)
        self._workspace = workspace
        self._arrangement = arrangement
        self._themes = themes
        self._host = host
        self._look = look
        self._create = create
        self._lookups = LinkLookups(workspace, look, self)
        self.apply(Links())

    def apply(self, settings: Links) -> None:
        """Take over what the settings file says."""
        self._editor = settings.editor
        self._ask = settings.ask

    def look_up(self, instance: str, query: "LinkQuery") -> None:
        """Answer a terminal's query."""
        id = InstanceId(instance)

        def receive(answers: list[Answer | None]) -> None:
            terminal = self._host.terminal(id)
            if terminal is not None:
                terminal.links.answer(query.number, answers)

        self._lookups.look_up(id, query.wanted, receive)

    def open(self, target: Target) -> None:
        """Open it in the way that the settings say; a link of the web asks first, unless its host is trusted."""
        match target:
            case WebLink():
                self._open_web(target)
            case FileLink():
                self.open_file(target, self._editor)
            case CommitLink():
                self._show_commit(target)

    def menu(self, instance: str) -> LinkMenu | None:
        """What can be done with the link under the pointer in a terminal; None when there is none."""
        terminal = self._host.terminal(InstanceId(instance))
        target = terminal.links.pointed if terminal is not None else None
        if target is None:
            return None
        ways: list[tuple[str, Callable[[], None]]] = []
        if isinstance(target, FileLink) and not target.is_folder:
            ways = [(EDITOR_NAMES[one], partial(self.open_file, target, one)) for one in Editor]
            ways.append(("Show in folder", lambda: self.show_in_folder(target)))
        return LinkMenu(lambda: self.open(target), lambda: self.copy(target), ways)

    def copy(self, target: Target) -> None:
        write_clipboard(target_text(target))

    def open_file(self, link: FileLink, editor: Editor) -> None:
        """Open a file with one of the editors; see ``file_opening`` for what is not opened so."""
        path, line, column = link.path, link.line, link.column
        environment = self._workspace.environment
        self._look(
            lambda: open_way(path, line, column, editor, environment),
            lambda opening: self._open_in(link, opening, environment),
            lambda error: self._host.show_message(f"{short_path(path)} can't be looked at now: {error}"),
        )

    def show_in_folder(self, link: FileLink) -> None:
        self._open_url(QUrl.fromLocalFile(str(PurePath(link.path).parent)), link.path)

    # The web

    def _open_web(self, link: WebLink) -> None:
        if not is_link(link.url):
            return  # A worker's word, which was checked where it was found; once more, as this is what is opened.
        host = host_of(link.url)
        if not self._ask or (host and host in self._host.link_hosts()):
            self._open_url(QUrl(link.url), link.url)
            return
        from podium.ui.dialogs.links import LinkDialog  # see window_commands

        sheet = LinkDialog(self._themes, self._host.sheet_host(), link.url, link.named)
        sheet.accepted.connect(lambda: self._on_agreed(link, sheet.always))
        self._host.open_sheet(sheet)

    def _on_agreed(self, link: WebLink, always: bool) -> None:
        host = host_of(link.url)
        if always and host:
            kept = [one for one in self._host.link_hosts() if one != host]
            self._host.set_link_hosts((*kept, host)[-MOST_TRUSTED:])
        self._open_url(QUrl(link.url), link.url)

    def _open_url(self, url: QUrl, name: str) -> None:
        if not QDesktopServices.openUrl(url):
            self._host.show_message(f"No program opens {short_path(name)}.")

    # Files

    def _open_in(self, link: FileLink, opening: Opening, environment: Mapping[str, str]) -> None:
        name = short_path(link.path)
        match opening.way:
            case Way.GONE:
                self._host.show_message(f"{name} is not there any more.")
            case Way.FOLDER_VIEW:
                self._open_url(QUrl.fromLocalFile(opening.folder), opening.folder)
            case Way.USUAL_APP:
                self._open_url(QUrl.fromLocalFile(link.path), link.path)
            case Way.EDITOR if opening.missing:
                self._host.show_message(_missing(opening.missing))
            case Way.EDITOR if opening.in_terminal:
                self._run(PurePath(opening.argv[0]).name, link.path, opening.argv)
            case Way.EDITOR:
                folder = str(PurePath(link.path).parent)
                self._look(
                    lambda: start_detached(opening.argv, folder, environment),
                    lambda started: None if started else self._host.show_message(_not_started(opening)),
                    lambda _error: self._host.show_message(_not_started(opening)),
                )

    def _run(self, program: str, path: str, argv: tuple[str, ...]) -> None:
        self._add(f"{program} {PurePath(path).name}", str(PurePath(path).parent), argv)

    # Commits

    def _show_commit(self, link: CommitLink) -> None:
        name = f"git show {link.id[:_SHORT]}"
        for id in self._workspace.ids():
            spec = self._workspace.view(id).spec
            if (spec.name, spec.folder) == (name, link.folder):
                self._arrangement.reveal(id)
                if not self._workspace.view(id).busy:
                    self._workspace.start(id)
                return
        self._add(name, link.folder, (*_SHOW, link.id, "--"), _SHOW_VARIABLES)

    def _add(
        self, name: str, folder: str, argv: tuple[str, ...], variables: Mapping[str, str] | None = None
    ) -> None:
        if reason := no_room(1, self._arrangement):
            self._host.show_message(reason)
            return
        self._create(
            InstanceSpec(
                id=self._workspace.new_id(name),
                name=name,
                kind=Kind.COMMAND,
                theme=self._workspace.next_theme(),
                folder=folder,
                command=argv,
                environment=dict(variables or {}),
                # An editor that was killed is not opened again unasked.
                policy=InstancePolicy(restart=RestartWhen.NEVER),
            )
        )


def _missing(program: str) -> str:
    if program == "$EDITOR":
        return "EDITOR names no editor. Set it, or choose another one in the settings (links.editor)."
    return f"There is no “{program}” on the PATH. Install it, or choose another editor (links.editor)."


def _not_started(opening: Opening) -> str:
    return f"{PurePath(opening.argv[0]).name} can't be started. Choose another editor (links.editor)."
