"""The real window in this process, with terminals that tell when they have painted and steps that measure it."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QElapsedTimer, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QApplication

import podium.ui.terminal_settings as terminal_settings
from podium.app.startup.arguments import WindowOptions
from podium.app.startup.window_session import WindowSession
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.frames import Frame
from podium.ui.terminal.view import TerminalView
from podium.workspace.views import InstanceState

TYPED = "a"

Step = float | Callable[[], object]
"""Seconds to let pass, or what has to be true before the next step."""
_PATIENCE = 120.0


class ProbedTerminal(TerminalView):
    """``on_painted`` is called at the end of each paint event."""

    on_painted: Callable[[], None] | None = None
    paints = 0

    def __init__(self) -> None:
        super().__init__()
        self.keys_at: list[float] = []
        """When each key reached this widget."""
        self.frames_at: list[tuple[float, int]] = []
        """When each frame was there, and what it had echoed by then."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.keys_at.append(time.perf_counter())
        super().keyPressEvent(event)

    def apply_frame(self, frame: Frame) -> None:
        now = time.perf_counter()
        super().apply_frame(frame)
        self.frames_at.append((now, self.echoed))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.paints += 1
        if self.on_painted is not None:
            self.on_painted()

    @property
    def echoed(self) -> int:
        """How many of the typed letters the screen holds. The cursor would not do: it waits at a line's end."""
        rows = self._state.model.rows
        return sum(run.text.count(TYPED) for row in rows for run in row.line.runs)


class Probe:
    """Builds the window as the app does and runs steps in its event loop."""

    def __init__(self) -> None:
        terminal_settings.TerminalView = ProbedTerminal  # type: ignore[misc]
        self._application = QApplication(sys.argv[:1])
        self._application.setQuitOnLastWindowClosed(False)
        self.session = WindowSession(WindowOptions())
        self.workspace, self.window = self.session.workspace, self.session.window
        self.result: dict[str, object] = {}
        self._steps: Iterator[Step] = iter(())
        self._waits_for: Callable[[], object] = bool
        self._deadline = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def add(self, name: str, *command: str) -> ProbedTerminal:
        """An instance with ``command``, or a shell."""
        kind = Kind.COMMAND if command else Kind.SHELL
        id = self.workspace.new_id(name)
        spec = InstanceSpec(id, name, kind, self.workspace.next_theme(), os.getcwd(), command)  # noqa: PTH109
        self.workspace.create(spec)
        return self.terminal(id)

    def terminal(self, id: InstanceId) -> ProbedTerminal:
        pane = self.window.pane_area.pane(id)
        assert pane is not None
        assert isinstance(pane.terminal, ProbedTerminal)
        return pane.terminal

    def all_run(self) -> bool:
        views = map(self.workspace.view, self.workspace.ids())
        return all(view.state is InstanceState.RUNNING for view in views)

    def show(self, width: int = 1440, height: int = 900) -> None:
        self.window.resize(width, height)
        self.window.show()
        self.window.activateWindow()

    def run(self, steps: Iterator[Step]) -> None:
        """Carry out ``steps``, end all instances, print ``result`` as JSON."""
        self._steps = steps
        QTimer.singleShot(0, self._next)
        self.session.schedule_gc()
        self._application.exec()
        self.session.finish()
        print(json.dumps(self.result), flush=True)

    def _next(self) -> None:
        try:
            step = next(self._steps)
        except StopIteration:
            self.session.quit()
            return
        if callable(step):
            self._waits_for, self._deadline = step, time.monotonic() + _PATIENCE
            self._timer.start(0)
        else:
            self._waits_for, self._deadline = lambda: True, time.monotonic() + _PATIENCE
            self._timer.start(round(step * 1000))

    def _go_on(self) -> None:
        if self._waits_for():
            self._next()
        elif time.monotonic() > self._deadline:
            print("bench: what was waited for never came", file=sys.stderr)
            self.session.quit()
        else:
            self._timer.start(5)


class StallMeter:
    """The longest time in which the event loop did not come round, by a timer that should fire all the time."""

    _PERIOD_MS = 2

    def __init__(self) -> None:
        self.stalls: list[float] = []
        self._elapsed = QElapsedTimer()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        self._elapsed.start()
        self._timer.start(self._PERIOD_MS)

    def stop(self) -> None:
        self._timer.stop()

    def _on_timeout(self) -> None:
        self.stalls.append(self._elapsed.nsecsElapsed() / 1e6 - self._PERIOD_MS)
        self._elapsed.start()
