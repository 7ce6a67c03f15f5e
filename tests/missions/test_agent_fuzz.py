"""Damaged recordings in, never an exception and never a success that nobody claimed out."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.missions.test_agent_samples import ADAPTERS, SAMPLES

from podium.missions.streams.reader import AgentReader

pytestmark = pytest.mark.lengthy

_BASES = {name: Path(base + ".jsonl").read_bytes() for name, base in SAMPLES.items()}
_META = {name: json.loads(Path(base + ".meta.json").read_text()) for name, base in SAMPLES.items()}
_SETTINGS = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
CLAIMS = {
    "claude": b'"subtype":"success"',
    "codex": b"turn.completed",
    "gemini": b'"status":"success"',
    "opencode": b'"reason":"stop"',
    "copilot": b'"exitCode":0',
    "amp": b'"subtype":"success"',
    "aider": b" received",
}
"""What the line that says that a run went well has in it. opencode may also end with a refused tool."""


def report_of(name: str, data: bytes, code: int | None) -> bool:
    """Whether the report on ``data`` is a success of which the output says so."""
    reading = AgentReader(ADAPTERS[_META[name]["tool"]])
    middle = len(data) // 2
    reading.feed(data[:middle])
    reading.feed(data[middle:])
    report = reading.end(code)
    assert report.ok != bool(report.reason)
    assert report.cost_usd is None or report.cost_usd >= 0
    report.final_text.encode()
    report.reason.encode()
    return report.ok and not report.degraded


@pytest.mark.parametrize("name", sorted(_BASES))
@pytest.mark.parametrize("code", [0, -9])
def test_a_recording_that_is_cut_anywhere_claims_nothing_it_does_not_say(name: str, code: int) -> None:
    data = _BASES[name]
    claim = CLAIMS[_META[name]["tool"]]
    refused = b"rejected permission" in data
    step = max(1, len(data) // 25)
    for cut in [
        *range(0, len(data), step),
        *(len(data) - back for back in (1, 2, 3, 5, 10, 30) if back < len(data)),
    ]:
        if report_of(name, data[:cut], code):
            assert claim in data[:cut] or refused


@pytest.mark.parametrize("tool", sorted(CLAIMS))
@_SETTINGS
@given(data=st.data())
def test_a_recording_that_is_damaged_anywhere_is_survived(tool: str, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name in sorted(_BASES) if _META[name]["tool"] == tool]))
    text = bytearray(_BASES[name])
    claim = CLAIMS[tool]
    for _ in range(data.draw(st.integers(1, 5))):
        if not text:
            break
        at = data.draw(st.integers(0, len(text) - 1))
        how = data.draw(st.integers(0, 3))
        if how == 0:
            text[at] = data.draw(st.integers(0, 255))
        elif how == 1:
            del text[at : at + data.draw(st.integers(1, 400))]
        elif how == 2:
            text[at:at] = data.draw(st.binary(max_size=40))
        else:
            text[at:at] = text[: data.draw(st.integers(0, 300))]
    code = data.draw(st.sampled_from([0, 1, None, -15]))
    if report_of(name, bytes(text), code) and claim not in text:
        assert b"rejected permission" in text


@_SETTINGS
@given(
    tool=st.sampled_from(sorted(ADAPTERS)),
    pieces=st.lists(st.one_of(st.binary(max_size=200), st.text(max_size=100).map(str.encode)), max_size=8),
    code=st.sampled_from([0, 1, 53, 145, 255, None, -11]),
)
def test_noise_is_survived(tool: str, pieces: list[bytes], code: int | None) -> None:
    reading = AgentReader(ADAPTERS[tool])
    for piece in pieces:
        reading.feed(piece)
        reading.feed_stderr(piece)
    report = reading.end(code, reports={"usage": b"".join(pieces), "log": b"".join(pieces)})
    assert report.ok != bool(report.reason)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "opencode", "copilot"])
@_SETTINGS
@given(data=st.data())
def test_known_lines_with_odd_values_are_survived(tool: str, data: st.DataObject) -> None:
    name = data.draw(
        st.sampled_from([name for name in sorted(_BASES) if _META[name]["tool"] == tool and _BASES[name]])
    )
    reading = AgentReader(ADAPTERS[tool])
    values = [json.loads(line) for line in _BASES[name].splitlines()]
    for _ in range(3):
        value = data.draw(st.sampled_from(values))
        value[data.draw(st.sampled_from(sorted(value)))] = data.draw(_JSON)
    for value in values:
        reading.feed(json.dumps(value).encode() + b"\n")
    report = reading.end(0)
    assert report.cost_usd is None or 0 <= report.cost_usd < 1e7
