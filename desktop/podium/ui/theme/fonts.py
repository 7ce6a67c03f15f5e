"""The window's fonts: the roles of ``[type]`` in the tokens, in the system's family."""

from enum import StrEnum
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from podium.core.themes import load_tokens

_PREFERRED = ("Inter", "Inter Variable")


class Role(StrEnum):
    CAPTION = "caption"
    SMALL = "small"
    BODY = "body"
    BODY_STRONG = "body_strong"
    HEADING = "heading"
    TITLE = "title"
    DISPLAY = "display"


@cache
def _family() -> str:
    installed = set(QFontDatabase.families())
    for family in _PREFERRED:
        if family in installed:
            return family
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


@cache
def font(role: Role, weight: int | None = None) -> QFont:
    """The font of ``role``; figures are tabular, so times and costs never jitter. It is shared: never change it."""
    size = load_tokens().type[role.value]
    assert isinstance(size, tuple)
    made = QFont(_family())
    made.setPixelSize(size[0])
    made.setWeight(QFont.Weight(weight or size[1]))
    made.setFeature(QFont.Tag("tnum"), 1)
    return made
