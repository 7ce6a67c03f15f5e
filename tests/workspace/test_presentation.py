"""What sessions are told of colours and clipboard: before every program, at every change, and nothing else."""

import pytest

from podium.core.bidi.choice import BidiChoice
from podium.core.config.settings import ClipboardAccess
from podium.core.ids import InstanceId
from podium.core.instances import ThemeName
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.frames import Bidi
from podium.core.protocol.images import AllowGraphics
from podium.core.protocol.reports import ClipboardReport, ExitedReport, ProgressReport, ProgressState
from podium.core.protocol.requests import AllowClipboard, SetBidi, SetColors, Start
from podium.core.themes import ColorScheme, load_theme
from podium.workspace.terminal_colors import terminal_colors
from podium.workspace.workspace import Workspace
from tests.workspace.doubles import FakeBackend
from tests.workspace.instances import spec

A, B = InstanceId("a"), InstanceId("b")
WRITE = ClipboardReport("c", "text")


def colors(backend: FakeBackend, instance: str) -> list[SetColors]:
    return [request for request in backend.requests(instance, SetColors) if isinstance(request, SetColors)]


def running(workspace: Workspace, backend: FakeBackend, *names: str) -> None:
    for name in names:
        workspace.create(spec(name))
        backend.run(name)


def test_where_text_runs_from_right_to_left_is_told_at_once_and_to_later_programs(
    workspace: Workspace, backend: FakeBackend
) -> None:
    running(workspace, backend, "a")
    assert backend.requests("a", SetBidi) == [SetBidi()]
    backend.sent.clear()
    for choice in (BidiChoice.PROGRAMS, BidiChoice.AUTO, BidiChoice.AUTO, BidiChoice.OFF, BidiChoice.ON):
        workspace.presentation.set_bidi(choice)
    on, auto = SetBidi(int(Bidi.IMPLICIT)), SetBidi(int(Bidi.IMPLICIT | Bidi.AUTODETECT))
    assert backend.requests("a", SetBidi) == [auto, SetBidi(allowed=False), on]
    backend.report("a", ExitedReport(0))
    backend.sent.clear()
    workspace.start(A)
    assert backend.requests("a", SetBidi) == [on]


@pytest.mark.parametrize("scheme", ColorScheme)
@pytest.mark.parametrize("name", ThemeName)
def test_colours_are_those_of_the_theme(name: ThemeName, scheme: ColorScheme) -> None:
    told, variant = terminal_colors(name, scheme), load_theme(name).variant(scheme)
    assert f"#{told.background:06x}" == variant.background
    assert f"#{told.foreground:06x}" == variant.foreground
    assert [f"#{color:06x}" for color in told.ansi] == [*variant.ansi, *variant.bright]
    assert told.dark is (scheme is ColorScheme.DARK)
    palette = told.palette()
    assert (palette[16], palette[231], palette[232], palette[255], palette[259]) == (
        0, 0xFFFFFF, 0x080808, 0xEEEEEE, told.selection,
    )  # fmt: skip
    assert set(palette) == {*range(256), 259}


def test_colours_come_before_the_program(workspace: Workspace, backend: FakeBackend) -> None:
    running(workspace, backend, "a")
    kinds = [type(request) for _, request in backend.sent]
    assert kinds.index(SetColors) < kinds.index(Start)
    assert kinds.index(AllowClipboard) < kinds.index(Start)
    # Without a window it is dark, and there is no clipboard.
    assert colors(backend, "a") == [terminal_colors(spec("a").theme, ColorScheme.DARK)]
    assert backend.requests("a", AllowClipboard) == [AllowClipboard(False)]
    assert backend.requests("a", AllowGraphics) == [AllowGraphics(False)]


def test_pictures_are_allowed_and_forbidden_while_programs_run(
    workspace: Workspace, backend: FakeBackend
) -> None:
    running(workspace, backend, "a")
    backend.sent.clear()
    for wanted in (True, True, False):
        workspace.presentation.set_graphics(wanted)
    assert backend.requests("a", AllowGraphics) == [AllowGraphics(True), AllowGraphics(False)]


def test_every_change_is_told_to_those_it_is_about(workspace: Workspace, backend: FakeBackend) -> None:
    running(workspace, backend, "a", "b")
    workspace.create(spec("c"), start=False)
    backend.sent.clear()
    workspace.set_color_scheme(ColorScheme.DARK)
    assert backend.sent == []
    workspace.set_color_scheme(ColorScheme.LIGHT)
    workspace.set_theme(A, ThemeName.ROSE)
    assert colors(backend, "a") == [
        terminal_colors(spec("a").theme, ColorScheme.LIGHT),
        terminal_colors(ThemeName.ROSE, ColorScheme.LIGHT),
    ]
    assert colors(backend, "b") == [terminal_colors(spec("b").theme, ColorScheme.LIGHT)]


def test_another_run_is_told_anew(workspace: Workspace, backend: FakeBackend) -> None:
    running(workspace, backend, "a")
    workspace.set_color_scheme(ColorScheme.LIGHT)
    workspace.set_clipboard_access(ClipboardAccess.ASK, lambda _: True)
    backend.report("a", ExitedReport(0))
    backend.sent.clear()
    workspace.start(A)
    kinds = [type(request) for _, request in backend.sent]
    assert kinds.index(SetColors) < kinds.index(Start)
    assert colors(backend, "a") == [terminal_colors(spec("a").theme, ColorScheme.LIGHT)]
    assert backend.requests("a", AllowClipboard) == [AllowClipboard(True)]


def test_a_worker_that_follows_a_crash_is_told_anew(workspace: Workspace, backend: FakeBackend) -> None:
    running(workspace, backend, "a")
    workspace.set_theme(A, ThemeName.ROSE)
    backend.become("a", WorkerState.FAILED)
    backend.sent.clear()
    workspace.start(A)
    backend.run("a")
    assert colors(backend, "a") == [terminal_colors(ThemeName.ROSE, ColorScheme.DARK)]


def written(workspace: Workspace) -> list[ClipboardReport]:
    reports: list[ClipboardReport] = []
    workspace.clipboard_write_allowed.connect(reports.append)
    return reports


@pytest.mark.parametrize(
    ("access", "focused", "always", "expected", "asked"),
    [
        (None, True, True, [], False),
        (ClipboardAccess.DENY, True, True, [], False),
        (ClipboardAccess.FOCUSED, True, False, [WRITE], False),
        (ClipboardAccess.FOCUSED, False, False, [], False),
        (ClipboardAccess.FOCUSED, False, True, [WRITE], False),
        (ClipboardAccess.ASK, True, False, [], True),
        (ClipboardAccess.ASK, False, False, [], True),
        (ClipboardAccess.ASK, False, True, [WRITE], False),
    ],
)
def test_who_may_write(
    workspace: Workspace,
    backend: FakeBackend,
    access: ClipboardAccess | None,
    focused: bool,
    always: bool,
    expected: list[ClipboardReport],
    asked: bool,
) -> None:
    reports = written(workspace)
    if access is not None:
        workspace.set_clipboard_access(access, lambda instance: focused and instance == "a")
    running(workspace, backend, "a")
    if always:
        workspace.allow_clipboard_write(A, always=True)
    backend.report("a", WRITE)
    assert reports == expected
    assert bool(workspace.view(A).clipboard_write) is asked
    told = access not in (None, ClipboardAccess.DENY)
    assert backend.requests("a", AllowClipboard) == [AllowClipboard(told)]


def test_a_question_is_answered_once_always_or_not_at_all(workspace: Workspace, backend: FakeBackend) -> None:
    reports = written(workspace)
    workspace.set_clipboard_access(ClipboardAccess.ASK, lambda _: True)
    running(workspace, backend, "a", "b")
    backend.report("a", WRITE)
    backend.report("a", ClipboardReport("cp", "\u202enew\r\n\x01 text" + "x" * 5000))
    view = workspace.view(A)
    assert view.clipboard_write.startswith("\\u202enew \\x01 textx")
    assert len(view.clipboard_write) == 60
    assert view.clipboard_size == 5012
    workspace.allow_clipboard_write(A)
    assert [(report.selection, len(report.text)) for report in reports] == [("cp", 5012)]
    workspace.allow_clipboard_write(A)
    assert len(reports) == 1
    backend.report("a", WRITE)
    backend.report("a", ClipboardReport("p", WRITE.text))
    workspace.allow_clipboard_write(A)
    assert reports.pop() == ClipboardReport("cp", WRITE.text)
    backend.report("a", WRITE)
    workspace.deny_clipboard_write(A)
    backend.report("a", WRITE)
    assert (workspace.view(A).clipboard_write, len(reports)) == ("", 1)
    backend.report("b", WRITE)
    workspace.allow_clipboard_write(B, always=True)
    backend.report("b", WRITE)
    assert len(reports) == 3
    assert [one.may_write_clipboard for one in workspace.specs()] == [False, True]
    # A new run may ask again; what was asked before it is over.
    backend.report("a", ExitedReport(0))
    workspace.start(A)
    backend.report("a", WRITE)
    assert workspace.view(A).clipboard_write == "text"
    workspace.restart(A)
    backend.report("a", ExitedReport(0))
    assert workspace.view(A).clipboard_write == ""


def test_a_question_still_open_is_dropped_when_the_setting_says_no(
    workspace: Workspace, backend: FakeBackend
) -> None:
    reports = written(workspace)
    workspace.set_clipboard_access(ClipboardAccess.ASK, lambda _: True)
    running(workspace, backend, "a")
    backend.report("a", WRITE)
    workspace.set_clipboard_access(ClipboardAccess.DENY, lambda _: True)
    workspace.allow_clipboard_write(A)
    assert reports == []
    assert backend.requests("a", AllowClipboard) == [AllowClipboard(True), AllowClipboard(False)]


def test_progress_ends_with_the_run(workspace: Workspace, backend: FakeBackend) -> None:
    running(workspace, backend, "a")
    backend.report("a", ProgressReport(ProgressState.NORMAL, 40))
    assert workspace.view(A).task == ProgressReport(ProgressState.NORMAL, 40)
    backend.report("a", ExitedReport(0))
    assert workspace.view(A).task == ProgressReport()
    backend.report("a", ProgressReport(ProgressState.NORMAL, 50))
    assert workspace.view(A).task == ProgressReport()
