"""Keys and reports in; the bar, the marks and what is asked of sessions out."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from podium.core.commands import CommandId
from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.finding import Find, FindLines, FindOn, Unfind
from podium.core.protocol.frames import ChangedRow, Cursor, Frame, Line, Run, ScreenMode
from podium.core.protocol.marks import CommandState, ShellCommand
from podium.core.protocol.reports import (
    CommandsReport,
    ErrorReport,
    FoundLine,
    FoundLinesReport,
    FoundReport,
    Match,
    ProgramState,
    StatusReport,
)
from podium.core.protocol.requests import Paste, Resize
from podium.ui.dialogs.find_all import FindAllSheet
from podium.ui.dialogs.found_rows import FoundHeader, FoundRow
from podium.ui.main_window import MainWindow
from podium.ui.panes.find_bar import FindBar
from podium.ui.terminal.copy_mode.bar import CopyModeBar
from podium.ui.terminal.finding.row_marks import RowMarks
from podium.ui.terminal.input.clipboard import read_clipboard, write_clipboard
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import opened, pane_of, terminal_of

MakeWindow = Callable[..., MainWindow]
COLUMNS, LINES = 80, 30


def frame(number: int = 1, first_line: int = 500, **fields: Any) -> Frame:
    rows = tuple(ChangedRow(y, Line((Run(f"row {first_line + y}: straw"),))) for y in range(LINES))
    return Frame(number, COLUMNS, LINES, changed=rows, first_line=first_line, **fields)


class Finding:
    """A window with one instance whose terminal has 500 lines above its 30."""

    def __init__(self, window: MainWindow, workspace: FakeWorkspace, id: InstanceId) -> None:
        self.window, self.workspace, self.id = window, workspace, id
        self.terminal = terminal_of(window, id)
        workspace.hub.session_reported(id, frame())

    @property
    def bar(self) -> FindBar:
        return opened_bar(self.window, self.id)

    def open(self) -> None:
        self.window.run(CommandId.FIND, self.id)

    def sent(self, kind: type) -> list[Any]:
        return [request for target, request in self.workspace.sent if isinstance(request, kind)]

    def found(self, lines: Sequence[int], *, complete: bool = True, total: int | None = None) -> None:
        request = self.sent(Find)[-1].request
        matches = tuple(Match(line, 9, line, 15) for line in lines)
        count = len(matches) if total is None else total
        report = FoundReport(request, 0, False, 0, None, matches, count, 530, complete)
        self.workspace.hub.session_reported(self.id, report)

    def marks(self) -> dict[int, bool]:
        """The lines in view with a match, and whether it is the current one."""
        state = self.terminal._state
        top = state.viewport.top
        return {top + y: row.marks[0][2] for y, row in enumerate(state.rows()) if row.marks}


def opened_bar(window: MainWindow, id: InstanceId) -> FindBar:
    (bar,) = pane_of(window, id).findChildren(FindBar)
    return bar


@pytest.fixture
def finding(make_window: MakeWindow, workspace: FakeWorkspace) -> Finding:
    id = workspace.add("atlas")
    return Finding(make_window(), workspace, id)


def press(
    finding: Finding, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    QTest.keyClick(finding.bar.field, key, modifier)


def test_what_is_typed_is_searched_for_and_the_newest_match_is_current(finding: Finding) -> None:
    finding.open()
    assert finding.bar.isVisible()
    assert finding.bar.field.hasFocus()
    QTest.keyClicks(finding.bar.field, "ne")
    assert [find.query.text for find in finding.sent(Find)] == ["n", "ne"]
    assert [one.request for one in finding.sent(Unfind)] == [finding.sent(Find)[0].request]
    finding.found([529, 527, 100])
    assert finding.bar._count == "1 of 3"
    assert finding.marks() == {529: True, 527: False}
    assert finding.sent(FindOn)[-1].request == finding.sent(Find)[-1].request


def test_enter_goes_to_the_older_match_and_shift_enter_back(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([529, 527, 100])
    press(finding, Qt.Key.Key_Return)
    assert finding.marks()[527]
    press(finding, Qt.Key.Key_Return)
    assert finding.bar._count == "3 of 3"
    row = 100 - finding.terminal._state.viewport.top
    assert 0 <= row < LINES
    assert finding.terminal.is_in_sight(100)
    press(finding, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert finding.bar._count == "2 of 3"


def test_the_bar_lies_over_the_terminal_whose_size_stays(finding: Finding) -> None:
    sizes = finding.sent(Resize)
    before = finding.terminal.geometry()
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([529])
    assert finding.terminal.geometry() == before
    assert finding.sent(Resize) == sizes


def test_a_match_that_the_bar_would_hide_for_good_moves_the_terminal_down(finding: Finding) -> None:
    finding.open()
    before = finding.terminal.geometry()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([100, 0])
    press(finding, Qt.Key.Key_Return)
    assert finding.terminal._state.viewport.top == 0
    assert finding.terminal.geometry() == before.translated(0, finding.bar.height())
    press(finding, Qt.Key.Key_Return)
    assert finding.terminal.geometry() == before
    press(finding, Qt.Key.Key_Return)
    press(finding, Qt.Key.Key_Escape)
    assert finding.terminal.geometry() == before


def test_escape_takes_the_marks_away_and_gives_the_keyboard_back(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([529])
    press(finding, Qt.Key.Key_Escape)
    assert finding.bar.isHidden()
    assert finding.marks() == {}
    assert finding.terminal.hasFocus()
    assert finding.sent(Unfind)[-1].request == finding.sent(Find)[-1].request


@pytest.mark.parametrize(
    ("lines", "complete", "total", "said"),
    [
        ([], True, 0, "No match"),
        ([], False, 0, "Searching"),
        ([529, 3], False, 2, "1 of 2+"),
        (range(10_000, 0, -1), True, 12_345, "1 of 12,345"),
    ],
)
def test_the_bar_says_how_many_there_are(
    finding: Finding, lines: Sequence[int], complete: bool, total: int, said: str
) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "x")
    finding.found([line % 530 for line in lines], complete=complete, total=total)
    assert finding.bar._count.split(" of ")[-1] == said.split(" of ")[-1]


def test_a_pattern_that_is_none_says_why_and_the_last_matches_stay(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([529])
    finding.bar.regex.click()
    QTest.keyClicks(finding.bar.field, "(")
    request = finding.sent(Find)[-1]
    assert request.query == SearchQuery("needle(", regex=True)
    finding.workspace.hub.session_reported(finding.id, ErrorReport("Bracket is not closed", request.request))
    assert finding.bar._fault == "Bracket is not closed"
    assert finding.marks() == {529: True}
    QTest.keyClicks(finding.bar.field, ")")
    finding.found([])
    assert finding.bar._fault == ""
    assert finding.marks() == {}


def test_an_empty_field_searches_nothing(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "n")
    finding.found([529])
    press(finding, Qt.Key.Key_Backspace)
    assert finding.marks() == {}
    assert len(finding.sent(Find)) == 1
    assert len(finding.sent(Unfind)) == 1


def test_matches_of_another_width_are_not_marked(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([529])
    finding.workspace.hub.session_reported(finding.id, frame(2, line_epoch=1))
    assert finding.marks() == {}


def test_the_current_match_stays_while_output_comes(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([529, 100])
    press(finding, Qt.Key.Key_Return)
    top = finding.terminal._state.viewport.top
    finding.workspace.hub.session_reported(finding.id, frame(2, 600))
    finding.found([629, 529, 100])
    assert finding.bar._count == "3 of 3"
    assert finding.terminal._state.viewport.top == top


def test_the_selection_is_searched_for(finding: Finding) -> None:
    from podium.ui.terminal.selection.selection import Point

    finding.terminal._state.selection.select(Point(529, 9), Point(529, 15))
    finding.open()
    assert finding.bar.field.text() == "straw"
    assert finding.sent(Find)[-1].query.text == "straw"


def test_a_click_on_a_tick_goes_there(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([529, 250])
    ticks = finding.terminal._hit_tester.ticks()
    assert len(ticks.matches) == 2
    assert ticks.current == ticks.matches[1]
    at = QPoint(finding.terminal.width() - 5, ticks.matches[0])
    QTest.mouseClick(finding.terminal, Qt.MouseButton.LeftButton, pos=at)
    assert finding.bar._count == "2 of 2"
    assert 0 <= 250 - finding.terminal._state.viewport.top < LINES


def test_ten_thousand_matches_have_no_more_ticks_than_there_are_pixels(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "e")
    finding.workspace.hub.session_reported(finding.id, frame(2, 20_000))
    finding.found(range(20_000, 10_000, -1))
    assert len(finding.terminal._hit_tester.ticks().matches) <= finding.terminal.height()


def test_lines_that_come_while_scrolled_up_are_counted(finding: Finding) -> None:
    pill = pane_of(finding.window, finding.id).pill
    assert pill.isHidden()
    finding.terminal.scroll_lines(-20)
    assert pill.isHidden()
    finding.workspace.hub.session_reported(finding.id, frame(2, 512))
    assert pill.isVisible()
    assert pill._text == "12 new lines"
    finding.workspace.hub.session_reported(finding.id, frame(3, 2000))
    assert pill._text == "999+ new lines"
    QTest.mouseClick(pill, Qt.MouseButton.LeftButton)
    assert pill.isHidden()
    assert finding.terminal._state.viewport.at_bottom


def test_scrolling_by_a_line_and_to_the_start(finding: Finding) -> None:
    finding.window.run(CommandId.SCROLL_LINE_UP, finding.id)
    assert finding.terminal._state.viewport.top == 499
    finding.window.run(CommandId.SCROLL_LINE_DOWN, finding.id)
    assert finding.terminal._state.viewport.at_bottom
    QTest.keyClick(finding.terminal, Qt.Key.Key_Home, Qt.KeyboardModifier.ShiftModifier)
    assert finding.terminal._state.viewport.top == 0


def test_the_key_once_more_searches_all_instances_and_enter_goes_to_the_match(
    make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    ids = [workspace.add(name) for name in ("atlas", "borealis", "quiet")]
    window = make_window()
    finding = Finding(window, workspace, ids[0])
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.open()
    sheet = opened(window, FindAllSheet)
    assert sheet.field.text() == "needle"
    asked = {target: request for target, request in workspace.sent if isinstance(request, FindLines)}
    assert set(asked) == set(ids)
    line = FoundLine(77, "a needle", ((2, 8),))
    workspace.hub.session_reported(ids[1], FoundLinesReport(asked[ids[1]].request, 0, (line,), 5))
    assert sheet.said.text() == "5+ matches in 1 instance"
    workspace.hub.session_reported(ids[0], FoundLinesReport(asked[ids[0]].request, 0, (), 0))
    workspace.hub.session_reported(ids[2], ErrorReport("It has no session.", asked[ids[2]].request))
    rows = sheet.rows()
    assert [type(row) for row in rows] == [FoundHeader, FoundRow]
    QTest.keyClick(sheet.field, Qt.Key.Key_Return)
    assert not window.has_sheets()
    assert workspace.arrangement.current == ids[1]
    there = opened_bar(window, ids[1])
    assert there.isVisible()
    assert there.query == SearchQuery("needle")


def test_a_closed_instance_ends_its_search(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.workspace.remove(finding.id)
    assert finding.sent(Unfind)[-1].request == finding.sent(Find)[-1].request


def test_a_session_that_dies_leaves_its_marks_and_the_next_one_is_asked(finding: Finding) -> None:
    hub = finding.workspace.hub
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.found([529, 100])
    before = len(finding.sent(Find))
    hub.worker_changed(WorkerStatus(finding.id, WorkerState.BACKOFF))
    assert finding.marks() == {529: True}
    assert finding.bar._fault == ""
    finding.terminal.reset()
    assert finding.marks() == {}
    hub.session_reported(finding.id, StatusReport(ProgramState.RUNNING, 42))
    assert len(finding.sent(Find)) == before + 1
    hub.session_reported(finding.id, frame(1))
    finding.found([528])
    assert finding.marks() == {528: True}
    hub.session_reported(finding.id, StatusReport(ProgramState.RUNNING, 43))
    assert len(finding.sent(Find)) == before + 1, "it is being asked already"


def test_one_that_has_no_session_says_so(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "needle")
    finding.workspace.hub.worker_changed(WorkerStatus(finding.id, WorkerState.FAILED))
    assert finding.bar._fault == "It has no session to search"


@pytest.mark.parametrize(
    ("query", "runs", "marks"),
    [
        (SearchQuery("needle"), (Run("a needle, NEE"), Run("DLE", 1)), ((2, 8, False), (10, 16, False))),
        (SearchQuery("needle", case=True), (Run("a needle, NEEDLE"),), ((2, 8, False),)),
        (
            SearchQuery("漢字"),
            (Run("a"), Run("漢字漢", 0, 2), Run("字", 0, 2)),
            ((1, 5, False), (5, 9, False)),
        ),
        (SearchQuery("b"), (Run("👩🏽‍💻", 0, -2), Run("ab")), ((3, 4, False),)),
        (SearchQuery("cat", word=True), (Run("cat cat's concat"),), ((4, 7, False),)),
        (SearchQuery("cat", regex=True), (Run("cat"),), ()),
        (SearchQuery("cat"), (), ()),
    ],
)
def test_rows_are_marked_before_the_session_tells(
    query: SearchQuery, runs: tuple[Run, ...], marks: tuple[object, ...]
) -> None:
    assert RowMarks(query).of(Line(runs)) == marks


def test_output_faster_than_its_search_is_marked_all_the_same(finding: Finding) -> None:
    finding.open()
    QTest.keyClicks(finding.bar.field, "straw")
    finding.found([529])
    finding.workspace.hub.session_reported(finding.id, frame(2, 9_000, oldest_line=8_000))
    assert len(finding.marks()) == LINES
    assert finding.bar._count == "1 of 1"
    finding.found([8_000, 8_001], complete=False)
    assert finding.bar._count == "1 of 2+"
    press(finding, Qt.Key.Key_Escape)
    assert finding.marks() == {}


@pytest.mark.parametrize("command", [CommandId.COPY_MODE, CommandId.MARK_LINKS])
def test_what_takes_keys_brings_the_keyboard_to_its_terminal(finding: Finding, command: CommandId) -> None:
    other = finding.workspace.add("borea")
    finding.workspace.hub.session_reported(other, frame())
    finding.open()
    QTest.keyClicks(finding.bar.field, "straw")
    finding.window.run(command, finding.id)
    assert finding.terminal.hasFocus()
    assert finding.bar.isVisible()
    finding.window.run(command, other)
    assert finding.workspace.arrangement.current == other
    assert terminal_of(finding.window, other).hasFocus()
    assert not finding.terminal.links.takes_keys


def test_copy_mode_s_bar_keeps_off_the_search_bar_and_the_notice(finding: Finding) -> None:
    def place() -> tuple[int, int]:
        (bar,) = finding.terminal.findChildren(CopyModeBar)
        top = bar.mapTo(pane, QPoint()).y()
        return top, top + bar.height()

    pane = pane_of(finding.window, finding.id)
    finding.open()
    finding.window.run(CommandId.COPY_MODE, finding.id)
    QTest.keyClicks(finding.terminal, "L")
    assert place()[0] == finding.bar.geometry().bottom() + 1
    finding.workspace.set(finding.id, clipboard_write="text", clipboard_size=4)
    QTest.keyClicks(finding.terminal, "H")
    assert place()[1] == pane.notice.y()
    finding.workspace.set(finding.id, clipboard_write="")
    pane.shift_terminal(True)
    assert place()[1] == pane.height() - 4
    QTest.keyClicks(finding.terminal, "L")
    assert place()[0] == finding.bar.geometry().bottom() + 1
    finding.bar.closed.emit()
    assert place()[0] == finding.terminal.y()


def full_frame(finding: Finding, number: int, cursor: int = -1, modes: int = 0) -> Frame:
    """As many lines as there is room for, the oldest on top, each with an address; the cursor in the last one."""
    lines = finding.terminal.grid_size()[1]
    rows = tuple(ChangedRow(y, Line((Run(f"https://example.org/{y}"),))) for y in range(lines))
    return Frame(number, COLUMNS, lines, changed=rows, cursor=Cursor(0, cursor % lines), modes=modes)


def is_below_bar(finding: Finding) -> bool:
    return finding.terminal.y() == finding.bar.geometry().bottom() + 1


def test_the_line_that_is_typed_in_is_seen_beside_the_search_bar(finding: Finding) -> None:
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 2, cursor=0))
    finding.open()
    assert not is_below_bar(finding), "the search has the keyboard"
    finding.terminal.setFocus()
    assert is_below_bar(finding)
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 3))
    assert not is_below_bar(finding)
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 4, cursor=1))
    assert is_below_bar(finding)
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 5, cursor=4))
    assert is_below_bar(finding), "what can be seen does not move"
    finding.bar.field.setFocus()
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 6))
    assert is_below_bar(finding)


def test_a_full_screen_program_moves_for_a_key_alone(finding: Finding) -> None:
    modes = int(ScreenMode.ALTERNATE_SCREEN)
    finding.workspace.set(finding.id, state=InstanceState.RUNNING)
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 2, modes=modes))
    finding.open()
    finding.terminal.setFocus()
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 3, cursor=0, modes=modes))
    assert not is_below_bar(finding)
    QTest.keyClicks(finding.terminal, "x")
    assert is_below_bar(finding)


def test_copy_mode_s_cursor_is_seen_beside_the_search_bar(finding: Finding) -> None:
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 2))
    finding.open()
    finding.window.run(CommandId.COPY_MODE, finding.id)
    QTest.keyClicks(finding.terminal, "gg")
    assert finding.terminal.y() == finding.bar.geometry().bottom() + 1
    QTest.keyClicks(finding.terminal, "G")
    assert finding.terminal.y() == finding.bar.y()
    assert finding.terminal.mask().isEmpty()
    QTest.keyClicks(finding.terminal, "gg")
    QTest.keyClick(finding.terminal, Qt.Key.Key_Escape)
    assert finding.terminal.y() == finding.bar.y()


def test_a_prompt_that_is_gone_to_is_seen_below_the_search_bar(finding: Finding) -> None:
    finding.workspace.hub.session_reported(finding.id, full_frame(finding, 2))
    finding.open()
    finding.terminal.prompts.take_prompt(CommandsReport(1, 0, (ShellCommand(0, CommandState.TYPED),)))
    assert finding.terminal.y() == finding.bar.geometry().bottom() + 1
    finding.terminal.scroll_to_bottom()
    assert finding.terminal.y() == finding.bar.y()


def test_links_under_the_search_bar_get_no_label(finding: Finding) -> None:
    def marked() -> list[int]:
        finding.window.run(CommandId.MARK_LINKS, finding.id)
        return [hint.link.spans[0].line for hint in finding.terminal.links._hints.matching()]

    frame = full_frame(finding, 2)
    finding.workspace.hub.session_reported(finding.id, frame)
    assert marked() == list(range(frame.lines))
    finding.open()
    first, *_, last = marked()
    assert last == frame.lines - 1
    assert first
    assert not finding.terminal.is_in_sight(first - 1)
    assert finding.terminal.is_in_sight(first)


def test_copy_and_paste_by_key_are_the_field_s_while_it_has_the_keyboard(finding: Finding) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    finding.workspace.set(finding.id, state=InstanceState.RUNNING)
    write_clipboard("rm -r x")
    finding.open()
    press(finding, Qt.Key.Key_V, both)
    assert finding.bar.field.text() == "rm -r x"
    assert not finding.sent(Paste)
    finding.bar.field.setText("other")
    finding.bar.field.selectAll()
    press(finding, Qt.Key.Key_C, both)
    assert read_clipboard() == "other"
    press(finding, Qt.Key.Key_Escape)
    QTest.keyClick(finding.terminal, Qt.Key.Key_V, both)
    assert [one.text for one in finding.sent(Paste)] == ["other"]
