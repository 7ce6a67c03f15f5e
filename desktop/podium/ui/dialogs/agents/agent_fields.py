"""What a form asks about a new agent: which of the tools found on this machine, and its first prompt."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from podium.core.adapters.found_tools import FoundTool, Tools, ToolVersions, state_source
from podium.core.adapters.found_tools import find_tools as find_on_path
from podium.core.adapters.interactive import fresh_command
from podium.core.adapters.model import Adapter
from podium.core.adapters.registry import load_adapters
from podium.core.instances import MAX_FIRST_PROMPT, AgentLaunch
from podium.core.names import clean_prompt
from podium.hooks.changes import Standing, standing
from podium.hooks.places import user_place
from podium.hooks.settings_files import HooksError
from podium.ui.dialogs.agents.worktree_fields import WorktreeFields
from podium.ui.dialogs.lookups import Check, Lookups
from podium.ui.theme.fonts import Role, font
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.plain_text import breakable, plain_label, plain_tip
from podium.ui.widgets.buttons import Button, ButtonKind
from podium.ui.widgets.flow_row import FlowRow
from podium.ui.widgets.toggles import Toggle

_PROMPT_LINES: Final = 3
_GAP: Final = 16
_LOOKING: Final = "Looking for agents' tools…"
_NONE: Final = "No agent's tool was found on this machine. Install one, or run any program as a command."


class Found(NamedTuple):
    """The tools of this machine, and all adapters by name."""

    tools: Tools
    adapters: Mapping[str, Adapter]
    hooked: frozenset[str] = frozenset()
    """The tools whose settings have our hooks, for all that the person does."""


class Launch(NamedTuple):
    """What to start: a command line and, of an agent, what is kept of the choice."""

    command: tuple[str, ...]
    agent: AgentLaunch | None


def find_tools(environment: Mapping[str, str]) -> Found:
    """Touches the disk."""
    adapters = load_adapters().adapters
    tools = find_on_path(adapters.values(), environment)
    hooked = frozenset(one.name for one in tools.found if _has_hooks(adapters[one.name], environment))
    return Found(tools, adapters, hooked)


def _has_hooks(adapter: Adapter, environment: Mapping[str, str]) -> bool:
    """Whether our hooks are in the tool's settings. Those that can't be read have none. Touches the disk."""
    if not adapter.hooks.user:
        return False
    try:
        there = standing(adapter.name, adapter.hooks, user_place(adapter.hooks, environment))
    except HooksError:
        return False
    return there in (Standing.INSTALLED, Standing.OLDER, Standing.NEWER)


class AgentFields(QWidget):
    """Looks for tools once it is shown first. ``changed``: another tool was chosen."""

    changed = Signal()

    def __init__(
        self,
        themes: ThemeManager,
        lookups: Lookups,
        environment: Mapping[str, str],
        versions: ToolVersions,
    ) -> None:
        """``environment`` is what programs get."""
        super().__init__()
        self._themes = themes
        self._lookups = lookups
        self._environment = environment
        self._versions = versions
        self._asked = False
        self._adapters: Mapping[str, Adapter] = {}
        self._hooked: frozenset[str] = frozenset()
        self._found: dict[Toggle, FoundTool] = {}
        self.tools = FlowRow()
        self.tools.setAccessibleName("Agents' tools found on this machine")
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._on_chosen)
        self.message = _small("tertiary", _LOOKING)
        self.missing = Button(themes, small=True)
        self.missing.setCheckable(True)
        self.missing.toggled.connect(self._show_hints)
        self.missing.hide()
        self._hints = _small("secondary", "")
        self._hints.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._hints.hide()
        self.prompt = QPlainTextEdit()
        self.prompt.setAccessibleName("First prompt")
        self.prompt.setPlaceholderText("What should it do? Typed as soon as it is ready; may be empty.")
        self.prompt.setFont(font(Role.BODY))
        self.prompt.setTabChangesFocus(True)
        lines = QFontMetrics(font(Role.BODY)).lineSpacing() * _PROMPT_LINES
        self.prompt.setFixedHeight(lines + 24)
        self.prompt.textChanged.connect(self._forget_error)
        self.prompt_error = _small("error", "")
        self.prompt_error.hide()
        self.worktree = WorktreeFields(themes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, _GAP)
        column.setSpacing(6)
        column.addWidget(_small("secondary", "Agent"))
        column.addWidget(self.tools)
        column.addWidget(self.message)
        column.addWidget(self.missing, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._hints)
        column.addSpacing(_GAP - 6)
        column.addWidget(_small("secondary", "First prompt"))
        column.addWidget(self.prompt)
        column.addWidget(self.prompt_error)
        column.addWidget(self.worktree)

    def look(self) -> None:
        """Look for the tools, once."""
        if not self._asked:
            self._asked = True
            self._lookups.ask(lambda: find_tools(self._environment), self._on_found, self._on_failed)

    @property
    def tool(self) -> FoundTool | None:
        """The chosen one; None while none is."""
        return next((tool for button, tool in self._found.items() if button.isChecked()), None)

    def launch(self) -> Launch | None:
        """What is chosen; None after it was shown what is wrong."""
        tool = self.tool
        text = clean_prompt(self.prompt.toPlainText())
        if tool is None:
            self._say(self.message.text() if self._found == {} else "Choose an agent.", "error")
            return None
        if len(text) > MAX_FIRST_PROMPT:
            self.prompt_error.setText(
                f"It is {len(text):,} characters long; {MAX_FIRST_PROMPT:,} is the most. Put the rest into a file."
            )
            self.prompt_error.show()
            return None
        command = fresh_command(self._adapters[tool.name])
        return Launch(command, AgentLaunch(tool.name, first_prompt=text))

    def entered(self) -> tuple[str, ...]:
        """All that is entered, to compare."""
        tool = self.tool
        return (tool.name if tool is not None else "", self.prompt.toPlainText(), *self.worktree.entered())

    def focus_error(self) -> bool:
        """Give what is wrong the focus; False when nothing is."""
        if self.tool is None:
            first = next(iter(self._found), None)
            (first or self.missing).setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self.prompt_error.isHidden():
            self.prompt.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            return False
        return True

    def _on_found(self, found: Found) -> None:
        self._adapters = found.adapters
        self._hooked = found.hooked
        for tool in found.tools.found:
            button = Toggle(self._themes, tool.title, f"Use {tool.title}", self.tools, ButtonKind.OUTLINED)
            button.setToolTip(plain_tip(tool.path))
            self._group.addButton(button)
            self.tools.add(button)
            self._found[button] = tool
            self._ask_version(button, tool)
        if self._found:
            next(iter(self._found)).setChecked(True)
        self._say_state()
        missing = found.tools.missing
        if missing:
            self.missing.setText(f"Not found: {', '.join(tool.title for tool in missing)}")
            self.missing.setToolTip("How to install them")
            self._hints.setText(breakable("\n".join(f"{tool.title}: {tool.install}" for tool in missing)))
            self.missing.show()
        self.changed.emit()

    def _ask_version(self, button: Toggle, tool: FoundTool) -> None:
        def show(version: str) -> None:
            if version:
                button.setText(f"{tool.title} {version}")
                button.setAccessibleName(f"Use {tool.title} {version}")
                button.updateGeometry()

        self._lookups.ask(lambda: self._versions.of(tool.path, self._environment), show)

    def _on_failed(self, reason: Check) -> None:
        self._say(reason.message, "error")

    def _on_chosen(self) -> None:
        self._say_state()
        self.changed.emit()

    def _show_hints(self, shown: bool) -> None:
        self._hints.setVisible(shown)

    def _forget_error(self) -> None:
        self.prompt_error.hide()

    def _say_state(self) -> None:
        tool = self.tool
        if tool is None:
            self._say(_NONE, "tertiary")
        else:
            source = state_source(self._adapters[tool.name], hooked=tool.name in self._hooked)
            self._say(f"{tool.title}: {source}.", "tertiary")

    def _say(self, text: str, role: str) -> None:
        self.message.setText(text)
        self.message.setProperty("role", role)
        self.message.style().unpolish(self.message)
        self.message.style().polish(self.message)


def _small(role: str, text: str) -> QLabel:
    label = plain_label(text)
    label.setFont(font(Role.SMALL, 500 if role == "secondary" else 400))
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
