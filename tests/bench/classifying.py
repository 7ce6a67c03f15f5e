"""What it costs to know whether agents need a person: the workers' looks at screens, and the window's classifiers."""

import os
import time
from collections.abc import Callable
from typing import Any, Final

from podium.attention.classifier import Classifier
from podium.attention.report_signals import signal_of
from podium.attention.signals import Began
from podium.core.adapters.registry import load_adapters
from podium.core.protocol.attention import AgentMarks
from podium.core.protocol.reports import OutputReport, Report
from podium.terminal import Emulator
from podium.worker.notices import Notices
from podium.worker.observers.agent_watch import AgentWatch
from podium.worker.program.tools import running_tool
from tests.bench.agents import AGENTS, STRETCHES, pieces

_SECONDS: Final = 20.0
"""Seconds of an agent's time."""
_STEP: Final = 0.02


class Spent:
    """Processor time in what it is called around."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def on(self, call: Callable[..., Any], *arguments: Any) -> Any:
        before = time.thread_time()
        result = call(*arguments)
        self.seconds += time.thread_time() - before
        return result


def agent(tool: str) -> tuple[float, float]:
    """Shares of a core that one agent at work costs: in its worker, and in the window."""
    before, stretch = pieces(*STRETCHES[tool])
    now = 0.0
    worker, window = Spent(), Spent()
    emulator = Emulator(120, 40, 1000, lambda: now)
    classifier = Classifier()
    classifier.on(Began(), now)

    def report(said: Report) -> None:
        worker.seconds -= _timed(window, said)

    def _timed(spent: Spent, said: Report) -> float:
        start = spent.seconds
        signal = spent.on(signal_of, said)
        if signal is not None:
            spent.on(classifier.on, signal, now)
        return spent.seconds - start

    def running(tools: object) -> str:
        running_tool(os.getpgid(0), tools)  # type: ignore[arg-type]
        return tool

    watch = AgentWatch(emulator, report, lambda: now, running)
    watch.use(AgentMarks({name: one.marks for name, one in load_adapters().adapters.items()}))
    notices = Notices(report, lambda: now)
    emulator.feed(before)
    next_output, unreported = 1.0, 0
    while now < _SECONDS:
        for pause, data in stretch:
            until = now + pause
            while now < until:
                now = min(until, now + _STEP)
                worker.on(watch.step)
                window.on(classifier.step, now)
            emulator.feed(data)
            notices.report(emulator.take_events())
            worker.on(watch.on_output)
            worker.on(watch.step)
            unreported += len(data)
            if now >= next_output:
                next_output, size, unreported = now + 1.0, unreported, 0
                report(OutputReport(size))
    return worker.seconds / now, window.seconds / now


def rows() -> list[list[str]]:
    """A line for each tool, and for ``AGENTS`` agents of all."""
    shares = {tool: agent(tool) for tool in STRETCHES}
    each = AGENTS / len(shares)
    total = [each * sum(share[part] for share in shares.values()) for part in range(2)]
    listed = [(f"one {tool}", *share) for tool, share in shares.items()]
    listed.append((f"{AGENTS} agents", *total))
    return [[name, *(f"{100 * share:.2f} %" for share in (a, b, a + b))] for name, a, b in listed]
