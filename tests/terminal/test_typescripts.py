"""Recorded sessions of AI tools replay to the screens seen at the time, whole, cut and resized."""

import json
import random
from pathlib import Path
from typing import Any

import pytest

from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from tests.terminal.mirror import Mirror

FOLDER = Path(__file__).parent / "data" / "typescripts"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def recording(name: str) -> tuple[dict[str, Any], bytes]:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8")), (FOLDER / f"{name}.raw").read_bytes()


def lines_of(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def marks(meta: dict[str, Any], raw: bytes) -> list[dict[str, Any]]:
    """The marks to trust: what was recorded after leaving the alternate screen came from a recorder without one."""
    left = raw.find(b"\x1b[?1049l")
    return [mark for mark in meta["marks"] if left < 0 or mark["offset"] <= left]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", [None, 1, 2])
def test_replays_to_the_recorded_screens(name: str, seed: int | None) -> None:
    meta, raw = recording(name)
    emulator = Emulator(meta["columns"], meta["lines"])
    source, mirror = FrameSource(emulator), Mirror()
    rng = random.Random(seed)
    at = 0
    checked = 0
    for mark in marks(meta, raw):
        while at < mark["offset"]:
            size = min(16384 if seed is None else rng.randint(1, 200), mark["offset"] - at)
            emulator.feed(raw[at : at + size])
            at += size
        assert lines_of("\n".join(emulator.display)) == lines_of(mark["screen"]), mark["name"]
        mirror.apply(source.take(checked))
        mirror.check(emulator)
        checked += 1
    assert checked >= 3


@pytest.mark.parametrize("name", NAMES)
def test_nothing_of_a_probe_is_printed(name: str) -> None:
    meta, raw = recording(name)
    emulator = Emulator(meta["columns"], meta["lines"])
    emulator.feed(raw)
    total = emulator.scrollback_length + emulator.lines
    text = "\n".join("".join(cell.char for cell in emulator.line(n)) for n in range(total))
    for leak in ("rgb:", "7501", "state=", "1337", "2026$p", "[?", "[>", "a=q", "+q4d73", "w=1;"):
        assert leak not in text
    left = raw.rfind(b"\x1b[?1049l") > raw.rfind(b"\x1b[?1049h")
    assert emulator.alternate_screen is not (left or b"\x1b[?1049h" not in raw)
    if left:
        assert emulator.cursor.visible or "codex" in name or "opencode" in name


@pytest.mark.parametrize("name", NAMES)
def test_a_resize_in_the_middle_breaks_nothing(name: str) -> None:
    meta, raw = recording(name)
    emulator = Emulator(meta["columns"], meta["lines"])
    source, mirror = FrameSource(emulator), Mirror()
    half = len(raw) // 2
    for number, (start, end, size) in enumerate([(0, half, (97, 31)), (half, len(raw), (120, 40))]):
        emulator.feed(raw[start:end])
        emulator.resize(*size)
        mirror.apply(source.take(number))
        mirror.check(emulator)
        assert len(emulator.display) == size[1]


@pytest.mark.parametrize("size", [(120, 30), (120, 12), (120, 50)])
@pytest.mark.parametrize("name", NAMES)
def test_a_resize_there_and_back_in_the_middle_ends_at_the_recorded_screens(
    name: str, size: tuple[int, int]
) -> None:
    """Before every mark the size changes and changes back while the program says nothing."""
    meta, raw = recording(name)
    emulator = Emulator(meta["columns"], meta["lines"])
    at = 0
    for mark in marks(meta, raw):
        middle = (at + mark["offset"]) // 2
        emulator.feed(raw[at:middle])
        emulator.resize(*size)
        emulator.resize(meta["columns"], meta["lines"])
        emulator.feed(raw[middle : mark["offset"]])
        at = mark["offset"]
        assert lines_of("\n".join(emulator.display)) == lines_of(mark["screen"]), mark["name"]


def test_statuses_and_notices_of_the_tools_arrive() -> None:
    _, raw = recording("claude-permission-manual")
    emulator = Emulator(120, 40)
    emulator.feed(raw)
    states = [event.state for event in emulator.take_events() if hasattr(event, "app")]
    assert states[0] == "idle"
    assert "blocked" in states
    replies = emulator.take_replies()
    assert replies.startswith(b"\x1bP>|podium")
    assert b"\x1b]7501;?\x1b\\" in replies
