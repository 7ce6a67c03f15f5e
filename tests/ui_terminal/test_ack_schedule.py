"""What painting costs in, when the next frame may come out. The clock is the test's."""

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from podium.ui.terminal.painting.ack_schedule import AckSchedule
from podium.ui.terminal.view import TerminalView


class Session:
    """Sends a frame, and notes which were acknowledged."""

    def __init__(self) -> None:
        self.now = 100.0
        self.acknowledged: list[int] = []
        self.parent = QObject()
        self.schedule = AckSchedule(self.parent, self.acknowledged.append, lambda: self.now)

    def frame(self, number: int) -> None:
        self.schedule.take_frame(number)
        self.schedule.schedule_ack()


def test_who_owes_nothing_gets_the_next_frame_at_once(qtbot: QtBot) -> None:
    session = Session()
    session.frame(1)
    assert session.acknowledged == [1]


def test_painting_is_paid_for_by_waiting_for_the_rest_of_its_share(qtbot: QtBot) -> None:
    session = Session()
    session.schedule.share = 0.25
    session.schedule.spent(0.010)
    session.now += 0.028
    session.frame(1)
    assert session.acknowledged == []
    qtbot.waitUntil(lambda: session.acknowledged == [1])
    session.now += 0.002
    session.frame(2)
    assert session.acknowledged == [1, 2]


def test_an_echo_costs_too_little_to_wait_for(qtbot: QtBot) -> None:
    session = Session()
    session.schedule.spent(0.0003)
    session.frame(1)
    assert session.acknowledged == [1]


def test_a_rest_long_ago_buys_nothing(qtbot: QtBot) -> None:
    session = Session()
    session.now += 3600
    session.schedule.spent(0.010)
    session.frame(1)
    assert session.acknowledged == []


def test_a_frame_is_acknowledged_once(qtbot: QtBot) -> None:
    session = Session()
    session.schedule.spent(0.010)
    session.frame(1)
    session.schedule.acknowledge()
    session.schedule.acknowledge()
    qtbot.wait(60)
    assert session.acknowledged == [1]


def test_a_hidden_terminal_acknowledges_when_it_is_shown_again(qtbot: QtBot) -> None:
    session = Session()
    session.schedule.spent(0.010)
    session.frame(1)
    session.schedule.pause()
    qtbot.wait(60)
    assert session.acknowledged == []
    session.schedule.acknowledge()
    assert session.acknowledged == [1]


def test_the_frame_of_a_session_that_is_gone_is_not_acknowledged(qtbot: QtBot) -> None:
    session = Session()
    session.schedule.spent(0.010)
    session.frame(1)
    session.schedule.forget()
    qtbot.wait(60)
    session.schedule.acknowledge()
    assert session.acknowledged == []


def test_terminals_in_sight_share_what_the_focused_one_does_not_need(qtbot: QtBot) -> None:
    view = TerminalView()
    qtbot.addWidget(view)
    view.set_visible_count(4)
    alone = TerminalView()
    qtbot.addWidget(alone)
    alone.set_visible_count(1)
    assert view._ack_schedule.share * 3 == alone._ack_schedule.share
