"""Text for a terminal log: cleaning what agents print, measuring, wrapping, times and costs."""

import re
from typing import Final

from podium.core.text_width import character_columns, text_columns

MAX_LINE: Final = 2000
"""Characters of one line that are shown."""

_SGR = re.compile(r"\x1b\[[0-9;:]{0,64}m")
_CONTROLS = re.compile(
    r"(?P<sgr>\x1b\[[0-9;:]{0,64}m)"
    r"|\x1b\[[0-?]*[ -/]*[@-~]?"  # other control sequences: they move the cursor or switch modes
    r"|\x1b\].*?(?:\x07|\x1b\\|$)"  # OSC: titles, links, clipboard
    r"|\x1b[PX^_].*?(?:\x1b\\|$)"
    r"|\x1b[ -/]*[0-~]?"
    r"|[\x00-\x08\x0a-\x1f\x7f-\x9f]"
)
_WORDS = re.compile(r"\s+|\S+")
_PIECES = re.compile(r"\x1b\[[0-9;:]{0,64}m|.", re.DOTALL)


def clean(line: bytes) -> str:
    """One line of a program's output: colours stay, other control sequences go."""
    text = line.decode("utf-8", "replace").rstrip("\r")
    text = text[text.rfind("\r") + 1 :]  # A progress bar redraws itself: only its last state counts.
    cut = len(text) > MAX_LINE
    text = _CONTROLS.sub(lambda match: match["sgr"] or "", text[:MAX_LINE]).expandtabs(4).rstrip()
    return text + "…" if cut else text


def plain(text: str) -> str:
    """``text`` without colours."""
    return _SGR.sub("", text)


def one_line(text: str) -> str:
    """The first line of ``text`` that says something, safe to print; for prompts and summaries."""
    for line in text.splitlines():
        if cleaned := plain(clean(line.encode("utf-8", "replace"))).strip():
            return cleaned
    return ""


def width(text: str) -> int:
    """The number of columns that ``text`` takes; colours take none."""
    return text_columns(plain(text))


def wrap(text: str, columns: int) -> list[str]:
    """``text`` in lines of at most ``columns`` columns, broken at spaces where that is possible.

    Colours that are on at a break go on in the next line.
    """
    columns = max(columns, 2)
    lines: list[str] = []
    line, used, active = "", 0, ""
    for word in _WORDS.findall(text):
        needed = width(word)
        if used and used + needed > columns:
            if word.isspace():
                continue
            lines.append(line.rstrip(" "))
            line, used = active, 0
        for piece in _PIECES.findall(word):
            if piece.startswith("\x1b"):
                active = "" if piece in {"\x1b[m", "\x1b[0m"} else active + piece
                line += piece
                continue
            if used + character_columns(piece) > columns:
                lines.append(line)
                line, used = active, 0
            line += piece
            used += character_columns(piece)
    lines.append(line)
    return lines


def shortened(text: str, columns: int) -> str:
    """Plain ``text`` cut to ``columns`` columns, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    kept, used = "", 0
    for character in text:
        if used + character_columns(character) > columns - 1:
            break
        kept += character
        used += character_columns(character)
    return kept.rstrip() + "…"


def duration(seconds: float) -> str:
    """``0m 58s``, ``2m 05s``, ``1h 02m``."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h {minutes:02}m" if hours else f"{minutes}m {rest:02}s"


def cost(usd: float | None) -> str:
    """``$0.09``; a dash when unknown, never 0. Small sums keep two digits that mean something."""
    if usd is None:
        return "–"
    return f"${usd:.4f}" if 0 < usd < 0.01 else f"${usd:.2f}"


def count(number: int, noun: str) -> str:
    """``1 agent``, ``3 agents``."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
