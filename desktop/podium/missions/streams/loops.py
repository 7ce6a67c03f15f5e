"""Notices when an agent runs in circles: it costs money and gets nothing done."""

import re
from typing import Final

from podium.core.adapters.model import LoopLimits
from podium.missions.streams.updates import Looping

_VARYING = re.compile(r"[0-9]+|\b[0-9a-f]{8,}\b")
_KEPT: Final = 300
"""Characters by which errors and calls are compared."""


class LoopWatch:
    """Counts errors, empty steps and same calls in a row. What a tool gets done ends a row of errors."""

    def __init__(self, limits: LoopLimits) -> None:
        self._limits = limits
        self._error = ""
        self._same_errors = 0
        self._errors = 0
        self._retries = 0
        self._empty_steps = 0
        self._call = ""
        self._same_calls = 0

    def progressed(self) -> None:
        """A tool did its work."""
        self._error = ""
        self._same_errors = self._errors = self._retries = self._empty_steps = 0

    def stepped(self) -> None:
        """A step brought something, though a tool may have failed in it."""
        self._retries = self._empty_steps = 0

    def retried(self, text: str) -> Looping | None:
        """The tool tries a request again."""
        self._retries += 1
        if self._retries < self._limits.retries:
            return None
        return Looping(self._retries, f"{self._retries} retries in a row, the last after: {_shown(text)}")

    def failed(self, text: str) -> Looping | None:
        """A tool failed or was refused."""
        key = _key(text)
        self._same_errors = self._same_errors + 1 if key == self._error else 1
        self._error = key
        self._errors += 1
        if self._same_errors >= self._limits.same_error:
            return Looping(
                self._same_errors, f"the same error {self._same_errors} times in a row: {_shown(text)}"
            )
        if self._errors >= self._limits.errors:
            return Looping(self._errors, f"{self._errors} errors in a row, the last: {_shown(text)}")
        return None

    def empty_step(self) -> Looping | None:
        """A step in which nothing happened."""
        self._empty_steps += 1
        if self._empty_steps < self._limits.empty_steps:
            return None
        return Looping(self._empty_steps, f"{self._empty_steps} steps in a row without progress")

    def called(self, name: str, detail: str) -> Looping | None:
        """A tool is used. Without a detail calls can't be distinguished."""
        call = f"{name}\0{detail[:_KEPT]}" if detail else ""
        self._same_calls = self._same_calls + 1 if call and call == self._call else 1
        self._call = call
        if self._same_calls < self._limits.same_call:
            return None
        return Looping(
            self._same_calls, f"{name} {self._same_calls} times in a row on the same: {_shown(detail)}"
        )


def _key(text: str) -> str:
    return _VARYING.sub("#", text[:_KEPT].casefold())


def _shown(text: str) -> str:
    return " ".join(text.split())[:120]
