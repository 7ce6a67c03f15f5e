"""A bad end before and what a person did since in, what is offered to go on out."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.app.state import recovery
from podium.app.state.recovery import Recovery
from podium.core.config.settings import Leftovers
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.ui.dialogs.sheet import Sheet
from podium.ui.theme.palette import ThemeManager
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend

A, B, C = InstanceId("a"), InstanceId("b"), InstanceId("c")


class History:
    """It answers when the test says so."""

    def __init__(self) -> None:
        self.find: list[Callable[[tuple[()]], None]] = []

    def find_abandoned(self, receive: Callable[[tuple[()]], None]) -> None:
        self.find.append(receive)


@pytest.fixture
def workspace(qtbot: QtBot) -> Workspace:
    made = Workspace(FakeBackend().hub, {})
    for id in (A, B, C):
        made.create(InstanceSpec(id, id, Kind.SHELL, ThemeName.ROSE, "/srv"), start=False)
    return made


@pytest.mark.parametrize("meanwhile", ["close", "start"])
def test_what_was_closed_or_started_since_is_not_offered(
    qtbot: QtBot, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    monkeypatch.setattr(recovery, "found_reports", lambda _folder: ())
    monkeypatch.setattr(recovery, "crash_folder", lambda: Path("/nowhere"))
    host, history, offered = QWidget(), History(), list[tuple[str, ...]]()
    qtbot.addWidget(host)

    def note(sheet: Sheet) -> None:
        rows = [child.accessibleName() for child in sheet.findChildren(QWidget)]
        offered.append(tuple(row for row in rows if row.endswith("Was running")))

    window = SimpleNamespace(themes=ThemeManager(host), sheet_host=lambda: host, open_sheet=note)

    def run(work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        then(work())

    made = Recovery(workspace, lambda: cast(Any, window), cast(Any, history), cast(Any, run))
    made.begin((A, B, C), Leftovers.ASK, screens_kept=False)
    getattr(workspace, meanwhile)(B)
    history.find[0](())
    assert offered == [("a, Was running", "c, Was running")]
