"""Reading a TOML file that a person writes, and the form in which its faults are reported."""

import re
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, Final

import msgspec

MAX_FILE_BYTES: Final = 1 << 20

_DEEP_KEY: Final = re.compile(
    r"""(?<![^\s\[{,])(?:(?:[\w-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){64}""", re.ASCII
)
"""A key of more than 64 parts. tomllib needs the square of their number in memory: 40 GB for one of 200 KB."""
_TOML_PLACE = re.compile(r"^(?P<what>.*) \(at (?P<where>line \d+, column \d+|end of document)\)$", re.DOTALL)


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with a file. ``key`` is a path (``agents[1].command``) or a place."""

    file: str
    key: str
    reason: str
    fix: str
    line: int = 0
    """From 1; 0 where it is not known, or ``key`` says it."""

    @property
    def place(self) -> str:
        """``line 14: terminal.name``"""
        return f"line {self.line}: {self.key}" if self.line else self.key

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: {self.reason} {self.fix}"


AddFault = Callable[[str, str, str], None]
"""Takes a fault's key, reason and fix."""


class FaultyFile(Exception):
    """A file that can't be used; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class UnreadableToml(Exception):
    """A file that can't be read as TOML at all; ``fault`` has the reason."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def read_toml(path: Path, what: str) -> dict[str, Any]:
    """The document at ``path``; ``what`` names such a file for a person, as in “a mission file”.

    Raises FileNotFoundError, and UnreadableToml for everything else that keeps it from being read.
    """
    return read_toml_text(path, what)[0]


def read_toml_text(path: Path, what: str) -> tuple[dict[str, Any], str]:
    """The document at ``path``, and its text. Raises as ``read_toml`` does."""

    def unreadable(key: str, reason: str, fix: str) -> UnreadableToml:
        return UnreadableToml(Fault(str(path), key, reason, fix))

    if (
        path.is_symlink() and not path.exists()
    ):  # Such as one to a disk that is not there: the file may say anything.
        raise unreadable(
            "", f"This is a link to {path.readlink()}, where nothing is.", "Correct or remove it."
        )
    if path.exists() and not path.is_file():  # Opening a pipe or a device could wait for ever.
        kind_of_file = "a folder" if path.is_dir() else "not a file"
        raise unreadable("", f"This is {kind_of_file}.", f"Give the path of {what}.")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unreadable(
            "", f"The file can't be read: {error.strerror}.", "Check its permissions."
        ) from error
    if len(data) > MAX_FILE_BYTES:
        raise unreadable("", "The file is longer than 1 MiB.", f"Give the path of {what}.")
    try:
        document = data.decode("utf-8-sig")
        if deep := _DEEP_KEY.search(document):
            line = document.count("\n", 0, deep.start()) + 1
            raise unreadable(f"line {line}", "A key has too many parts.", "Write plain tables and lists.")
        return tomllib.loads(document), document
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise unreadable(f"line {line}", "The text is not UTF-8.", "Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.match(str(error))
        problem, where = (place["what"], place["where"]) if place else (str(error), "")
        raise unreadable(
            where, f"This is not TOML: {problem}.", "Correct the line; texts need quotes."
        ) from error
    except ValueError as error:  # Python refuses numbers of more than 4300 digits.
        raise unreadable("", "A number is too long.", "Write a number a program can use.") from error
    except RecursionError as error:
        raise unreadable("", "The values are nested too deeply.", "Write plain tables and lists.") from error


def likely_name(name: str, names: Collection[str], taken: Collection[str]) -> str:
    """The one of ``names`` that is most similar to ``name`` and not ``taken``; "" without one."""
    import difflib  # Only here: most files have no slip in them.

    near = difflib.get_close_matches(name, names, n=1)
    return near[0] if near and near[0] not in taken else ""
