"""The mission file as a JSON Schema, for editors that complete and check TOML."""

from typing import Any, Final

from podium.core.config.keyed_tables import table_schema
from podium.core.missions.keys import AGENT_KEYS, GATE_KEYS, MISSION_KEYS, WORKSPACE_KEYS

SCHEMA_FILE: Final = "mission.schema.json"
"""The name of the shipped copy in the resources."""


def mission_schema() -> dict[str, Any]:
    """The schema; draft 2020-12."""
    schema = table_schema(MISSION_KEYS)
    properties = schema["properties"]
    properties["workspace"] |= table_schema(WORKSPACE_KEYS)
    agent = table_schema(AGENT_KEYS)
    # An agent is a tool or a command; with the adapter “command” it may be both.
    agent["anyOf"] = [{"required": ["command"]}, {"required": ["adapter"]}]
    agent["not"] = {"required": ["prompt", "prompt_file"]}
    properties["agents"] |= {"type": "array", "minItems": 1, "items": agent}
    properties["gates"] |= {"type": "array", "items": table_schema(GATE_KEYS)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Podium mission",
        **schema,
    }
