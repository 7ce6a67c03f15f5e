"""Rare choices for a new instance in, the policy and the limits out; or which field is wrong."""

import pytest
from pytestqt.qtbot import QtBot

from podium.core.instances import Kind, RestartWhen
from podium.ui.dialogs.more_options import MoreOptions
from podium.ui.theme.palette import ThemeManager


@pytest.fixture
def more(qtbot: QtBot, themes: ThemeManager) -> MoreOptions:
    made = MoreOptions(themes)
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    ("field", "text", "good"),
    [
        ("memory", "15", False),
        ("memory", "16", True),
        ("memory", str(16 << 20), True),
        ("memory", str((16 << 20) + 1), False),
        ("memory", "²", False),
        ("cpu", "0", False),
        ("cpu", "1", True),
        ("cpu", "100000", True),
        ("cpu", "100001", False),
        ("stop", "Ctrl+C", True),
        ("stop", "Strg+C", False),
    ],
)
def test_a_field_is_good_within_its_bounds(more: MoreOptions, field: str, text: str, good: bool) -> None:
    edit = getattr(more, field)
    edit.setText(text)
    assert more.wrong_field() is (None if good else edit)


def test_a_field_that_was_put_right_is_no_longer_marked(more: MoreOptions) -> None:
    more.stop.setText("Strg+C")
    more.memory.setText("much")
    assert more.wrong_field() is more.stop
    more.stop.setText("Ctrl+C")
    assert more.wrong_field() is more.memory
    assert [edit.property("wrong") for edit in (more.stop, more.memory)] == [False, True]
    more.memory.setText("64")
    assert more.wrong_field() is None
    assert (more.memory.property("wrong"), more.message.isHidden()) == (False, True)


@pytest.mark.parametrize(
    ("kind", "restart"),
    [(Kind.COMMAND, RestartWhen.NEVER), (Kind.MISSION, RestartWhen.NEVER), (Kind.SHELL, None)],
)
def test_what_a_kind_does_not_offer_is_not_chosen_for_it(
    more: MoreOptions, kind: Kind, restart: RestartWhen | None
) -> None:
    more.show_for(Kind.COMMAND)
    more.toggle.click()
    more.restart.click()
    more.show_for(kind)
    assert more.policy.restart is restart
