"""A mission file's bytes as TOML, or the faults that keep it from being any."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

MAX_FILE_BYTES: Final = 1 << 20

AddFault = Callable[[str, str, str], None]
"""Takes a fault's key, reason and fix."""

_TOML_PLACE = re.compile(r"^(?P<what>.*) \(at (?P<where>line \d+, column \d+|end of document)\)$", re.DOTALL)


def read_document(path: Path, fault: AddFault) -> dict[str, Any] | None:
    """The file as TOML, or None when it can't be read at all."""
    if path.exists() and not path.is_file():  # Opening a pipe or a device could wait for ever.
        kind_of_file = "a folder" if path.is_dir() else "not a file"
        fault("", f"This is {kind_of_file}.", "Give the path of a mission file.")
        return None
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        fault("", "There is no such file.", "Check the path.")
    except OSError as error:
        fault("", f"The file can't be read: {error.strerror}.", "Check its permissions.")
    else:
        return _parsed(data, fault)
    return None


def _parsed(data: bytes, fault: AddFault) -> dict[str, Any] | None:
    if len(data) > MAX_FILE_BYTES:
        fault("", "The file is longer than 1 MiB.", "Give the path of a mission file.")
        return None
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        fault(f"line {line}", "The text is not UTF-8.", "Save the file as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        place = _TOML_PLACE.match(str(error))
        what, where = (place["what"], place["where"]) if place else (str(error), "")
        fault(where, f"This is not TOML: {what}.", "Correct the line; texts need quotes.")
    except ValueError:  # Python refuses numbers of more than 4300 digits.
        fault("", "A number is too long.", "Write a number a program can use.")
    except RecursionError:
        fault("", "The values are nested too deeply.", "Write plain tables and lists.")
    return None
