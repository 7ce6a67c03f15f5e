"""The session backend that was asked for."""

from PySide6.QtCore import QObject

from podium.core.protocol.backend import SessionBackend, SessionSink
from podium.pool.worker_pool import WorkerPool


def session_backend(pool: bool, sink: SessionSink, parent: QObject) -> SessionBackend:
    if pool:
        return WorkerPool(sink, parent=parent)
    # Only here: it brings the whole terminal engine, which a window over workers never needs.
    from podium.pool.direct_sessions import DirectSessions

    return DirectSessions(sink, parent)
