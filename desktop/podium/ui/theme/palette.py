"""Every colour of the window in dark and in light, and which of the two is on."""

from functools import cache
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication

from podium.core.instances import ThemeName
from podium.core.themes import ColorScheme, ThemeVariant, Waiting, load_theme, load_tokens
from podium.workspace.views import InstanceState


@cache
def color(text: str) -> QColor:
    """``#rrggbb`` or ``#rrggbbaa`` as a QColor. It is shared: never change it."""
    if len(text) == 9:
        parsed = QColor(text[:7])
        parsed.setAlpha(int(text[7:], 16))
        return parsed
    return QColor(text)


class Chrome(NamedTuple):
    """The neutral colours around the terminals; the fields are the tokens of ``[chrome.*]``."""

    canvas: QColor
    page: QColor
    chrome: QColor
    surface: QColor
    raised: QColor
    overlay: QColor
    sunken: QColor
    border: QColor
    border_strong: QColor
    control_border: QColor
    text: QColor
    text_2: QColor
    text_3: QColor
    text_disabled: QColor
    hover: QColor
    pressed: QColor
    selected: QColor
    focus_ring: QColor
    primary: QColor
    primary_hover: QColor
    primary_pressed: QColor
    on_primary: QColor
    danger: QColor
    danger_hover: QColor
    on_danger: QColor
    danger_text: QColor
    link: QColor
    scrim: QColor
    shadow: QColor
    match: QColor
    match_text: QColor
    match_other: QColor
    match_tick: QColor
    keycap_border: QColor
    chart_bar: QColor
    choice: QColor


class WindowColors:
    """The colours of one scheme."""

    def __init__(self, scheme: ColorScheme) -> None:
        tokens = load_tokens()
        self.scheme = scheme
        self.chrome = Chrome(**{name: color(text) for name, text in tokens.chrome[scheme].items()})
        self.waiting: Waiting = tokens.waiting
        self._states = {
            state: color(tokens.state[state].dark if self.dark else tokens.state[state].light)
            for state in InstanceState
        }

    @property
    def dark(self) -> bool:
        return self.scheme is ColorScheme.DARK

    @property
    def waiting_outline(self) -> QColor:
        return color(self.waiting.outline_dark if self.dark else self.waiting.outline_light)

    def state(self, state: InstanceState) -> QColor:
        """The colour of a state's shape and word."""
        return self._states[state]

    def theme(self, name: ThemeName) -> ThemeVariant:
        return load_theme(name).variant(self.scheme)


class ThemeManager(QObject):
    """The active colours, the system's until a person chooses; and whether anything moves."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.reduced_motion = False
        """Whether what calls for a person stands still."""
        self._chosen: ColorScheme | None = None
        self._colors = WindowColors(self._system_scheme())
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)

    @property
    def colors(self) -> WindowColors:
        return self._colors

    @property
    def chosen(self) -> ColorScheme | None:
        """The person's choice; None follows the system."""
        return self._chosen

    def choose(self, scheme: ColorScheme | None) -> None:
        self._chosen = scheme
        self._update()

    def toggle(self) -> None:
        self.choose(ColorScheme.LIGHT if self._colors.dark else ColorScheme.DARK)

    def _on_system_scheme_changed(self) -> None:
        self._update()

    def _update(self) -> None:
        scheme = self._chosen or self._system_scheme()
        if scheme is not self._colors.scheme:
            self._colors = WindowColors(scheme)
            self.changed.emit()

    @staticmethod
    def _system_scheme() -> ColorScheme:
        # Unknown (no desktop to ask) is dark: terminals are.
        light = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light
        return ColorScheme.LIGHT if light else ColorScheme.DARK
