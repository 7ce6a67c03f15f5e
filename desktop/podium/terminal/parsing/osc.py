"""Operating system commands: which one it is, titles, links, the clipboard, the program's own status."""

import re
from typing import Final

from podium.core.links.addresses import MAX_LINK, is_link
from podium.core.protocol.frames import Attributes
from podium.terminal.parsing import notifications, osc_colors, shell_integration
from podium.terminal.parsing.notifications import MAX_NOTICE, decoded
from podium.terminal.screen.events import ClipboardWrite, ProgramStatus
from podium.terminal.screen.state import MAX_TITLES, Terminal
from podium.terminal.screen.text import clean_text, is_clean, strip_unprintable

CLIPBOARD: Final = "52;"
"""The front of an OSC that may be longer than others."""
MAX_TITLE: Final = 256
_WORD: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_STATE_KEYS: Final = ("state", "app", "kind", "msg")


def command(t: Terminal, payload: str, whole: bool) -> None:
    """Carry out one OSC. ``whole`` is false when the payload was longer than we keep."""
    head, _, rest = payload.partition(";")
    if not head.isascii() or not head.isdigit() or len(head) > 5:
        return
    code = int(head)
    if code in (0, 1, 2):
        _title(t, code, rest)
    elif code in (4, 5):
        osc_colors.palette(t, code, rest, whole)
    elif code == 7:
        if whole:
            shell_integration.folder(t, rest)
    elif code == 8:
        _link(t, rest if whole else "")
    elif code == 9:
        notifications.notice9(t, rest)
    elif 10 <= code <= 19:
        osc_colors.dynamic(t, code, rest, whole)
    elif code == 52:
        if whole:
            _clipboard(t, rest)
    elif code == 99:
        notifications.notice99(t, rest)
    elif code in (104, 105):
        osc_colors.reset_palette(t, code, rest)
    elif 110 <= code <= 119:
        osc_colors.reset_dynamic(t, code)
    elif code == 133:
        shell_integration.prompt(t, rest)
    elif code == 777:
        notifications.notice777(t, rest)
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


def push_title(t: Terminal, which: int) -> None:
    """CSI 22 t: remember the titles, ten deep; a deeper one takes the place of the oldest, as in xterm."""
    if which <= 2:
        t.titles.append((t.title, t.icon))
        del t.titles[:-MAX_TITLES]


def pop_title(t: Terminal, which: int) -> None:
    """CSI 23 t: 0 both titles, 1 the icon's, 2 the window's; the other one of that level is forgotten."""
    if which <= 2 and t.titles:
        title, icon = t.titles.pop()
        if which != 1:
            t.title = title
        if which != 2:
            t.icon = icon
        t.change += 1


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


def _clipboard(t: Terminal, rest: str) -> None:
    """OSC 52: writing is passed on, for a person to allow; reading is never answered."""
    letters, separator, payload = rest.partition(";")
    if not separator or payload == "?" or not payload or not t.clipboard_writable:
        return
    clipboard = not letters or "c" in letters or "s" in letters
    selection = ("c" if clipboard else "") + ("p" if "p" in letters else "")
    data = decoded(payload) if selection else None
    try:
        text = strip_unprintable((data or b"").decode())
    except UnicodeDecodeError:
        return
    if text:
        # Only the last one counts, and those before could be big.
        for event in list(t.events):
            if isinstance(event, ClipboardWrite) and event.selection == selection:
                t.events.remove(event)
        t.events.append(ClipboardWrite(selection, text))


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
    message = (decoded(values.get("msg", "")) or b"").decode("utf-8", "replace")
    t.events.append(
        ProgramStatus(
            state,
            app if _WORD.fullmatch(app) else "",
            kind if _WORD.fullmatch(kind) else "",
            clean_text(message, MAX_NOTICE),
        )
    )
