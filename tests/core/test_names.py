"""Names: what people see of them is all there is."""

import pytest

from podium.core.names import clean_name, name_error, one_line


@pytest.mark.fault("E3")
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\nb\x1b[31m\tc", "a b[31m c"),
        ("api\u202egnp", "apignp"),
        ("a\u3164b\u2800c\u115fd\U000e0041", "abcd"),
        ("e\u0301 \u2003x", "e\u0301 x"),
        ("\u2764\ufe0f \U0001f469\u200d\U0001f4bb", "\u2764\ufe0f \U0001f469\u200d\U0001f4bb"),
    ],
)
def test_one_plain_line(given: str, shown: str) -> None:
    assert one_line(given) == shown
    assert clean_name(given) == shown


@pytest.mark.fault("E3")
@pytest.mark.parametrize(
    "name", ["", " ", "\u200d", "\ufe0f\u200d", "\u3164", "a\u2800b", "a\u034fb", "x\u2028y", "\x07"]
)
def test_what_does_not_show_is_no_name(name: str) -> None:
    assert name_error(name)
