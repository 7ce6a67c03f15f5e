"""The mission file as a JSON Schema, for editors that complete and check TOML."""

from collections.abc import Sequence
from typing import Any, Final

from podium.core.missions.keys import AGENT_KEYS, GATE_KEYS, MISSION_KEYS, WORKSPACE_KEYS, Key

SCHEMA_FILE: Final = "mission.schema.json"
"""The name of the shipped copy in the resources."""


def mission_schema() -> dict[str, Any]:
    """The schema; draft 2020-12."""
    schema = _table(MISSION_KEYS)
    properties = schema["properties"]
    properties["workspace"] |= _table(WORKSPACE_KEYS)
    agent = _table(AGENT_KEYS)
    # An agent is a tool or a command; with the adapter “command” it may be both.
    agent["anyOf"] = [{"required": ["command"]}, {"required": ["adapter"]}]
    agent["not"] = {"required": ["prompt", "prompt_file"]}
    properties["agents"] |= {"type": "array", "minItems": 1, "items": agent}
    properties["gates"] |= {"type": "array", "items": _table(GATE_KEYS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Podium mission",
        **schema,
    }


def _table(keys: Sequence[Key]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in keys if key.required],
        "properties": {key.name: {"description": key.about, **key.schema} for key in keys},
    }
