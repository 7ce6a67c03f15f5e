"""A session's terminal on disk: the last lines and the last screen, for the next start.

Such a file may contain secrets, as a screen may. The session writes it (``worker/saving/screen_saver.py``); the next
session and the window read it, and trust nothing in it.
"""

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import msgspec

from podium.core.links.addresses import is_link
from podium.core.protocol.frames import (
    DEFAULT_COLOR,
    RGB_FLAG,
    AttributeEntry,
    Attributes,
    Line,
    Underline,
)

VERSION: Final = 1
SUFFIX: Final = ".screen"
KEPT_LINES: Final = 1000
"""Lines above the screen that are kept."""
MAX_BYTES: Final = 2 << 20
"""Of a file. Who writes one leaves out the oldest lines."""
_MAX_COLUMNS: Final = 4096
_MAX_LINES: Final = KEPT_LINES + 2 * 4096
"""A screen and a picture on the alternate screen may be as high as a terminal can be."""
_MAX_FOLDER: Final = 4096
_LAST_YEAR: Final = 4_102_444_800.0
"""2100, in seconds since 1970."""
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


class KeptScreen(msgspec.Struct, frozen=True):
    """The text of a terminal ``columns`` wide, oldest line first, without the blank lines at its end.

    ``attributes`` defines every attribute number but 0 that the lines use, as in a LinesReport.
    """

    columns: int
    lines: tuple[Line, ...]
    attributes: tuple[AttributeEntry, ...] = ()
    picture: int = 0
    """The number of lines, at the end, that a full-screen program showed; they never were scrollback."""
    first: int = 0
    """The absolute number of the first line within ``line_epoch``, in the session that wrote it."""
    line_epoch: int = 0
    marker: str = ""
    """Of the worker that wrote it (``WorkerStatus.marker``)."""
    folder: str = ""
    """The shell's folder as far as it was known: "" if it was not."""
    saved_at: float = 0.0
    """Seconds since 1970."""
    version: int = VERSION

    def table(self) -> Mapping[int, Attributes]:
        """Attribute number → attributes; 0 is the default and not in it."""
        return {entry.number: entry.attributes for entry in self.attributes}


class _Head(msgspec.Struct):
    version: int


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(KeptScreen)
_head_decoder: Final = msgspec.msgpack.Decoder(_Head)


def kept_path(folder: Path, instance: str) -> Path:
    """The file of ``instance``, whose id is fit for a file's name."""
    return folder / f"{instance}{SUFFIX}"


def encode(screen: KeptScreen) -> bytes:
    return _encoder.encode(screen)


def decode(data: bytes) -> tuple[KeptScreen | None, str]:
    """The screen in ``data``, or None and why there is none to be had. Never raises, whatever ``data`` holds."""
    if len(data) > MAX_BYTES:
        return None, f"it is over {MAX_BYTES >> 20} MiB"
    try:
        if _head_decoder.decode(data).version > VERSION:
            return None, "it was written by a newer Podium"
        screen = _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError, MemoryError) as error:
        return None, f"it is damaged ({error})"
    fault = _fault(screen)
    if fault:
        return None, f"it is damaged ({fault})"
    folder = screen.folder if Path(screen.folder).is_absolute() and "\0" not in screen.folder else ""
    attributes = tuple(
        AttributeEntry(entry.number, _without_bad_link(entry.attributes)) for entry in screen.attributes
    )
    return msgspec.structs.replace(screen, folder=folder, attributes=attributes), ""


def read(path: str | Path) -> tuple[KeptScreen | None, str]:
    """The screen in a file, or None and why: "" when there is no such file. Never raises; waits for the disk."""
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None, ""
    except (OSError, ValueError) as error:
        return None, f"it can't be read ({getattr(error, 'strerror', None) or error})"
    return decode(data)


def _fault(screen: KeptScreen) -> str:
    """The first fault that no session would write; "" without one."""
    if not 1 <= screen.columns <= _MAX_COLUMNS or len(screen.lines) > _MAX_LINES:
        return "a terminal of an impossible size"
    if not 0 <= screen.picture <= len(screen.lines) or screen.first < 0 or screen.line_epoch < 0:
        return "impossible line numbers"
    if not math.isfinite(screen.saved_at) or not 0 <= screen.saved_at < _LAST_YEAR:
        return "an impossible time"
    if len(screen.folder) > _MAX_FOLDER:
        return "an impossible folder"
    known = {0}
    for entry in screen.attributes:
        if entry.number < 1 or not _is_possible(entry.attributes):
            return "an impossible look"
        known.add(entry.number)
    return next((fault for line in screen.lines if (fault := _line_fault(line, known, screen.columns))), "")


def _line_fault(line: Line, known: set[int], columns: int) -> str:
    covered = 0
    for run in line.runs:
        if run.attribute not in known:
            return "an unknown look"
        if not run.text or run.width not in (1, 2, -1, -2) or _CONTROL.search(run.text):
            return "text that is none"
        covered += run.columns
    return "a line that is too long" if covered > columns else ""


def _is_possible(attributes: Attributes) -> bool:
    colors = (attributes.foreground, attributes.background, attributes.underline_color)
    return (
        all(color == DEFAULT_COLOR or 0 <= color < 256 or color >> 24 == RGB_FLAG >> 24 for color in colors)
        and 0 <= attributes.style < 256
        and 0 <= attributes.underline <= Underline.DASHED
    )


def _without_bad_link(attributes: Attributes) -> Attributes:
    link = attributes.link
    if not link or is_link(link):
        return attributes
    return msgspec.structs.replace(attributes, link="")
