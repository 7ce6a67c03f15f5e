"""A grid of as many panes as there is room for: rectangles, pages, and the setting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect, QSize

from podium.core.config.settings import Grid, Settings, Window
from podium.ui.panes.pane_geometry import LEAST_PANE, MOST_PANES, pane_rects, panes_that_fit
from podium.workspace.arrangement import Layout
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow


@given(
    width=st.integers(300, 4000),
    height=st.integers(260, 3000),
    count=st.integers(5, MOST_PANES),
    gap=st.integers(0, 8),
)
def test_panes_fill_the_area_and_have_room(width: int, height: int, count: int, gap: int) -> None:
    area = QRect(10, 20, width, height)
    if count > panes_that_fit(area.size(), gap):
        return
    rects = pane_rects(count, area, gap)
    assert len(rects) == count
    if panes_that_fit(area.size(), gap) > 4:
        assert all(one.width() >= LEAST_PANE.width() and one.height() >= LEAST_PANE.height() for one in rects)
    assert not any(one.intersects(other) for index, one in enumerate(rects) for other in rects[index + 1 :])
    bounds = QRect()
    for rect in rects:
        assert area.contains(rect)
        bounds = bounds.united(rect)
    assert bounds == area


@pytest.mark.parametrize(
    ("width", "height", "fit"),
    [(1400, 860, 16), (740, 520, 12), (500, 260, 4), (100, 100, 4), (5000, 3000, 16)],
)
def test_as_many_as_there_is_room_for(width: int, height: int, fit: int) -> None:
    assert panes_that_fit(QSize(width, height), 6) == fit


def test_the_setting_shows_all_and_takes_it_back(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    for number in range(9):
        workspace.add(f"a{number}")
    window = make_window()
    arrangement = workspace.arrangement
    arrangement.set_layout(Layout.GRID)
    assert len(arrangement.visible) == 4
    window.apply_settings(Settings(window=Window(grid=Grid.ALL)))
    assert len(arrangement.visible) == 9
    assert arrangement.pages == 1
    assert window.tab_bar.page_button.isHidden()
    assert len(window.pane_area.visible_panes()) == 9
    window.apply_settings(Settings())
    assert len(arrangement.visible) == 4
    assert not window.tab_bar.page_button.isHidden()
