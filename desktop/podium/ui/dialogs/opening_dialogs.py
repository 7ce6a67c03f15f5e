"""What opens for a file or folder that a person opened outside of the window: a filled form, a question, or faults."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QFontDatabase, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from podium.core.background import RunInBackground
from podium.core.config.toml_file import Fault
from podium.core.instances import AlertLevel, InstancePolicy, Kind, RestartWhen, StopBy, StopMethod
from podium.core.visible_text import visible
from podium.core.workspace_files.file import WorkspaceEntry, WorkspaceFile
from podium.ui.dialogs.key_guard import KeyGuard
from podium.ui.dialogs.mission_check import fault_text
from podium.ui.dialogs.new_instance_dialog import NewInstanceDialog
from podium.ui.dialogs.question import Question
from podium.ui.dialogs.sheet import Sheet
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import plain_label, wrapped_label
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.workspace.workspace import Workspace

_WIDTH: Final = 600
_ROW_GAP: Final = 14
_SHOWN_FAULTS: Final = 50
_ALERTS: Final = {
    AlertLevel.NORMAL: "",
    AlertLevel.IMPORTANT: "Calls for you also in quiet hours and while you do not want to be disturbed",
    AlertLevel.MUTED: "Does not call for you outside its pane",
}


class OpenedInstanceDialog(NewInstanceDialog):
    """The form for a mission file or folder that was opened. It appears unasked, so it takes no key until a person can
    have seen it: Enter in a terminal must not create anything.
    """

    def __init__(
        self,
        workspace: Workspace,
        themes: ThemeManager,
        host: QWidget,
        kind: Kind,
        folder: str,
        no_room_reason: Callable[[], str],
        look: RunInBackground,
        *,
        mission: str = "",
        faults: Sequence[Fault] = (),
    ) -> None:
        super().__init__(workspace, themes, host, kind, folder, no_room_reason, look)
        self._guard = KeyGuard(self)
        self.finished.connect(self._guard.disarm)
        if mission:
            self.fill_mission(mission)
        if faults:
            more = f" {len(faults) - 1} more: podium mission check FILE." if len(faults) > 1 else ""
            self.mission.show_error(fault_text(faults[0]) + more)

    @property
    def guarded(self) -> bool:
        """True while it takes no key yet."""
        return self._guard.armed

    def first_focus(self) -> QWidget:
        self.name.edit.selectAll()
        return self.name.edit

    def open_sheet(self) -> None:
        self._guard.arm()
        super().open_sheet()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._guard.painted()


class WorkspaceQuestion(Question):
    """Asks before a workspace file's instances are added. ``chosen`` with True: they are started too."""

    chosen = Signal(bool)
    shell_chosen = Signal()
    """A shell in the folder that carries the file, and nothing of the file. Emitted when it has closed."""

    def __init__(
        self,
        themes: ThemeManager,
        host: QWidget,
        workspace: WorkspaceFile,
        added: Sequence[WorkspaceEntry],
        *,
        shell: bool = False,
    ) -> None:
        """``added`` are those of the file's instances that are not there yet; ``shell``: one is offered instead."""
        super().__init__(themes, host, f"Open the workspace {visible(workspace.name)}?", width=_WIDTH)
        self.body.setSpacing(4)
        self._say(f"It adds {_count(len(added))}. {_here(len(workspace.instances) - len(added))}".rstrip())
        self._say(visible(str(workspace.file)), "tertiary")
        for entry in added:
            self.body.addSpacing(_ROW_GAP)
            self.body.addWidget(EntryRow(entry))
        started = sum(entry.start for entry in added)
        self.cancel = Button(themes, "Cancel", kind=ButtonKind.OUTLINED)
        self.cancel.clicked.connect(self.reject)
        self.set_safe(self.cancel)
        self.add = Button(themes, "Add without starting", kind=ButtonKind.OUTLINED)
        self.add.clicked.connect(lambda: self._choose(start=False))
        self.start = Button(themes, "Add and start", kind=ButtonKind.PRIMARY)
        self.start.clicked.connect(lambda: self._choose(start=True))
        self.start.setVisible(started > 0)
        self.shell = Button(themes, "Only a shell…")
        self.shell.clicked.connect(self._choose_shell)
        self.shell.setVisible(shell)
        for button in (self.shell, self.cancel, self.add, self.start):
            self.buttons.addWidget(button)

    def _choose_shell(self) -> None:
        self.reject()
        self.shell_chosen.emit()

    def _say(self, text: str, role: str = "secondary") -> None:
        label = wrapped_label(text)
        label.setFont(font(Role.BODY if role == "secondary" else Role.SMALL))
        label.setProperty("role", role)
        self.body.addWidget(label)

    def _choose(self, *, start: bool) -> None:
        self.chosen.emit(start)
        self.accept()


class EntryRow(QWidget):
    """An instance as it would be added: all that it runs, with every character visible."""

    def __init__(self, entry: WorkspaceEntry) -> None:
        super().__init__()
        name = wrapped_label(visible(entry.name))
        name.setFont(font(Role.BODY, 600))
        kind = plain_label(f"{entry.kind.value.capitalize()} · {'starts' if entry.start else 'not started'}")
        kind.setFont(font(Role.SMALL))
        kind.setProperty("role", "tertiary")
        head = QHBoxLayout()
        head.addWidget(name, 1)
        head.addWidget(kind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addLayout(head)
        self.texts = [text for text in _lines(entry) if text]
        for number, text in enumerate(self.texts):
            column.addWidget(_small(text, "secondary" if number == 0 else "tertiary", fixed=number == 0))
        self.setAccessibleName(". ".join((visible(entry.name), kind.text(), *self.texts)))


class FaultsDialog(Sheet):
    """Says why a file can't be opened: every fault, and what to write."""

    shell_chosen = Signal()
    """A shell in the folder that carries the file. Emitted when it has closed."""

    def __init__(
        self, themes: ThemeManager, host: QWidget, name: str, faults: Sequence[Fault], *, shell: bool = False
    ) -> None:
        super().__init__(themes, host, f"{visible(name)} can't be opened", width=_WIDTH)
        self.body.setSpacing(8)
        self.body.addWidget(_small(visible(faults[0].file), "tertiary"))
        self.texts = [fault_text(fault) for fault in faults[:_SHOWN_FAULTS]]
        if len(faults) > _SHOWN_FAULTS:
            self.texts.append(f"And {len(faults) - _SHOWN_FAULTS} more.")
        for text in self.texts:
            label = wrapped_label(text)
            label.setFont(font(Role.BODY))
            self.body.addWidget(label)
        self.done_button = Button(themes, "Close", kind=ButtonKind.PRIMARY)
        self.done_button.clicked.connect(self.accept)
        self.shell = Button(themes, "A shell there…")
        self.shell.clicked.connect(self._choose_shell)
        self.shell.setVisible(shell)
        self.buttons.addWidget(self.shell)
        self.buttons.addWidget(self.done_button)

    def _choose_shell(self) -> None:
        self.accept()
        self.shell_chosen.emit()

    def first_focus(self) -> QWidget:
        return self.done_button


def _lines(entry: WorkspaceEntry) -> tuple[str, ...]:
    """What it runs, where, and what is not as usual."""
    runs = {
        Kind.SHELL: "Your login shell",
        Kind.COMMAND: visible(shlex.join(entry.command)),
        Kind.MISSION: visible(entry.mission),
    }[entry.kind]
    return runs, f"in {visible(entry.folder)}", *_variables(entry), *_options(entry.policy, entry)


def _variables(entry: WorkspaceEntry) -> Iterator[str]:
    for name, value in entry.environment.items():
        yield f"with {name}={visible(value)}"


def _options(policy: InstancePolicy, entry: WorkspaceEntry) -> tuple[str, ...]:
    return (
        "Asks what it may run before its first run" if entry.kind is Kind.MISSION else "",
        f"As the agent's tool {entry.agent}" if entry.agent else "",
        _ALERTS[entry.alerts],
        _stop(policy.stop),
        {
            None: "",
            RestartWhen.NEVER: "Not run again after a crash",
            RestartWhen.ON_CRASH: "Run again after a crash",
        }[policy.restart],
        f"Success: exit code {', '.join(map(str, policy.success_codes))}"
        if policy.success_codes != InstancePolicy().success_codes
        else "",
        f"No crash: exit code {', '.join(map(str, policy.failure_codes))}" if policy.failure_codes else "",
        f"Memory {entry.memory_max_mib} MiB at most" if entry.memory_max_mib else "",
        f"CPU {entry.cpu_percent} % at most" if entry.cpu_percent else "",
    )


def _stop(stop: StopMethod) -> str:
    """What is sent to it to end it, by its kind: a line that is typed may be a command."""
    value = visible(stop.value)
    return {
        StopBy.USUAL: "",
        StopBy.MESSAGE: "Stopped with a message",
        StopBy.KEYS: f"Stopped with the keys {value}",
        StopBy.TEXT: f"Stopped by typing the line: {value}",
        StopBy.SIGNAL: f"Stopped with the signal {value}",
    }[stop.by]


def _small(text: str, role: str, *, fixed: bool = False) -> QLabel:
    label = wrapped_label(text)
    label.setFont(_fixed_font() if fixed else font(Role.SMALL))
    label.setProperty("role", role)
    return label


def _fixed_font() -> QFont:
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPixelSize(font(Role.SMALL).pixelSize())
    return made


def _count(number: int) -> str:
    return "1 instance" if number == 1 else f"{number} instances"


def _here(number: int) -> str:
    if not number:
        return ""
    return "1 is here already." if number == 1 else f"{number} are here already."
