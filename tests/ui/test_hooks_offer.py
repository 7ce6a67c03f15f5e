"""A tool is seen for the first time: an offer that takes no key, the change to read, and no word after “Never”."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from podium.core.adapters.hooks import HookEvent, Hooks, HooksFormat
from podium.hooks import changes, command
from podium.hooks.changes import Standing, carry_out, installing, standing
from podium.hooks.declined import Declined
from podium.hooks.places import Place, project_place, user_place
from podium.hooks.records import Records
from podium.ui.commands.hooks_offer import HooksOffer
from podium.ui.dialogs.hooks_dialog import HooksDialog
from podium.ui.main_window import MainWindow
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.toast import Toast
from podium.workspace.kept_screens import run_now
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow, opened

HOOKS = Hooks(
    format=HooksFormat.GROUPS,
    user="{TOOL_HOME|~/.tool}/settings.json",
    project=".tool/settings.json",
    note="It asks once whether it may.",
    events=(HookEvent(name="Stop"),),
)
OFFER = (
    "Let Tool report when it waits? Hooks in its settings tell Podium at once when it asks, works or is done."
)


class Rig:
    """A window in which tools are seen; ``home`` is the person's."""

    def __init__(self, window: MainWindow, workspace: FakeWorkspace, home: Path) -> None:
        self.window = window
        self.home = home
        self.needs = workspace.needs
        self.needs.hooks = {"tool": HOOKS, "other": HOOKS}
        self.needs.titles = {"tool": "Tool", "other": "Other"}
        workspace.variables = {"HOME": str(home), "TOOL_HOME": ""}
        self.records = Records(home / "state" / "hooks.json")
        self.declined = Declined(home / "state" / "declined.json")
        self._workspace = workspace
        self.one = workspace.add("one", folder=str(home / "atlas"))
        self.offer = self.make_offer()

    def make_offer(self) -> HooksOffer:
        return HooksOffer(
            self._workspace.as_workspace,
            lambda: self.window,
            run_now,
            records=self.records,
            declined=self.declined,
        )

    def see(self, tool: str = "tool") -> None:
        self.needs.tool_seen.emit(self.one, tool)

    @property
    def place(self) -> Place:
        return user_place(HOOKS, {"HOME": str(self.home)})

    @property
    def texts(self) -> tuple[str, ...]:
        return self.window.toasts.texts()

    def click(self, text: str) -> None:
        toast = self.window.findChildren(Toast)[-1]
        next(one for one in toast.findChildren(Button) if one.text() == text).click()


@pytest.fixture
def rig(make_window: MakeWindow, workspace: FakeWorkspace, tmp_path: Path) -> Rig:
    return Rig(make_window(), workspace, tmp_path)


def test_it_is_offered_once_and_nothing_is_changed_before_it_was_shown(rig: Rig) -> None:
    before = QApplication.focusWidget()
    for _ in range(3):
        rig.see()
    assert rig.texts == (OFFER,)
    assert QApplication.focusWidget() is before
    assert rig.window.sheets == []
    rig.click("Install…")
    sheet = opened(rig.window, HooksDialog)
    assert not rig.place.path.exists()
    assert "+++" in sheet.preview.toPlainText()
    assert "PODIUM_INSTANCE" in sheet.preview.toPlainText()
    assert sheet.first_focus() is sheet.cancel
    sheet.install.click()
    assert standing("tool", HOOKS, rig.place) is Standing.INSTALLED
    assert rig.texts == (f"Tool reports its state from its next start on {HOOKS.note}",)


def test_it_waits_until_a_person_may_be_disturbed(rig: Rig, workspace: FakeWorkspace) -> None:
    workspace.alerts.do_not_disturb.turn_on()
    rig.see()
    assert not rig.texts
    workspace.alerts.do_not_disturb.turn_off()
    assert rig.texts == (OFFER,)


def test_who_cancels_has_the_same_settings(rig: Rig) -> None:
    rig.see()
    rig.click("Install…")
    opened(rig.window, HooksDialog).cancel.click()
    assert not rig.place.path.parent.exists()
    rig.see()
    assert rig.texts == ()


def test_not_now_is_asked_again_in_the_next_window_and_never_is_not(rig: Rig) -> None:
    rig.see()
    rig.click("Not now")
    again = rig.make_offer()
    rig.see()
    assert rig.texts == (OFFER,)
    rig.click("Never")
    never = rig.make_offer()
    rig.see()
    assert not rig.texts
    assert again is not never
    assert rig.declined.tools() == ["tool"]


def test_a_tool_that_has_them_is_not_offered_any(rig: Rig) -> None:
    rig.see()
    rig.click("Install…")
    opened(rig.window, HooksDialog).install.click()
    kept = rig.make_offer()
    rig.see()
    assert OFFER not in rig.texts
    assert kept.parent() is None


def test_hooks_of_the_project_are_enough(rig: Rig) -> None:
    project = project_place(HOOKS, rig.home / "atlas")
    assert project is not None
    change = installing("tool", HOOKS, project, rig.records)
    assert change is not None
    carry_out(change, rig.records)
    rig.see()
    assert rig.texts == ()


def test_those_of_an_older_podium_are_offered_anew(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    change = installing("tool", HOOKS, rig.place, rig.records)
    assert change is not None
    carry_out(change, rig.records)
    monkeypatch.setattr(command, "VERSION", 2)
    monkeypatch.setattr(changes, "VERSION", 2)
    rig.see()
    assert rig.texts[0].startswith("Update Podium's hooks in Tool?")


@pytest.mark.parametrize("text", ["{ broken", "\xff"])
def test_settings_that_cannot_be_read_are_no_offer(rig: Rig, text: str) -> None:
    rig.place.path.parent.mkdir()
    rig.place.path.write_text(text, encoding="latin-1")
    rig.see()
    assert rig.texts == ()


def test_a_change_meanwhile_is_said_and_nothing_is_written(rig: Rig) -> None:
    rig.see()
    rig.click("Install…")
    sheet = opened(rig.window, HooksDialog)
    rig.place.path.parent.mkdir()
    rig.place.path.write_text("{}")
    sheet.install.click()
    assert rig.place.path.read_text() == "{}"
    assert "was changed just now" in rig.texts[-1]


def test_while_a_dialog_is_open_the_offer_waits(rig: Rig, qtbot: QtBot) -> None:
    rig.see()
    rig.click("Install…")
    sheet = opened(rig.window, HooksDialog)
    rig.see("other")
    assert not rig.texts
    sheet.cancel.click()
    rig.offer._timer.setInterval(0)
    rig.offer._timer.start()
    qtbot.waitUntil(lambda: bool(rig.texts))
    assert rig.texts[0].startswith("Let Other report")


def test_two_tools_are_offered_one_after_the_other(rig: Rig, qtbot: QtBot) -> None:
    rig.see()
    rig.see("other")
    assert len(rig.texts) == 1
    rig.click("Not now")
    rig.offer._timer.setInterval(0)
    rig.offer._timer.start()
    qtbot.waitUntil(lambda: len(rig.texts) == 1)
    assert rig.texts[0].startswith("Let Other report")


def test_a_tool_that_is_not_known_is_nothing(rig: Rig) -> None:
    rig.see("nobody")
    assert rig.texts == ()


def test_the_buttons_of_the_offer_lie_in_it(rig: Rig) -> None:
    rig.window.resize(640, 420)
    rig.see()
    (toast,) = rig.window.findChildren(Toast)
    shown = [one for one in toast.findChildren(Button) if one.text()]
    assert [one.text() for one in shown] == ["Install…", "Not now", "Never"]
    for one, following in zip(shown, [*shown[1:], None], strict=True):
        assert toast.rect().contains(one.geometry())
        assert following is None or one.geometry().right() < following.geometry().left()
    assert rig.window.rect().contains(toast.mapTo(rig.window, QPoint(toast.width() - 1, toast.height() - 1)))
