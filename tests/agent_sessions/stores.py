"""Stores that the real tools left (shortened), in a home folder of a test."""

import shutil
import sqlite3
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from podium.agent_sessions.store import Store
from podium.core.adapters.model import Sessions
from podium.core.adapters.pricing import Price, Prices
from podium.core.adapters.registry import load_adapters

DATA: Final = Path(__file__).parent / "data"
PROJECT: Final = "/home/ann/project"
PRICES: Final = Prices((Price("gpt-5.4", 2.0, 10.0, 0.5), Price("claude-sonnet*", 3.0, 15.0, 0.3, 3.75)))
_PLACES: Final = {
    "claude": ".claude",
    "codex": ".codex",
    "gemini": ".gemini",
    "copilot": ".copilot",
    "opencode": ".local/share/opencode",
}


class Expected(NamedTuple):
    """What a store holds."""

    session: str
    began: float
    tokens: tuple[int, int]
    usd: float | None
    messages: int


EXPECTED: Final[Mapping[str, Expected]] = {
    "claude": Expected("e24928c1-7072-4b5f-92a3-e4a02cd60466", 1796093660.398, (6000, 125), 0.017, 7),
    "codex": Expected("01a22f84-ba0c-77d2-bd3c-16185bf7803d", 1796093557.284, (1200, 25), None, 1),
    "gemini": Expected("bbbdf052-0c9f-4a86-af28-f3852fe0d676", 1796093862.679, (2400, 50), None, 2),
    "opencode": Expected("ses_dd07a3b87ffeIO3mDisbf3vXaF", 1796093625.464, (2400, 50), 0.00525, 2),
    "copilot": Expected("898aac3e-dcf3-40aa-bcd0-645ba58bc922", 1796094116.991, (1200, 25), 0.0019, 1),
}
TOOLS: Final = tuple(EXPECTED)
WHEN: Final = 1796093000.0
"""Before any of them began."""


@lru_cache
def sessions_of(tool: str) -> Sessions:
    sessions = load_adapters(Path("/nonexistent")).adapters[tool].sessions
    assert sessions is not None
    return sessions


def fill(home: Path, tool: str) -> Path:
    """The tool's folder in ``home``, with what the real tool left."""
    place = home / _PLACES[tool]
    if tool == "opencode":
        place.mkdir(parents=True)
        with sqlite3.connect(place / "opencode.db") as database:
            database.executescript((DATA / tool / "opencode.sql").read_text())
        database.close()
    else:
        shutil.copytree(
            DATA / tool, place, copy_function=shutil.copyfile
        )  # Written now, whenever the data was.
    return place


def store(home: Path, tool: str) -> Store:
    return Store(tool, sessions_of(tool), {"HOME": str(home)})


def transcript(home: Path, tool: str) -> Path:
    """The first transcript of the tool in ``home``."""
    names = {"claude": "*.jsonl", "codex": "rollout-*", "gemini": "session-*", "copilot": "events.jsonl"}
    return min((home / _PLACES[tool]).rglob(names[tool]))
