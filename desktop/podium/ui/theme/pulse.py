"""The breath of a filled waiting bar: three times, then steady. With reduced motion a thicker outline for 5 s."""

from typing import Final

from PySide6.QtCore import QObject, QTimer, QVariantAnimation, Signal

from podium.core.themes import load_tokens
from podium.ui.theme.palette import ThemeManager

BREATHS: Final = 3
FAINTEST: Final = 0.72
THICK_MS: Final = 5000


class Pulse(QObject):
    """How a fresh need for attention is painted, while it is fresh."""

    changed = Signal()

    def __init__(self, themes: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._opacity = 1.0
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(load_tokens().motion["waiting_pulse_ms"])
        self._animation.setLoopCount(BREATHS)
        self._animation.setStartValue(1.0)
        self._animation.setKeyValueAt(0.5, FAINTEST)
        self._animation.setEndValue(1.0)
        self._animation.valueChanged.connect(self._on_value_changed)
        self._thick = QTimer(self)
        self._thick.setSingleShot(True)
        self._thick.setInterval(THICK_MS)
        self._thick.timeout.connect(self.changed)

    @property
    def opacity(self) -> float:
        """Of the fill, 0–1."""
        return self._opacity

    @property
    def thick(self) -> bool:
        """Whether the outline is a px thicker now."""
        return self._thick.isActive()

    def start(self) -> None:
        if self._themes.reduced_motion:
            self._thick.start()
            self.changed.emit()
        else:
            self._animation.start()

    def stop(self) -> None:
        if self.thick:
            self._thick.stop()
            self.changed.emit()
        if self._animation.state() is not QVariantAnimation.State.Stopped:
            self._animation.stop()
            self._on_value_changed(1.0)

    def _on_value_changed(self, value: object) -> None:
        self._opacity = float(value)  # type: ignore[arg-type]
        self.changed.emit()
