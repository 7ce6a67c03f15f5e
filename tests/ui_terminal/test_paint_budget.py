"""What painting costs in, when the next frame may come out. The clock is the test's."""

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from podium.ui.terminal.painting.ack_schedule import PaintBudget
from podium.ui.terminal.view import TerminalView


class Ledger:
    def __init__(self) -> None:
        self.now = 100.0
        self.paid = 0
        self.parent = QObject()
        self.budget = PaintBudget(self.parent, self.pay, lambda: self.now)

    def pay(self) -> None:
        self.paid += 1


def test_who_owes_nothing_gets_the_next_frame_at_once(qtbot: QtBot) -> None:
    ledger = Ledger()
    ledger.budget.settle()
    assert ledger.paid == 1


def test_painting_is_paid_for_by_waiting_for_the_rest_of_its_share(qtbot: QtBot) -> None:
    ledger = Ledger()
    ledger.budget.share = 0.25
    ledger.budget.spent(0.010)
    ledger.now += 0.028
    ledger.budget.settle()
    assert ledger.paid == 0
    qtbot.waitUntil(lambda: ledger.paid == 1)
    ledger.now += 0.002
    ledger.budget.settle()
    assert ledger.paid == 2


def test_an_echo_costs_too_little_to_wait_for(qtbot: QtBot) -> None:
    ledger = Ledger()
    ledger.budget.spent(0.0003)
    ledger.budget.settle()
    assert ledger.paid == 1


def test_a_rest_long_ago_buys_nothing(qtbot: QtBot) -> None:
    ledger = Ledger()
    ledger.now += 3600
    ledger.budget.spent(0.010)
    ledger.budget.settle()
    assert ledger.paid == 0


def test_terminals_in_sight_share_what_the_focused_one_does_not_need(qtbot: QtBot) -> None:
    view = TerminalView()
    qtbot.addWidget(view)
    view.set_companions(3)
    alone = TerminalView()
    qtbot.addWidget(alone)
    alone.set_companions(0)
    assert view._budget.share * 3 == alone._budget.share
