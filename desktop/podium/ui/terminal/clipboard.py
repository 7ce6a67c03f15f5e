"""What goes to and comes from the clipboard: cleaned, checked, quoted. Qt only to reach the clipboard."""

import shlex
from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

_BIDI_CONTROLS: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_INVISIBLE: Final = frozenset("\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff")
_JOINERS: Final = frozenset("\u200c\u200d")


def clean_copied_text(text: str) -> str:
    """Without characters that make text look like other text: bidi overrides and invisible ones.

    Joiners stay behind a character that is not ASCII: emoji and several scripts are spelt with them.
    """
    result: list[str] = []
    for character in text:
        if character in _BIDI_CONTROLS or character in _INVISIBLE:
            continue
        if character in _JOINERS and (not result or result[-1].isascii()):
            continue
        result.append(character)
    return "".join(result)


def paste_is_risky(text: str) -> bool:
    """True when a program without bracketed paste would run part of ``text`` at once or take it for keys."""
    return any(character != "\t" and (character < " " or "\x7f" <= character <= "\x9f") for character in text)


def quoted_paths(paths: Iterable[str]) -> str:
    """Paths as words for a shell."""
    return "".join(shlex.quote(path) + " " for path in paths)


def dropped_text(data: QMimeData) -> str:
    """What a drop would paste: quoted paths of local files, else its text."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return quoted_paths(paths) if paths else data.text()


def read_clipboard(primary: bool = False) -> str:
    """The clipboard's text, or that of the primary selection where the system has one."""
    clipboard = QGuiApplication.clipboard()
    if primary:
        return clipboard.text(QClipboard.Mode.Selection) if clipboard.supportsSelection() else ""
    return clipboard.text()


def write_clipboard(text: str, primary: bool = False) -> None:
    clipboard = QGuiApplication.clipboard()
    if not primary:
        clipboard.setText(text)
    elif clipboard.supportsSelection():
        clipboard.setText(text, QClipboard.Mode.Selection)


def has_primary_selection() -> bool:
    return QGuiApplication.clipboard().supportsSelection()
