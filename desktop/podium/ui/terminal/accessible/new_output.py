"""The output that is read aloud: complete lines, none twice, and no more than can be listened to. Qt-free."""

from collections.abc import Callable
from typing import Final

MOST_LINES: Final = 8
"""Of more only their number is said, and the last one."""
MOST_CHARACTERS: Final = 1000

TextOf = Callable[[int], str | None]
"""The text of an absolute line; None where it is not known."""


class NewOutput:
    """Follows a terminal by the absolute numbers of its lines."""

    def __init__(self) -> None:
        self._epoch: int | None = None
        self._at = 0
        """The line that the cursor was in, and the first that was not complete."""
        self._last = ""
        """What stood in it."""

    def take(self, epoch: int, cursor_line: int, text_of: TextOf, *, typing: bool) -> str:
        """What is to be said now, "" for nothing.

        Lines above ``cursor_line`` are complete. That line itself is said when it is new or goes on: it is a prompt or
        a question, unless the person is ``typing`` in it.
        """
        last = text_of(cursor_line) or ""
        known, moved = epoch == self._epoch, cursor_line != self._at
        lines = self._complete(cursor_line, text_of) if known else []
        goes_on = moved or not self._last.startswith(last)
        if known and last and not typing and goes_on:
            lines.append(last)
        self._epoch, self._at, self._last = epoch, cursor_line, last
        return _spoken(lines)

    def skip(self, epoch: int, cursor_line: int) -> None:
        """What was printed up to here is not said: nobody listened, or a full-screen program drew it."""
        self._epoch, self._at, self._last = epoch, cursor_line, ""

    def _complete(self, cursor_line: int, text_of: TextOf) -> list[str]:
        texts = ((number, text_of(number)) for number in range(self._at, cursor_line))
        # What was typed, or said as a question, is not said again because Enter made a line of it.
        return [text for number, text in texts if text and (number, text) != (self._at, self._last)]


def _spoken(lines: list[str]) -> str:
    if len(lines) > MOST_LINES:
        lines = [f"{len(lines) - 1} lines", lines[-1]]
    return "\n".join(lines)[:MOST_CHARACTERS]
