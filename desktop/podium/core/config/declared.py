"""The declared settings as rows, for code that writes them down or lets a person change them."""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

from podium.core.config.settings import Settings
from podium.core.config.toml_checks import matching, number, one_of, text, true_or_false, whole_number, words


class SettingRow(msgspec.Struct, frozen=True):
    """One key as it is declared above."""

    key: str
    default: object
    """As TOML has it: text, a number, true or false, a list."""
    prose: str
    check: Callable[[object], Any]
    """Returns the value, or raises WrongValue."""


class SettingSection(msgspec.Struct, frozen=True):
    name: str
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
        sections.append(SettingSection(field.name, prose, section.cls, rows))
    return tuple(sections)


def _row(field: inspect.Field) -> SettingRow:
    type_, prose = _described(field.type)
    default = msgspec.to_builtins(field.default)
    if isinstance(default, tuple):
        default = list(default)
    return SettingRow(field.name, default, prose, _check(type_, _example(field.type)))


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
