"""What sessions left on disk, in the hands of the workspace: files and requests in, reports for panes out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.core.finding.query import SearchQuery
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.finding import Find
from podium.core.protocol.frames import Attributes, Frame, Line, Run, Style
from podium.core.protocol.reports import LinesReport, ProgramState, StatusReport
from podium.core.protocol.requests import (
    Acknowledge,
    AllowClipboard,
    ClearScrollback,
    KeepScreen,
    LinesWanted,
    Resize,
    ScreenWanted,
    SetBidi,
    SetColors,
    Start,
    TextWanted,
)
from podium.core.protocol.saved_screen import KeptScreen, encode
from podium.sessions.queries import Query, SessionGone
from podium.workspace.kept_screens import KeptScreens
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import Time, spec
from tests.workspace.kept_screens import RED, leave


class Background:
    """Work that is done when the test says so, and results that arrive when it says so."""

    def __init__(self) -> None:
        self.work: list[tuple[Callable[[], Any], Callable[[Any], None]]] = []

    def __call__(self, work: Callable[[], Any], then: Callable[[Any], None], *_: object) -> None:
        self.work.append((work, then))

    def run(self) -> None:
        while self.work:
            work, then = self.work.pop(0)
            then(work())


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def background() -> Background:
    return Background()


@pytest.fixture
def workspace(backend: FakeBackend, background: Background, qapp: object) -> Iterator[Workspace]:
    kept = KeptScreens(background, background, lambda: 1000.0)
    made = Workspace(backend.hub, {"PATH": "/bin", "SHELL": "/bin/sh"}, Time(), kept=kept)
    yield made
    made.deleteLater()


@pytest.fixture
def reports(backend: FakeBackend) -> list[object]:
    heard: list[object] = []
    for kind in (Frame, LinesReport):
        backend.hub.subscribe(kind, lambda _instance, report: heard.append(report))
    return heard


def text(report: object) -> list[str]:
    if isinstance(report, Frame):
        return ["".join(run.text for run in row.line.runs) for row in report.changed]
    assert isinstance(report, LinesReport)
    return ["".join(run.text for run in line.runs) for line in report.lines]


def ask(workspace: Workspace, backend: FakeBackend, reports: list[Any], wanted: Query) -> None:
    """As a pane does."""
    a = InstanceId("a")
    backend.hub.ask(a, reports.append, wanted, send=lambda request: workspace.send(a, request))


# Before anything runs


def test_an_instance_that_has_not_run_shows_its_last_screen_dimmed(
    workspace: Workspace, background: Background, folder: Path, reports: list[object]
) -> None:
    leave(folder)
    workspace.create(spec(), start=False)
    workspace.send("a", Resize(40, 10))
    workspace.keep_screens_in(folder)
    assert not reports, "nothing is read on the window's thread"
    background.run()
    frame, above = reports
    assert isinstance(frame, Frame)
    assert isinstance(above, LinesReport)
    assert text(frame) == [f"line {n}" for n in range(40, 50)]
    assert text(above) == [f"line {n}" for n in range(40)]
    assert (frame.columns, frame.lines, frame.first_line, frame.oldest_line) == (40, 10, 40, 0)
    looks = {entry.number: entry.attributes for entry in frame.attributes}
    assert [looks[run.attribute] for run in frame.changed[0].line.runs] == [
        Attributes(style=Style.DIM),
        Attributes(1, style=Style.DIM),
    ]
    assert not frame.cursor.visible


@pytest.mark.parametrize(("columns", "count"), [(80, 52), (40, 54)])
def test_what_was_kept_is_exported_whole_and_as_bright_as_it_was(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, columns: int, count: int
) -> None:
    lines = [*(Line((Run("line "), Run(str(n), 1))) for n in range(50)), Line((Run("x" * 80),), wrapped=True)]
    leave(folder, lines=(*lines, Line((Run("y"),))))
    workspace.create(spec(), start=False)
    workspace.send("a", Resize(columns, 10))
    answers: list[Any] = []
    ask(workspace, backend, answers, ScreenWanted(7))
    assert [type(one) for one in answers] == [SessionGone], "nothing is known of a file yet"
    workspace.keep_screens_in(folder)
    background.run()
    answers.clear()
    ask(workspace, backend, answers, ScreenWanted(7))
    head, page = answers
    assert (head.columns, head.lines, head.oldest_line, head.first_line) == (
        columns,
        count - (columns == 40),
        0,
        0,
    )
    assert text(page)[:50] == [f"line {n}" for n in range(50)]
    assert "".join(text(page)[50:]) == "x" * 80 + "y"
    looks = {entry.number: entry.attributes for entry in page.attributes}
    assert looks[page.lines[0].runs[1].attribute] == Attributes(1)


def test_a_pane_of_another_size_gets_the_text_anew(
    workspace: Workspace, background: Background, folder: Path, reports: list[object]
) -> None:
    leave(folder, lines=(Line((Run("0123456789"),)), Line((Run("x" * 80),), wrapped=True), Line((Run("y"),))))
    workspace.create(spec(), start=False)
    workspace.keep_screens_in(folder)
    background.run()
    first = reports[0]
    reports.clear()
    workspace.send("a", Resize(100, 2))
    assert text(reports[0]) == ["0123456789", "x" * 80 + "y"]
    workspace.send("a", Resize(60, 2))
    assert text(reports[2]) == ["x" * 60, "x" * 20 + "y"]
    assert reports[2].first_line == 1
    assert len({report.line_epoch for report in (first, reports[0], reports[2])}) == 3
    assert first.number < reports[0].number < reports[2].number


def test_lines_above_are_answered_and_frames_acknowledged_without_a_session(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, reports: list[object]
) -> None:
    leave(folder)
    workspace.create(spec(), start=False)
    workspace.keep_screens_in(folder)
    background.run()
    reports.clear()
    ask(workspace, backend, reports, LinesWanted(7, 3, 2))
    [answer] = reports
    assert isinstance(answer, LinesReport)
    assert (answer.request, answer.first, text(answer)) == (7, 3, ["line 3", "line 4"])
    assert not workspace.send("a", TextWanted(8)), "the pane knows all the text itself"
    workspace.send("a", Acknowledge(1))
    assert backend.sent == []


def test_a_session_that_draws_makes_it_history(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, reports: list[object]
) -> None:
    leave(folder)
    workspace.create(spec(), start=False)
    workspace.keep_screens_in(folder)
    background.run()
    reports.clear()
    renewed: list[str] = []
    workspace.screen_reset.connect(renewed.append)
    workspace.start("a")
    assert renewed == []
    backend.run("a")
    assert renewed == ["a"]
    workspace.send("a", Resize(40, 10))
    workspace.send("a", LinesWanted(7, 3, 2))
    assert reports == []
    assert backend.requests("a", LinesWanted) == [LinesWanted(7, 3, 2)]


def test_what_is_read_too_late_is_not_shown(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, reports: list[object]
) -> None:
    leave(folder)
    workspace.create(spec(), start=False)
    workspace.create(spec("b"), start=False)
    leave(folder, "b")
    workspace.keep_screens_in(folder)
    workspace.start("a")
    backend.run("a")
    workspace.close("b")
    background.run()
    assert reports == []


def test_a_session_is_told_where_to_keep_its_screen_and_to_print_it_again(
    workspace: Workspace, backend: FakeBackend, folder: Path
) -> None:
    workspace.create(spec("quiet"))
    workspace.keep_screens_in(folder)
    workspace.create(spec("a.b"))
    assert backend.configs["quiet"].keep == ""
    assert backend.configs["a.b"].keep == str(folder / "a.b.screen")
    assert backend.configs["a.b"].restore
    backend.run("quiet")
    # Born before it was switched on: told before its program starts.
    assert [type(request) for _, request in backend.sent] == [
        KeepScreen,
        Resize,
        SetColors,
        AllowClipboard,
        SetBidi,
        Start,
    ]
    assert backend.requests("quiet", KeepScreen) == [KeepScreen(str(folder / "quiet.screen"))]
    backend.run("a.b")
    assert backend.requests("a.b", KeepScreen) == []


@pytest.mark.parametrize("data", [b"rubbish", encode(KeptScreen(80, (), version=99))])
def test_a_file_that_makes_no_sense_is_told_and_harms_nothing(
    workspace: Workspace, background: Background, folder: Path, reports: list[object], data: bytes
) -> None:
    folder.mkdir()
    (folder / "a.screen").write_bytes(data)
    told: list[str] = []
    workspace.error_reported.connect(told.append)
    workspace.create(spec(name="Atlas"), start=False)
    workspace.keep_screens_in(folder)
    background.run()
    assert reports == []
    [message] = told
    assert message.startswith("What Atlas showed last can't be shown: it ")


def test_cleared_it_is_gone_from_pane_and_disk(
    workspace: Workspace, background: Background, folder: Path, reports: list[object]
) -> None:
    path = leave(folder)
    workspace.create(spec(), start=False)
    workspace.keep_screens_in(folder)
    background.run()
    reports.clear()
    renewed: list[str] = []
    workspace.screen_reset.connect(renewed.append)
    workspace.send("a", ClearScrollback())
    background.run()
    assert renewed == ["a"]
    assert not path.exists()
    workspace.send("a", Resize(40, 10))
    assert reports == []


# A session that died


def draw_and_die(workspace: Workspace, backend: FakeBackend, state: WorkerState = WorkerState.FAILED) -> None:
    workspace.create(spec(kind=Kind.SHELL, command=()))
    backend.become("a", WorkerState.RUNNING, generation=1, marker="4711")
    backend.report("a", StatusReport(ProgramState.RUNNING, 7))
    backend.report("a", Frame(5, 80, 24, first_line=150))
    backend.become("a", state, generation=1, marker="4711")


def test_the_scrollback_of_a_dead_session_comes_from_its_file_as_it_looked(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, reports: list[object]
) -> None:
    workspace.keep_screens_in(folder)
    draw_and_die(workspace, backend)
    leave(folder, marker="4711", saved_at=1001.0, first=100, line_epoch=3, picture=2)
    background.run()
    reports.clear()
    ask(workspace, backend, reports, LinesWanted(9, 90, 12))
    ask(workspace, backend, reports, LinesWanted(10, 145, 100))
    first, last = reports
    assert isinstance(first, LinesReport)
    assert isinstance(last, LinesReport)
    assert (first.request, first.line_epoch, first.first) == (9, 3, 100)
    assert text(first) == ["line 0", "line 1"]
    assert first.attributes == (RED,)
    assert text(last) == ["line 45", "line 46", "line 47"], "a picture never was scrollback"
    workspace.send("a", Resize(40, 10))
    assert len(reports) == 2, "what is in sight stays as it is"


@pytest.mark.parametrize(
    "fields", [{"marker": "12", "saved_at": 1001.0}, {"marker": "4711", "saved_at": 999.0}]
)
def test_the_file_of_another_session_has_other_lines_and_answers_nothing(
    workspace: Workspace,
    backend: FakeBackend,
    background: Background,
    folder: Path,
    reports: list[object],
    fields: dict[str, Any],
) -> None:
    workspace.keep_screens_in(folder)
    draw_and_die(workspace, backend)
    leave(folder, **fields)
    background.run()
    reports.clear()
    assert not workspace.send("a", LinesWanted(9, 0, 12))
    assert reports == []


def test_a_blank_session_after_a_crash_does_not_answer_for_the_one_in_sight(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, reports: list[object]
) -> None:
    workspace.keep_screens_in(folder)
    draw_and_die(workspace, backend, WorkerState.BACKOFF)
    leave(folder, marker="4711", saved_at=1001.0)
    background.run()
    reports.clear()
    backend.become("a", WorkerState.RUNNING, generation=2, marker="4712")
    ask(workspace, backend, reports, LinesWanted(9, 0, 1))
    assert text(reports[0]) == ["line 0"]
    assert backend.requests("a", LinesWanted) == []
    workspace.start("a")
    workspace.send("a", LinesWanted(10, 0, 1))
    assert backend.requests("a", LinesWanted) == [LinesWanted(10, 0, 1)]
    assert len(reports) == 1


def test_a_dead_session_is_not_taken_for_the_one_before_it(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, reports: list[object]
) -> None:
    workspace.keep_screens_in(folder)
    draw_and_die(workspace, backend, WorkerState.STOPPED)
    leave(folder, marker="4711", saved_at=1001.0)
    background.run()
    workspace.start("a")
    # A worker that is made anew counts its generations from one again.
    backend.become("a", WorkerState.RUNNING, generation=1, marker="4712")
    backend.become("a", WorkerState.FAILED, generation=1)
    background.run()
    reports.clear()
    assert not workspace.send("a", LinesWanted(9, 0, 1))
    assert reports == []


# Folders of shells


def test_a_shell_starts_where_it_was_when_asked_to_and_where_its_spec_says_else(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, tmp_path: Path
) -> None:
    leave(folder, folder=str(tmp_path))
    workspace.create(spec(kind=Kind.SHELL, command=()), start=False)
    workspace.keep_screens_in(folder)
    assert workspace.last_folder("a") == ""
    background.run()
    assert workspace.last_folder("a") == str(tmp_path)
    workspace.resume("a")
    backend.run("a")
    backend.exit("a")
    workspace.start("a")
    assert [start.folder for start in backend.requests("a", Start)] == [str(tmp_path), "/"]


def test_a_picture_is_shown_while_the_shells_folder_hangs(
    backend: FakeBackend, background: Background, folder: Path, tmp_path: Path, qapp: object
) -> None:
    """It may be on a network that is gone: nothing of our own waits for it, and without an answer it is no place."""
    hanging = Background()
    kept = KeptScreens(background, hanging, lambda: 1000.0)
    workspace = Workspace(backend.hub, {"PATH": "/bin", "SHELL": "/bin/sh"}, Time(), kept=kept)
    reports: list[object] = []
    kept.reported.connect(lambda _instance, report: reports.append(report))
    leave(folder, folder=str(tmp_path))
    workspace.create(spec(kind=Kind.SHELL, command=()), start=False)
    workspace.send("a", Resize(80, 24))
    workspace.keep_screens_in(folder)
    background.run()
    assert reports
    assert len(hanging.work) == 1
    assert workspace.last_folder("a") == ""
    workspace.resume("a")
    backend.run("a")
    assert [start.folder for start in backend.requests("a", Start)] == ["/"]
    hanging.run()
    assert workspace.last_folder("a") == str(tmp_path)
    workspace.deleteLater()


def test_a_late_word_about_an_older_folder_is_of_no_use(folder: Path, tmp_path: Path) -> None:
    hanging = Background()
    kept = KeptScreens(run_foreign=hanging)
    kept.use(folder)
    a = InstanceId("a")
    for name in ("older", "newer"):
        (tmp_path / name).mkdir()
        leave(folder, folder=str(tmp_path / name))
        kept.show(a, Resize(40, 10))
    hanging.work.reverse()
    hanging.run()
    assert kept.last_folder(a) == str(tmp_path / "newer")


def test_a_folder_that_is_gone_is_no_place_to_start_in(
    workspace: Workspace, background: Background, folder: Path, tmp_path: Path
) -> None:
    leave(folder, folder=str(tmp_path / "gone"))
    workspace.create(spec(), start=False)
    workspace.keep_screens_in(folder)
    background.run()
    assert workspace.last_folder("a") == ""


# The end of files


def test_a_removed_instances_file_goes_when_its_session_can_write_no_more(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path
) -> None:
    path, other = leave(folder), leave(folder, "b")
    workspace.keep_screens_in(folder)
    workspace.create(spec())
    backend.run("a")
    workspace.close("a")
    background.run()
    assert path.exists()
    backend.become("a", WorkerState.STOPPED)
    assert path.exists(), "not on the window's thread"
    background.run()
    assert not path.exists()
    assert other.exists()


def test_switched_off_everything_kept_is_deleted_and_sessions_are_told(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path, reports: list[object]
) -> None:
    leave(folder)
    (folder / ".b.screen.12.13").write_bytes(b"half a screen")
    workspace.create(spec(), start=False)
    workspace.keep_screens_in(folder)
    workspace.create(spec("b"))
    workspace.create(spec("c"))
    backend.run("b")
    workspace.keep_screens_in(None)
    background.run()
    assert list(folder.iterdir()) == []
    assert backend.requests("b", KeepScreen) == [KeepScreen("")]
    backend.run("c")
    assert [type(r) for i, r in backend.sent if i == "c"][:1] == [KeepScreen]
    assert backend.requests("c", KeepScreen) == [KeepScreen("")]
    workspace.start("a")
    assert backend.configs["a"].keep == ""
    reports.clear()
    workspace.send("a", Resize(40, 10))
    assert not workspace.send("a", LinesWanted(1, 0, 5))
    assert reports == []


def test_what_belongs_to_nobody_is_deleted_when_that_is_asked_for(
    workspace: Workspace, background: Background, folder: Path
) -> None:
    mine, others = leave(folder), leave(folder, "gone")
    workspace.create(spec(), start=False)
    workspace.keep_screens_in(folder)
    background.run()
    assert others.exists()
    workspace.keep_screens_in(folder, forget_others=True)
    background.run()
    assert mine.exists()
    assert not others.exists()


# Searching


def test_what_is_kept_is_searched_also_after_the_pane_has_another_width(
    workspace: Workspace, backend: FakeBackend, background: Background, folder: Path
) -> None:
    leave(folder)
    workspace.create(spec(), start=False)
    workspace.send("a", Resize(40, 10))
    workspace.keep_screens_in(folder)
    background.run()
    a = InstanceId("a")
    heard: list[object] = []
    query = SearchQuery("line 4", word=True)
    pending = backend.hub.ask(
        a, heard.append, Find(7, query), send=lambda request: workspace.send(a, request)
    )
    assert pending is not None
    assert not heard, "it is searched beside the window's thread"
    background.run()
    assert [(report.request, report.matches[0].line) for report in heard] == [(7, 4)]  # type: ignore[attr-defined]
    workspace.send("a", Resize(3, 10))
    background.run()
    assert heard[-1].matches[0].line > 4  # type: ignore[attr-defined]
    assert heard[-1].line_epoch > heard[0].line_epoch  # type: ignore[attr-defined]
