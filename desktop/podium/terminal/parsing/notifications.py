"""Operating system commands that tell a person something: OSC 9 with its progress, 99 and 777."""

import base64
import binascii
import re
from typing import Final

from podium.terminal.parsing import reports
from podium.terminal.screen.events import Notice, Progress
from podium.terminal.screen.sgr import number
from podium.terminal.screen.state import Terminal
from podium.terminal.screen.text import clean_text

MAX_NOTICE: Final = 256
_MAX_PART: Final = 4 * MAX_NOTICE
"""Bytes kept of a title or body that comes in pieces: enough for as many characters."""
_MAX_UNFINISHED: Final = 8
"""Notifications that may be incomplete at a time; the oldest are dropped."""
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.+-]{1,16}")


def notify(t: Terminal, title: str, body: str) -> None:
    """Report a notification, if anything of it is left when it is sanitised."""
    title = clean_text(title, MAX_NOTICE)
    body = clean_text(body, MAX_NOTICE)
    if title or body:
        t.events.append(Notice(title, body))


def notice9(t: Terminal, rest: str) -> None:
    """OSC 9: a text, or with ``4;state;percent`` progress as ConEmu and Windows Terminal have it."""
    if rest == "4" or rest.startswith("4;"):
        _progress(t, rest.split(";", 3))
        return
    head, separator, _ = rest.partition(";")
    if separator and head.isascii() and head.isdigit() and int(head[:3]) <= 12:
        # ConEmu's other commands share the number; none of them is a notification.
        return
    notify(t, "", rest)


def _progress(t: Terminal, fields: list[str]) -> None:
    numbers = [number(f) if f.isascii() and f.isdigit() else 0 for f in fields]
    state = numbers[1] if len(numbers) > 1 else 0
    percent = min(numbers[2], 100) if len(numbers) > 2 else 0
    if state <= 4:
        t.events.append(Progress(state, percent))


def notice777(t: Terminal, rest: str) -> None:
    """OSC 777: ``notify;title;body``."""
    fields = rest.split(";", 2)
    if fields[0] == "notify" and len(fields) >= 2:
        notify(t, fields[1], fields[2] if len(fields) > 2 else "")


def notice99(t: Terminal, rest: str) -> None:
    """OSC 99, kitty's: ``metadata;payload``, in pieces while ``d=0``. Icons, buttons and the like are swallowed."""
    metadata, _, payload = rest.partition(";")
    identifier = ""
    kind = "title"
    encoded = False
    done = True
    for field in metadata.split(":", 32):
        key, _, value = field.partition("=")
        if key == "i":
            identifier = value if _IDENTIFIER.fullmatch(value) else ""
        elif key == "p":
            kind = value
        elif key == "e":
            encoded = value == "1"
        elif key == "d":
            done = value != "0"
    if kind == "?":
        reports.notification_support(t, identifier)
        return
    title, body = t.unfinished_notices.pop(identifier, (b"", b""))
    piece = decoded(payload) if encoded else payload.encode("utf-8", "replace")
    if kind == "title":
        title = (title + (piece or b""))[:_MAX_PART]
    elif kind == "body":
        body = (body + (piece or b""))[:_MAX_PART]
    if done:
        notify(t, title.decode("utf-8", "replace"), body.decode("utf-8", "replace"))
        return
    t.unfinished_notices[identifier] = (title, body)
    while len(t.unfinished_notices) > _MAX_UNFINISHED:
        del t.unfinished_notices[next(iter(t.unfinished_notices))]


def decoded(text: str) -> bytes | None:
    """Base64, its padding optional; None for anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
