"""Rows of a screen in, the last ones that say anything out."""

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.protocol.frames import AttributeEntry, Attributes, Cursor, Line, Run, Style
from podium.core.protocol.reports import LinesReport, ScreenReport
from podium.core.protocol.requests import ScreenWanted
from podium.ui.inbox.tails import ROWS, ScreenTails, last_rows
from tests.ui.fake_workspace import FakeWorkspace


def lines(*texts: str) -> list[Line]:
    return [Line((Run(text),)) if text else Line() for text in texts]


def shown(*texts: str) -> list[str]:
    return ["".join(run.text for run in row.line.runs) for row in last_rows(lines(*texts), {})]


@pytest.mark.parametrize(
    ("screen", "rows"),
    [
        ((), []),
        (("", "  ", ""), []),
        (("one", "two"), ["one", "two"]),
        (("1", "2", "3", "4", "5", ""), ["2", "3", "4", "5"]),
        (("╭────╮", "│ Go? │", "╰────╯", "", "❯ Yes"), ["│ Go? │", "❯ Yes"]),
    ],
)
def test_the_last_rows_that_say_anything(screen: tuple[str, ...], rows: list[str]) -> None:
    assert shown(*screen) == rows


def test_only_the_looks_they_use_are_kept() -> None:
    bold = Attributes(style=Style.BOLD)
    (row,) = last_rows([Line((Run("x", 3),))], {3: bold, 4: Attributes()})
    assert row.table == {3: bold}


class Screens:
    """Sessions that answer when the test says so."""

    def __init__(self, workspace: FakeWorkspace) -> None:
        self.workspace = workspace

    def asked(self) -> list[str]:
        return [id for id, request in self.workspace.sent if isinstance(request, ScreenWanted)]

    def answer(self, id: str, *texts: str, more: bool = False) -> None:
        (*_, wanted) = [
            request
            for target, request in self.workspace.sent
            if target == id and isinstance(request, ScreenWanted)
        ]
        report = self.workspace.hub.session_reported
        report(InstanceId(id), ScreenReport(wanted.request, 80, 24, Cursor(), 0, 0, 0, 0))
        entries = (AttributeEntry(0, Attributes()),)
        report(InstanceId(id), LinesReport(wanted.request, 0, 0, tuple(lines(*texts)), entries, more))


def test_a_session_is_asked_again_only_after_it_has_answered(workspace: FakeWorkspace, qtbot: QtBot) -> None:
    id, screens, parent = workspace.add("a"), Screens(workspace), QObject()
    tails = ScreenTails(workspace.as_workspace, workspace.hub, lambda: [id], parent)
    changed: list[str] = []
    tails.changed.connect(changed.append)
    tails.look()
    assert screens.asked() == []  # It is not open.
    tails.start()
    tails.look()
    assert screens.asked() == ["a"]
    screens.answer("a", *map(str, range(30)))
    assert len(tails.tail(id)) == ROWS
    tails.look()
    screens.answer("a", *map(str, range(30)))
    assert screens.asked() == ["a", "a"]
    assert changed == ["a"]  # The same again is no change.


def test_what_is_out_of_sight_is_neither_asked_nor_kept(workspace: FakeWorkspace) -> None:
    id, screens, parent = workspace.add("a"), Screens(workspace), QObject()
    wanted = [id]
    tails = ScreenTails(workspace.as_workspace, workspace.hub, lambda: wanted, parent)
    tails.start()
    screens.answer("a", "hello")
    wanted.clear()
    tails.look()
    assert tails.tail(id) == ()
    assert screens.asked() == ["a"]


def test_an_answer_that_comes_after_the_end_is_dropped(workspace: FakeWorkspace) -> None:
    id, screens, parent = workspace.add("a"), Screens(workspace), QObject()
    tails = ScreenTails(workspace.as_workspace, workspace.hub, lambda: [id], parent)
    tails.start()
    tails.stop()
    screens.answer("a", "hello")
    assert tails.tail(id) == ()
    tails.start()
    screens.answer("a", "hello", more=True)
    assert tails.tail(id) == ()  # There is more of it to come.
