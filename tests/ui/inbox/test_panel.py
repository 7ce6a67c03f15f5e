"""The inbox over a window: cards come and go, keys and buttons answer, the keyboard stays where it was."""

from collections.abc import Callable

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from podium.core.commands import CommandId
from podium.core.instances import AlertLevel
from podium.core.protocol.backend import WorkerState
from podium.core.themes import ColorScheme
from podium.ui.dialogs.shortcuts_dialog import ShortcutsDialog
from podium.ui.inbox.panel import InboxPanel
from podium.ui.inbox.place import WIDTH
from podium.ui.inbox.selection import SETTLE
from podium.ui.inbox.words import STILL_STANDS
from podium.ui.main_window import MainWindow
from podium.workspace.views import InstanceState
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.inbox.asking import DEPLOY, MAKE, STILL_THERE, ask, end, given, go_on, reply, ring
from tests.ui.windows import MakeWindow, terminal_of
from tests.ui.windows import opened as opened_dialog

Key = Qt.Key
_PLACE_OF_A = 38
"""X11's code of the key."""


class Time:
    def __init__(self) -> None:
        self.now = 50.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    """The clock by which cards have stood still."""
    made = Time()
    monkeypatch.setattr("podium.ui.inbox.place.monotonic", made)
    return made


@pytest.fixture
def opened(make_window: MakeWindow, time: Time, qtbot: QtBot) -> Callable[..., tuple[MainWindow, InboxPanel]]:
    """Open the inbox of a new window; its cards have stood for long enough."""

    def open_(*size: int) -> tuple[MainWindow, InboxPanel]:
        window = make_window(*size)
        window.run(CommandId.INBOX, None)
        panel = window.inbox.panel
        assert panel is not None
        qtbot.waitUntil(panel.hasFocus)
        QTest.qWait(0)
        time.now += SETTLE
        return window, panel

    return open_


Opened = Callable[..., tuple[MainWindow, InboxPanel]]


def headings(panel: InboxPanel) -> list[str]:
    return [card.accessibleName().split(":")[0] for card in panel.list.cards]


def press(panel: InboxPanel, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(panel.window().focusWidget() or panel, key)


def chosen(panel: InboxPanel) -> str:
    return panel.accessibleDescription().split(":")[0]


def test_nobody_waits(opened: Opened, workspace: FakeWorkspace) -> None:
    workspace.add("a", state=InstanceState.RUNNING)
    _window, panel = opened()
    assert panel.list.empty.isVisible()
    assert panel.list.empty.accessibleName() == (
        "Nobody waits for you. 1 instance runs. You hear from it here."
    )
    assert panel.summary.text() == ""


def test_what_waits_is_there_oldest_first_and_what_comes_joins(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    ask(workspace, "young", ago=5)
    ask(workspace, "old", DEPLOY, ago=840)
    _window, panel = opened()
    assert headings(panel) == ["old", "young"]
    assert panel.summary.text() == "2 questions from 2 instances, oldest 14 min"
    ask(workspace, "new", None, ago=0)
    qtbot.waitUntil(lambda: headings(panel) == ["old", "young", "new"])
    go_on(workspace, workspace.ids()[0])
    qtbot.waitUntil(lambda: headings(panel) == ["old", "new"])


def test_allow_goes_to_the_session_and_its_card_stays_for_a_moment(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    a = ask(workspace, "a")
    _window, panel = opened()
    (card,) = panel.list.cards
    press(panel, Key.Key_A)
    assert given(workspace) == [("a", True)]
    qtbot.waitUntil(lambda: card.outcome.text == "Allowing…")
    go_on(workspace, a)
    reply(workspace, a)
    qtbot.waitUntil(lambda: card.outcome.text == "Allowed")
    assert panel.list.cards == (card,)
    qtbot.waitUntil(lambda: panel.list.empty.isVisible())


def test_an_answer_that_did_not_take_is_told_on_its_card(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    a = ask(workspace, "a")
    _window, panel = opened()
    press(panel, Key.Key_D)
    assert given(workspace) == [("a", False)]
    reply(workspace, a, STILL_THERE)
    (card,) = panel.list.cards
    qtbot.waitUntil(card.said.isVisible)
    assert card.said.text() == STILL_STANDS
    assert card.allow.isVisible()
    assert card.show_button.isVisible()
    ask(workspace, "a", DEPLOY)
    qtbot.waitUntil(lambda: panel.list.cards != (card,))
    assert not panel.list.cards[0].said.isVisible()  # Of another question nothing was answered.


def test_a_question_without_known_keys_is_shown_and_nothing_is_typed(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    workspace.add("other")
    ask(workspace, "a", None)
    window, panel = opened()
    (card,) = panel.list.cards
    assert not card.allow.isVisible()
    assert not card.deny.isVisible()
    assert card.show_button.text() == "Answer…"
    press(panel, Key.Key_A, Key.Key_D)
    assert given(workspace) == []
    press(panel, Key.Key_Return)
    qtbot.waitUntil(terminal_of(window, "a").hasFocus)
    assert not window.inbox.is_open
    assert workspace.arrangement.current == "a"


def test_keys_answer_nothing_that_has_just_come_under_the_selection(
    opened: Opened, workspace: FakeWorkspace, time: Time, qtbot: QtBot
) -> None:
    a = ask(workspace, "a", ago=20)
    ask(workspace, "b", DEPLOY)
    _window, panel = opened()
    go_on(workspace, a)
    qtbot.waitUntil(lambda: chosen(panel) == "b")
    press(panel, Key.Key_A, Key.Key_D)
    assert given(workspace) == []
    time.now += SETTLE
    press(panel, Key.Key_A)
    assert given(workspace) == [("b", True)]


def test_a_button_that_has_just_moved_under_the_pointer_answers_nothing(
    opened: Opened, workspace: FakeWorkspace, time: Time, qtbot: QtBot
) -> None:
    a = ask(workspace, "a", ago=20)
    ask(workspace, "b", DEPLOY)
    _window, panel = opened()
    go_on(workspace, a)
    qtbot.waitUntil(lambda: headings(panel) == ["b"])
    card = panel.list.cards[0]
    QTest.qWait(0)
    QTest.mouseClick(card.allow, Qt.MouseButton.LeftButton)
    assert given(workspace) == []
    time.now += SETTLE
    QTest.mouseClick(card.allow, Qt.MouseButton.LeftButton)
    assert given(workspace) == [("b", True)]


def test_the_same_question_of_four_is_one_card_and_one_answer_to_each(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    four = [ask(workspace, name, ago=30 - number) for number, name in enumerate("abcd")]
    _window, panel = opened()
    (card,) = panel.list.cards
    assert headings(panel) == ["4 agents in 4 instances ask the same"]
    assert (card.allow.text(), card.deny.text()) == ("Allow all 4", "Deny all")
    press(panel, Key.Key_A)
    assert given(workspace) == [(id, True) for id in four]
    for id in four[:3]:
        go_on(workspace, id)
        reply(workspace, id)
    reply(workspace, four[3], STILL_THERE)
    qtbot.waitUntil(lambda: card.outcome.text == "Allowed 3 of 4")
    qtbot.waitUntil(lambda: headings(panel) == ["d"])
    assert panel.list.cards[0].said.text() == STILL_STANDS


def test_one_by_one_they_are_apart_and_together_again(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    for number, name in enumerate("abc"):
        ask(workspace, name, ago=30 - number)
    _window, panel = opened()
    press(panel, Key.Key_Z)
    assert headings(panel) == ["a", "b", "c"]
    ask(workspace, "d", ago=0)
    qtbot.waitUntil(lambda: headings(panel) == ["a", "b", "c", "d"])
    press(panel, Key.Key_Down)
    assert chosen(panel) == "b"
    press(panel, Key.Key_Z)
    assert headings(panel) == ["4 agents in 4 instances ask the same"]
    assert given(workspace) == []


def test_ended_ones_go_when_they_are_seen(opened: Opened, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    workspace.add("current")
    end(workspace, "done", ago=60)
    end(workspace, "failed", ago=30, failed=True)
    ring(workspace, "rang")
    _window, panel = opened()
    rows = [row.member.view.spec.name for row in panel.list.rows]
    assert rows == ["rang", "failed", "done"]
    assert not panel.list.empty.isVisible()
    press(panel, Key.Key_Down, Key.Key_E)
    qtbot.waitUntil(lambda: len(panel.list.rows) == 2)
    assert workspace.alerts.open()[0].instance == "done"
    panel.list.mark_all.click()
    qtbot.waitUntil(panel.list.empty.isVisible)
    assert workspace.alerts.open() == ()


def test_a_question_that_is_seen_stays(opened: Opened, workspace: FakeWorkspace, qtbot: QtBot) -> None:
    workspace.add("current")
    ask(workspace, "a")
    window, panel = opened()
    assert window._attention.needs_attention(workspace.ids()[1])
    press(panel, Key.Key_E)
    qtbot.waitUntil(lambda: not window._attention.needs_attention(workspace.ids()[1]))
    assert headings(panel) == ["a"]


def test_escape_gives_the_keyboard_back_and_the_same_key_closes_it(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    workspace.add("a")
    window, panel = opened()
    press(panel, Key.Key_Escape)
    assert not window.inbox.is_open
    qtbot.waitUntil(terminal_of(window, "a").hasFocus)
    window.run(CommandId.INBOX, None)
    assert window.inbox.is_open
    window.run(CommandId.INBOX, None)
    assert not window.inbox.is_open
    qtbot.waitUntil(terminal_of(window, "a").hasFocus)


def test_nothing_moves_the_keyboard_when_cards_and_instances_go(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    a = ask(workspace, "a")
    workspace.add("b")
    ask(workspace, "c", DEPLOY)
    window, panel = opened()
    card = panel.list.cards[0]
    card.allow.setFocus()
    assert window.inbox.has_keyboard
    workspace.close(a)  # It was the current one.
    qtbot.waitUntil(lambda: len(panel.list.cards) == 1)
    assert panel.hasFocus()
    assert workspace.arrangement.current == "b"


def test_a_button_that_was_pressed_by_key_hands_the_keyboard_to_the_inbox(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    ask(workspace, "a", ago=20)
    ask(workspace, "b", DEPLOY)
    _window, panel = opened()
    panel.list.cards[0].allow.setFocus()
    QTest.keyClick(panel.list.cards[0].allow, Key.Key_Space)
    assert given(workspace) == [("a", True)]
    assert panel.hasFocus()
    QTest.keyClick(panel, Key.Key_Space)
    assert given(workspace) == [("a", True)]


def test_in_a_narrow_window_it_does_not_hide_the_terminal_that_is_typed_into(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    ask(workspace, "a", ago=20)
    window, _panel = opened(820, 600)
    window._commands.run(CommandId.NEXT_WAITING)  # It is the current one already.
    qtbot.waitUntil(terminal_of(window, "a").hasFocus)
    assert not window.inbox.is_open


@pytest.mark.parametrize("size", [(1440, 900), (820, 600)])
def test_a_dialog_gives_the_keyboard_back_to_the_inbox(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot, size: tuple[int, int]
) -> None:
    ask(workspace, "a", ago=20)
    b = workspace.add("b")
    window, panel = opened(*size)
    card = panel.list.cards[0]
    assert card.allow.key == "A"
    window._commands.run(CommandId.SHOW_SHORTCUTS)
    assert not panel.has_keyboard
    assert card.allow.key == ""
    opened_dialog(window, ShortcutsDialog).reject()
    qtbot.waitUntil(panel.hasFocus)
    assert card.allow.key == "A"
    # Who chooses an instance meanwhile types into it.
    window._commands.run(CommandId.SHOW_SHORTCUTS)
    workspace.arrangement.select(b)
    opened_dialog(window, ShortcutsDialog).reject()
    qtbot.waitUntil(terminal_of(window, "b").hasFocus)


def test_keys_that_would_be_typed_elsewhere_do_not_show(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    ask(workspace, "a")
    window, panel = opened()
    card = panel.list.cards[0]
    size = card.allow.sizeHint()
    terminal_of(window, "a").setFocus()
    assert (card.allow.key, card.deny.key) == ("", "")
    assert not panel.key_line.isEnabled()
    assert card.allow.sizeHint() == size
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert (card.allow.key, card.deny.key) == ("A", "D")
    assert panel.key_line.isEnabled()


def test_who_chooses_an_instance_types_into_it(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    workspace.add("a")
    ask(workspace, "b")
    window, _panel = opened()
    workspace.arrangement.select(workspace.ids()[1])
    qtbot.waitUntil(terminal_of(window, "b").hasFocus)
    assert window.inbox.is_open
    QTest.keyClick(terminal_of(window, "b"), Key.Key_A)
    assert given(workspace) == []


def test_who_opens_it_again_begins_with_the_oldest_question(opened: Opened, workspace: FakeWorkspace) -> None:
    ask(workspace, "old", ago=20)
    ask(workspace, "young", DEPLOY)
    window, panel = opened()
    press(panel, Key.Key_Down)
    assert chosen(panel) == "young"
    window.inbox.close()
    window.inbox.open()
    assert chosen(panel) == "old"


def test_letters_count_by_their_place_where_the_layout_has_others(
    opened: Opened, workspace: FakeWorkspace
) -> None:
    ask(workspace, "a")
    _window, panel = opened()
    for held in (Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier):
        assert given(workspace) == []
        cyrillic = QKeyEvent(QEvent.Type.KeyPress, ord("Ф"), held, _PLACE_OF_A, 0, 0, "ф")
        QApplication.sendEvent(panel, cyrillic)
    assert given(workspace) == [("a", True)]


def test_keys_that_move_on_leave_the_buttons_of_the_card_before(
    opened: Opened, workspace: FakeWorkspace
) -> None:
    ask(workspace, "a", ago=20)
    ask(workspace, "b", DEPLOY)
    _window, panel = opened()
    panel.list.cards[0].deny.setFocus()
    press(panel, Key.Key_Down, Key.Key_Space)
    assert given(workspace) == []
    assert chosen(panel) == "b"


def test_held_keys_and_keys_with_modifiers_answer_nothing(opened: Opened, workspace: FakeWorkspace) -> None:
    ask(workspace, "a")
    _window, panel = opened()
    QTest.keyClick(panel, Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(panel, Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert given(workspace) == []


def test_while_it_is_closed_it_does_nothing(make_window: MakeWindow, workspace: FakeWorkspace) -> None:
    window = make_window()
    ask(workspace, "a")
    assert window.inbox.panel is None
    window.inbox.close()
    assert not window.inbox.is_open


@pytest.mark.parametrize(("size", "whole"), [((1440, 900), False), ((900, 620), False), ((820, 600), True)])
def test_it_lies_over_the_panes_and_resizes_nothing(
    opened: Opened, workspace: FakeWorkspace, size: tuple[int, int], whole: bool
) -> None:
    for number in range(12):
        ask(workspace, f"agent-{number}", msgspec.structs.replace(MAKE, subject=f"make {number}"))
    window, panel = opened(*size)
    area = window._content.geometry()
    assert panel.geometry().right() == area.right() - 6
    assert (panel.width() == area.width() - 12) is whole
    assert whole or panel.width() == WIDTH
    before = terminal_of(window, "agent-0").size()
    window.inbox.close()
    assert terminal_of(window, "agent-0").size() == before
    window.resize(1200, 800)
    window.inbox.open()
    assert panel.width() == WIDTH
    for card in panel.list.cards:
        assert card.width() <= panel.width()


def test_toasts_keep_off_it_where_there_is_room(opened: Opened, workspace: FakeWorkspace) -> None:
    ask(workspace, "a")
    window, panel = opened(1000, 700)
    toast = window.toasts.show("Saved")
    assert not toast.geometry().intersects(panel.geometry())
    assert toast.x() >= 0
    corner = window._frame.rect().bottomRight() - toast.geometry().bottomRight()
    window.inbox.close()
    assert toast.geometry().right() > panel.geometry().left()
    window.inbox.open()
    assert not toast.geometry().intersects(panel.geometry())
    window.resize(820, 600)
    assert window._frame.width() - toast.geometry().right() - 1 < corner.x()


def test_keys_bring_the_chosen_one_into_sight(opened: Opened, workspace: FakeWorkspace) -> None:
    for number in range(12):
        ask(
            workspace,
            f"agent-{number}",
            msgspec.structs.replace(MAKE, subject=f"make {number}"),
            ago=50 - number,
        )
    for number in range(6):
        end(workspace, f"ended-{number}")
    _window, panel = opened(820, 600)
    press(panel, *[Key.Key_Down] * 17)
    assert not panel.list.rows[-1].visibleRegion().isEmpty()
    press(panel, *[Key.Key_K] * 17)
    assert not panel.list.cards[0].visibleRegion().isEmpty()


def test_do_not_disturb_shows_until_it_is_turned_off(opened: Opened, workspace: FakeWorkspace) -> None:
    quiet = workspace.alerts.do_not_disturb
    _window, panel = opened()
    assert not panel.strip.isVisible()
    choices = {action.text(): action for action in panel.moon.menu_of_choices().actions()}
    assert "Turn off" not in choices
    choices["Until I turn it off"].trigger()
    assert panel.strip.isVisible()
    assert panel.strip.said.text() == "until you turn it off. No toasts, no sound."
    assert "Turn off" in [action.text() for action in panel.moon.menu_of_choices().actions()]
    panel.strip.end.click()
    assert not quiet.active
    assert not panel.strip.isVisible()
    for choice in ("For 30 minutes", "For an hour", "Until tomorrow"):
        choices[choice].trigger()
        assert quiet.active
        assert panel.strip.said.text().startswith("until ")


def test_the_menu_of_an_instance_sets_how_it_may_call(opened: Opened, workspace: FakeWorkspace) -> None:
    a = ask(workspace, "a")
    window, _panel = opened()
    menu = window._menus.maker().instance_menu(workspace.view(a), lambda id: window.run(id, a), print)
    entries = {entry.text(): entry for entry in _below(menu, "Alerts").actions()}
    assert [text for text, entry in entries.items() if entry.isChecked()] == ["Alerts as usual"]
    entries["Mute alerts"].trigger()
    assert workspace.view(a).spec.alerts is AlertLevel.MUTED


def test_hostile_names_and_questions_are_shown_as_they_are(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    asked = msgspec.structs.replace(MAKE, text="<b>Allow</b> " + "W" * 240, subject="\u202egpj.exe" * 20)
    for name in ("<img src=x>", "a" * 64, "b" * 64):
        ask(workspace, name, asked)
    end(workspace, "<h1>x</h1>" * 6)
    window, panel = opened(820, 600)
    panel.grab()
    window.themes.choose(ColorScheme.LIGHT)
    press(panel, Key.Key_Z)
    panel.grab()
    assert all(card.width() <= panel.width() for card in panel.list.cards)


def test_a_session_that_ends_while_it_is_answered_leaves_no_card_behind(
    opened: Opened, workspace: FakeWorkspace, qtbot: QtBot
) -> None:
    a = ask(workspace, "a")
    _window, panel = opened()
    press(panel, Key.Key_A)
    workspace.backend.become(a, WorkerState.STOPPED)
    workspace.close(a)
    qtbot.waitUntil(panel.list.empty.isVisible)
    assert panel.answers.batches == ()


def _below(menu: QMenu, title: str) -> QMenu:
    (found,) = [action.menu() for action in menu.actions() if action.text() == title]
    assert isinstance(found, QMenu)
    return found
