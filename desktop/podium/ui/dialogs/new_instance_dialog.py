"""The new-instance dialog: what to run, where, under which name and in which theme."""

import shlex
from collections.abc import Callable
from pathlib import PurePath

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from podium.core.adapters.found_tools import ToolVersions
from podium.core.background import RunInBackground
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.names import clean_name
from podium.core.themes import load_theme
from podium.ui.dialogs.agents.agent_fields import AgentFields, Launch
from podium.ui.dialogs.agents.worktree_making import WorktreeMaking
from podium.ui.dialogs.lookups import Check, Lookups, check_folder, check_mission, full_path
from podium.ui.dialogs.mission_check import MissionCheck
from podium.ui.dialogs.more_options import MoreOptions
from podium.ui.dialogs.sheet import Sheet
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import wrapped_label
from podium.ui.theme.short_text import short_path
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.choice_cards import CardRow, KindCard, ThemeSwatch
from podium.ui.widgets.field import Field
from podium.workspace.workspace import Workspace

_AGENT = ("Agent", "You talk to it", "prompt")
_KINDS = (
    (Kind.MISSION, "Mission", "Agent rounds", "podium"),
    (Kind.SHELL, "Shell", "A login shell", "shell"),
    (Kind.COMMAND, "Command", "Any program", "command"),
)
_GAP = 16
_CREATE = "Create and start"
_MAKING = "Making the worktree…"
_TOOLS_HEIGHT = 64
"""Of the tools that are found while the dialog is open, about."""


class NewInstanceDialog(Sheet):
    """Emits a complete InstanceSpec; folder and mission were there a moment ago."""

    spec_ready = Signal(object)
    asked = Signal(object)
    """A Sheet that is to open above this one."""

    def __init__(
        self,
        workspace: Workspace,
        themes: ThemeManager,
        host: QWidget,
        kind: Kind,
        folder: str,
        no_room_reason: Callable[[], str],
        look: RunInBackground,
        versions: ToolVersions | None = None,
        *,
        agent: bool = False,
    ) -> None:
        """``no_room_reason``: the reason there is no room for one more just now; "" when there is. ``look`` runs work
        on folders that may hang. ``versions`` are those of agents' tools, as far as they are known; ``agent``: the
        command is an agent's tool.
        """
        super().__init__(themes, host, "New instance")
        self._no_room_reason = no_room_reason
        self._workspace = workspace
        self._lookups = Lookups(look, self)
        self._suggested_name = ""
        self._build_kinds(kind, agent)
        self.name = self._add_field("Name")
        self.folder = self._add_field("Folder", "Choose…", self._choose_folder)
        self.folder.edit.setText(short_path(folder))
        self.folder.edit.editingFinished.connect(self._on_folder_edited)
        self.mission = self._add_field("Mission file", "Choose…", self._choose_mission)
        self.mission.edit.setPlaceholderText("mission.toml")
        self.mission.edit.textChanged.connect(self._suggest_name)
        self._mission_check = MissionCheck(self.mission, self.folder, self._lookups, self)
        self.command = self._add_field("Command")
        self.command.edit.setPlaceholderText("npm run dev")
        self.command.edit.textChanged.connect(self._suggest_name)
        self.agents = AgentFields(themes, self._lookups, workspace.environment, versions or ToolVersions())
        self.agents.changed.connect(self._suggest_name)
        self.body.addWidget(self.agents)
        self._build_themes()
        self.more = MoreOptions(self._themes)
        self.body.addWidget(self.more)
        self.refusal = wrapped_label()
        self.refusal.setFont(font(Role.SMALL))
        self.refusal.setProperty("role", "error")
        self.refusal.hide()
        self.body.addWidget(self.refusal)
        self._build_buttons()
        self._worktree = WorktreeMaking(
            self._lookups, self._on_worktree_made, self._on_worktree_failed, self._ask_about_programs
        )
        self.rejected.connect(self._worktree.cancel)
        self.name.edit.textChanged.connect(self.agents.worktree.show_name)
        self.agents.worktree.wanted.toggled.connect(lambda _on: self._show_branch())
        for field in (self.name, self.folder, self.mission, self.command):
            field.edit.textEdited.connect(lambda _text, field=field: field.show_error(""))
        self._on_kind_changed()
        self._on_folder_edited()

    # building

    def _build_kinds(self, kind: Kind, agent: bool) -> None:
        self.agent_card = KindCard(self._themes, *_AGENT)
        self.kinds = {
            each: KindCard(self._themes, title, subtitle, icon) for each, title, subtitle, icon in _KINDS
        }
        row = CardRow((self.agent_card, *self.kinds.values()), "Kind")
        (self.agent_card if agent else self.kinds[kind]).setChecked(True)
        row.group.buttonToggled.connect(self._on_kind_toggled)
        self.body.addWidget(row)
        self.body.addSpacing(_GAP + 2)

    def _add_field(self, label: str, choose: str = "", chosen: object = None) -> Field:
        button = None
        if choose:
            button = Button(self._themes, choose, kind=ButtonKind.OUTLINED)
            button.setAccessibleName(f"Choose {label.lower()}")
            button.clicked.connect(chosen)
        field = Field(label, button)
        field.layout().setContentsMargins(0, 0, 0, _GAP)  # type: ignore[union-attr]
        self.body.addWidget(field)
        return field

    def _build_themes(self) -> None:
        following = self._workspace.next_theme()
        label = QLabel(f"Theme ({load_theme(following).name} is next in turn)")
        label.setFont(font(Role.SMALL, 500))
        label.setProperty("role", "secondary")
        self.swatches = {theme: ThemeSwatch(self._themes, theme) for theme in ThemeName}
        self.swatches[following].setChecked(True)
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(label)
        column.addWidget(CardRow(self.swatches.values(), "Theme"))
        self.body.addLayout(column)
        self.body.addSpacing(4)

    def _build_buttons(self) -> None:
        self.cancel = Button(self._themes, "Cancel", kind=ButtonKind.OUTLINED)
        self.cancel.clicked.connect(self.reject)
        self.create_button = Button(self._themes, _CREATE, kind=ButtonKind.PRIMARY)
        self.set_purpose(self.create_button)
        self.create_button.clicked.connect(self._on_create)
        self.buttons.addWidget(self.cancel)
        self.buttons.addWidget(self.create_button)

    def fill_mission(self, path: str) -> None:
        """Put a mission's file in, as if it had been chosen."""
        self.mission.edit.setText(short_path(path))

    def open_sheet(self) -> None:
        self.reserve(self._tallest())
        super().open_sheet()

    def _tallest(self) -> int:
        """The height of the body for the kind that asks most, in px."""
        parts: tuple[QWidget, ...] = (self.mission, self.command, self.agents)
        shown = [not part.isHidden() for part in parts]
        heights = []
        for tallest in parts:
            for part in parts:
                part.setVisible(part is tallest)
            self.body.activate()
            heights.append(self.body_height())
        for part, visible in zip(parts, shown, strict=True):
            part.setVisible(visible)
        return max(heights) + (0 if self.agents.tool is not None else _TOOLS_HEIGHT)

    def first_focus(self) -> QWidget:
        # What has to be typed comes first; the name then follows from it.
        if self.for_agent:
            return self.agents.prompt
        if self.kind is Kind.COMMAND:
            return self.command.edit
        if self.kind is Kind.MISSION:
            return self.mission.edit
        self.name.edit.selectAll()
        return self.name.edit

    # what is chosen

    @property
    def for_agent(self) -> bool:
        """Whether it is to run an agent's tool, which is a command with a form of its own."""
        return self.agent_card.isChecked()

    @property
    def kind(self) -> Kind:
        return next((kind for kind, card in self.kinds.items() if card.isChecked()), Kind.COMMAND)

    @property
    def theme(self) -> ThemeName:
        return next(theme for theme, swatch in self.swatches.items() if swatch.isChecked())

    def _on_kind_toggled(self, _card: object, chosen: bool) -> None:
        if chosen:
            self._on_kind_changed()

    def _on_kind_changed(self) -> None:
        self.mission.setVisible(self.kind is Kind.MISSION)
        self.command.setVisible(self.kind is Kind.COMMAND and not self.for_agent)
        self.agents.setVisible(self.for_agent)
        if self.for_agent:
            self.agents.look()
        self.more.show_for(self.kind)
        self._suggest_name()

    def _show_branch(self) -> None:
        self.agents.worktree.show_name(self.name.text)

    def _suggest_name(self) -> None:
        """Follow the choices with the name until the person gives one."""
        if self.name.text not in ("", self._suggested_name):
            return
        name = ""
        if self.kind is Kind.MISSION:
            name = PurePath(self.mission.text).stem.removesuffix(".mission")
        elif self.for_agent:
            name = self.agents.tool.name if self.agents.tool is not None else "agent"
        elif self.kind is Kind.COMMAND:
            name = PurePath(self.command.text.split(" ")[0]).name
        self._suggested_name = name or self._workspace.next_name(self.kind)
        self.name.edit.setText(self._suggested_name)

    # folder and mission

    def _choose_folder(self) -> None:
        chooser = QFileDialog(self.window(), "Choose a folder", full_path(self.folder.text))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.folder.edit.setText)
        chooser.fileSelected.connect(self._on_folder_edited)
        chooser.open()

    def _choose_mission(self) -> None:
        chooser = QFileDialog(self.window(), "Choose a mission file", full_path(self.folder.text))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters(["Missions (*.toml)", "All files (*)"])
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.mission.edit.setText)
        chooser.fileSelected.connect(lambda: self.mission.show_error(""))
        chooser.open()

    def _on_folder_edited(self) -> None:
        asked = self.folder.text

        def answer(check: Check) -> None:
            if asked == self.folder.text:  # else it is about what stood there before
                self._show_check(self.folder, check)

        self._lookups.ask(lambda: check_folder(asked), answer, answer)

    @staticmethod
    def _show_check(field: Field, check: Check) -> None:
        if check.good:
            field.show_remark(check.message)
        else:
            field.show_error(check.message)

    # creating

    def _on_create(self) -> None:
        launch = self._checked_launch()
        named = bool(clean_name(self.name.text))
        if not named:
            self.name.show_error("Enter a name.")
        wrong_option = self.more.wrong_field()
        if not named or launch is None or wrong_option is not None:
            self._focus_first_error()
            return
        if self.create_button.hasFocus():
            # Qt would pass the focus on to the next button, and a second Enter would press that.
            self.setFocus()
        self.create_button.setEnabled(False)
        self._refuse("")
        folder, mission, kind = self.folder.text, self.mission.text, self.kind
        entered = self._entered()

        def check() -> tuple[Check, Check]:
            needed = kind is Kind.MISSION
            return check_folder(folder), check_mission(mission, folder) if needed else Check(True)

        self._lookups.ask(
            check,
            lambda checks: self._on_checked(entered, launch, *checks),
            lambda reason: self._on_checked(entered, launch, reason, Check(True)),
        )

    def _entered(self) -> tuple[str, ...]:
        """All that is checked before an instance is made of it."""
        fields = (self.name.edit, self.folder.edit, self.mission.edit, self.command.edit)
        options = (self.more.stop, self.more.memory, self.more.cpu)
        texts = (edit.text() for edit in (*fields, *options))
        return (self.kind, str(self.for_agent), *texts, *self.agents.entered())

    def _checked_launch(self) -> Launch | None:
        """What to run, nothing for what is no command; None after showing what is wrong with it."""
        if self.for_agent:
            return self.agents.launch()
        if self.kind is not Kind.COMMAND:
            return Launch((), None)
        try:
            argv = shlex.split(self.command.text)
        except ValueError:
            self.command.show_error("A quotation mark is not closed. Add the missing one.")
            return None
        if not argv:
            self.command.show_error("Enter the command to run.")
            return None
        return Launch(tuple(argv), None)

    def _on_checked(self, entered: tuple[str, ...], launch: Launch, folder: Check, mission: Check) -> None:
        self.create_button.setEnabled(True)
        if self.hasFocus():
            self.create_button.setFocus()
        if entered != self._entered():
            # The answers are about what stood there before.
            self._refuse("This was changed while it was being checked. Create it again.")
            return
        self._show_check(self.folder, folder)
        if self.kind is Kind.MISSION:
            self._show_check(self.mission, mission)
        if not (folder.good and mission.good):
            self._focus_first_error()
            return
        # Others may have been added while this was open; what was entered here is kept.
        reason = self._no_room_reason()
        self._refuse(reason)
        if reason:
            return
        name, path = self.name.text, full_path(self.folder.text)
        spec = InstanceSpec(
            id=self._workspace.new_id(name),
            name=name[:64],
            kind=self.kind,
            theme=self.theme,
            folder=path,
            command=launch.command,
            agent=launch.agent,
            mission=full_path(self.mission.text, path) if self.kind is Kind.MISSION else "",
            policy=self.more.policy,
            memory_max_mib=self.more.memory_max_mib,
            cpu_percent=self.more.cpu_percent,
        )
        if self.for_agent and self.agents.worktree.on:
            self._begin_worktree(spec)
        else:
            self._finish(spec)

    def _on_worktree_made(self, spec: InstanceSpec) -> None:
        if reason := self._no_room_reason():
            self._worktree.discard(spec)
            self._on_worktree_failed(reason)
        else:  # The id may have been taken meanwhile.
            self._finish(msgspec.structs.replace(spec, id=self._workspace.new_id(spec.name)))

    def _finish(self, spec: InstanceSpec) -> None:
        self.spec_ready.emit(spec)
        self.accept()

    def _begin_worktree(self, spec: InstanceSpec) -> None:
        self._set_making(True)
        fields = self.agents.worktree
        self._worktree.begin(spec, fields.patterns, fields.command)

    def _on_worktree_failed(self, reason: str) -> None:
        self._set_making(False)
        self._refuse(reason)

    def _set_making(self, making: bool) -> None:
        self.create_button.setText(_MAKING if making else _CREATE)
        self.create_button.setEnabled(not making)

    def _ask_about_programs(self, programs: tuple[str, ...], go_on: Callable[[], None]) -> None:
        from podium.ui.dialogs.agents.worktree_questions import ProgramsQuestion

        question = ProgramsQuestion(self._themes, self._host, programs)
        question.accepted.connect(go_on)
        question.rejected.connect(lambda: self._set_making(False))
        self.asked.emit(question)

    def _refuse(self, reason: str) -> None:
        """Say why nothing was made; "" takes it back."""
        self.refusal.setText(reason)
        self.refusal.setVisible(bool(reason))

    def _focus_first_error(self) -> None:
        for field in (self.name, self.folder, self.mission, self.command):
            if field.error and not field.isHidden():
                field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        if self.for_agent and self.agents.focus_error():
            return
        wrong_option = self.more.wrong_field()
        if wrong_option is not None:
            wrong_option.setFocus(Qt.FocusReason.OtherFocusReason)
