"""Text with hidden characters in, text that is what it looks like out."""

import pytest

from podium.core.spoofing import has_spoofing, without_soft_hyphens, without_spoofing
from podium.terminal.screen.text import clean_text

FAMILY = "👨\u200d👩\u200d👧"
CASES = {
    "bidi controls": ("pass\u202eword\u2066\u061c\u200e", "password"),
    "invisible characters": ("pa\u200bsswo\ufeffrd\u180e\u2060\u2064", "password"),
    "a joiner between ASCII": ("pay\u200dpal pay\u200cpal", "paypal paypal"),
    "a joiner at the end": ("pay\u200d", "pay"),
    "a joiner at the beginning": ("\u200da\u200c", "a"),
    "a joiner behind what hides behind ASCII": ("a\u200b\u200d\u202eb", "ab"),
    "joiners of an emoji": (FAMILY, FAMILY),
    "a joiner of a script": ("می\u200cخواهم", "می\u200cخواهم"),
    "a joiner behind what hides in a script": ("می\u200b\u200cخ\u202e", "می\u200cخ"),
    "a joiner between an abbreviation and its ending": ("PDF\u200cها", "PDF\u200cها"),
    "a joiner behind what hides behind an abbreviation": ("PDF\u200b\u200cها", "PDF\u200cها"),
    "joiners alone": ("\u200c\u200d", ""),
    "nothing hidden": ("plain, größe, 漢字", "plain, größe, 漢字"),
}


@pytest.mark.parametrize(("text", "left"), CASES.values(), ids=CASES)
def test_what_hides_goes_and_what_joins_stays(text: str, left: str) -> None:
    assert without_spoofing(text) == left
    assert clean_text(text, 100) == left


def test_soft_hyphens_are_copied_and_left_out_of_titles() -> None:
    assert without_spoofing("Donau\u00adschiff\u200b") == "Donau\u00adschiff"
    assert without_soft_hyphens("Donau\u00adschiff") == "Donauschiff"
    assert clean_text("Donau\u00adschiff", 100) == "Donauschiff"


@pytest.mark.parametrize(
    ("text", "hides"),
    [
        ("report.txt", False),
        ("report\u200c.txt", False),
        ("گزارش\u200cها", False),
        (FAMILY, False),
        ("a\u200bb", True),
        ("a\u00adb", True),
        ("a\u202eb", True),
    ],
)
def test_joiners_hide_nothing_in_a_name(text: str, hides: bool) -> None:
    assert has_spoofing(text) is hides
