"""The workspace file as a JSON Schema, for editors that complete and check TOML."""

from typing import Any

from podium.core.config.keyed_tables import table_schema
from podium.core.instances import MAX_INSTANCES
from podium.core.workspace_files.keys import INSTANCE_KEYS, WORKSPACE_FILE_KEYS


def workspace_file_schema() -> dict[str, Any]:
    """The schema; draft 2020-12."""
    schema = table_schema(WORKSPACE_FILE_KEYS)
    schema["properties"]["instances"] |= {
        "type": "array",
        "minItems": 1,
        "maxItems": MAX_INSTANCES,
        "items": table_schema(INSTANCE_KEYS),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Podium workspace",
        **schema,
    }
