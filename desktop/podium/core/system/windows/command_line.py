"""Programs of Windows: where one is found, and its command line, which is one text instead of words there."""

import errno
import os
import subprocess
from collections.abc import Mapping, Sequence
from typing import Final

_BATCH: Final = (".bat", ".cmd")
_PLAIN: Final = frozenset("#$*+-./:?@\\_")
"""Besides letters and digits, what needs no quotes for cmd.exe."""
_UNEXPANDED: Final = "%%cd:~,%"
"""A percent sign that begins no variable: ``%cd:~,%`` is an empty part of one."""
_ENDINGS: Final = ".COM;.EXE;.BAT;.CMD"
"""PATHEXT where it is not set."""


def find_on_path(name: str, environment: Mapping[str, str]) -> str | None:
    """The path of the program ``name``, by the environment's PATH and PATHEXT.

    Windows itself, and Python, look in the current folder first: a repository could put its own ``git.exe`` there.
    """
    endings = [ending.lower() for ending in environment.get("PATHEXT", _ENDINGS).split(";") if ending]
    # npm puts a script without an ending, for other systems, beside its batch file.
    whole = os.path.splitext(name)[1].lower() in endings  # noqa: PTH122 - a name is no path.
    for folder in environment.get("PATH", "").split(os.pathsep):
        for ending in ("",) if whole else endings:
            path = os.path.join(folder.strip('"'), name + ending)  # noqa: PTH118
            if os.path.isabs(path) and os.path.isfile(path):  # noqa: PTH113, PTH117
                return path
    return None


def command_line(argv: Sequence[str]) -> str:
    """One text for ``argv``, whose first word is a path. Raises OSError for words that a batch file can't be given.

    The system runs a batch file (what npm installs are some) by cmd.exe, which reads quotes and percent signs by rules
    of its own: quoted as for other programs, a word could end the command and begin the next one.
    """
    if argv[0].lower().rstrip(" .").endswith(_BATCH):
        return _batch_line(argv)
    return subprocess.list2cmdline(argv)


def _batch_line(argv: Sequence[str]) -> str:
    program, *arguments = argv
    if '"' in program or program.endswith("\\") or any(set(word) & {"\r", "\n", "\0"} for word in argv):
        raise OSError(errno.EINVAL, f"{program} is a batch file, which can't be given a line break")
    shell = os.environ.get("SYSTEMROOT", "C:\\Windows") + "\\System32\\cmd.exe"
    words = " ".join([f'"{program.replace("%", _UNEXPANDED)}"', *map(_batch_word, arguments)])
    return f'"{shell}" /e:ON /v:OFF /d /c "{words}"'


def _batch_word(word: str) -> str:
    # A quote is doubled; backslashes are escapes before a quote alone.
    *quoted, last = word.replace("%", _UNEXPANDED).split('"')
    text = '""'.join((*map(_doubled_end, quoted), last))
    if word and not word.endswith("\\") and all(char.isalnum() or char in _PLAIN for char in word):
        return text
    return f'"{_doubled_end(text)}"'


def _doubled_end(text: str) -> str:
    """``text`` with the backslashes at its end doubled."""
    return text + "\\" * (len(text) - len(text.rstrip("\\")))
