"""The folders in which lines were printed: asked of the session, and never waited for long."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QTimer

from podium.core.ids import InstanceId
from podium.core.links.addresses import is_path
from podium.core.protocol.reports import FoldersReport
from podium.core.protocol.requests import MAX_FOLDER_LINES, FoldersWanted
from podium.sessions.hub import SessionHub
from podium.sessions.queries import Reply, SessionGone

ANSWER_MS: Final = 300
"""The time for an answer: a session without one counts as one that does not know."""

Receive = Callable[[tuple[str, ...]], None]


class FolderQueries(QObject):
    """Asks sessions for the folders of their lines."""

    def __init__(self, hub: SessionHub, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hub = hub

    def ask(self, instance: InstanceId, lines: Sequence[int], usual: str, receive: Receive) -> None:
        """Call ``receive`` once, after ``ANSWER_MS`` at the latest, with a folder for each of ``lines``: ``usual``
        where the session does not say.
        """
        asked = tuple(lines[:MAX_FOLDER_LINES])
        timer = QTimer(self)
        timer.setSingleShot(True)

        def finish(folders: Sequence[str]) -> None:
            timer.stop()
            timer.deleteLater()
            known = (*folders, *("",) * (len(lines) - len(folders)))
            receive(tuple(folder if _is_folder(folder) else usual for folder in known))

        def take(reply: Reply | SessionGone) -> None:
            good = isinstance(reply, FoldersReport) and len(reply.folders) == len(asked)
            finish(reply.folders if good and isinstance(reply, FoldersReport) else ())

        def give_up() -> None:
            if pending is not None:
                pending.cancel()
            finish(())

        timer.timeout.connect(give_up)
        timer.start(ANSWER_MS)
        # An answer that comes at once, such as that there is no session, is given to ``take`` in this call.
        pending = self._hub.ask(instance, take, FoldersWanted(0, asked))


def _is_folder(folder: str) -> bool:
    """Whether a worker's word can be a folder at all; the disk is not asked."""
    return is_path(folder) and Path(folder).is_absolute()
