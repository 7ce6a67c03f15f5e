"""Operating system commands by which a shell tells about itself: its folder (OSC 7), its prompts (OSC 133)."""

import re
import socket
from typing import Final
from urllib.parse import unquote, urlsplit

from podium.core.protocol.marks import MarkKind
from podium.terminal.screen.events import PromptMark, WorkingFolder
from podium.terminal.screen.marks import add_mark, enter_folder
from podium.terminal.screen.state import Terminal
from podium.terminal.screen.text import clean_text, is_clean

_MAX_FOLDER: Final = 4096
_EXIT_CODE: Final = re.compile("-?[0-9]{1,9}")
_FURTHER_LINES: Final = ("k=s", "k=c")
"""Options of a prompt for the further lines of a command."""
# The kernel's own name: nothing is looked up.
_OWN_HOSTS: Final = frozenset({"", "localhost", "127.0.0.1", socket.gethostname().lower()})


def folder(t: Terminal, rest: str) -> None:
    """OSC 7: ``file://host/path``. A folder of another host is told, but it is none that anything is looked for in."""
    if not rest.startswith("file://"):
        return
    try:
        parts = urlsplit(rest)
        path = unquote(parts.path, errors="strict")
    except ValueError:
        return
    if not path or not is_clean(path, _MAX_FOLDER):
        return
    host = clean_text(parts.netloc, 255)
    t.events.append(WorkingFolder(host, path))
    enter_folder(t, path if host.lower() in _OWN_HOSTS and path.startswith("/") else "")


def prompt(t: Terminal, rest: str) -> None:
    """OSC 133: A, N and P begin a prompt, B and I the input, C the output; D ends it, perhaps with an exit code.

    Options (``aid``, ``cl``, …) may follow each. L, which only begins a new line, is ignored.
    """
    fields = rest.split(";", 16)
    letter = fields[0]
    exit_code: int | None = None
    if letter in ("A", "N", "P"):
        if "k=r" in fields:
            return  # A prompt at the right edge; its line has one already.
        further = any(option in fields for option in _FURTHER_LINES)
        kind = MarkKind.CONTINUATION if further else MarkKind.PROMPT
    elif letter in ("B", "I"):
        kind = MarkKind.INPUT
    elif letter == "C":
        kind = MarkKind.OUTPUT
    elif letter == "D":
        kind = MarkKind.DONE
        if len(fields) > 1 and _EXIT_CODE.fullmatch(fields[1]):
            exit_code = int(fields[1])
    else:
        return
    add_mark(t, kind, exit_code)
    if letter in ("A", "B", "C", "D"):
        t.events.append(PromptMark(letter, t.cursor_line(), exit_code))
