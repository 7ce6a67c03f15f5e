"""Exports and copies with colours: a session's lines in, a file or the clipboard out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.exporting.document import DocumentStyle, ExportFormat
from podium.core.exporting.pages import LinePage, TerminalLines
from podium.core.ids import InstanceId
from podium.core.instances import ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.frames import ChangedRow, Frame, Line, Run
from podium.core.protocol.reports import ErrorReport, LinesReport, Report
from podium.core.protocol.requests import LinesWanted, Request, TextWanted
from podium.core.themes import load_theme
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource
from podium.ui.commands.export_job import ExportJob, ExportState
from podium.ui.commands.exporting import _chosen_format, _file_name
from podium.ui.main_window import MainWindow
from podium.worker.program.foreground import Job
from podium.worker.questions import Questions
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import terminal_of
from tests.workspace.doubles import FakeBackend

MakeWindow = Callable[..., MainWindow]
ONE = InstanceId("one")
INDIGO = load_theme(ThemeName.INDIGO).dark
STYLE = DocumentStyle("one", INDIGO, {})
LINES = 2500


def no_tool(_tools: object) -> str:
    return ""


class Session:
    """An emulator behind a backend; it answers when it is told to."""

    def __init__(self) -> None:
        self.emulator = Emulator(20, 4, 10_000)
        self.emulator.feed(b"\r\n".join(b"\x1b[3%dmline %d\x1b[m" % (n % 8, n) for n in range(LINES)))
        self.backend = FakeBackend()
        self.backend.run(ONE)

    def answer(self) -> list[Request]:
        """Answer what was asked; returns the questions."""
        asked = [request for _, request in self.backend.sent]
        self.backend.sent.clear()
        answers: list[Report] = []
        for request in asked:
            assert Questions(self.emulator, answers.append, Job, no_tool, str).answer(request)
        for report in answers:
            self.backend.report(ONE, report)
        return asked


class Disk:
    """Does the work when it is told to, in its order."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[Exception], None]]] = []

    def run(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        assert failed is not None
        self.jobs.append((work, then, failed))

    def work(self) -> None:
        while self.jobs:
            work, then, failed = self.jobs.pop(0)
            try:
                result = work()
            except OSError as error:
                failed(error)
            else:
                then(result)


class Export:
    """One export, and all the states it was in."""

    def __init__(self, session: Session, path: Path, format: ExportFormat = ExportFormat.TEXT) -> None:
        self.session = session
        self.disk = Disk()
        self.states: list[ExportState] = []
        self.shares: list[float] = []
        self.kept: list[Request] = []
        self.job = ExportJob(
            session.backend.hub,
            ONE,
            self._send,
            self.disk.run,
            path,
            format,
            STYLE,
            lambda: TerminalLines(20, 2, 7, LinePage(0, 9, (Line((Run("seen"),)), Line((Run("last"),))), {})),
            self._changed,
        )
        self.job.begin()

    def _send(self, request: Request) -> bool:
        if self.session.backend.workers[ONE].state is WorkerState.RUNNING:
            return self.session.backend.send_to(ONE, request)
        self.kept.append(request)
        return True

    def _changed(self) -> None:
        self.states.append(self.job.state)
        self.shares.append(self.job.share)

    def go_on(self) -> None:
        """Both session and disk do what they are asked, until nobody asks for anything."""
        while self.session.backend.sent or self.disk.jobs:
            asked = self.session.answer()
            assert sum(isinstance(one, LinesWanted) for one in asked) <= 1, "a page at a time"
            self.disk.work()


def test_an_export_has_all_lines_and_never_more_than_a_page_on_its_way(tmp_path: Path) -> None:
    export = Export(Session(), tmp_path / "a.txt")
    export.go_on()
    assert export.job.state is ExportState.FINISHED
    assert (tmp_path / "a.txt").read_text() == "".join(f"line {n}\n" for n in range(LINES))
    assert export.shares == sorted(export.shares)
    assert export.states[-2:] == [ExportState.FINISHING, ExportState.FINISHED]


def test_output_that_comes_meanwhile_is_no_part_of_it(tmp_path: Path) -> None:
    export = Export(Session(), tmp_path / "a.txt")
    export.session.answer()
    export.session.emulator.feed(b"\r\nlater\r\n" * 50)
    export.go_on()
    assert (tmp_path / "a.txt").read_text() == "".join(f"line {n}\n" for n in range(LINES))


def resize(export: Export) -> None:
    export.session.emulator.feed(b"a line that is longer than that\r\n" * 9)
    export.session.emulator.resize(30, 4)


def die(export: Export) -> None:
    export.session.backend.become(ONE, WorkerState.BACKOFF)


def refuse(export: Export) -> None:
    (_, asked) = export.session.backend.sent.pop()
    export.session.backend.report(ONE, ErrorReport("It can't.", cast(LinesWanted, asked).request))


@pytest.mark.parametrize(
    ("fault", "words"), [(resize, "The size of its"), (die, "Its session"), (refuse, "It can't.")]
)
def test_what_can_t_be_finished_leaves_the_file_as_it_was(
    tmp_path: Path, fault: Callable[[Export], None], words: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("before")
    export = Export(Session(), path)
    export.session.answer()
    export.disk.work()
    fault(export)
    export.go_on()
    assert export.job.state is ExportState.FAILED
    assert export.job.failure.startswith(words)
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    export = Export(Session(), tmp_path / "missing" / "a.txt")
    export.go_on()
    assert export.job.state is ExportState.FAILED
    assert export.job.failure == "No such file or directory."


@pytest.mark.parametrize("writing", [False, True])
def test_a_cancelled_export_writes_nothing(tmp_path: Path, writing: bool) -> None:
    export = Export(Session(), tmp_path / "a.txt")
    export.session.answer()
    export.disk.work()
    if writing:
        export.session.answer()
    assert (export.job.state is ExportState.WRITING) is writing
    export.job.cancel()
    export.go_on()
    assert export.job.state is ExportState.CANCELLED
    assert not list(tmp_path.iterdir())


def test_without_a_session_what_is_in_sight_and_what_was_kept_is_exported(tmp_path: Path) -> None:
    session = Session()
    session.backend.become(ONE, WorkerState.STOPPED)
    export = Export(session, tmp_path / "a.txt")
    export.disk.work()
    (wanted,) = export.kept
    assert isinstance(wanted, LinesWanted)
    assert (wanted.first, wanted.count) == (7, 2)
    kept = tuple(Line((Run(text),)) for text in ("kept 7", "kept 8"))
    session.backend.report(ONE, LinesReport(wanted.request, 0, 7, kept, ()))
    export.disk.work()
    assert (tmp_path / "a.txt").read_text() == "kept 7\nkept 8\nseen\nlast\n"


# In the window


def test_the_window_asks_for_a_file_and_says_where_it_is(
    make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot, tmp_path: Path
) -> None:
    id = workspace.add("a/b")
    window = make_window()
    workspace.hub.session_reported(id, Frame(1, 20, 2, changed=(ChangedRow(0, Line((Run("hello"),))),)))
    window.run(CommandId.EXPORT, id)
    (chooser,) = window.findChildren(QFileDialog)
    assert chooser.acceptMode() is QFileDialog.AcceptMode.AcceptSave
    chooser.fileSelected.emit(str(tmp_path / "out.html"))
    qtbot.waitUntil(lambda: bool(window.toasts.texts()))
    assert window.toasts.texts() == (f"a/b was exported to {tmp_path / 'out.html'}.",)
    assert "hello" in (tmp_path / "out.html").read_text()
    chooser.close()


def test_an_instance_that_is_removed_while_a_file_is_chosen_is_named(
    make_window: MakeWindow, workspace: FakeWorkspace, tmp_path: Path
) -> None:
    id = workspace.add("a")
    workspace.add("b")
    window = make_window()
    window.run(CommandId.EXPORT, id)
    (chooser,) = window.findChildren(QFileDialog)
    workspace.close(id)
    chooser.fileSelected.emit(str(tmp_path / "a.txt"))
    assert window.toasts.texts() == ("There is no instance a.",)
    chooser.close()


def test_a_failure_is_said_in_words(
    make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot, tmp_path: Path
) -> None:
    id = workspace.add("a")
    window = make_window()
    path = tmp_path / "missing" / "a.txt"
    window._commands._exporting.export(id, terminal_of(window, id), path, ExportFormat.TEXT)
    qtbot.waitUntil(lambda: bool(window.toasts.texts()))
    assert window.toasts.texts() == (
        f"a could not be exported to {path}: No such file or directory. Nothing was written.",
    )


def test_a_long_export_says_how_far_it_is_and_can_be_cancelled(
    make_window: MakeWindow, workspace: FakeWorkspace, qtbot: QtBot, tmp_path: Path
) -> None:
    id = workspace.add("a")
    window = make_window()
    workspace.hub.session_reported(id, Frame(1, 20, 2, first_line=5000))
    job = window._commands._exporting.export(
        id, terminal_of(window, id), tmp_path / "a.txt", ExportFormat.TEXT
    )
    qtbot.waitUntil(lambda: bool(window.toasts.texts()))
    assert window.toasts.texts() == ("Exporting a",)
    (toast,) = window.toasts._shown
    assert toast._text.startswith("0% of it is in")
    assert toast._action is not None
    toast._action.click()
    assert job.state is ExportState.CANCELLED
    assert not window.toasts.texts()


def test_names_and_formats_of_files() -> None:
    assert _file_name("../a b:c\n") == "-a b-c-"
    assert _chosen_format("/x/a.cast", "Text (*.txt)") is ExportFormat.CAST
    assert _chosen_format("/x/a", "Terminal output (*.ansi)") is ExportFormat.ANSI
    assert _chosen_format("/x/a", "?") is ExportFormat.TEXT


# Copying with colours


def copied(
    window: MainWindow, workspace: FakeWorkspace, id: InstanceId, answers: bool = True
) -> tuple[str, str]:
    """Copy all that is selected; what is on the clipboard then."""
    window.run(CommandId.COPY_HTML, id)
    for _, request in workspace.sent:
        if answers and isinstance(request, TextWanted | LinesWanted):
            questions = Questions(
                EMULATOR, lambda report: workspace.hub.session_reported(id, report), Job, no_tool, str
            )
            assert questions.answer(request)
    if not answers:
        workspace.backend.become(id, WorkerState.STOPPED)
    data = QGuiApplication.clipboard().mimeData()
    return data.text(), data.html()


EMULATOR = Emulator(20, 2, 10)
EMULATOR.feed(b"\x1b[31mred\x1b[m <b> and a wrapped line")


@pytest.mark.parametrize("answers", [True, False], ids=["a session", "no session"])
def test_the_clipboard_gets_text_and_html(
    make_window: MakeWindow, workspace: FakeWorkspace, answers: bool
) -> None:
    QGuiApplication.clipboard().clear()
    id = workspace.add("a", ThemeName.INDIGO)
    window = make_window()
    frame = FrameSource(EMULATOR).take(1)
    assert frame is not None
    workspace.hub.session_reported(id, frame)
    terminal_of(window, id).select_all()
    text, html = copied(window, workspace, id, answers)
    assert text == "red <b> and a wrapped line"
    colors = window.themes.colors.theme(ThemeName.INDIGO)
    assert f'<span style="color:{colors.ansi[1]}">red</span> &lt;b&gt; and a wrapped line</pre>' in html
    assert f"background:{colors.background}" in html


def test_too_many_lines_are_refused_in_words(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    QGuiApplication.clipboard().setText("before")
    id = workspace.add("a")
    window = make_window()
    workspace.hub.session_reported(
        id, Frame(1, 20, 2, first_line=5000, changed=(ChangedRow(1, Line((Run("x"),))),))
    )
    terminal_of(window, id).select_all()
    assert copied(window, workspace, id)[0] == "before"
    assert "export it instead" in window.toasts.texts()[0]


def test_too_many_styles_are_refused_in_words(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    QGuiApplication.clipboard().setText("before")
    id = workspace.add("a")
    window = make_window()
    row = Line((Run("x"),) * 500)
    rows = tuple(ChangedRow(y, row) for y in range(50))
    workspace.hub.session_reported(id, Frame(1, 500, 50, changed=rows))
    terminal_of(window, id).select_all()
    assert copied(window, workspace, id, answers=False)[0] == "before"
    assert "export it instead" in window.toasts.texts()[0]


def test_nothing_selected_copies_nothing(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    QGuiApplication.clipboard().setText("before")
    id = workspace.add("a")
    assert copied(make_window(), workspace, id)[0] == "before"
