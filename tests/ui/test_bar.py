from typing import Any

import pytest
from msgspec import structs
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextDocumentFragment
from PySide6.QtGui import Qt as TextTools
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.reports import ProgressReport, ProgressState
from podium.ui.panes import pane_bar
from podium.ui.panes.bar_content import (
    bar_buttons,
    bar_meters,
    fit_meters,
    fit_question,
    plan_bar,
    progress,
)
from podium.ui.panes.notice import NoticeContent, notice_content
from podium.ui.panes.pane_bar import PaneBar
from podium.ui.tabs.tab import Tab
from podium.ui.theme.palette import ThemeManager
from podium.ui.theme.short_text import age_text, short_path
from podium.ui.widgets.buttons import Button
from podium.workspace.arrangement import Layout
from podium.workspace.views import InstanceState, InstanceView
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, pane_of


def view(
    kind: Kind = Kind.MISSION, state: InstanceState = InstanceState.RUNNING, **fields: Any
) -> InstanceView:
    spec = InstanceSpec(InstanceId("a"), "api-refactor", kind, ThemeName.INDIGO, "/srv/atlas")
    return InstanceView(spec=spec, number=1, state=state, label=fields.pop("label", "Running"), **fields)


MISSION = view(round=3, max_rounds=8, agents_running=2, cost_usd=1.42, seconds=1066)


@pytest.mark.parametrize(
    ("width", "word", "meters", "buttons"),
    [
        (1100, True, 99, 99),
        (900, True, 99, 99),
        (899, True, 4, 2),
        (600, True, 4, 2),
        (599, True, 2, 1),
        (430, True, 2, 1),
        (429, True, 1, 0),
        (340, True, 1, 0),
        (339, False, 0, 0),
        (100, False, 0, 0),
    ],
)
def test_the_bar_gives_way_as_the_table_says(width: int, word: bool, meters: int, buttons: int) -> None:
    plan = plan_bar(width)
    assert (plan.word, plan.meters, plan.buttons) == (word, meters, buttons)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (920, ("Finish round", "Stop now", "Restart")),
        (700, ("Finish round", "Stop now")),
        (500, ("Finish round",)),
        (380, ()),
        (300, ()),
    ],
)
def test_buttons_in_sight_at_a_width(
    qtbot: QtBot, themes: ThemeManager, width: int, shown: tuple[str, ...]
) -> None:
    assert buttons_of(bar_of(qtbot, themes, MISSION, width)) == shown


def test_answer_stays_as_long_as_the_word_does(qtbot: QtBot, themes: ThemeManager) -> None:
    waiting = view(state=InstanceState.WAITING, question="Apply?", waiting_seconds=130)
    for width, shown in ((1000, ("Answer",)), (345, ("Answer",)), (330, ())):
        assert buttons_of(bar_of(qtbot, themes, waiting, width, needs_attention=True)) == shown


@pytest.mark.parametrize("width", [400, 700, 1000])
def test_of_a_long_name_and_a_word_the_name_is_cut(
    qtbot: QtBot, themes: ThemeManager, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    painted: dict[str, str] = {}

    def paint(painter: QPainter, rect: QRectF, text: str, *_more: object) -> None:
        metrics = QFontMetricsF(painter.font())
        painted[text] = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 0.5)

    for painter in ("paint_text", "paint_name"):
        monkeypatch.setattr(pane_bar, painter, paint)
    shown = view(label="Restarting in 12 s")
    shown = structs.replace(shown, spec=structs.replace(shown.spec, name="W" * 64))
    bar_of(qtbot, themes, shown, width)
    assert painted["Restarting in 12 s"] == "Restarting in 12 s"
    assert painted["W" * 64] != "W" * 64


LONG = "Allow npm test -- --coverage in ~/src/atlas/services/api, and remember it for this session?"


def painted_by(
    qtbot: QtBot,
    themes: ThemeManager,
    monkeypatch: pytest.MonkeyPatch,
    shown: InstanceView,
    width: int,
    needs_attention: bool,
) -> tuple[str, ...]:
    """The texts that a bar of this width paints, cut as it cuts them, its pill's too."""
    painted: list[str] = []
    right = Qt.TextElideMode.ElideRight

    def paint(
        painter: QPainter, rect: QRectF, text: str, *more: Any, elide: Qt.TextElideMode = right
    ) -> None:
        painted.append(QFontMetricsF(painter.font()).elidedText(text, elide, rect.width() + 0.5))

    middle = Qt.TextElideMode.ElideMiddle
    monkeypatch.setattr(pane_bar, "paint_text", paint)
    monkeypatch.setattr(pane_bar, "paint_name", lambda *given: paint(*given, elide=middle))
    monkeypatch.setattr(
        pane_bar, "paint_pill", lambda _p, _left, _middle, age, _c: painted.append(f"({age})")
    )
    bar = bar_of(qtbot, themes, shown, width, needs_attention)
    painted.clear()
    bar.grab()
    return tuple(painted)


@pytest.mark.parametrize(
    ("needs_attention", "width", "shown"),
    [
        (True, 1000, ("1", "api-refactor", "Waiting for you", "2 min", "Apply?")),
        (False, 1000, ("1", "api-refactor", "Waiting for you", "Apply?", "(2 min)", "Round 3/8", "17:46")),
        (True, 500, ("1", "api-refactor", "Waiting", "2 min", "Apply?")),
        (False, 500, ("1", "api-refactor", "Waiting", "Apply?", "(2 min)")),
        (False, 330, ("1", "api-refactor")),
    ],
)
def test_the_question_and_its_age_are_on_the_bar_also_when_it_is_calm(
    qtbot: QtBot,
    themes: ThemeManager,
    monkeypatch: pytest.MonkeyPatch,
    needs_attention: bool,
    width: int,
    shown: tuple[str, ...],
) -> None:
    waiting = view(
        state=InstanceState.WAITING,
        label="Waiting",
        question="Apply?",
        waiting_seconds=130,
        round=3,
        max_rounds=8,
        seconds=1066,
    )
    painted = painted_by(qtbot, themes, monkeypatch, waiting, width, needs_attention)
    assert painted[: len(shown)] == shown


@pytest.mark.parametrize("needs_attention", [True, False])
@pytest.mark.parametrize(
    "question",
    [
        LONG * 2,
        "هل تريد تطبيق الترحيل على بيئة الاختبار الآن أم لاحقا؟ " * 3,
        "本番環境👩‍👩‍👧‍👦" * 30,
        "e\u0301" * 250,
    ],
)
@pytest.mark.parametrize("width", [345, 480, 700, 1000])
def test_of_a_long_question_its_beginning_and_its_end_are_told(
    qtbot: QtBot,
    themes: ThemeManager,
    monkeypatch: pytest.MonkeyPatch,
    needs_attention: bool,
    question: str,
    width: int,
) -> None:
    waiting = view(state=InstanceState.WAITING, label="Waiting", question=question, waiting_seconds=8043)
    painted = painted_by(qtbot, themes, monkeypatch, waiting, width, needs_attention)
    told = [text for text in painted if "…" in text and not text.startswith("api")]
    assert all(question.startswith(text[0]) and question.endswith(text[-1]) for text in told)
    assert told or width < 400


def test_buttons_give_way_to_a_question(qtbot: QtBot, themes: ThemeManager) -> None:
    waiting = view(state=InstanceState.WAITING, label="Waiting", question="Apply?", waiting_seconds=130)
    assert buttons_of(bar_of(qtbot, themes, waiting, 1000)) == ("Finish round", "Stop now", "Restart")
    longer = structs.replace(waiting, question=LONG[:70])
    assert buttons_of(bar_of(qtbot, themes, longer, 1000)) == ("Finish round",)
    assert buttons_of(bar_of(qtbot, themes, structs.replace(waiting, question=LONG * 4), 1000)) == ()


def test_parts_of_a_question_by_the_room() -> None:
    assert fit_question(100, 40, 158) == (100, 40)
    assert fit_question(100, 40, 130) == (72, 40), "it is cut"
    assert fit_question(100, 40, 110) == (100, 0), "then its age goes"
    assert fit_question(100, 40, 70) == (60, 0)
    assert fit_question(100, 40, 60) == (0, 40), "too little of it says nothing"
    assert fit_question(100, 40, 40) == (0, 0)
    assert fit_question(0, 40, 60) == (0, 40)
    assert fit_question(20, 40, 40) == (20, 0)


def test_nothing_is_painted_for_what_a_bar_does_not_show(
    qtbot: QtBot, themes: ThemeManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once a second and twenty times a second in 64 instances."""
    waiting = view(state=InstanceState.WAITING, label="Waiting", question="Apply?", waiting_seconds=130)
    bar = bar_of(qtbot, themes, waiting, 800, needs_attention=True)
    updates: list[object] = []
    monkeypatch.setattr(bar, "update", lambda *area: updates.append(area))
    for second in range(1, 40):
        later = structs.replace(
            waiting, waiting_seconds=130 + second, attention_seconds=second, seconds=second, tokens_in=second
        )
        bar.show_view(later, needs_attention=True, in_grid=True)
    assert updates == []
    bar.show_view(structs.replace(waiting, waiting_seconds=181), needs_attention=True, in_grid=True)
    assert updates == [()]
    bar.show_view(structs.replace(waiting, waiting_seconds=181), needs_attention=False, in_grid=True)
    updates.clear()
    again = structs.replace(waiting, waiting_seconds=181, seconds=99)
    bar.show_view(again, needs_attention=False, in_grid=True)
    assert updates == [(bar._meters,)]


def test_the_whole_question_is_in_the_tip_as_it_is(qtbot: QtBot, themes: ThemeManager) -> None:
    hostile = "<img src=x> " + LONG
    waiting = view(state=InstanceState.WAITING, label="Waiting", question=hostile, waiting_seconds=130)
    bar = bar_of(qtbot, themes, waiting, 800)
    tip = bar.toolTip()
    shown = QTextDocumentFragment.fromHtml(tip).toPlainText() if TextTools.mightBeRichText(tip) else tip
    assert " ".join(shown.split()) == f"api-refactor — Waiting for you {hostile}"
    bar.show_view(view(), needs_attention=False, in_grid=True)
    assert bar.toolTip() == ""


def buttons_of(bar: PaneBar) -> tuple[str, ...]:
    """Texts of the labelled buttons in sight, from the left."""
    shown = [button for button in bar.findChildren(Button) if button.text() and button.isVisible()]
    return tuple(button.text() for button in sorted(shown, key=lambda button: button.x()))


class OwnedBar(PaneBar):
    owner: QWidget
    """Its pane, which would be gone without somebody who holds it."""


def bar_of(
    qtbot: QtBot, themes: ThemeManager, shown: InstanceView, width: int, needs_attention: bool = False
) -> PaneBar:
    pane = QWidget()
    qtbot.addWidget(pane)
    bar = OwnedBar(themes, shown, pane)
    bar.owner = pane
    pane.resize(width, 300)
    bar.resize(width - 4, bar.height())
    bar.show_view(shown, needs_attention=needs_attention, in_grid=True)
    pane.show()
    bar.grab()
    return bar


@pytest.mark.parametrize(
    ("kind", "state", "commands"),
    [
        (Kind.SHELL, InstanceState.IDLE, [CommandId.START]),
        (Kind.SHELL, InstanceState.RUNNING, [CommandId.STOP, CommandId.RESTART]),
        (Kind.MISSION, InstanceState.STARTING, [CommandId.STOP_NOW]),
        (
            Kind.MISSION,
            InstanceState.RUNNING,
            [CommandId.FINISH_ROUND, CommandId.STOP_NOW, CommandId.RESTART],
        ),
        (Kind.MISSION, InstanceState.FINISHING, [CommandId.STOP_NOW]),
        (Kind.COMMAND, InstanceState.EXITED, [CommandId.START]),
        (Kind.COMMAND, InstanceState.STOPPING, []),
        (Kind.COMMAND, InstanceState.FAILED, []),
        (Kind.COMMAND, InstanceState.RESTARTING, []),
    ],
)
def test_each_state_offers_what_can_be_done(
    kind: Kind, state: InstanceState, commands: list[CommandId]
) -> None:
    assert [button.command for button in bar_buttons(view(kind, state))] == commands


def test_meters_of_a_mission_and_of_a_command() -> None:
    assert bar_meters(MISSION) == ("Round 3/8", "2 agents", "$1.42", "17:46", "/srv/atlas")
    command = view(Kind.COMMAND, detail="npm run dev", seconds=8043)
    assert bar_meters(command) == ("npm run dev", "2:14:03", "/srv/atlas")


def test_meters_leave_from_the_end_and_a_command_line_is_cut_first() -> None:
    assert fit_meters([100, 50, 50], 300, 10, elastic=True) == [100, 50, 50]
    assert fit_meters([100, 50, 50], 220, 10, elastic=True) == [90, 50, 50]
    assert fit_meters([100, 50, 50], 210, 10, elastic=False) == [100, 50]
    assert fit_meters([400, 50, 50], 300, 10, elastic=True) == [170, 50, 50]
    assert fit_meters([40, 50, 50], 60, 10, elastic=True) == [40]
    assert fit_meters([100], 60, 10, elastic=True) == []


def test_a_program_shows_without_the_way_to_it() -> None:
    spec = InstanceSpec(
        InstanceId("a"), "a", Kind.COMMAND, ThemeName.ROSE, "/srv", ("/usr/bin/python3", "-m", "load")
    )
    assert bar_meters(InstanceView(spec, 1, InstanceState.RUNNING, "Running"))[0] == "python3 -m load"


def test_progress_is_the_share_of_rounds_begun() -> None:
    assert progress(MISSION) == 3 / 8
    assert progress(view(round=9, max_rounds=8)) == 1
    assert progress(view()) is None
    assert progress(view(round=2)) is None


def test_progress_is_painted_at_the_bottom(qtbot: QtBot, themes: ThemeManager) -> None:
    bar = bar_of(qtbot, themes, MISSION, 804)
    image = bar.grab().toImage()
    ratio = image.width() / bar.width()
    line = round((bar.height() - 1) * ratio)
    accent = themes.colors.theme(ThemeName.INDIGO).accent_ui
    filled = [x for x in range(image.width()) if image.pixelColor(x, line).name() == accent]
    assert abs(len(filled) / image.width() - 3 / 8) < 0.01


ACCENT, FAILED, PAUSED = "accent", "failed", "text_3"


@pytest.mark.parametrize(
    ("task", "share", "tint"),
    [
        (ProgressReport(ProgressState.NORMAL, 40), 0.4, ACCENT),
        (ProgressReport(ProgressState.ERROR, 70), 0.7, FAILED),
        (ProgressReport(ProgressState.PAUSED, 20), 0.2, PAUSED),
        (ProgressReport(ProgressState.UNKNOWN), 0.5, ACCENT),
        (ProgressReport(), 0, ACCENT),
    ],
)
def test_progress_of_a_program_is_painted_in_bar_and_tab(
    qtbot: QtBot, themes: ThemeManager, task: ProgressReport, share: float, tint: str
) -> None:
    shown = view(Kind.COMMAND, task=task)
    bar = bar_of(qtbot, themes, shown, 800)
    tab = Tab(themes, shown)
    qtbot.addWidget(tab)
    tab.resize(216, 30)
    colors = {
        ACCENT: themes.colors.theme(shown.spec.theme).accent_ui,
        FAILED: themes.colors.state(InstanceState.FAILED).name(),
        PAUSED: themes.colors.chrome.text_3.name(),
    }
    for widget, bottom, width in ((bar, 1, 800), (tab, 2, 200)):
        image = widget.grab().toImage()
        ratio = image.width() / widget.width()
        line = round((widget.height() - bottom) * ratio - ratio / 2)
        filled = [x for x in range(image.width()) if image.pixelColor(x, line).name() == colors[tint]]
        assert abs(len(filled) / ratio / width - share) < 0.04


def test_rounds_go_before_what_a_program_says() -> None:
    task = ProgressReport(ProgressState.NORMAL, 90)
    assert progress(view(round=1, max_rounds=4, task=task)) == 1 / 4
    assert progress(view(task=task)) == 0.9


def test_ages_and_folders_read_at_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [age_text(s) for s in (None, 45, 125, 8043)] == ["", "45 s", "2 min", "2:14 h"]
    monkeypatch.setenv("HOME", "/home/ada")
    assert short_path("/home/ada/src/atlas") == "~/src/atlas"
    assert short_path("/home/adam/src") == "/home/adam/src"


def notice_of(shown: InstanceView) -> NoticeContent:
    content = notice_content(shown)
    assert content is not None
    return content


def test_the_notice_says_what_happened_and_what_is_kept() -> None:
    reason = (
        "Stopped restarting after 5 crashes in 60 s. Last exit: signal 6 (SIGABRT). The text above is kept."
    )
    content = notice_of(view(Kind.COMMAND, InstanceState.FAILED, reason=reason))
    assert content.title == "Stopped restarting after 5 crashes in 60 s"
    assert content.text == "Last exit: signal 6 (SIGABRT). The text above is kept."
    assert [button.command for button in content.buttons] == [CommandId.RESTART]
    restarting = notice_of(view(Kind.COMMAND, InstanceState.RESTARTING, label="Restarting in 8 s"))
    assert restarting.title == "Restarting in 8 s"
    assert [button.text for button in restarting.buttons] == ["Do not restart", "Restart now"]
    assert notice_content(MISSION) is None


def test_a_notice_never_resizes_the_terminal(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    id = workspace.add("shell", state=InstanceState.RUNNING)
    pane = pane_of(make_window(), id)
    before = pane.terminal.geometry()
    workspace.set(id, state=InstanceState.FAILED, reason="There is no program “nope”. Check the spelling.")
    assert not pane.notice.isHidden()
    assert pane.terminal.geometry() == before
    assert pane.terminal.geometry().bottom() >= pane.notice.geometry().top()
    workspace.set(id, state=InstanceState.RUNNING)
    assert pane.notice.isHidden()


def test_buttons_of_bar_and_notice_reach_the_workspace(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    id = workspace.add("api", kind=Kind.MISSION, state=InstanceState.RUNNING)
    window = make_window()
    pane = pane_of(window, id)
    finish = next(button for button in pane.bar._buttons if button.text() == "Finish round")
    QTest.mouseClick(finish, Qt.MouseButton.LeftButton)
    workspace.set(id, state=InstanceState.FAILED, reason="It broke.")
    QTest.mouseClick(pane.notice._buttons[0], Qt.MouseButton.LeftButton)
    assert workspace.calls == [("finish_round", id), ("restart", id)]


def test_double_click_on_the_bar_zooms_and_returns(
    qtbot: QtBot, make_window: MakeWindow, workspace: FakeWorkspace
) -> None:
    for name in "abc":
        workspace.add(name)
    window = make_window()
    workspace.arrangement.set_layout(Layout.GRID)
    bar = pane_of(window, "b").bar
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=bar.rect().center())
    assert workspace.arrangement.visible == ("b",)
    QTest.mouseDClick(bar, Qt.MouseButton.LeftButton, pos=bar.rect().center())
    assert len(workspace.arrangement.visible) == 3


def test_an_instance_that_stops_says_what_it_waits_for() -> None:
    reason = "Waiting for sh, sleep to end."
    for kind in (Kind.MISSION, Kind.COMMAND):
        stopping = view(kind, InstanceState.STOPPING, reason=reason, label="Stopping 2 s", seconds=5)
        assert bar_meters(stopping)[0] == "Waiting for sh, sleep to end"
    assert reason.rstrip(".") not in bar_meters(view(Kind.COMMAND, InstanceState.FAILED, reason=reason))
