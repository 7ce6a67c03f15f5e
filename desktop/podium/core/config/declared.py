"""The declared settings as rows, for code that writes them down or lets a person change them."""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from podium.core.config.settings import Settings
from podium.core.config.toml_checks import (
    WrongValue,
    matching,
    number,
    one_of,
    text,
    true_or_false,
    whole_number,
    words,
)
from podium.core.config.toml_file import likely_name


class SettingRow(msgspec.Struct, frozen=True):
    """One key as it is declared above."""

    key: str
    default: object
    """As TOML has it: text, a number, true or false, a list."""
    title: str
    """A few words, as the settings page shows them."""
    prose: str
    next_start: bool
    """A change counts when Podium starts again."""
    choices: tuple[str, ...]
    """All that may be written, where that is one of a few words."""
    bounds: tuple[float, float] | None
    """The least and the greatest number that may be written."""
    check: Callable[[object], Any]
    """Returns the value, or raises WrongValue."""


class SettingSection(msgspec.Struct, frozen=True):
    name: str
    title: str
    """A word or two, as the settings page shows them."""
    prose: str
    type: type[msgspec.Struct]
    rows: tuple[SettingRow, ...]


@cache
def declared_sections() -> tuple[SettingSection, ...]:
    """The declarations above as rows, for code that writes them down or lets a person change them."""
    sections = []
    for field in _fields(Settings):
        section, prose = _described(field.type)
        assert isinstance(section, inspect.StructType)
        rows = tuple(_row(row) for row in section.fields)
        assert isinstance(field.type, inspect.Metadata)
        title = str((field.type.extra_json_schema or {})["title"])
        sections.append(SettingSection(field.name, title, prose, section.cls, rows))
    return tuple(sections)


def find_row(key: str) -> tuple[str, SettingRow]:
    """The section and the row of ``section.key``. Raises WrongValue when there is none."""
    name, _, wanted = key.partition(".")
    for section in declared_sections():
        for row in section.rows:
            if (section.name, row.key) == (name, wanted):
                return name, row
    names = [f"{section.name}.{row.key}" for section in declared_sections() for row in section.rows]
    near = likely_name(key, names, ())
    raise WrongValue(
        f"There is no setting “{key[:80]}”.", f"Write “{near}”." if near else "See the settings page."
    )


def _row(field: inspect.Field) -> SettingRow:
    type_, prose = _described(field.type)
    described = field.type if isinstance(field.type, inspect.Metadata) else inspect.Metadata(field.type)
    schema, extra = described.extra_json_schema or {}, described.extra or {}
    default = msgspec.to_builtins(field.default)
    return SettingRow(
        field.name,
        list(default) if isinstance(default, tuple) else default,
        str(schema["title"]),
        prose,
        bool(extra.get("next_start")),
        tuple(str(word.value) for word in type_.cls) if isinstance(type_, inspect.EnumType) else (),
        _bounds(type_),
        _check(type_, _example(field.type)),
    )


def _bounds(type_: inspect.Type) -> tuple[float, float] | None:
    match type_:
        case inspect.IntType(ge=int(low), le=int(high)) | inspect.FloatType(ge=low, le=high):
            return (low, high) if low is not None and high is not None else None
    return None


def _check(type_: inspect.Type, example: str) -> Callable[[object], Any]:
    """The check for values of this declared type."""
    match type_:
        case inspect.BoolType():
            return true_or_false
        case inspect.IntType(ge=int(low), le=int(high)):
            return whole_number(low, high)
        case inspect.FloatType(ge=low, le=high) if low is not None and high is not None:
            return number(low, high)
        case inspect.StrType(pattern=str(pattern)):
            return matching(pattern, example)
        case inspect.StrType():
            return text
        case inspect.VarTupleType(item_type=inspect.StrType()):
            return words
        case inspect.EnumType(cls=choices):
            checked = one_of([word.value for word in choices])
            return lambda value: choices(checked(value))
    raise TypeError(f"A setting can't be of type {type_}.")


def _fields(struct: type[msgspec.Struct]) -> tuple[inspect.Field, ...]:
    type_ = inspect.type_info(struct)
    assert isinstance(type_, inspect.StructType)
    return type_.fields


def _example(type_: inspect.Type) -> str:
    """The first example of a declared type, "" without one."""
    schema = type_.extra_json_schema or {} if isinstance(type_, inspect.Metadata) else {}
    return str(next(iter(schema.get("examples", ())), ""))


def _described(type_: inspect.Type) -> tuple[inspect.Type, str]:
    """A declared type without its description, and the description."""
    if isinstance(type_, inspect.Metadata):
        return type_.type, str((type_.extra_json_schema or {}).get("description", ""))
    return type_, ""
