"""Turns the tables of a TOML document into structs by their annotations, and finds every fault in one go.

msgspec would stop at the first fault and can't say what to do about it.
"""

import math
import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from podium.core.config.toml_checks import kind
from podium.core.config.toml_file import AddFault, likely_name

T = TypeVar("T", bound=msgspec.Struct)

_MAX_TEXT: Final = 20_000
_MAX_ITEMS: Final = 500
_MISSING: Final = object()


def struct_from(
    table: Mapping[str, Any], kind: type[T], fault: AddFault, prefix: str = "", hidden: tuple[str, ...] = ()
) -> T | None:
    """``table`` as a ``kind``, or None after a fault. Fields named in ``hidden`` are no keys of the file.

    Understood: text, true or false, numbers, enums, structs, tuples (a single value stands for a tuple of one),
    tables of one kind of value, and unions of these.
    """
    hints, all_fields = _shape(kind)
    fields = {name: field for name, field in all_fields.items() if field.name not in hidden}
    mistyped = set()
    good = True
    for key in table:
        if key not in fields:
            near = likely_name(key, fields, table)
            mistyped.add(near)
            fix = f"Write “{near}”." if near else f"Take it out; the keys are {', '.join(fields)}."
            fault(prefix + key, "There is no such key.", fix)
            good = False
    values: dict[str, Any] = {}
    for key, field in fields.items():
        if key in table:
            value = _value(table[key], hints[field.name], fault, prefix + key)
            good = good and value is not _MISSING
            values[field.name] = value
        elif field.required:
            good = False
            if key not in mistyped:  # One slip of the finger is one fault, not two.
                fault(prefix + key, "It is missing.", f"Add {key} = {_example(hints[field.name])}.")
    return kind(**values) if good else None


@cache
def _shape(kind: type[msgspec.Struct]) -> tuple[dict[str, Any], dict[str, msgspec.structs.FieldInfo]]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    return get_type_hints(kind), fields


def _value(value: Any, hint: Any, fault: AddFault, key: str) -> Any:
    """``value`` as the type ``hint``, or _MISSING after a fault."""
    origin = get_origin(hint)
    if origin in {Union, types.UnionType}:
        return _of_union(value, [kind for kind in get_args(hint) if kind is not type(None)], fault, key)
    if origin is tuple:
        return _tuple(value, get_args(hint)[0], fault, key)
    if origin is dict:
        return _dict(value, get_args(hint), fault, key)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum(value, hint, fault, key)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        if isinstance(value, dict):
            built = struct_from(value, hint, fault, key + ".")
            return _MISSING if built is None else built
        return _wrong(value, "a table", f"Begin it with a line [{key}].", fault, key)
    return _scalar(value, hint, fault, key)


def _of_union(value: Any, kinds: list[Any], fault: AddFault, key: str) -> Any:
    wanted_list = isinstance(value, list)
    for hint in kinds:
        if (get_origin(hint) is tuple) == wanted_list:
            return _value(value, hint, fault, key)
    return _value(value, kinds[0], fault, key)


def _tuple(value: Any, item: Any, fault: AddFault, key: str) -> Any:
    of_tables = isinstance(item, type) and issubclass(item, msgspec.Struct)
    if not isinstance(value, list):
        if of_tables:
            return _wrong(value, "a list of tables", f"Begin each one with a line [[{key}]].", fault, key)
        value = [value]
    if len(value) > _MAX_ITEMS:
        fault(key, f"The list has {len(value):,} entries.", f"Write at most {_MAX_ITEMS}.")
        return _MISSING
    entries = [_value(entry, item, fault, f"{key}[{number}]") for number, entry in enumerate(value)]
    return _MISSING if _MISSING in entries else tuple(entries)


def _dict(value: Any, kinds: tuple[Any, ...], fault: AddFault, key: str) -> Any:
    if not isinstance(value, dict):
        return _wrong(value, "a table", f"Begin it with a line [{key}].", fault, key)
    if len(value) > _MAX_ITEMS:
        fault(key, f"The table has {len(value):,} keys.", f"Write at most {_MAX_ITEMS}.")
        return _MISSING
    entries: dict[Any, Any] = {}
    for name, entry in value.items():
        place = f"{key}.{name}"
        if kinds[0] is int and not name.isdecimal():
            fault(place, f"“{name[:80]}” is not a whole number.", "Write a number such as 41.")
            entry = _MISSING
        else:
            entry = _value(entry, kinds[1], fault, place)
        entries[int(name) if kinds[0] is int and name.isdecimal() else name] = entry
    return _MISSING if _MISSING in entries.values() else entries


def _enum(value: Any, hint: type[Enum], fault: AddFault, key: str) -> Any:
    words = [str(member.value) for member in hint]
    if isinstance(value, str) and value in words:
        return hint(value)
    listed = ", ".join(f'"{word}"' for word in words[:-1]) + f' or "{words[-1]}"'
    shown = (
        f"“{value[:80]}” is not one of the choices." if isinstance(value, str) else f"This is {kind(value)}."
    )
    fault(key, shown, f"Write {listed}.")
    return _MISSING


def _scalar(value: Any, hint: Any, fault: AddFault, key: str) -> Any:
    if hint is Any:
        if isinstance(value, str | bool | int | float):
            return _text(value, fault, key) if isinstance(value, str) else value
        return _wrong(value, "a single value", "Write text, a number, true or false.", fault, key)
    if hint is bool:
        if isinstance(value, bool):
            return value
        return _wrong(value, "true or false", "Write true or false, without quotes.", fault, key)
    if hint in {int, float}:
        return _number(value, hint, fault, key)
    if isinstance(value, str):
        return _text(value, fault, key)
    return _wrong(value, "text", "Put it in quotes.", fault, key)


def _number(value: Any, hint: Any, fault: AddFault, key: str) -> Any:
    whole = hint is int
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        return _wrong(
            value, "a whole number" if whole else "a number", "Write digits, without quotes.", fault, key
        )
    if not math.isfinite(value) or not 0 <= value <= 10**9:
        fault(key, f"{value} is out of range.", "Write a number from 0 to 1,000,000,000.")
        return _MISSING
    return hint(value)


def _text(value: str, fault: AddFault, key: str) -> Any:
    if "\0" in value:
        fault(key, "The text holds a NUL character.", "Take it out; no program could be given it.")
        return _MISSING
    if len(value) > _MAX_TEXT:
        fault(key, f"The text is {len(value):,} characters long.", f"Write at most {_MAX_TEXT:,}.")
        return _MISSING
    return value


def _wrong(value: Any, wanted: str, fix: str, fault: AddFault, key: str) -> Any:
    fault(key, f"This is {kind(value)}, not {wanted}.", fix)
    return _MISSING


def _example(hint: Any) -> str:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f'"{next(iter(hint)).value}"'
    return '"…"' if hint is str else "…"
