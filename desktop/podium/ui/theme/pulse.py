"""The breath of a filled waiting bar: three times, then steady; none when motion is reduced."""

from PySide6.QtCore import QObject, QVariantAnimation, Signal

from podium.core.themes import load_tokens

BREATHS = 3
FAINTEST = 0.72


class Pulse(QObject):
    """Emits the fill's opacity while a need for attention is fresh."""

    changed = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(load_tokens().motion["waiting_pulse_ms"])
        self._animation.setLoopCount(BREATHS)
        self._animation.setStartValue(1.0)
        self._animation.setKeyValueAt(0.5, FAINTEST)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._on_value_changed)

    def start(self) -> None:
        self._animation.start()

    def stop(self) -> None:
        if self._animation.state() is not QVariantAnimation.State.Stopped:
            self._animation.stop()
            self.changed.emit(1.0)

    def _on_value_changed(self, value: object) -> None:
        self.changed.emit(float(value))  # type: ignore[arg-type]
