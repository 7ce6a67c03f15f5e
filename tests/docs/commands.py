"""The commands that README and docs show."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
_FENCE: Final = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
_INLINE: Final = re.compile(r"`podium ([^`…]*)`")
_SUBSTITUTED: Final = re.compile(r"\$\((podium .*?)\)")
_ENDS: Final = (">", "&&", "|", ";")
_STAND_INS: Final = {"FILE": "mission.toml", "ID": "tests", "PATH": "podium.sock", "SECONDS": "10"}


class Shown(NamedTuple):
    """A command as a page shows it; ``words`` are its arguments."""

    page: str
    words: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.page}: podium {shlex.join(self.words)}"


def pages() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def lines_of(page: Path) -> Iterator[str]:
    """The lines after a prompt in the page's fenced blocks."""
    for block in _FENCE.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            assert line.startswith("$ "), f"{page.name}: {line}"
            yield line[2:]


def fenced(page: Path) -> Iterator[Shown]:
    for line in lines_of(page):
        inside = _SUBSTITUTED.search(line)
        words = _words(inside[1] if inside else line)
        if words and words[0] == "podium":
            yield Shown(page.name, words[1:])


def inline(page: Path) -> Iterator[Shown]:
    """Those in running text, unless a word of theirs stands for something that a parser would ask for. One without
    options may only name a command, so it is asked for its help.
    """
    for text in _INLINE.findall(page.read_text(encoding="utf-8")):
        words = tuple(_STAND_INS.get(word, word) for word in _words(text))
        if not any(word.isupper() for word in words):
            yield Shown(
                page.name, words if any(word.startswith("-") for word in words) else (*words, "--help")
            )


def _words(text: str) -> tuple[str, ...]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = tuple(lexer)
    ends = [place for place, word in enumerate(words) if word in _ENDS]
    return words[: ends[0]] if ends else words
