"""Names of instances, as they appear on the command line, in files and on the wire."""

import re
from collections.abc import Container
from typing import NewType

InstanceId = NewType("InstanceId", str)

DEFAULT_INSTANCE = InstanceId("default")
RESERVED_IDS = frozenset({"instances", "workers", "status", "start", "stop"})
_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


class InvalidInstanceId(ValueError):
    """An id that breaks the rule; the message says which rule."""


def instance_id(text: str) -> InstanceId:
    """Return ``text`` as an instance id. Raises InvalidInstanceId."""
    if not _PATTERN.fullmatch(text):
        raise InvalidInstanceId(
            f"“{text[:80]}” can't be an id: use 1 to 64 letters, digits, “_”, “.” or “-”, "
            "beginning with a letter or digit."
        )
    if text in RESERVED_IDS:
        raise InvalidInstanceId(f"“{text}” is reserved; choose another id.")
    return InstanceId(text)


def id_from_name(name: str, taken: Container[str]) -> InstanceId:
    """Derive a free id from a person's name for an instance: “API work” → ``API-work``, ``API-work-2`` …"""
    base = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-._")[:56] or "instance"
    candidate, number = base, 1
    while candidate in taken or candidate in RESERVED_IDS:
        number += 1
        candidate = f"{base}-{number}"
    return instance_id(candidate)
