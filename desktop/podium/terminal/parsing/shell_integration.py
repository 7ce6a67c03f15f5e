"""Operating system commands by which a shell tells about itself: its folder (OSC 7), its prompts (OSC 133)."""

import re
import socket
from typing import Final
from urllib.parse import unquote, urlsplit

from podium.core.protocol.marks import MarkKind
from podium.terminal.input.prompt_cursor import PROMPT_REPORTS, SCREEN_REPORTS
from podium.terminal.screen.events import PromptMark, WorkingFolder
from podium.terminal.screen.marks import add_mark, begin_command, begin_prompt, end_command, enter_folder
from podium.terminal.screen.state import Terminal
from podium.terminal.screen.text import clean_text, is_clean

_MAX_FOLDER: Final = 4096
_MAX_MARK: Final = 4000
"""Characters of a mark that tells a command line; a longer one may have been cut."""
_COMMAND_LINE: Final = "cmdline_url="
_EXIT_CODE: Final = re.compile("-?[0-9]{1,9}")
_FURTHER_LINES: Final = ("k=s", "k=c")
"""Options of a prompt for the further lines of a command."""
_CLICK_REPORTS: Final = {
    "click_events=0": 0,
    "click_events=1": SCREEN_REPORTS,
    "click_events=2": PROMPT_REPORTS,
}
_BETWEEN_LINES: Final = "cl=m"
"""Left and Right also go from line to line. Of ``cl=line``, ``cl=v`` and ``cl=w`` all that is certain is that they
move within one."""
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

    Options may follow each: ``cmdline_url`` of C is the command line, ``click_events`` and ``cl`` of a prompt say how a
    click moves its cursor. L, which only begins a new line, is ignored, and so is ``aid``: a prompt ends what is above
    it, whoever printed that.
    """
    fields = rest.split(";", 16)
    letter = fields[0]
    if t.alternate:
        return  # What draws there is no shell at its prompt.
    exit_code: int | None = None
    seconds: float | None = None
    if letter in ("A", "N", "P"):
        if "k=r" in fields:
            return  # A prompt at the right edge; its line has one already.
        further = any(option in fields for option in _FURTHER_LINES)
        if further:
            add_mark(t, MarkKind.CONTINUATION)
        else:
            _take_options(t, fields)
            begin_prompt(t)
    elif letter in ("B", "I"):
        add_mark(t, MarkKind.INPUT)
    elif letter == "C":
        _forget_options(t)
        begin_command(t, _command_line(fields) if len(rest) <= _MAX_MARK else "")
    elif letter == "D":
        if len(fields) > 1 and _EXIT_CODE.fullmatch(fields[1]):
            exit_code = int(fields[1])
        _forget_options(t)
        seconds = end_command(t, exit_code)
    if letter in ("A", "B", "C", "D"):
        t.events.append(PromptMark(letter, t.cursor_line(), exit_code, seconds))


def _take_options(t: Terminal, fields: list[str]) -> None:
    """What a prompt says about clicks. A shell and its integration may both mark a prompt: each adds its part."""
    for field in fields[1:]:
        t.click_reports = _CLICK_REPORTS.get(field, t.click_reports)
        t.moves_between_lines = t.moves_between_lines or field == _BETWEEN_LINES


def _forget_options(t: Terminal) -> None:
    t.click_reports = 0
    t.moves_between_lines = False


def _command_line(fields: list[str]) -> str:
    """The option ``cmdline_url`` of a mark; "" when there is none that can be used."""
    for field in fields:
        if field.startswith(_COMMAND_LINE):
            try:
                text = unquote(field[len(_COMMAND_LINE) :], errors="strict")
            except ValueError:
                return ""
            return text if is_clean(text.replace("\n", " ").replace("\t", " "), _MAX_MARK) else ""
    return ""
