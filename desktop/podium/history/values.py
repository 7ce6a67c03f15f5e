"""Structs as rows. What programs report is checked here, once, before SQLite is asked to store it."""

import math
from enum import Enum
from typing import Any, Final, TypeVar

import msgspec

from podium.history.database_problems import DamagedRecord

LONGEST_TEXT: Final = 8192
"""Characters of one value; more is cut."""
_LARGEST: Final = 2**63 - 1

Record = TypeVar("Record", bound=msgspec.Struct)
Stored = str | int | float | None


def storable(value: object) -> Stored:
    """The value that SQLite can hold for a struct's: a number that is none, or has no end, is unknown; text is cut, and
    what of a file's name is no Unicode is escaped.
    """
    if isinstance(value, Enum):
        return storable(value.value)
    if isinstance(value, str):
        text = value if len(value) <= LONGEST_TEXT else value[: LONGEST_TEXT - 1] + "…"
        return text.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, int):
        return max(-_LARGEST, min(int(value), _LARGEST))
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return None


def row(record: msgspec.Struct) -> dict[str, Stored]:
    """Column → value, in the order of the struct's fields, which are named like the columns."""
    return {name: storable(getattr(record, name)) for name in record.__struct_fields__}


def columns(kind: type[msgspec.Struct]) -> str:
    """``id, instance, …`` to select a struct with."""
    return ", ".join(kind.__struct_fields__)


def record(kind: type[Record], values: tuple[Any, ...]) -> Record:
    """The struct a row was made from. Raises DamagedRecord."""
    try:
        return msgspec.convert(dict(zip(kind.__struct_fields__, values, strict=True)), kind, strict=False)
    except msgspec.ValidationError as error:
        raise DamagedRecord(f"a record makes no sense: {error}") from error
