"""Names and commands in any script in, words in their order and in sight out."""

from typing import cast

import pytest
from PySide6.QtGui import QTextLayout

from podium.ui.theme import plain_text
from podium.ui.theme.plain_text import breakable, wrapped_label

DASH = "\u2e3b"
"""Three em wide."""
ALEPH, BET, THREE = "\u05d0", "\u05d1", "\u0663"


@pytest.mark.parametrize(
    "text",
    [f"'{ALEPH}' rm -r /x", f"ls '{ALEPH}' 12 -- 34 /x", f"a {ALEPH} 1 {THREE} 2 {BET} 3"],
    ids=["program", "numbers", "digits"],
)
def test_words_stay_in_their_order_from_left_to_right(qapp: object, text: str) -> None:
    shown = breakable(text)
    layout = QTextLayout(shown)
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    marks = {"\u2067", "\u2069"}
    places = [
        cast("tuple[float, int]", line.cursorToX(number))[0]
        for number, sign in enumerate(shown)
        if sign not in marks and not sign.isspace()
    ]
    assert places == sorted(places)
    assert "".join(sign for sign in shown if sign not in marks) == text


def test_a_phrase_keeps_its_own_order(qapp: object) -> None:
    assert breakable(f"in {ALEPH}{BET} {BET}{ALEPH} a") == f"in \u2067{ALEPH}{BET} {BET}{ALEPH}\u2069 a"


def test_wide_signs_push_nothing_out_of_sight(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_text, "_ems", lambda sign: 3.0 if sign == DASH else 1.0)
    pieces = breakable(f"{DASH * 20}|sh {'x' * 30}").split(" ")
    assert pieces[0].split("\u200b") == [DASH * 8, DASH * 8, f"{DASH * 4}|sh"]
    assert pieces[1].split("\u200b") == ["x" * 24, "x" * 6]


def test_a_mark_stays_with_its_letter(qapp: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_text, "_ems", lambda _sign: 24.0)
    assert breakable("e\u0301e\u0301") == "e\u0301\u200be\u0301"


def test_signs_are_as_wide_as_they_are_painted(qapp: object) -> None:
    assert plain_text._ems("i") == 1.0
    label = wrapped_label("漢" * 100)
    assert label.minimumSizeHint().width() < 100 * label.fontMetrics().horizontalAdvance("漢")
