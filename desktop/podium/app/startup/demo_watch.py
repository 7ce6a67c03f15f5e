"""``podium demo --until-done``: waits for the missions, takes the pictures, writes the summary."""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject, QTimer

from podium.app.startup.arguments import DemoOptions
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.ui.main_window import MainWindow
from podium.workspace.arrangement import Layout
from podium.workspace.meters import agents_text, cost_text, round_text
from podium.workspace.views import InstanceState, InstanceView
from podium.workspace.workspace import Workspace

TIME_LIMIT_MS: Final = 240_000
_SETTLE_MS: Final = 700
"""After the layout changed: panes send their new size, programs redraw. A picture taken before shows halves."""


class InstanceSummary(msgspec.Struct, frozen=True, rename="camel"):
    """One instance in the summary file. ``cost`` is in US dollars, ``screen`` the visible text."""

    id: str
    name: str
    theme: str
    kind: str
    state: str
    rounds: int | None
    agents: int
    cost: float | None
    cost_simulated: bool
    exit_code: int | None
    screen: str


class Summary(msgspec.Struct, frozen=True, rename="camel"):
    isolated: bool
    as_expected: bool
    instances: tuple[InstanceSummary, ...]


class DemoWatch(QObject):
    """Follows the demo's instances to their end."""

    def __init__(
        self,
        workspace: Workspace,
        window: MainWindow,
        options: DemoOptions,
        end: Callable[[int], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._window = window
        self._options = options
        self._end = end
        self._ids: tuple[InstanceId, ...] = ()
        self._views_at_end: tuple[InstanceView, ...] = ()
        self._screens: dict[InstanceId, str] = {}
        self._finishing = False
        """Enough has happened: changes are not looked at any more."""
        self._broken_off = False
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._on_limit)

    def watch(self, ids: Sequence[InstanceId]) -> None:
        """Begin; the missions among ``ids`` decide when it is over."""
        self._ids = tuple(ids)
        self._limit.start(TIME_LIMIT_MS)
        self._workspace.instance_changed.connect(self._on_changed)
        self._workspace.instance_removed.connect(self._on_removed)

    def _views(self) -> tuple[InstanceView, ...]:
        return tuple(self._workspace.view(instance) for instance in self._ids)

    def _on_changed(self) -> None:
        if self._finishing:
            return
        missions = [view for view in self._views() if view.spec.kind is Kind.MISSION]
        if missions and not any(view.busy for view in missions):
            self._finish()

    def _on_removed(self, instance: str) -> None:
        """Without one of its instances there is no demo to sum up. What was asked of the others is not waited for."""
        if instance not in self._ids or self._broken_off:
            return
        self._finishing = self._broken_off = True
        self._limit.stop()
        print(f"podium: {instance} was closed before the demo had ended.", file=sys.stderr)
        self._end(1)

    def _on_limit(self) -> None:
        if not self._finishing:
            print(f"podium: the demo did not end within {TIME_LIMIT_MS // 1000} s.", file=sys.stderr)
            self._finish()

    def _finish(self) -> None:
        self._finishing = True
        self._limit.stop()
        self._views_at_end = self._views()
        for instance in self._ids:
            self._workspace.request_text(instance, partial(self._on_screen, instance))

    def _on_screen(self, instance: InstanceId, text: str) -> None:
        self._screens[instance] = text
        if self._broken_off:
            return
        if len(self._screens) == len(self._ids):
            self._take_picture(Layout.GRID, lambda: self._take_picture(Layout.TABS, self._conclude))

    def _take_picture(self, layout: Layout, then: Callable[[], None]) -> None:
        if self._broken_off:
            return
        folder = self._options.screenshot
        if folder is None:
            then()
            return
        self._workspace.arrangement.set_layout(layout)

        def take() -> None:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                self._complain(folder, error)
            if not self._window.screenshot().save(str(folder / f"{layout.value}.png")):
                print(f"podium: no picture could be saved in {folder}.", file=sys.stderr)
            then()

        QTimer.singleShot(_SETTLE_MS, take)

    def _conclude(self) -> None:
        if self._broken_off:
            return
        views = self._views_at_end
        good = all(_as_expected(view) for view in views)
        summary = Summary(
            self._workspace.isolated,
            good,
            tuple(_summarise(view, self._screens[view.id]) for view in views),
        )
        if self._options.summary is not None:
            try:
                self._options.summary.parent.mkdir(parents=True, exist_ok=True)
                self._options.summary.write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2))
            except OSError as error:
                self._complain(self._options.summary, error)
                good = False
        self._print(views)
        self._end(0 if good else 1)

    def _print(self, views: Sequence[InstanceView]) -> None:
        for view in views:
            meters = (view.label, round_text(view), agents_text(view), cost_text(view))
            print(f"{view.spec.name:<14}{', '.join(text for text in meters if text)}")
        if self._options.summary is not None:
            print(f"Summary: {self._options.summary}")
        if self._options.screenshot is not None:
            print(
                f"Screenshots: {self._options.screenshot / 'grid.png'}, {self._options.screenshot / 'tabs.png'}"
            )
        sys.stdout.flush()

    def _complain(self, path: Path, error: OSError) -> None:
        print(f"podium: {path} can't be written: {error.strerror}.", file=sys.stderr)


def _as_expected(view: InstanceView) -> bool:
    """Missions have passed their gates after several rounds; the others live."""
    if view.spec.kind is Kind.MISSION:
        return view.state is InstanceState.DONE and view.exit_code == 0 and (view.round or 0) >= 2
    return view.state is InstanceState.RUNNING


def _summarise(view: InstanceView, screen: str) -> InstanceSummary:
    return InstanceSummary(
        view.id,
        view.spec.name,
        view.spec.theme.value,
        view.spec.kind.value,
        view.state.value,
        view.round,
        view.agents_total,
        round(view.cost_usd, 6) if view.cost_usd is not None else None,
        view.cost_simulated,
        view.exit_code,
        screen,
    )
