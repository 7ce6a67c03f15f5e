"""The offer to put hooks into the settings of an agent's tool, when it is first seen in a pane."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from podium.core.adapters.hooks import Hooks
from podium.core.background import RunInBackground
from podium.core.ids import InstanceId
from podium.hooks.changes import Change, Standing, carry_out, installing, standing
from podium.hooks.declined import Declined
from podium.hooks.places import Place, project_place, user_place
from podium.hooks.records import Records
from podium.hooks.settings_files import HooksError
from podium.ui.theme.palette import ThemeManager
from podium.ui.widgets.toast import Toast, Toasts
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from podium.ui.dialogs.sheet import Sheet

_AGAIN_MS: Final = 2000
"""While a dialog is open the offer waits."""


class Window(Protocol):
    """What the offer needs of the window."""

    toasts: Toasts

    @property
    def themes(self) -> ThemeManager: ...
    def has_sheets(self) -> bool: ...
    def sheet_host(self) -> QWidget: ...
    def open_sheet(self, sheet: "Sheet") -> None: ...


class _Offer(msgspec.Struct, frozen=True):
    """``title`` is the tool's name for people."""

    tool: str
    title: str
    hooks: Hooks
    place: Place
    older: bool


class HooksOffer(QObject):
    """Offers each tool's hooks once in the life of the window, by a toast that takes no key from anybody. Nothing is
    changed before the person has seen the change.
    """

    def __init__(
        self,
        workspace: Workspace,
        front: Callable[[], Window],
        run: RunInBackground,
        parent: QObject | None = None,
        *,
        records: Records | None = None,
        declined: Declined | None = None,
    ) -> None:
        """``front`` is the window in which a person works."""
        super().__init__(parent)
        self._workspace = workspace
        self._front = front
        self._run = run
        self._records = records or Records()
        self._declined = declined or Declined()
        self._seen: set[str] = set()
        self._waiting: list[_Offer] = []
        self._shown: Toast | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._show_next)
        workspace.needs.tool_seen.connect(self._on_tool_seen)
        workspace.alerts.do_not_disturb.changed.connect(self._show_next)

    def _on_tool_seen(self, instance: str, tool: str) -> None:
        hooks = self._workspace.needs.hooks.get(tool)
        if hooks is None or tool in self._seen:
            return
        self._seen.add(tool)
        folder = Path(self._workspace.view(InstanceId(instance)).spec.folder)
        environment = self._workspace.environment
        title = self._workspace.needs.titles.get(tool, tool)

        def look() -> _Offer | None:
            """None when there is nothing to offer."""
            if tool in self._declined.tools():
                return None
            place, project = user_place(hooks, environment), project_place(hooks, folder)
            there = standing(tool, hooks, place)
            if project is not None and standing(tool, hooks, project) is Standing.INSTALLED:
                return None
            if there not in (Standing.NONE, Standing.OLDER):
                return None
            return _Offer(tool, title, hooks, place, there is Standing.OLDER)

        # Settings that can't be read are the tool's own business until the person wants something of them.
        self._run(look, self._on_looked, lambda _error: None)

    def _on_looked(self, offer: _Offer | None) -> None:
        if offer is not None:
            self._waiting.append(offer)
            self._show_next()

    def _show_next(self) -> None:
        if not self._waiting or self._shown is not None or self._workspace.alerts.do_not_disturb.active:
            return
        if self._front().has_sheets():
            self._timer.start()
            return
        offer = self._waiting.pop(0)
        title = (
            f"Update Podium's hooks in {offer.title}?"
            if offer.older
            else f"Let {offer.title} report when it waits?"
        )
        toast = self._front().toasts.show(
            title,
            "Hooks in its settings tell Podium at once when it asks, works or is done.",
            lasting=True,
            choices=(
                ("Install…", lambda: self._prepare(offer)),
                ("Not now", lambda: None),
                ("Never", lambda: self._decline(offer)),
            ),
        )
        self._shown = toast
        toast.closed.connect(lambda: self._on_closed(toast))
        # Newer toasts may have taken its place.
        toast.destroyed.connect(lambda: self._on_closed(toast))

    def _on_closed(self, toast: Toast) -> None:
        if self._shown is toast:
            self._shown = None
            if self._waiting:
                self._timer.start()

    def _prepare(self, offer: _Offer) -> None:
        self._run(
            lambda: installing(offer.tool, offer.hooks, offer.place, self._records),
            lambda change: self._ask(offer, change),
            lambda error: self._fail(offer, error),
        )

    def _ask(self, offer: _Offer, change: Change | None) -> None:
        from podium.ui.dialogs.hooks_dialog import HooksDialog  # Most windows never need it.

        if change is None:
            return  # Somebody was quicker.
        window = self._front()
        sheet = HooksDialog(window.themes, window.sheet_host(), offer.tool, offer.title, change)
        sheet.accepted.connect(lambda: self._carry_out(offer, change))
        window.open_sheet(sheet)

    def _carry_out(self, offer: _Offer, change: Change) -> None:
        self._run(
            lambda: carry_out(change, self._records),
            lambda _: self._say(f"{offer.title} reports its state from its next start on", offer.hooks.note),
            lambda error: self._fail(offer, error),
        )

    def _fail(self, offer: _Offer, error: Exception) -> None:
        text = (
            str(error)
            if isinstance(error, HooksError)
            else "Try again later, or run podium ctl hooks install."
        )
        self._say(f"{offer.title} got no hooks", text)

    def _decline(self, offer: _Offer) -> None:
        self._run(
            lambda: self._declined.add(offer.tool),
            lambda _: None,
            lambda _error: self._say("Podium will ask again", "Its folder can't be written."),
        )

    def _say(self, title: str, text: str) -> None:
        self._front().toasts.show(title, text, lasting=bool(text))
