"""How long tests wait for what must happen: long enough for a machine that is busy with much else."""

from typing import Any, Final

from pytestqt.qtbot import QtBot

MILLISECONDS: Final = 60_000


class PatientQtBot(QtBot):
    """Waits for windows, signals and conditions for a minute, unless told otherwise; pytest-qt waits for 5 s."""

    def waitActive(self, widget: Any, *, timeout: int = MILLISECONDS) -> Any:
        return super().waitActive(widget, timeout=timeout)

    def waitExposed(self, widget: Any, *, timeout: int = MILLISECONDS) -> Any:
        return super().waitExposed(widget, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = MILLISECONDS, **more: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitSignals(self, signals: Any, *, timeout: int = MILLISECONDS, **more: Any) -> Any:
        return super().waitSignals(signals, timeout=timeout, **more)

    def waitUntil(self, callback: Any, *, timeout: int = MILLISECONDS) -> None:
        super().waitUntil(callback, timeout=timeout)
