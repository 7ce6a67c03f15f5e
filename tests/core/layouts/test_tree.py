"""Trees of panes: every operation keeps each pane once, and all of the room in use."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podium.core.ids import InstanceId
from podium.core.layouts.placing import (
    LEAST_HEIGHT,
    LEAST_WIDTH,
    Box,
    least_size,
    neighbour,
    placed,
    with_border_moved,
)
from podium.core.layouts.saved import SplitsError, from_plain, to_plain
from podium.core.layouts.tree import (
    Axis,
    Line,
    Side,
    Tree,
    border_beside,
    close,
    equalise,
    even_line,
    grid_of,
    in_line,
    kept,
    panes,
    replace,
    split,
    swap,
    to_edge,
)

A, B, C, D = (InstanceId(name) for name in "abcd")
AREA = Box(10, 20, 1400, 900)
GAP = 6


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Splits as they come about: one pane after another beside one that is there, borders moved."""
    tree: Tree = InstanceId("p0")
    for number in range(1, draw(st.integers(1, 9))):
        beside = draw(st.sampled_from(panes(tree)))
        tree = split(tree, beside, InstanceId(f"p{number}"), draw(st.sampled_from(Side)))
        borders = placed(tree, AREA, GAP).borders
        tree = with_border_moved(tree, GAP, draw(st.sampled_from(borders)), draw(st.integers(-900, 900)))
    return tree


def check(tree: Tree) -> None:
    """The rules of a line."""
    if isinstance(tree, Line):
        assert len(tree.parts) == len(tree.shares) >= 2
        assert sum(tree.shares) == pytest.approx(1)
        assert min(tree.shares) > 0
        for part in tree.parts:
            assert not isinstance(part, Line) or part.axis is not tree.axis
            check(part)


@given(tree=trees(), data=st.data())
def test_every_operation_keeps_the_rules_and_all_other_panes(tree: Tree, data: Any) -> None:
    there = set(panes(tree))
    check(tree)
    one, other = (data.draw(st.sampled_from(panes(tree))) for _ in range(2))
    side = data.draw(st.sampled_from(Side))
    new = InstanceId("new")
    for made, expected in (
        (split(tree, one, new, side), there | {new}),
        (replace(tree, one, new), there - {one} | {new}),
        (swap(tree, one, other), there),
        (to_edge(tree, one, side), there),
        (equalise(tree), there),
        (close(tree, one), there - {one}),
        (kept(tree, {one, other}), {one, other}),
    ):
        assert set(panes(made)) == expected
        assert len(panes(made)) == len(expected)
        if made is not None:
            check(made)


@given(tree=trees(), width=st.integers(0, 3000), height=st.integers(0, 2000), gap=st.integers(0, 8))
def test_panes_and_borders_fill_the_area(tree: Tree, width: int, height: int, gap: int) -> None:
    area = Box(5, 7, width, height)
    found = placed(tree, area, gap)
    assert set(found.boxes) == set(panes(tree))
    least_width, least_height = least_size(tree, gap)
    if width < least_width or height < least_height:
        return
    boxes = list(found.boxes.values())
    assert all(box.width >= LEAST_WIDTH and box.height >= LEAST_HEIGHT for box in boxes)
    everything = boxes + [border.box for border in found.borders]
    assert sum(box.width * box.height for box in everything) == width * height
    for index, one in enumerate(everything):
        assert area.x <= one.x
        assert one.right <= area.right
        assert area.y <= one.y
        assert one.bottom <= area.bottom
        for other in everything[index + 1 :]:
            apart = one.right <= other.x or other.right <= one.x
            assert apart or one.bottom <= other.y or other.bottom <= one.y


@given(tree=trees(), data=st.data())
def test_a_border_follows_the_pointer_until_a_pane_is_the_least(tree: Tree, data: Any) -> None:
    least_width, least_height = least_size(tree, GAP)
    borders = placed(tree, AREA, GAP).borders
    if not borders or least_width > AREA.width or least_height > AREA.height:
        return
    border = data.draw(st.sampled_from(borders))
    by = data.draw(st.integers(-2000, 2000))
    moved = with_border_moved(tree, GAP, border, by)
    check(moved)
    after = placed(moved, AREA, GAP)
    again = next(one for one in after.borders if (one.path, one.number) == (border.path, border.number))
    went = again.box.x - border.box.x + again.box.y - border.box.y
    assert min(0, by) - 1 <= went <= max(0, by) + 1
    assert all(
        box.width >= LEAST_WIDTH - 1 and box.height >= LEAST_HEIGHT - 1 for box in after.boxes.values()
    )
    back = with_border_moved(moved, GAP, again, -went)
    for id, box in placed(back, AREA, GAP).boxes.items():
        first = placed(tree, AREA, GAP).boxes[id]
        assert abs(box.x - first.x) <= 2
        assert abs(box.y - first.y) <= 2


def test_a_split_halves_one_pane_and_merges_with_its_line() -> None:
    row = split(split(A, A, B, Side.RIGHT), B, C, Side.RIGHT)
    assert row == Line(Axis.ROW, (A, B, C), (0.5, 0.25, 0.25))
    mixed = split(row, B, D, Side.ABOVE)
    assert mixed == Line(Axis.ROW, (A, Line(Axis.COLUMN, (D, B), (0.5, 0.5)), C), (0.5, 0.25, 0.25))
    # What is left of a column is no column, and its neighbours keep their size.
    assert close(mixed, D) == row
    assert close(split(A, A, B, Side.LEFT), A) == B
    assert close(A, A) is None
    # What comes to lie in a line of its own axis becomes a part of it.
    column = in_line(Axis.COLUMN, [in_line(Axis.ROW, [A, B]), C])
    assert close(column, C) == in_line(Axis.ROW, [A, B])


def test_splits_begin_as_the_grid_shows_them() -> None:
    assert grid_of([A]) == A
    assert grid_of([A, B]) == in_line(Axis.ROW, [A, B])
    assert grid_of([A, B, C]) == in_line(Axis.ROW, [A, in_line(Axis.COLUMN, [B, C])])
    rows = [in_line(Axis.ROW, [A, B]), in_line(Axis.ROW, [C, D])]
    assert grid_of([A, B, C, D]) == in_line(Axis.COLUMN, rows)


def test_the_edge_is_along_all_others() -> None:
    two = in_line(Axis.ROW, [A, in_line(Axis.COLUMN, [B, C])])
    assert to_edge(two, B, Side.BELOW) == Line(Axis.COLUMN, (in_line(Axis.ROW, [A, C]), B), (0.5, 0.5))
    assert to_edge(A, A, Side.LEFT) == A


def test_evening_out_one_line_leaves_the_others() -> None:
    inner = Line(Axis.COLUMN, (B, C), (0.2, 0.8))
    tree = Line(Axis.ROW, (A, inner), (0.3, 0.7))
    assert even_line(tree, ()) == Line(Axis.ROW, (A, inner), (0.5, 0.5))
    assert even_line(tree, (1,)) == Line(Axis.ROW, (A, in_line(Axis.COLUMN, [B, C])), (0.3, 0.7))
    assert equalise(tree) == in_line(Axis.ROW, [A, in_line(Axis.COLUMN, [B, C])])


def test_neighbours_are_where_one_sees_them() -> None:
    tree = in_line(Axis.ROW, [A, in_line(Axis.COLUMN, [B, C])])
    boxes = placed(tree, AREA, GAP).boxes
    assert neighbour(boxes, B, Side.LEFT) == A
    assert neighbour(boxes, B, Side.BELOW) == C
    assert neighbour(boxes, C, Side.ABOVE) == B
    assert neighbour(boxes, A, Side.LEFT) is None
    low = Line(Axis.ROW, (A, Line(Axis.COLUMN, (B, C), (0.3, 0.7))), (0.5, 0.5))
    assert neighbour(placed(low, AREA, GAP).boxes, A, Side.RIGHT) == C


def test_the_border_of_a_pane_is_the_nearest_of_that_axis() -> None:
    tree = in_line(Axis.ROW, [A, in_line(Axis.COLUMN, [B, C]), D])
    assert border_beside(tree, B, Axis.ROW) == ((), 1)
    assert border_beside(tree, C, Axis.COLUMN) == ((1,), 0)
    assert border_beside(tree, A, Axis.COLUMN) is None
    assert border_beside(tree, D, Axis.ROW) == ((), 1)


@pytest.mark.parametrize(
    "call", [lambda tree: split(tree, D, C, Side.LEFT), lambda tree: replace(tree, D, C)]
)
def test_an_unknown_pane_is_an_error(call: Any) -> None:
    with pytest.raises(KeyError):
        call(in_line(Axis.ROW, [A, B]))


def test_no_instance_gets_two_panes() -> None:
    with pytest.raises(ValueError, match="pane already"):
        replace(in_line(Axis.ROW, [A, B]), A, B)


@given(tree=trees())
def test_saved_trees_come_back(tree: Tree) -> None:
    back = from_plain(to_plain(tree))
    check(back)
    assert panes(back) == panes(tree)
    first, second = placed(tree, AREA, GAP).boxes, placed(back, AREA, GAP).boxes
    assert first == second


_ROW = {"axis": "row", "parts": ["a", "b"], "shares": [1, 1]}


@pytest.mark.parametrize(
    "data",
    [
        None,
        7,
        [],
        {},
        {**_ROW, "axis": "diagonal"},
        {**_ROW, "axis": []},
        {**_ROW, "parts": ["a"]},
        {**_ROW, "parts": ["a", None]},
        {**_ROW, "parts": ["a", "a"]},
        {**_ROW, "parts": "ab"},
        {**_ROW, "shares": [1]},
        {**_ROW, "shares": [1, 0]},
        {**_ROW, "shares": [1, -1]},
        {**_ROW, "shares": [1, float("nan")]},
        {**_ROW, "shares": [1, float("inf")]},
        {**_ROW, "shares": [1, True]},
        {**_ROW, "shares": [1, "1"]},
        {**_ROW, "parts": [str(n) for n in range(17)], "shares": [1] * 17},
    ],
)
def test_what_is_no_tree_is_refused(data: object) -> None:
    with pytest.raises(SplitsError):
        from_plain(data)


def test_a_tree_without_end_is_refused() -> None:
    data: dict[str, object] = dict(_ROW)
    for number in range(5000):
        data = {"axis": ("row", "column")[number % 2], "parts": [f"x{number}", data], "shares": [1, 1]}
    with pytest.raises(SplitsError, match="deep"):
        from_plain(data)


@given(
    data=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=3),
        lambda inner: st.fixed_dictionaries(
            {"axis": st.sampled_from(["row", "column", ""]), "parts": st.lists(inner, max_size=4)},
            optional={"shares": st.lists(st.floats() | st.none(), max_size=4)},
        ),
    )
)
def test_hostile_data_makes_a_tree_or_is_refused(data: object) -> None:
    try:
        check(from_plain(data))
    except SplitsError:
        pass
