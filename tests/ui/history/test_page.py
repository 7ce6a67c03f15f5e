"""The history page: rows, filters, orders, days, details, and the keys."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from podium.core.blocked import Blocked
from podium.core.ids import InstanceId
from podium.core.protocol.frames import Line, Run
from podium.core.protocol.saved_screen import KeptScreen, encode
from podium.core.runs import RunOutcome
from podium.history import blocked, runs
from podium.history.blocked import BlockedDay
from podium.history.database import Database
from podium.history.run_list import RunOrder
from podium.ui.history.last_screen import GONE, NOT_KEPT
from podium.ui.history.words import day_key
from podium.ui.pages.page import PageId
from podium.ui.terminal.accessible.interface import make_interface as make_terminal_interface
from podium.ui.widgets.accessible import make_interface
from podium.workspace.views import InstanceState
from tests.history.records import a_run
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.history.conftest import NOW, OpenHistory
from tests.ui.test_accessible_tree import check, named, nodes

DAY = 86_400.0


@pytest.fixture
def filled(database: Database) -> Database:
    """From the newest to the oldest: a (runs), b, c on another day, d long ago."""
    for id, name, ago, values in (
        ("a", "atlas", 600.0, {"outcome": RunOutcome.RUNNING, "rounds": 2, "cost_usd": 1.5}),
        ("b", "border", 1200.0, {"outcome": RunOutcome.FAILED, "seconds": 61.0, "reason": "It burst."}),
        ("c", "atlas", 3 * DAY, {"outcome": RunOutcome.DONE, "seconds": 3661.0, "cost_usd": 4.25}),
        ("d", "desert", 100 * DAY, {"outcome": RunOutcome.STOPPED, "seconds": 5.0}),
    ):
        ended = {} if id == "a" else {"ended_at": NOW - ago + float(str(values["seconds"]))}
        run = a_run(id=id, instance=InstanceId(name), name=name, started_at=NOW - ago, **{**values, **ended})
        runs.begin(database, run)
    blocked.record(database, [BlockedDay(day_key(NOW - 3 * DAY), "atlas", "c", Blocked(840.0, 4, 540.0))])
    return database


@pytest.mark.usefixtures("filled")
def test_days_with_their_runs(open_history: OpenHistory) -> None:
    opened = open_history()
    assert opened.ids() == ["a", "b", "c"]
    texts = opened.texts()
    assert texts[0] == "Today, 2 runs · $1.50"
    assert texts[1].startswith("atlas, Running, Today, ")
    assert texts[3].endswith("1 run · $4.25 · 14 min blocked")
    assert [label.text() for label in opened.page.totals.labels] == ["3", "$5.75", "1 h 02", "14 min"]


@pytest.mark.usefixtures("filled")
def test_filters_leave_out_what_does_not_match(open_history: OpenHistory, qtbot: QtBot) -> None:
    opened = open_history()
    page = opened.page
    page.range.chosen.emit(None)
    assert opened.ids() == ["a", "b", "c", "d"]
    page.filters.outcomes.chosen.emit(RunOutcome.DONE)
    assert opened.ids() == ["c"]
    page.filters.outcomes.chosen.emit(None)
    page.filters.instances.chosen.emit(InstanceId("atlas"))
    assert opened.ids() == ["a", "c"]
    assert page.filters.instances.text() == "atlas"
    assert [value for _, value in page.filters.instances.entries] == [None, "atlas", "border", "desert"]
    page.filters.instances.chosen.emit(None)
    page.filters.field.setFocus()
    QTest.keyClicks(page.filters.field, "burst")
    QTest.keyClick(page.filters.field, Qt.Key.Key_Return)
    assert opened.ids() == ["b"]
    assert page.table.hasFocus()


@pytest.mark.usefixtures("filled")
def test_nothing_matches_and_clear_leads_back(open_history: OpenHistory) -> None:
    opened = open_history()
    page = opened.page
    page.filters.field.setText("x")
    page.filters.text_changed.emit("nowhere")
    assert page.content.currentWidget() is page.empty
    assert page.empty.label.text() == "No run matches ‘nowhere’."
    page.empty.clear.click()
    assert opened.ids() == ["a", "b", "c", "d"]
    assert page.filters.field.text() == ""
    assert page.content.currentWidget() is page.table


def test_no_runs_yet(open_history: OpenHistory) -> None:
    page = open_history().page
    assert page.empty.label.text() == "No runs yet."
    assert not page.empty.clear.isVisible()
    assert [label.text() for label in page.totals.labels] == ["0", "–", "–", "–"]


@pytest.mark.usefixtures("filled")
def test_a_column_sorts_and_the_next_click_turns_it(open_history: OpenHistory) -> None:
    opened = open_history()
    button = opened.page.header.buttons[RunOrder.COST]
    button.click()
    assert opened.ids() == ["c", "a", "b"]
    assert button.accessibleName() == "Cost, sorted downwards"
    assert len(opened.texts()) == 3, "only an order by time has headers"
    button.click()
    assert opened.ids() == ["b", "a", "c"]


@pytest.mark.usefixtures("filled")
def test_a_click_on_a_day_filters_by_it(open_history: OpenHistory) -> None:
    opened = open_history()
    plot = opened.page.totals.plot
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.bar(10).center().toPoint())
    assert opened.ids() == ["c"]
    assert opened.page.totals.labels[0].text() == "1"
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.bar(10).center().toPoint())
    assert opened.ids() == ["a", "b", "c"]


@pytest.mark.usefixtures("filled")
def test_a_day_is_chosen_with_keys(open_history: OpenHistory) -> None:
    opened = open_history()
    plot = opened.page.totals.plot
    plot.setFocus()
    for _ in range(4):
        QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription().endswith("1 run · $4.25 · 14 min blocked")
    QTest.keyClick(plot, Qt.Key.Key_Space)
    assert opened.ids() == ["c"]


@pytest.mark.usefixtures("filled")
def test_details_follow_the_keys_and_escape_goes_one_step_back(open_history: OpenHistory) -> None:
    opened = open_history()
    page = opened.page
    assert page.table.hasFocus()
    assert not page.details.isVisible()
    for key, id in ((Qt.Key.Key_Down, "a"), (Qt.Key.Key_J, "b"), (Qt.Key.Key_End, "c"), (Qt.Key.Key_K, "b")):
        QTest.keyClick(page.table, key)
        listed = page.details.listed
        assert listed is not None
        assert listed.run.id == id
        assert page.details.isVisible()
    assert page.details.reason.text() == "It burst."
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert not page.details.isVisible()
    assert opened.window.pages.page is page
    QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert opened.window.pages.page is None


@pytest.mark.usefixtures("filled")
def test_six_facts(open_history: OpenHistory) -> None:
    page = open_history().page
    QTest.keyClick(page.table, Qt.Key.Key_End)
    facts = {name: value.text() for name, value in page.details.values.items()}
    assert facts == {
        "Length": "1:01:01",
        "Blocked on you": "14 min, 4 questions",
        "Cost": "$4.25",
        "Rounds": "–",
        "Tokens": "–",
        "Folder": "/home/kim/harbor",
    }


@pytest.mark.usefixtures("filled")
def test_actions_only_for_what_is_there(open_history: OpenHistory, workspace: FakeWorkspace) -> None:
    atlas = workspace.add("atlas", state=InstanceState.DONE)
    opened = open_history()
    page = opened.page
    QTest.keyClick(page.table, Qt.Key.Key_End)
    assert page.details.show_instance.isVisible()
    assert page.details.start_again.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_S)
    assert workspace.calls == [("start", atlas)]
    QTest.keyClick(page.table, Qt.Key.Key_C)
    assert QGuiApplication.clipboard().text() == "harbor/mission.toml"
    QTest.keyClick(page.table, Qt.Key.Key_Up)
    assert not page.details.show_instance.isVisible()
    assert not page.details.start_again.isVisible()
    QTest.keyClick(page.table, Qt.Key.Key_S)
    assert workspace.calls == [("start", atlas)]
    QTest.keyClick(page.table, Qt.Key.Key_Up)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert opened.window.pages.current is PageId.TERMINALS
    assert workspace.arrangement.current == atlas


@pytest.mark.usefixtures("filled")
def test_letters_typed_into_the_field_are_text(open_history: OpenHistory) -> None:
    page = open_history().page
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    QTest.keyClick(page.table, Qt.Key.Key_Slash)
    assert page.filters.field.hasFocus()
    before = QGuiApplication.clipboard().text()
    QTest.keyClicks(page.filters.field, "sco")
    assert page.filters.field.text() == "sco"
    assert QGuiApplication.clipboard().text() == before
    QTest.keyClick(page.filters.field, Qt.Key.Key_Escape)
    assert page.filters.field.text() == ""
    QTest.keyClick(page.filters.field, Qt.Key.Key_Escape)
    assert page.table.hasFocus()


@pytest.mark.usefixtures("filled")
def test_a_run_that_ends_shows_at_once_and_the_choice_stays(
    open_history: OpenHistory, database: Database, qtbot: QtBot
) -> None:
    opened = open_history()
    page = opened.page
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    runs.end(
        database,
        a_run(
            id="a",
            instance=InstanceId("atlas"),
            name="atlas",
            started_at=NOW - 600,
            ended_at=NOW,
            seconds=600.0,
            outcome=RunOutcome.DONE,
        ),
    )
    runs.begin(database, a_run(id="e", started_at=NOW - 1))
    page.refresh()
    qtbot.waitUntil(lambda: opened.ids() == ["e", "a", "b", "c"])
    listed = page.details.listed
    assert listed is not None
    assert listed.run.outcome is RunOutcome.DONE
    assert page.table.chosen == listed


def test_many_runs_come_page_by_page(open_history: OpenHistory, database: Database) -> None:
    for number in range(450):
        runs.begin(database, a_run(id=f"{number:04}", started_at=NOW - 10 * number))
    opened = open_history()
    assert opened.page.model.count == 200
    opened.asked.held = True
    parent = opened.page.table.rootIndex()
    opened.page.model.fetchMore(parent)
    assert not opened.page.model.canFetchMore(parent)
    runs.begin(database, a_run(id="new", started_at=NOW))
    opened.asked.release()
    opened.asked.held = False
    opened.page.model.fetchMore(parent)
    assert len(set(opened.ids())) == len(opened.ids()) == 450
    assert not opened.page.model.canFetchMore(parent)
    opened.page.refresh()
    opened.page._load_again()
    assert opened.ids()[0] == "new"
    assert opened.page.model.count == 450


@pytest.mark.usefixtures("filled")
def test_an_older_answer_is_dropped(open_history: OpenHistory) -> None:
    opened = open_history()
    opened.asked.held = True
    opened.page.filters.outcomes.chosen.emit(RunOutcome.DONE)
    opened.page.filters.outcomes.chosen.emit(RunOutcome.FAILED)
    opened.asked.release()
    assert opened.ids() == ["b"]


def test_a_history_that_cannot_be_read_says_so(open_history: OpenHistory) -> None:
    opened = open_history()
    opened.asked.failure = OSError("the disk is gone")
    opened.page.enter()
    assert opened.page.content.currentWidget() is opened.page.empty
    assert opened.page.empty.label.text() == "The history can't be read: the disk is gone"


def keep(screens: Path, instance: str, at: float) -> None:
    lines = (Line((Run("first"),)), Line((Run("all gates pass"),)))
    (screens / f"{instance}.screen").write_bytes(encode(KeptScreen(80, lines, saved_at=at)))


@pytest.mark.usefixtures("filled")
def test_the_last_screen_is_really_that_runs(open_history: OpenHistory, screens: Path) -> None:
    keep(screens, "border", NOW - 1000)
    keep(screens, "atlas", NOW - 10)
    page = open_history().page
    details, table = page.details, page.table
    QTest.keyClick(table, Qt.Key.Key_Down)
    shown = details.last_screen.screen_shown
    assert shown is not None
    assert shown.text == "first\nall gates pass"
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert details.last_screen.isVisible()
    details.copy_text.click()
    assert QGuiApplication.clipboard().text() == "first\nall gates pass"
    # A later run of the same instance has written over it.
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert not details.last_screen.isVisible()
    assert details.screen_note.text() == GONE


@pytest.mark.usefixtures("filled")
def test_no_screen_is_kept(open_history: OpenHistory) -> None:
    page = open_history(keep=False).page
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert page.details.screen_note.text() == NOT_KEPT
    assert not page.details.copy_text.isVisible()


@pytest.mark.usefixtures("filled")
def test_in_a_small_window_details_take_the_place_of_the_table(open_history: OpenHistory) -> None:
    page = open_history(800, 600).page
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    assert not page.table.isVisible()
    assert page.details.hasFocus()
    QTest.keyClick(page.details, Qt.Key.Key_Down)
    listed = page.details.listed
    assert listed is not None
    assert listed.run.id == "b"
    QTest.keyClick(page.details, Qt.Key.Key_Escape)
    assert page.table.isVisible()
    assert page.table.hasFocus()


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("size", [(1440, 900), (800, 600)])
def test_assistive_technology_is_told_all_of_it(open_history: OpenHistory, size: tuple[int, int]) -> None:
    for make in (make_terminal_interface, make_interface):
        QAccessible.installFactory(make)
    opened = open_history(*size)
    for _ in range(2):
        found = nodes(opened.window)
        check(found)
        buttons = named(found, QAccessible.Role.PushButton)
        assert "Export runs" in buttons
        opened.page.table.step(1)
    assert "Close the details" in buttons
    assert "Details of the run" in named(found, QAccessible.Role.Grouping)
    runs_shown = QAccessible.queryAccessibleInterface(opened.page.table)
    assert runs_shown.child(1).text(QAccessible.Text.Name).startswith("atlas, Running, Today")


@pytest.mark.usefixtures("filled")
def test_an_export_writes_what_is_shown(open_history: OpenHistory, tmp_path: Path) -> None:
    page = open_history().page
    page.filters.outcomes.chosen.emit(RunOutcome.DONE)
    QTest.keyClick(page.table, Qt.Key.Key_E)
    (chooser,) = page.window().findChildren(QFileDialog)
    chooser.fileSelected.emit(str(tmp_path / "runs.json"))
    chooser.reject()
    read = json.loads((tmp_path / "runs.json").read_text(encoding="utf-8"))
    assert [(run["id"], run["blocked"]) for run in read] == [("c", 840.0)]


@pytest.mark.usefixtures("filled")
def test_a_folder_is_opened_if_it_is_there(
    open_history: OpenHistory, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.begin(database, a_run(id="here", folder=str(tmp_path), started_at=NOW - 1))
    opened = open_history()
    urls: list[str] = []
    said: list[str] = []

    def open_url(url: QUrl) -> bool:
        urls.append(url.toLocalFile())
        return True

    monkeypatch.setattr(opened.page.actions_of, "_open_url", open_url)
    monkeypatch.setattr(opened.window, "show_message", said.append)
    QTest.keyClick(opened.page.table, Qt.Key.Key_Down)
    QTest.keyClick(opened.page.table, Qt.Key.Key_O)
    assert urls == [str(tmp_path)]
    QTest.keyClick(opened.page.table, Qt.Key.Key_Down)
    QTest.keyClick(opened.page.table, Qt.Key.Key_O)
    assert said == ["/home/kim/harbor is not there any more."]
