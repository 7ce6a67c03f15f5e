"""Operating system commands: title, colours, links, notifications, clipboard, shell marks."""

import base64
import binascii
import re
from typing import Final
from urllib.parse import unquote, urlsplit

from podium.core.links.addresses import MAX_LINK, is_link
from podium.core.protocol.frames import (
    PALETTE_BACKGROUND,
    PALETTE_CURSOR,
    PALETTE_FOREGROUND,
    Attributes,
)
from podium.terminal.parsing import reports
from podium.terminal.screen.events import (
    ClipboardWrite,
    Notice,
    ProgramStatus,
    Progress,
    PromptMark,
    WorkingFolder,
)
from podium.terminal.screen.sgr import number
from podium.terminal.screen.state import Terminal
from podium.terminal.screen.text import clean_text, is_clean

MAX_TITLE: Final = 256
MAX_NOTICE: Final = 256
_MAX_FOLDER: Final = 4096
_WORD: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_DYNAMIC: Final[dict[int, int]] = {10: PALETTE_FOREGROUND, 11: PALETTE_BACKGROUND, 12: PALETTE_CURSOR}
_STATE_KEYS: Final = ("state", "app", "kind", "msg")


def command(t: Terminal, payload: str, whole: bool) -> None:
    """Carry out one OSC. ``whole`` is false when the payload was longer than we keep."""
    head, _, rest = payload.partition(";")
    if not head.isascii() or not head.isdigit() or len(head) > 5:
        return
    code = int(head)
    if code in (0, 1, 2):
        _title(t, code, rest)
    elif code == 4:
        _palette(t, rest)
    elif code == 7:
        _folder(t, rest)
    elif code == 8:
        _link(t, rest if whole else "")
    elif code == 9:
        _notice9(t, rest)
    elif code in (10, 11, 12):
        _dynamic(t, code, rest)
    elif code == 52:
        if whole:
            _clipboard(t, rest)
    elif code == 99:
        _notice99(t, rest)
    elif code == 104:
        _reset_palette(t, rest)
    elif code in (110, 111, 112):
        t.palette.pop(_DYNAMIC[code - 100], None)
        t.change += 1
    elif code == 133:
        _prompt(t, rest)
    elif code == 777:
        _notice777(t, rest)
    elif code == 7501:
        _status(t, rest)
    # Everything else (22, 50, 66, 1337, …) is swallowed: it only probes, or does what no program should.


def _title(t: Terminal, code: int, text: str) -> None:
    text = clean_text(text, MAX_TITLE)
    if code in (0, 1):
        t.icon = text
    if code in (0, 2):
        t.title = text
    t.change += 1


def push_title(t: Terminal) -> None:
    """CSI 22 t: remember the titles, ten deep."""
    if len(t.titles) < 10:
        t.titles.append((t.title, t.icon))


def pop_title(t: Terminal) -> None:
    """CSI 23 t."""
    if t.titles:
        t.title, t.icon = t.titles.pop()
        t.change += 1


def parse_color(text: str) -> int:
    """``#rgb``, ``#rrggbb``, … or ``rgb:r/g/b`` with 1–4 digits each as 0xRRGGBB, -1 for anything else."""
    if text.startswith("#") and len(text) in (4, 7, 10, 13):
        size = (len(text) - 1) // 3
        parts = [text[1 + size * i : 1 + size * (i + 1)] for i in range(3)]
        # X11: the digits of # forms are the most significant ones.
        scaled = [part.ljust(2, "0")[:2] for part in parts]
    elif text.startswith("rgb:"):
        parts = text[4:].split("/")
        if len(parts) != 3 or not all(1 <= len(part) <= 4 for part in parts):
            return -1
        scaled = [part * 2 if len(part) == 1 else part[:2] for part in parts]
        if any(len(part) == 3 for part in parts):
            try:
                scaled = [f"{int(part, 16) * 255 // (16 ** len(part) - 1):02x}" for part in parts]
            except ValueError:
                return -1
    else:
        return -1
    value = "".join(scaled)
    if len(value) != 6 or not re.fullmatch("[0-9A-Fa-f]{6}", value) or not _hex(parts):
        return -1
    return int(value, 16)


def _hex(parts: list[str]) -> bool:
    return all(re.fullmatch("[0-9A-Fa-f]+", part) is not None for part in parts)


def _palette(t: Terminal, rest: str) -> None:
    fields = rest.split(";", 64)
    for i in range(0, len(fields) - 1, 2):
        if not fields[i].isascii() or not fields[i].isdigit() or len(fields[i]) > 3:
            continue
        key = int(fields[i])
        if key > 255:
            continue
        if fields[i + 1] == "?":
            reports.color(t, 4, key, f"{key};")
            continue
        value = parse_color(fields[i + 1])
        if value >= 0:
            t.palette[key] = value
            t.change += 1


def _reset_palette(t: Terminal, rest: str) -> None:
    if not rest:
        for key in range(256):
            t.palette.pop(key, None)
    for field in rest.split(";", 64):
        if field.isascii() and field.isdigit() and len(field) <= 3:
            t.palette.pop(int(field) if int(field) < 256 else -1, None)
    t.change += 1


def _dynamic(t: Terminal, code: int, rest: str) -> None:
    """OSC 10 with several fields goes on with 11 and 12."""
    for offset, field in enumerate(rest.split(";", 3)):
        key = _DYNAMIC.get(code + offset)
        if key is None:
            return
        if field == "?":
            reports.color(t, code + offset, key, "")
            continue
        value = parse_color(field)
        if value >= 0:
            t.palette[key] = value
            t.change += 1


def _folder(t: Terminal, rest: str) -> None:
    if not rest.startswith("file://"):
        return
    try:
        parts = urlsplit(rest)
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return
    if path and is_clean(path, _MAX_FOLDER):
        t.events.append(WorkingFolder(clean_text(parts.netloc, 255), path))


def _link(t: Terminal, rest: str) -> None:
    _, _, target = rest.partition(";")
    if not (is_clean(target, MAX_LINK) and is_link(target)):
        target = ""
    old = t.pen.attributes
    if old.link == target:
        return
    attributes = Attributes(
        old.foreground, old.background, old.style, old.underline, old.underline_color, target
    )
    t.change_pen(attributes, t.pen.protected)


def _notify(t: Terminal, title: str, body: str) -> None:
    title = clean_text(title, MAX_NOTICE)
    body = clean_text(body, MAX_NOTICE)
    if title or body:
        t.events.append(Notice(title, body))


def _notice9(t: Terminal, rest: str) -> None:
    if rest == "4" or rest.startswith("4;"):
        fields = [number(f) if f.isascii() and f.isdigit() else 0 for f in rest.split(";", 4)]
        state = fields[1] if len(fields) > 1 else 0
        percent = min(fields[2], 100) if len(fields) > 2 else 0
        if state <= 4:
            t.events.append(Progress(state, percent))
        return
    head, separator, _ = rest.partition(";")
    if separator and head.isascii() and head.isdigit() and int(head[:3]) <= 12:
        # ConEmu's other commands share the number; none of them is a notification.
        return
    _notify(t, "", rest)


def _notice99(t: Terminal, rest: str) -> None:
    """kitty's notifications: only plain ones; p=? and other payload types are swallowed."""
    metadata, _, text = rest.partition(";")
    kind = "title"
    encoded = False
    for field in metadata.split(":", 32):
        key, _, value = field.partition("=")
        if key == "p":
            kind = value
        elif key == "e":
            encoded = value == "1"
    if kind not in ("title", "body"):
        return
    if encoded:
        decoded = _decoded(text)
        if decoded is None:
            return
        text = decoded
    if kind == "title":
        _notify(t, text, "")
    else:
        _notify(t, "", text)


def _notice777(t: Terminal, rest: str) -> None:
    fields = rest.split(";", 2)
    if fields[0] == "notify" and len(fields) >= 2:
        _notify(t, fields[1], fields[2] if len(fields) > 2 else "")


def _decoded(text: str) -> str | None:
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return None


def _clipboard(t: Terminal, rest: str) -> None:
    """OSC 52: writing is only passed on; reading is never answered."""
    selections, separator, payload = rest.partition(";")
    if not separator or payload == "?" or not payload:
        return
    text = _decoded(payload)
    if text is not None:
        t.events.append(ClipboardWrite("p" if selections.startswith("p") else "c", text))


def _prompt(t: Terminal, rest: str) -> None:
    fields = rest.split(";", 8)
    kind = fields[0]
    if kind not in ("A", "B", "C", "D"):
        return
    code: int | None = None
    if kind == "D" and len(fields) > 1 and re.fullmatch("-?[0-9]{1,9}", fields[1]):
        code = int(fields[1])
    t.events.append(PromptMark(kind, t.cursor_line(), code))


def _status(t: Terminal, rest: str) -> None:
    """OSC 7501: ``key=value`` fields with ``:`` between them; ``msg`` is base64. ``?`` asks whether it is supported."""
    if rest == "?":
        t.reply("\x1b]7501;?\x1b\\")
        return
    values: dict[str, str] = {}
    for field in rest.split(":", 16):
        key, separator, value = field.partition("=")
        if separator and key in _STATE_KEYS:
            values[key] = value
    state = values.get("state", "")
    if not _WORD.fullmatch(state):
        return
    app = values.get("app", "")
    kind = values.get("kind", "")
    message = _decoded(values.get("msg", "")) or ""
    t.events.append(
        ProgramStatus(
            state,
            app if _WORD.fullmatch(app) else "",
            kind if _WORD.fullmatch(kind) else "",
            clean_text(message, MAX_NOTICE),
        )
    )
