"""The table itself: what a row's tests came to in, its words and the figures out."""

from tests.faults.__main__ import note, outcome
from tests.faults.matrix import MATRIX, SUPERVISION
from tests.faults.plugin import Key, Proof


def test_there_are_46_rows_of_supervision_in_order() -> None:
    assert [row.id for row in SUPERVISION] == [str(number) for number in range(1, 47)]


def test_no_two_rows_have_the_same_name() -> None:
    ids = [row.id for row in MATRIX]
    assert len(set(ids)) == len(ids)


def test_a_row_passes_only_by_tests_that_ran_and_passed() -> None:
    assert outcome(Proof(passed=2)) == "passed"
    assert outcome(Proof(passed=2, failed=["one"])) == "FAILED"
    assert outcome(Proof(skipped=["not on this system"])) == "NOT RUN"
    assert outcome(None) == "NO TEST"


def test_figures_stand_beside_the_row_with_their_limits() -> None:
    figures = {
        Key("survivors", "", None): 0,
        Key("ended after", "ms", 1000): 12.345,
        Key("lines", "", None): 1234567.8,
        Key("said", "", None): "yes",
    }
    assert note(Proof(passed=1, figures=figures)) == (
        "survivors 0, ended after 12.3 ms (< 1,000), lines 1,234,568, said yes, 1 test"
    )
    assert note(Proof(skipped=["not on this system"])) == "not on this system"
