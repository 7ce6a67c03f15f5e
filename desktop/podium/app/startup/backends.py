"""The session backend that was asked for."""

from PySide6.QtCore import QObject

from podium.core.protocol.backend import SessionBackend
from podium.pool.worker_pool import WorkerPool


def session_backend(pool: bool, parent: QObject) -> SessionBackend:
    if pool:
        return WorkerPool(parent=parent)
    # Only here: it brings the whole terminal engine, which a window over workers never needs.
    from podium.pool.direct_sessions import DirectSessions

    return DirectSessions(parent)
