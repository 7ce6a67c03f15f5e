"""Commands in, what is in sight out."""

import pytest

from podium.workspace.arrangement import Arrangement, Layout


@pytest.fixture
def six(qapp: object) -> Arrangement:
    arrangement = Arrangement()
    arrangement.restore(list("abcdef"), "b", Layout.GRID)
    return arrangement


def test_the_grid_shows_the_page_with_the_current_one(six: Arrangement) -> None:
    assert six.visible == tuple("abcd")
    assert (six.page, six.pages) == (0, 2)
    six.select("e")
    assert six.visible == tuple("ef")
    six.next_page()
    assert six.visible == tuple("abcd")
    six.restore(list("abcdefghij"), "b", Layout.GRID)
    for page in ("ij", "efgh", "abcd"):
        six.previous_page()
        assert six.visible == tuple(page)


def test_tabs_and_zoom_show_one(six: Arrangement) -> None:
    six.toggle_zoom()
    assert six.visible == ("b",)
    six.toggle_layout()
    assert (six.visible, six.zoomed) == (("b",), False)
    six.toggle_layout()
    assert six.visible == tuple("abcd")


def test_removing_the_current_one_makes_its_neighbour_current(six: Arrangement) -> None:
    six.remove("b")
    assert six.current == "c"
    six.select("f")
    six.remove("f")
    assert six.current == "e"
    for instance in "acde":
        six.remove(instance)
    assert (six.current, six.visible, six.pages) == (None, (), 1)


def test_numbers_and_steps(six: Arrangement) -> None:
    six.select_number(6)
    assert six.current == "f"
    six.step(1)
    assert six.current == "a"
    six.step(-1)
    six.select_number(7)
    six.select_number(0)
    assert six.current == "f"


def test_order_changes_by_swapping_and_moving(six: Arrangement) -> None:
    six.swap("a", "d")
    six.move("f", 0)
    assert six.order == tuple("fdbcae")
    six.move("f", 99)
    assert six.order[-1] == "f"


def test_a_saved_current_one_that_is_gone_falls_back_to_the_first(qapp: object) -> None:
    arrangement = Arrangement()
    arrangement.restore(["x"], "gone", Layout.TABS)
    assert arrangement.current == "x"
