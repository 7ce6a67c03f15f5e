"""Recorded sessions of real tools, played against a clock: bytes in, attention out."""

import random
from collections.abc import Iterator
from typing import Any

from podium.attention.classifier import Classifier
from podium.attention.report_signals import signal_of
from podium.attention.signals import Answered, Attention, Began
from podium.core.adapters.registry import load_adapters
from podium.core.protocol.attention import AgentMarks
from podium.core.protocol.reports import OutputReport, Report
from podium.terminal import Emulator
from podium.worker.notices import Notices
from podium.worker.observers.agent_watch import AgentWatch
from tests.terminal.test_typescripts import recording

MARKS = AgentMarks({name: one.marks for name, one in load_adapters().adapters.items()})
_STEP = 0.05


class Replay:
    """One recording in a terminal whose attention is classified; ``at`` gives the attention at each moment."""

    def __init__(
        self, name: str, *, tool: str | None = None, seed: int | None = None, resizes: bool = False
    ) -> None:
        """``tool`` is what is said to have the terminal: by default the recorded one. With a ``seed`` the output
        comes in random cuts; with ``resizes`` the window changes its size now and then, and back.
        """
        self.meta, self._raw = recording(name)
        self.now = 0.0
        self._rng = random.Random(seed)
        self._cuts = seed is not None
        self._resizes = resizes
        self._emulator = Emulator(self.meta["columns"], self.meta["lines"], 1000, lambda: self.now)
        self._classifier = Classifier()
        self._notices = Notices(self._report, lambda: self.now)
        tool = name.partition("-")[0] if tool is None else tool
        self._watch = AgentWatch(self._emulator, self._report, lambda: self.now, lambda _: tool)
        self._watch.use(MARKS)
        self._unreported = 0
        self._next_output = 0.0
        self.states: list[tuple[float, Attention]] = []
        """Each state and since when it was told."""
        self._classifier.on(Began(), self.now)
        for _ in self._play():
            self._note()

    def at(self, moment: float) -> Attention:
        """What was said at ``moment``, in the recording's seconds."""
        return [attention for since, attention in self.states if since <= moment][-1]

    def between(self, first: float, last: float) -> list[Attention]:
        """All that was said from ``first`` to ``last``."""
        return [self.at(first), *(attention for since, attention in self.states if first < since <= last)]

    def mark(self, name: str) -> dict[str, Any]:
        return next(mark for mark in self.meta["marks"] if mark["name"] == name)

    def _report(self, report: Report) -> None:
        signal = signal_of(report)
        if signal is not None:
            self._classifier.on(signal, self.now)

    def _note(self) -> None:
        attention = self._classifier.attention
        if not self.states or self.states[-1][1] != attention:
            self.states.append((self.now, attention))

    def _play(self) -> Iterator[None]:
        events = [(at, "output", size) for at, size in self.meta["timing"]]
        events += [(at, "key", keys) for at, keys in self.meta["keys"]]
        last = max(mark["t"] for mark in self.meta["marks"])
        events.append((last, "end", ""))
        offset = 0
        for at, kind, what in sorted(events, key=lambda event: event[0]):
            while self.now + _STEP < at:
                self.now += _STEP
                self._step()
                yield
            self.now = max(self.now, at)
            if kind == "output":
                self._feed(self._raw[offset : offset + what])
                offset += what
            elif kind == "key" and "\r" in what:
                self._classifier.on(Answered(), self.now)
            self._step()
            yield

    def _feed(self, data: bytes) -> None:
        at = 0
        while at < len(data):
            size = self._rng.randint(1, 300) if self._cuts else len(data)
            self._emulator.feed(data[at : at + size])
            self._notices.report(self._emulator.take_events())
            self._watch.on_output()
            self._unreported += len(data[at : at + size])
            at += size
            if self._cuts:
                self._step()
        if self._resizes and self._rng.random() < 0.05:
            columns, lines = self.meta["columns"], self.meta["lines"]
            self._emulator.resize(columns - self._rng.randint(0, 3), lines)
            self._emulator.resize(columns, lines)
            self._watch.on_output()

    def _step(self) -> None:
        self._notices.step()
        self._watch.step()
        if self._unreported and self.now >= self._next_output:
            self._next_output = self.now + 1.0
            size, self._unreported = self._unreported, 0
            self._report(OutputReport(size))
        self._classifier.step(self.now)
