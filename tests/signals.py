"""Which Qt signals an object emits."""

from PySide6.QtCore import QMetaMethod, QObject
from PySide6.QtTest import QSignalSpy


def spies(watched: QObject) -> list[QSignalSpy]:
    """One for each signal that ``watched`` has."""
    meta = watched.metaObject()
    methods = (meta.method(index) for index in range(meta.methodCount()))
    return [
        QSignalSpy(watched, method)
        for method in methods
        if method.methodType() is QMetaMethod.MethodType.Signal
    ]
