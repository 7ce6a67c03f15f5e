"""How a Podium with instances ends: in order, within seven seconds, and it says what it had to kill."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.workspace.workspace import Workspace

_MS: Final = 7000


class OrderlyEnd(QObject):
    """``begin`` may be called again and again; ``end`` is called once all has ended or the time is over."""

    def __init__(
        self,
        workspace: Workspace,
        end: Callable[[], None],
        say: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """``say`` gets words for a person, before ``end`` is called."""
        super().__init__(parent)
        self._workspace = workspace
        self._end = end
        self._say = say
        self.late = False
        """Something had not ended in time."""
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_MS)
        self._patience.timeout.connect(self._on_late)

    def begin(self) -> None:
        if not self._patience.isActive():
            self._patience.start()
        self._workspace.shutdown(self._on_ended)

    def close(self) -> None:
        """After the event loop: time counts no more."""
        self._patience.stop()

    def _on_ended(self) -> None:
        killed = [f"{what} of {name}" for name, what in self._workspace.killed().items()]
        if killed:
            self._say(f"When Podium closed it had to kill {', '.join(killed)}.")
        self._end()

    def _on_late(self) -> None:
        """Something does not end even when it is killed. It is in the ledger: the next start looks for it."""
        self.late = True
        running = self._workspace.running()
        names = ", ".join(self._workspace.view(instance).spec.name for instance in running)
        self._say(f"When Podium closed these did not end in time: {names or 'closed instances'}.")
        self._end()
