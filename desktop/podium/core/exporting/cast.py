"""Lines as a recording: asciicast v2, a header and one event a line.

When a line was printed is not known. The events are ``LINE_SECONDS`` apart, from the oldest line to the newest.
"""

import json
from typing import Any, Final

from podium.core.exporting.ansi import AnsiWriter
from podium.core.exporting.pages import LinePage
from podium.core.themes import ThemeVariant

LINE_SECONDS: Final = 0.02


class CastWriter:
    """A DocumentWriter for a player of ``columns`` × ``rows``."""

    def __init__(self, columns: int, rows: int, title: str, theme: ThemeVariant) -> None:
        self._ansi = AnsiWriter(columns)
        self._lines = 0
        self._header: dict[str, Any] = {
            "version": 2,
            "width": columns,
            "height": rows,
            "title": title,
            "env": {"TERM": "xterm-256color"},
            "theme": {
                "fg": theme.foreground,
                "bg": theme.background,
                "palette": ":".join((*theme.ansi, *theme.bright)),
            },
        }

    def begin(self) -> str:
        return json.dumps(self._header, ensure_ascii=False) + "\n"

    def add(self, page: LinePage) -> str:
        events = []
        for number in range(len(page.lines)):
            one = page._replace(first=page.first + number, lines=page.lines[number : number + 1])
            events.append(self._event(self._ansi.add(one)))
        return "".join(events)

    def end(self) -> str:
        return self._event(self._ansi.end())

    def _event(self, output: str) -> str:
        if not output:
            return ""
        time = round(self._lines * LINE_SECONDS, 3)
        self._lines += 1
        return json.dumps([time, "o", output], ensure_ascii=False) + "\n"
