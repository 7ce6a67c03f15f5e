"""Reads one run of an agent by the rules of its adapter."""

import time
from collections.abc import Callable, Mapping
from typing import Final

from podium.core.adapters.json_lines import Lines, json_object, looks_like_json, safe_text
from podium.core.adapters.line_paths import MAX_TEXT
from podium.core.adapters.model import STDERR, STDOUT, Adapter, OutputFormat
from podium.core.adapters.pricing import Prices
from podium.missions.streams.ending import Ending, report
from podium.missions.streams.interpreter import Interpreter, is_noise
from podium.missions.streams.updates import AgentReport, SessionTotals, Update

MAX_REPORT_LINES: Final = 100_000
_STDERR_LINE: Final = 64 * 1024


class AgentReader:
    """Bytes in, updates and a report out. Never raises for what a tool prints, and holds a bounded amount of it.

    ``previous`` only for a run that resumes or forks a session. ``model`` is the one that was asked for, for
    tools that do not say which they use. ``session_id`` is ``AgentCommand.session_id``, for tools that tell theirs at
    the end only. Without ``prices`` a cost that the tool does not tell stays unknown.
    """

    def __init__(
        self,
        adapter: Adapter,
        previous: SessionTotals | None = None,
        *,
        model: str = "",
        session_id: str = "",
        prices: Prices | None = None,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._adapter = adapter
        self._interpreter = Interpreter(adapter, previous or SessionTotals(), model, prices, wall_clock)
        self._chosen_session = session_id
        self._stdout = Lines()
        self._stderr = Lines(_STDERR_LINE)
        self._tail = Tail()
        self._errors = Tail()
        self._known = self._unknown = self._broken = self._plain = 0

    def feed(self, data: bytes) -> list[Update]:
        """Take what arrived on stdout, cut anywhere."""
        updates: list[Update] = []
        for line in self._stdout.feed(data):
            updates.extend(self._line(line))
        return updates

    def feed_stderr(self, data: bytes) -> list[Update]:
        """Take what arrived on stderr, cut anywhere."""
        updates: list[Update] = []
        for line in self._stderr.feed(data):
            updates.extend(self._error_line(line))
        return updates

    def end(
        self, exit_code: int | None, signal: int | None = None, reports: Mapping[str, bytes] | None = None
    ) -> AgentReport:
        """The run is over. ``signal``: the number of the signal that ended it, and ``exit_code`` is None (a
        negative ``exit_code`` is taken for a signal too). ``reports``: what ``AgentCommand.read_reports`` gave.
        """
        for line in self._stdout.end():
            self._line(line)
        for line in self._stderr.end():
            self._error_line(line)
        for source, data in (reports or {}).items():
            self._report(source, data)
        if exit_code is not None and exit_code < 0:
            signal, exit_code = -exit_code, None
        if not self._interpreter.session_id and self._known:
            self._interpreter.session_id = self._chosen_session
        ending = Ending(
            exit_code=exit_code,
            signal=signal,
            degraded=self._degraded(),
            silent=not (self._known or self._unknown or self._broken or self._plain or self._stdout.skipped),
            broken=self._broken,
            skipped=self._stdout.skipped,
            tail=self._tail.text(),
            errors=self._errors.lines(),
        )
        return report(self._adapter, self._interpreter, ending)

    def _line(self, line: bytes) -> list[Update]:
        self._tail.add(line)
        if self._adapter.output.format is OutputFormat.PLAIN:
            self._plain += 1
            return []
        if self._adapter.output.format is OutputFormat.JSON and looks_like_json(line):
            value = json_object(line)
            if value is None:
                self._broken += 1
                return []
            return self._taken(*self._interpreter.take(STDOUT, value))
        text = _text_of(line)
        if not text.strip():
            self._interpreter.blank_line()
            return []
        if self._adapter.output.format is OutputFormat.TEXT:
            return self._taken(*self._interpreter.take_text(STDOUT, text))
        updates, known = self._interpreter.take_text(STDOUT, text)
        if known:
            self._known += 1
        else:
            self._plain += 1
        return updates

    def _taken(self, updates: list[Update], known: bool) -> list[Update]:
        if known:
            self._known += 1
        else:
            self._unknown += 1
        return updates

    def _error_line(self, line: bytes) -> list[Update]:
        text = _text_of(line)
        if not text.strip() or is_noise(text, self._adapter.output.noise):
            return []
        self._errors.add(line)
        updates, _ = self._interpreter.take_text(STDERR, text)
        return updates

    def _report(self, source: str, data: bytes) -> None:
        whole = json_object(data)
        if whole is not None:
            self._interpreter.take(source, whole)
            return
        for line in data.split(b"\n", MAX_REPORT_LINES)[:MAX_REPORT_LINES]:
            value = json_object(line) if line else None
            if value is not None:
                self._interpreter.take(source, value)

    def _degraded(self) -> bool:
        """Whether no line of the output matched the adapter, and none was merely cut."""
        if self._adapter.output.format is OutputFormat.PLAIN or self._known or self._broken:
            return False
        if self._adapter.output.format is OutputFormat.TEXT:
            return False
        return bool(self._unknown or self._plain)


class Tail:
    """The last lines of a stream."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._bytes = 0

    def add(self, line: bytes) -> None:
        kept = line[-MAX_TEXT:]
        self._held.append(kept)
        self._bytes += len(kept) + 1
        if self._bytes > 4 * MAX_TEXT or len(self._held) > 4000:
            self._shorten()

    def _shorten(self) -> None:
        kept: list[bytes] = []
        size = 0
        for line in reversed(self._held):
            size += len(line) + 1
            if (size > MAX_TEXT and kept) or len(kept) >= 1000:
                break
            kept.append(line)
        self._held = kept[::-1]
        self._bytes = sum(len(line) + 1 for line in self._held)

    def lines(self) -> list[str]:
        self._shorten()
        return [_text_of(line) for line in self._held]

    def text(self) -> str:
        return "\n".join(self.lines())[-MAX_TEXT:]


def _text_of(line: bytes) -> str:
    return safe_text(line[: 4 * MAX_TEXT].decode("utf-8", "replace"))[:MAX_TEXT]
