"""Text to and from the clipboard: quoted where it is a path. Qt only to reach the clipboard."""

import shlex
from collections.abc import Iterable

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication


def quoted_paths(paths: Iterable[str]) -> str:
    """Paths as words for a shell."""
    return "".join(shlex.quote(path) + " " for path in paths)


def dropped_text(data: QMimeData) -> str:
    """The text that a drop pastes: quoted paths of local files, else its text."""
    paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return quoted_paths(paths) if paths else data.text()


def read_clipboard(primary: bool = False) -> str:
    """The clipboard's text, or that of the primary selection where the system has one."""
    clipboard = QGuiApplication.clipboard()
    if primary:
        return clipboard.text(QClipboard.Mode.Selection) if clipboard.supportsSelection() else ""
    return clipboard.text()


def has_picture() -> bool:
    """Whether the clipboard holds a picture and no text."""
    # None where nothing was ever copied, and on Wayland while another program has the keyboard.
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    return data is not None and data.hasImage() and not data.hasText()


def write_clipboard(text: str, primary: bool = False) -> None:
    clipboard = QGuiApplication.clipboard()
    if not primary:
        clipboard.setText(text)
    elif clipboard.supportsSelection():
        clipboard.setText(text, QClipboard.Mode.Selection)


def write_rich_clipboard(text: str, html: str) -> None:
    """Offer the same as plain text and as HTML; who pastes chooses."""
    data = QMimeData()
    data.setText(text)
    data.setHtml(html)
    QGuiApplication.clipboard().setMimeData(data)


def has_primary_selection() -> bool:
    return QGuiApplication.clipboard().supportsSelection()
