"""An adapter file's document as an Adapter, with every fault in it found in one go."""

from collections.abc import Mapping
from typing import Any

import msgspec

from podium.core.adapters.check import check_adapter
from podium.core.adapters.model import Adapter
from podium.core.config.toml_file import Fault
from podium.core.config.typed_tables import struct_from


def read_adapter(
    file: str, name: str, document: Mapping[str, Any]
) -> tuple[Adapter | None, tuple[Fault, ...]]:
    """The adapter that ``file`` describes, or None and what is wrong with it. ``name`` is the file's own name."""
    faults: list[Fault] = []

    def fault(key: str, reason: str, fix: str) -> None:
        faults.append(Fault(file, key, reason, fix))

    adapter = struct_from(document, Adapter, fault, hidden=("origin",))
    if document.get("name", name) != name and isinstance(document["name"], str):
        fault("name", f"The file is that of “{name}”.", f'Write name = "{name}", or rename the file.')
    if adapter is not None:
        check_adapter(adapter, fault)
    if adapter is None or faults:
        return None, tuple(faults)
    return msgspec.structs.replace(adapter, origin=file), ()


def merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with ``changes`` laid over it: tables are merged, everything else is replaced."""
    result = dict(base)
    for key, value in changes.items():
        under = result.get(key)
        both = isinstance(under, dict) and isinstance(value, dict)
        result[key] = merged(under, value) if both else value  # type: ignore[arg-type]
    return result
