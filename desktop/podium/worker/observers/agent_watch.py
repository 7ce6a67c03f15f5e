"""Looks for what agents' tools show while they work or ask, also in panes that nobody sees."""

from collections.abc import Callable, Collection
from typing import Final

from podium.attention.screen_reader import ScreenReader
from podium.core.clock import Clock
from podium.core.protocol.attention import AgentMarks, AgentScreen
from podium.core.protocol.reports import Report
from podium.terminal import Emulator
from podium.terminal.screen.row import RIGHT_HALF

_INTERVAL: Final = 0.2
"""Between two looks while there is output."""
_TOOL_INTERVAL: Final = 1.0
"""Between two looks at which tool has the terminal."""


class AgentWatch:
    """Reports what screen and title say when that changes."""

    def __init__(
        self,
        emulator: Emulator,
        emit: Callable[[Report], None],
        clock: Clock,
        tool: Callable[[Collection[str]], str],
    ) -> None:
        """``tool`` is which of some tools has the terminal, "" for none of them."""
        self._emulator = emulator
        self._emit = emit
        self._clock = clock
        self._running_tool = tool
        self._tools: Collection[str] = ()
        self._reader: ScreenReader | None = None
        self._tool = ""
        self._said = AgentScreen()
        self._changed = False
        self._doubtful = False
        """The last look went by a tool that was looked up before: it may be another by now."""
        self._next_look = self._next_tool = 0.0

    def use(self, marks: AgentMarks) -> None:
        """Look for these marks from now on."""
        self._tools = tuple(marks.tools)
        self._reader = ScreenReader(marks.tools) if marks.tools else None
        self._changed = True

    def on_output(self) -> None:
        """The screen may have changed."""
        self._changed = True

    def on_program_ended(self) -> None:
        """It asks nothing any more, whatever is still on the screen."""
        self._changed = self._doubtful = False
        self._next_tool = 0.0
        self._report(AgentScreen())

    def look(self) -> AgentScreen:
        """What they say now. Reported too, when it is another."""
        if self._reader is not None:
            self._look(self._reader)
        return self._said

    def empty_input(self, tool: str) -> str:
        """The row that shows the empty input of ``tool``, where a prompt may be typed; "" when none does."""
        return self._reader.empty_input(self._emulator.display, tool) if self._reader is not None else ""

    def input_is_empty(self, tool: str) -> bool:
        """Whether the screen shows the empty input of ``tool``."""
        return bool(self.empty_input(tool))

    def reads_as_busy(self, text: str, tool: str) -> bool:
        """Whether a screen of ``tool`` with ``text`` on it looks as if it worked."""
        return self._reader is not None and self._reader.reads_as_busy(text, tool)

    def shows(self, text: str, tool: str) -> bool:
        """Whether the screen shows the end of ``text``, or that ``tool`` has taken it as a paste."""
        return self._reader is not None and self._reader.shows(self._emulator.display, text, tool)

    def next_deadline(self) -> float | None:
        """The time at which ``step`` is due; None while nothing changes."""
        if self._reader is None or not (self._changed or self._doubtful):
            return None
        return self._next_look if self._changed else self._next_tool

    def step(self) -> None:
        """Look, if it is time."""
        due = self.next_deadline()
        if self._reader is not None and due is not None and self._clock() >= due:
            self._look(self._reader)

    def _look(self, reader: ScreenReader) -> None:
        now = self._clock()
        self._changed = False
        self._next_look = now + _INTERVAL
        self._doubtful = now < self._next_tool
        if not self._doubtful:
            self._next_tool = now + _TOOL_INTERVAL
            self._tool = self._running_tool(self._tools)
        cursor = self._emulator.cursor
        row = cursor.y if cursor.visible else None
        self._report(reader.read(_texts(self._emulator), self._emulator.title, self._tool, row))

    def _report(self, said: AgentScreen) -> None:
        if said != self._said:
            self._said = said
            self._emit(said)


def _texts(emulator: Emulator) -> list[str]:
    """The rows of the visible screen, wide characters once."""
    return [
        row.text.replace(RIGHT_HALF, "")
        if row.clusters is None
        else "".join([row.char(x) for x in range(len(row.text))])
        for row in emulator.terminal.rows
    ]
