"""Lines as agents print them, and their reader."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from podium.core.adapters.registry import load_adapters
from podium.missions.streams.reader import AgentReader
from podium.missions.streams.updates import (
    AgentReport,
    Update,
)

ADAPTERS = load_adapters(Path("/nonexistent")).adapters
NOW = datetime(2026, 11, 22, 14, 0, 0, tzinfo=UTC).timestamp()
INIT = {"type": "system", "subtype": "init", "session_id": "s-1", "model": "m-1"}
DONE: dict[str, Any] = {
    "type": "result",
    "subtype": "success",
    "is_error": False,
    "num_turns": 1,
    "result": "done",
    "session_id": "s-1",
    "total_cost_usd": 0.5,
    "usage": {"input_tokens": 10, "output_tokens": 5},
}


def reader(tool: str, **more: Any) -> AgentReader:
    return AgentReader(ADAPTERS[tool], wall_clock=lambda: NOW, **more)


def lines(*values: object) -> bytes:
    return b"".join(
        value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n" for value in values
    )


def run(
    tool: str, *values: object, code: int | None = 0, stderr: bytes = b"", **more: Any
) -> tuple[AgentReport, list[Update]]:
    reading = reader(tool, **more)
    updates = reading.feed_stderr(stderr) + reading.feed(lines(*values))
    return reading.end(code), updates
