"""The window's place on the screens: fitted to them, remembered for each set of them, never out of reach."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QMainWindow

USUAL: Final = QSize(1440, 900)
_TITLE_BAR: Final = 40
"""Pixels: more than a desktop's is high."""
_MARGIN: Final = 24
_GRIP: Final = 120
"""Of the title bar so much has to be on a screen, to be taken hold of."""
_ASIDE: Final = 40
"""Pixels that a further window on one screen is lower and further to the right."""
MOST_PLACES: Final = 8
"""Sets of screens that are remembered."""


def first_place(available: QRect) -> QRect:
    """The place of a window that nothing is remembered of, on a screen with this room (logical pixels)."""
    size = USUAL.boundedTo(available.size() - QSize(2 * _MARGIN, _TITLE_BAR + 2 * _MARGIN))
    rect = QRect(available.topLeft(), size)
    rect.moveCenter(available.center())
    rect.moveTop(max(rect.top(), available.top() + _TITLE_BAR))
    return rect


def aside(window: QRect, available: QRect, least: QSize) -> QRect:
    """The place of another window on the same screen, so that both are seen: smaller than ``window`` where there is
    no room, but never than ``least``. All in logical pixels, without their frames.
    """
    size = window.size().boundedTo(available.size() - QSize(_ASIDE, _ASIDE + _TITLE_BAR)).expandedTo(least)
    left = min(window.left() + _ASIDE, available.right() + 1 - size.width())
    top = min(window.top() + _ASIDE, available.bottom() + 1 - size.height())
    place = QRect(max(left, available.left()), max(top, available.top() + _TITLE_BAR), *size.toTuple())
    if place.topLeft() == window.topLeft():
        place.moveTopLeft(QPoint(available.left(), available.top() + _TITLE_BAR))
    return place


def within_reach(window: QRect, screens: list[QRect]) -> QRect:
    """``window`` as it is if a person can take hold of its title bar and see all of it where there is room; else the
    nearest place where they can. All in logical pixels; ``window`` is without its frame.
    """
    bar = QRect(window.left(), window.top() - _TITLE_BAR, window.width(), _TITLE_BAR)
    held = [
        bar.intersected(screen).width()
        for screen in screens
        if screen.top() <= window.top() < screen.bottom()
    ]
    best = max(screens, key=lambda screen: _area(screen.intersected(window)))
    whole = window.width() <= best.width() and window.height() + _TITLE_BAR <= best.height()
    if whole and any(width >= min(_GRIP, window.width()) for width in held):
        return window
    size = window.size().boundedTo(best.size() - QSize(0, _TITLE_BAR))
    left = min(max(window.left(), best.left()), best.right() + 1 - size.width())
    top = min(max(window.top(), best.top() + _TITLE_BAR), best.bottom() + 1 - size.height())
    return QRect(left, top, size.width(), size.height())


def _area(rect: QRect) -> int:
    return max(0, rect.width()) * max(0, rect.height())


def screens_key(screens: list[QScreen]) -> str:
    """Names this set of screens, with their sizes and places: another dock or resolution is another set."""
    return "; ".join(
        sorted(
            f"{screen.name()} {area.width()}x{area.height()}+{area.x()}+{area.y()}"
            for screen in screens
            for area in (screen.geometry(),)
        )
    )


def remembered(places: Mapping[str, bytes], key: str, place: bytes) -> dict[str, bytes]:
    """``places`` with this one as the newest, and the oldest of too many left out."""
    kept = [(one, value) for one, value in places.items() if one != key]
    return dict([*kept, (key, place)][-MOST_PLACES:])


class WindowPlace(QObject):
    """Keeps ``window`` within reach, also when a screen goes, and remembers where it was on each set of screens."""

    moved = Signal()
    """It has another place or size."""

    def __init__(self, window: QMainWindow, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._on_screen = QGuiApplication.platformName() != "offscreen"
        self.remembered: Mapping[str, bytes] = {}
        """By the names of sets of screens, the newest last."""
        window.installEventFilter(self)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenRemoved.connect(lambda _screen: self.fit())
        if self._on_screen:
            window.setGeometry(first_place(window.screen().availableGeometry()))
        else:
            window.resize(USUAL)  # There is nobody to reach it: pictures are taken of it.

    def restore(self, places: Mapping[str, bytes], geometry: bytes) -> None:
        """Go where it was on these screens; ``geometry`` is where it was last, on whatever screens."""
        self.remembered = places
        if here := places.get(self.key, geometry):
            self._window.restoreGeometry(here)
        self.fit()

    def save(self) -> bytes:
        """Place and size in Qt's own form, which are remembered for these screens too."""
        geometry = bytes(self._window.saveGeometry().data())
        self.remembered = remembered(self.remembered, self.key, geometry)
        return geometry

    def put_beside(self, other: QMainWindow) -> None:
        """Go to a screen that ``other`` is not on; where there is none, a little aside of it."""
        self.remembered = {}
        if not self._on_screen:
            return
        screens = [screen for screen in QGuiApplication.screens() if screen is not other.screen()]
        self._window.setWindowState(Qt.WindowState.WindowNoState)
        if screens:
            self._window.setGeometry(first_place(screens[0].availableGeometry()))
        else:
            least = self._window.minimumSize()
            self._window.setGeometry(aside(other.normalGeometry(), other.screen().availableGeometry(), least))

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self.moved.emit()
        return False

    @property
    def key(self) -> str:
        return screens_key(QGuiApplication.screens())

    def fit(self) -> None:
        """Move or shrink it where it can't be reached or seen whole. A maximised one is the desktop's affair."""
        window = self._window
        if not self._on_screen or window.isMaximized() or window.isFullScreen():
            return
        rects = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        if rects:
            window.setGeometry(within_reach(window.geometry(), rects))
