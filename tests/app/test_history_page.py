"""The history page of a real window: a real run ends, and its row, its length and its last screen are there."""

from pytestqt.qtbot import QtBot

from podium.app.startup.arguments import WindowOptions
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.runs import RunOutcome
from podium.history.run_list import ListedRun
from podium.ui.history.page import HistoryPage
from podium.ui.pages.page import PageId
from podium.workspace.views import InstanceState
from tests.app.conftest import PATIENCE, Open

A = InstanceId("a")
COMMAND = InstanceSpec(A, "a", Kind.COMMAND, ThemeName.AMBER, "/", ("/bin/sh", "-c", "echo all is well"))


def test_a_run_that_ends_while_the_page_is_shown(open_session: Open, qtbot: QtBot) -> None:
    session = open_session(WindowOptions())
    qtbot.waitUntil(lambda: session._restored and session._settings is not None, timeout=PATIENCE)
    session.window.pages.show(PageId.HISTORY)
    page = session.window.pages.page
    assert isinstance(page, HistoryPage)
    session.workspace.create(COMMAND)

    def listed() -> list[ListedRun]:
        rows = (page.model.row(number) for number in range(page.model.rowCount()))
        return [row for row in rows if isinstance(row, ListedRun) and row.run.instance == A]

    qtbot.waitUntil(lambda: [one.run.outcome for one in listed()] == [RunOutcome.DONE], timeout=PATIENCE)
    assert session.workspace.state(A) is InstanceState.DONE
    (one,) = listed()
    assert one.run.seconds is not None
    page.table.choose(page.model.place(one.run.id))

    def screen_shown() -> bool:
        page.refresh()  # The worker may not have kept it yet.
        found = page.details.last_screen.screen_shown
        return found is not None and "all is well" in found.text

    qtbot.waitUntil(screen_shown, timeout=PATIENCE)
