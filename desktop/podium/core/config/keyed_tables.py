"""Reading a file that a person writes by rows of keys, so that every fault is found in one go.

One row for each key says how its value is checked, and what a JSON Schema says of it. msgspec would stop at the first
fault and can't say what to do about it.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, NamedTuple

from podium.core.config.toml_checks import WrongValue, choice, kind, whole_number
from podium.core.config.toml_file import Fault, UnreadableToml, likely_name, read_toml

Schema = dict[str, Any]

LINE: Final[Schema] = {"type": "string", "minLength": 1}
ARGV: Final[Schema] = {"type": "array", "items": {"type": "string"}, "minItems": 1}
SWITCH: Final[Schema] = {"type": "boolean"}


class Key(NamedTuple):
    """A row: ``check`` returns the value or raises WrongValue; ``example`` is what to write when it is missing."""

    name: str
    check: Callable[[Any], Any]
    schema: Schema
    about: str
    example: str = ""
    required: bool = False


def choice_key(name: str, choices: type[StrEnum], about: str) -> Key:
    return Key(name, choice(choices), {"enum": [item.value for item in choices]}, about)


def whole_key(name: str, low: int, high: int, about: str) -> Key:
    schema = {"type": "integer", "minimum": low, "maximum": high}
    return Key(name, whole_number(low, high), schema, about)


class KeyedReading:
    """One reading of one file; collects faults as it goes. ``what`` names such a file, as in “a mission file”."""

    def __init__(self, file: str, what: str) -> None:
        self._file = file
        self._what = what
        self.faults: list[Fault] = []

    def fault(self, key: str, reason: str, fix: str) -> None:
        self.faults.append(Fault(self._file, key, reason, fix))

    def document(self, path: Path) -> dict[str, Any] | None:
        """The file as TOML, or None when it can't be read at all."""
        try:
            return read_toml(path, self._what)
        except FileNotFoundError:
            self.fault("", "There is no such file.", "Check the path.")
        except UnreadableToml as error:
            self.faults.append(error.fault)
        return None

    def table(self, path: str, table: Mapping[str, Any], keys: Sequence[Key]) -> dict[str, Any]:
        """The valid values of ``table``; everything else becomes a fault."""
        prefix = f"{path}." if path else ""
        names = [key.name for key in keys]
        mistyped = set()
        for name in table:
            if name not in names:
                near = likely_name(name, names, table)
                mistyped.add(near)
                fix = f"Write “{near}”." if near else f"Take it out; the keys are {', '.join(names)}."
                self.fault(prefix + name, "There is no such key.", fix)
        values: dict[str, Any] = {}
        for key in keys:
            if key.name in table:
                try:
                    values[key.name] = key.check(table[key.name])
                except WrongValue as wrong:
                    self.fault(prefix + key.name, wrong.reason, wrong.fix)
            elif key.required and key.name not in mistyped:  # One slip of the finger is one fault, not two.
                self.fault(prefix + key.name, "It is missing.", f"Add {key.example}.")
        return values

    def entries(self, path: str, entries: Sequence[object], keys: Sequence[Key]) -> dict[str, dict[str, Any]]:
        """The tables of a list by their key path: ``{"agents[0]": {"id": …}}``."""
        tables: dict[str, dict[str, Any]] = {}
        for number, entry in enumerate(entries):
            key = f"{path}[{number}]"
            if isinstance(entry, dict):
                tables[key] = self.table(key, entry, keys)
            else:
                self.fault(key, f"This is {kind(entry)}, not a table.", f"Write it as [[{path}]].")
        return tables

    def unique(self, name: str, tables: Mapping[str, Mapping[str, Any]]) -> None:
        """No two tables have the same value of this key."""
        first: dict[str, str] = {}
        for key, table in tables.items():
            value = table.get(name)
            if value in first:
                self.fault(
                    f"{key}.{name}",
                    f"“{value}” is the {name} of {first[value]} already.",
                    "Choose another one.",
                )
            elif value is not None:
                first[value] = key

    def folder(self, key: str, beside: Path, text: str) -> Path | None:
        """The folder that ``text`` names, relative to ``beside``, the folder of the file; None after a fault."""
        try:
            folder = beside / Path(text).expanduser()
        except RuntimeError:
            self.fault(key, f"There is no home folder for “{text}”.", "Write the whole path.")
            return None
        try:
            there, usable = folder.exists(), folder.is_dir()
        except (
            OSError
        ) as error:  # Such as a name that is too long, or a folder around it that is somebody else's.
            self.fault(key, f"{folder} can't be used: {error.strerror}.", "Correct the path.")
            return None
        if not usable:
            reason = f"{folder} is not a folder." if there else f"There is no folder {folder}."
            self.fault(key, reason, f"Create it, or correct the path (it is relative to {self._this}).")
            return None
        return folder.resolve()

    @property
    def _this(self) -> str:
        return f"the {self._what.partition(' ')[2]}"


def table_schema(keys: Sequence[Key]) -> Schema:
    """The JSON Schema of a table with these keys."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in keys if key.required],
        "properties": {key.name: {"description": key.about, **key.schema} for key in keys},
    }
