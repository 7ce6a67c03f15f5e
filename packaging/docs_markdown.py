"""Pieces of Markdown for the generated pages."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def code(text: str) -> str:
    return f"`{text}`"


def cell(text: str) -> str:
    """``text`` as it may stand in a table: on one line, without what would end the cell or open a tag."""
    return " ".join(text.split()).replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n" + "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines) + "\n"


def prose(text: str) -> str:
    """A docstring as one paragraph of Markdown."""
    return " ".join(text.split()).replace("``", "`")


def fenced(language: str, text: str) -> str:
    return f"```{language}\n{text.strip()}\n```\n"


def type_text(schema: Mapping[str, Any]) -> str:
    """What a JSON Schema lets be written, in words; "" where it says nothing."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2].lstrip("#")
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return " or ".join(code(json.dumps(value)) for value in schema["enum"])
    if "const" in schema:
        return code(json.dumps(schema["const"]))
    for either in ("anyOf", "oneOf"):
        if either in schema:
            return " or ".join(dict.fromkeys(type_text(one) for one in schema[either]))
    match schema.get("type"):
        case "array":
            if "prefixItems" in schema:
                return "list of " + ", ".join(type_text(one) for one in schema["prefixItems"])
            return f"list of {type_text(schema.get('items') or {}) or 'values'}"
        case "integer":
            return "whole number" + _range(schema)
        case "number":
            return "number" + _range(schema)
        case "string":
            return "text" + (f", at most {schema['maxLength']:,} characters" if "maxLength" in schema else "")
        case "boolean":
            return "`true` or `false`"
        case "object":
            return "object"
        case "null":
            return "`null`"
    return ""


def _range(schema: Mapping[str, Any]) -> str:
    over, low, high = (schema.get(name) for name in ("exclusiveMinimum", "minimum", "maximum"))
    parts = []
    if over is not None:
        parts.append(f"over {over:,}")
    if low is not None:
        parts.append(f"from {low:,}")
    if high is not None:
        parts.append(f"to {high:,}")
    return f", {' '.join(parts)}" if parts else ""
