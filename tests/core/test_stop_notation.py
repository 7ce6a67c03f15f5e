"""What a person writes in, how a program is stopped out."""

import pytest

from podium.core.instances import StopBy, StopMethod
from podium.core.protocol.stop_notation import parse_stop


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("", StopMethod()),
        ("  ", StopMethod()),
        ("SIGINT", StopMethod(StopBy.SIGNAL, "SIGINT")),
        ("Ctrl+C", StopMethod(StopBy.KEYS, "Ctrl+C")),
        ("Ctrl+C  Ctrl+C", StopMethod(StopBy.KEYS, "Ctrl+C Ctrl+C")),
        ("q", StopMethod(StopBy.KEYS, "q")),
        ("/exit", StopMethod(StopBy.TEXT, "/exit")),
        ("quit now", StopMethod(StopBy.TEXT, "quit now")),
        ("1 + 1", StopMethod(StopBy.KEYS, "1 + 1")),
    ],
)
def test_what_is_meant(text: str, method: StopMethod) -> None:
    assert parse_stop(text) == method


@pytest.mark.parametrize("text", ["SIGNOPE", "Strg+C"])
def test_what_is_mistyped(text: str) -> None:
    with pytest.raises(ValueError, match=text[:4]):
        parse_stop(text)
