"""What a tool's screen and title say, by the marks of its adapter."""

from collections.abc import Mapping, Sequence
from typing import Final

from podium.attention.question_forms import find_question, shows_prompt
from podium.attention.screen_rows import RowReader, ScreenRow
from podium.core.protocol.attention import AgentScreen, Marks, TitleState

_STATUS_WITHIN: Final = 10
"""Rows with text at the bottom of the screen in which a tool says that it works, or prompts."""

_INPUT_WITHIN: Final = 8
"""Rows with text at the bottom of the screen in which a tool's input is."""
_TAIL: Final = 24
"""Characters of a text that are looked for on the screen."""


class ScreenReader:
    """Reads screens by the marks of all tools that have any."""

    def __init__(self, marks: Mapping[str, Marks]) -> None:
        """``marks``: adapter's name → its marks."""
        self._marks = {name: one for name, one in marks.items() if one != Marks()}
        self._rows = RowReader()

    def read(
        self, screen: Sequence[str], title: str = "", tool: str = "", cursor: int | None = None
    ) -> AgentScreen:
        """What the rows of ``screen`` say, top down. ``cursor`` is the row of a visible cursor, None for a hidden one.

        Of a program that is not known, as in ssh or tmux, all tools' questions are looked for, but neither its title
        nor what says busy: anybody may write that. There the cursor tells a question from what was printed of one: it
        stands at a shell's prompt, in an editor or a pager, or in another pane of tmux then.
        """
        rows = self._rows.read(screen)
        marks = self._marks.get(tool)
        if marks is not None:
            question = find_question(rows, marks)
            status = rows[-_STATUS_WITHIN:]
            busy = _is_busy(status, marks)
            return AgentScreen(
                tool,
                question,
                busy,
                _title_state(title, marks),
                bool(marks.busy or marks.title_busy),
                question is None and not busy and _is_ready(status, marks),
            )
        for name, one in self._marks.items():
            question = find_question(rows, one, cursor)
            if question is not None:
                return AgentScreen(name, question)
        return AgentScreen()

    def empty_input(self, screen: Sequence[str], tool: str) -> str:
        """The row of ``screen`` that shows the empty input of ``tool``; "" when none does."""
        marks = self._marks.get(tool, Marks())
        rows = [row.text for row in self._rows.read(screen)[-_INPUT_WITHIN:]]
        return next((text for text in rows if _is_empty_input(text, marks.ready)), "")

    def reads_as_busy(self, text: str, tool: str) -> bool:
        """Whether a screen of ``tool`` with ``text`` on it looks as if it worked."""
        return any(part in text for part in self._marks.get(tool, Marks()).busy)

    def shows(self, screen: Sequence[str], text: str, tool: str) -> bool:
        """Whether the rows of ``screen`` show the end of ``text``, wrapped anyhow, or that ``tool`` was pasted one."""
        rows = [row.text for row in self._rows.read(screen)]
        pasted = self._marks.get(tool, Marks()).pasted
        if any(part in row for row in rows for part in pasted):
            return True
        last = text.strip().rpartition("\n")[2]  # Some put a mark before each line.
        return _ends_a_row(_squeezed(last)[-_TAIL:], [_squeezed(row) for row in rows])


def _is_empty_input(text: str, ready: Sequence[str]) -> bool:
    text = " ".join(text.split())
    return any(text.startswith(one[:-1]) if one.endswith("*") else text == one for one in ready)


def _ends_a_row(tail: str, rows: Sequence[str]) -> bool:
    """Whether ``tail`` ends where a row does; it may begin some rows above."""
    above = ""
    for row in rows:
        above = (above + row)[-max(len(row), _TAIL) - _TAIL :]
        if tail and above.endswith(tail):
            return True
    return False


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _is_busy(status: Sequence[ScreenRow], marks: Marks) -> bool:
    text = "\n".join([row.text for row in status])
    return any(part in text for part in marks.busy)


def _is_ready(status: Sequence[ScreenRow], marks: Marks) -> bool:
    return any(shows_prompt(row, marks) for row in status)


def _title_state(title: str, marks: Marks) -> TitleState:
    if title.startswith(marks.title_waiting):
        return TitleState.WAITING
    return TitleState.BUSY if title.startswith(marks.title_busy) else TitleState.SILENT
