"""A found update in, a dialog or a toast out; its link is opened by a click and by nothing else."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.app.updates.update_check import Update, UpdateCheck
from podium.app.updates.update_notice import UpdateNotice
from podium.ui.dialogs.update_dialog import UpdateDialog
from podium.ui.main_window import MainWindow
from podium.ui.widgets.buttons import Button
from podium.ui.widgets.toast import Toast
from tests.ui.keys import ENTER, press, takes_keys, texts
from tests.ui.windows import MakeWindow, opened

NOTES = "https://example.org/releases/v0.2.0"
UPDATE = Update("0.2.0", "0.1.0", "flatpak update", NOTES)
SAYS = "Podium 0.2.0 is out; you have 0.1.0. To update: flatpak update."


class Rig:
    def __init__(self, window: MainWindow, background: Background) -> None:
        self.window = window
        self.check = UpdateCheck(Path("never-written"), background)
        self.opened: list[QUrl] = []
        self.can_open = True
        self.notice = UpdateNotice(self.check, lambda: window, open_url=self.open_url)

    def open_url(self, url: QUrl) -> bool:
        self.opened.append(url)
        return self.can_open

    def toasts(self) -> tuple[str, ...]:
        return self.window.toasts.texts()


@pytest.fixture
def rig(make_window: MakeWindow, background: Background) -> Rig:
    return Rig(make_window(), background)


def button(place: QWidget, text: str) -> Button:
    return next(found for found in place.findChildren(Button) if found.text() == text)


def test_who_asked_reads_how_to_update_and_opens_the_notes_by_a_click(rig: Rig) -> None:
    rig.check.update_found.emit(UPDATE, True)
    sheet = opened(rig.window, UpdateDialog)
    assert sheet.windowTitle() == "Podium 0.2.0 is out; you have 0.1.0."
    assert "To update: flatpak update." in texts(sheet)
    assert "The release notes are at example.org." in texts(sheet)
    assert rig.opened == []
    button(sheet, "Show release notes").click()
    assert rig.opened == [QUrl(NOTES)]
    assert rig.window.sheets == []


def test_keys_typed_on_do_not_open_the_notes(rig: Rig, qtbot: QtBot) -> None:
    rig.check.update_found.emit(UPDATE, True)
    sheet = opened(rig.window, UpdateDialog)
    press(rig.window, *ENTER)
    assert rig.window.sheets == [sheet]
    qtbot.waitUntil(lambda: takes_keys(sheet))
    press(rig.window, ENTER[0])
    assert (rig.window.sheets, rig.opened) == ([], [])


def test_without_notes_there_is_no_link(rig: Rig) -> None:
    rig.check.update_found.emit(msgspec.structs.replace(UPDATE, notes=""), True)
    sheet = opened(rig.window, UpdateDialog)
    assert "release notes" not in texts(sheet)
    assert [found.text() for found in sheet.findChildren(Button) if found.text()] == ["Close"]


def test_an_unasked_answer_is_a_toast_that_leads_to_the_dialog(rig: Rig) -> None:
    rig.check.update_found.emit(UPDATE, False)
    assert rig.window.sheets == []
    assert rig.toasts() == (SAYS,)
    [toast] = rig.window.findChildren(Toast)
    button(toast, "Show").click()
    opened(rig.window, UpdateDialog)


def test_an_address_that_no_program_opens_is_named(rig: Rig) -> None:
    rig.can_open = False
    rig.check.update_found.emit(UPDATE, True)
    button(opened(rig.window, UpdateDialog), "Show release notes").click()
    assert rig.toasts() == (f"No program opens the release notes They are at {NOTES}.",)


def test_other_answers_are_toasts(rig: Rig) -> None:
    rig.check.message_posted.emit("Podium is up to date", "You have 0.1.0.")
    assert rig.toasts() == ("Podium is up to date You have 0.1.0.",)
