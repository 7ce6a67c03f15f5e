"""A pattern and a line in, what its words stand for out."""

from typing import Any

import pytest

from podium.missions.streams.patterns import matched


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        ("Model: {model} with ", "Model: openai/gpt-5 with diff edit format", {"model": "openai/gpt-5"}),
        ("Model: {model} with ", "Main model: a with b with c", {"model": "a"}),
        ("Tokens: {n:number} sent", "Tokens: 2.5k sent, 18 received.", {"n": 2500.0}),
        ("Tokens: {n:number} sent", "Tokens: 1,234 sent", {"n": 1234.0}),
        ("Tokens: {n:number} sent", "Tokens: many sent", None),
        (
            "Tokens: {a:number} sent,{between} {b:number} received",
            "Tokens: 12k sent, 3.0k cache write, 2.0k cache hit, 18 received. Cost: $0.01 message",
            {"a": 12000.0, "between": "3.0k cache write, 2.0k cache hit,", "b": 18.0},
        ),
        (
            "Cost: ${usd:number} message",
            "Tokens: 1 sent. Cost: $0.0125 message, $0.50 session.",
            {"usd": 0.0125},
        ),
        ("Applied edit to {file}", "Applied edit to src/a b.py", {"file": "src/a b.py"}),
        ("{before} failed", "The build failed", {"before": "The build"}),
        ("litellm.{error}", "said litellm.Timeout: x", {"error": "Timeout: x"}),
        ("a.b", "axb", None),
        ("(x) {y}", "(X) z", {"y": "z"}),
    ],
)
def test_a_pattern_finds_its_words(pattern: str, line: str, found: dict[str, Any] | None) -> None:
    assert matched(pattern, line) == found


def test_a_pattern_of_many_words_is_not_slow_on_a_line_it_almost_fits() -> None:
    pattern = " ".join(f"a{{w{letter}}}" for letter in "abcdefghijklmnopqrst") + "!"
    assert matched(pattern, "a" * 100_000) is None
