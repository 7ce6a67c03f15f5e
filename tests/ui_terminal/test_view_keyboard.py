"""Keys reach the program, except those the window or the view itself has a use for."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from podium.core.config.settings import Keys, Pasting
from podium.core.protocol.frames import Cursor, ScreenMode
from podium.core.protocol.requests import FocusInput, KeyAction, KeyInput, Modifier, RawInput
from podium.ui.terminal import TerminalView
from podium.ui.terminal.input.keyboard import key_input
from tests.ui_terminal.view_frames import FrameMaker, Seen

Key, Held = Qt.Key, Qt.KeyboardModifier
NONE = Held.NoModifier


def press(key: int, held: Qt.KeyboardModifier = NONE, text: str = "", repeat: bool = False) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, held, text, repeat)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (press(Key.Key_A, text="a"), KeyInput("A", "a")),
        (press(Key.Key_A, Held.ShiftModifier, "A"), KeyInput("A", "A", Modifier.SHIFT)),
        (press(Key.Key_C, Held.ControlModifier, "\x03"), KeyInput("C", "\x03", Modifier.CONTROL)),
        (press(Key.Key_X, Held.AltModifier, "x"), KeyInput("X", "x", Modifier.ALT)),
        (press(Key.Key_Up), KeyInput("Up")),
        (press(Key.Key_F5, Held.ControlModifier), KeyInput("F5", "", Modifier.CONTROL)),
        (press(Key.Key_5, Held.KeypadModifier, "5"), KeyInput("5", "5", Modifier.KEYPAD)),
        (press(Key.Key_Enter, Held.KeypadModifier, "\r"), KeyInput("Enter", "\r", Modifier.KEYPAD)),
        (press(Key.Key_J, text="j", repeat=True), KeyInput("J", "j", 0, KeyAction.REPEAT)),
        (press(Key.Key_AsciiTilde, text="~"), KeyInput("AsciiTilde", "~")),
        (press(0x416, text="ж"), KeyInput("Ж", "ж")),
        (press(Key.Key_unknown, text="é"), KeyInput("", "é")),
        (press(0x421, Held.ControlModifier, "\x03"), KeyInput("С", "\x03", Modifier.CONTROL)),
        (press(Key.Key_Shift), KeyInput("Shift", "", Modifier.SHIFT)),
        (press(Key.Key_AltGr), KeyInput("AltGr")),
        (press(Key.Key_Multi_key), None),
        (press(Key.Key_unknown), None),
        (QKeyEvent(QEvent.Type.KeyRelease, Key.Key_A, NONE, "a"), KeyInput("A", "a", 0, KeyAction.RELEASE)),
    ],
)
def test_qt_keys(event: QKeyEvent, expected: KeyInput | None) -> None:
    assert key_input(event, "linux") == expected


def test_macos_names_modifiers_by_their_labels() -> None:
    found = key_input(press(Key.Key_C, Held.MetaModifier, "\x03"), "darwin")
    assert found == KeyInput("C", "\x03", Modifier.CONTROL)
    assert key_input(press(Key.Key_Up, Held.KeypadModifier), "darwin") == KeyInput("Up")


def test_alt_gr_on_windows_types_plain_text() -> None:
    held = Held.ControlModifier | Held.AltModifier
    assert key_input(press(Key.Key_At, held, "@"), "win32") == KeyInput("At", "@")
    assert key_input(press(Key.Key_Up, held), "win32") == KeyInput("Up", "", Modifier.CONTROL | Modifier.ALT)


def test_typing_reaches_the_program(qtbot: QtBot, view: TerminalView, seen: Seen) -> None:
    QTest.keyClicks(view, "ls")
    QTest.keyClick(view, Key.Key_Return)
    assert [request.key for request in seen.of(KeyInput)] == ["L", "S", "Return"]  # type: ignore[attr-defined]


def test_tab_backtab_and_escape_stay_in_the_terminal(qtbot: QtBot) -> None:
    window = QWidget()
    view, other = TerminalView(window), QLineEdit(window)
    assert other.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    seen = Seen()
    view.requested.connect(seen.append)
    for key, held in ((Key.Key_Tab, NONE), (Key.Key_Backtab, Held.ShiftModifier), (Key.Key_Escape, NONE)):
        QTest.keyClick(view, key, held)
    assert [request.key for request in seen.of(KeyInput)] == ["Tab", "Backtab", "Escape"]  # type: ignore[attr-defined]
    assert view.hasFocus()


def test_bound_keys_are_left_to_the_window(qtbot: QtBot, view: TerminalView, seen: Seen) -> None:
    view.shortcut_filter = lambda event: event.key() == Key.Key_G

    def override(key: Qt.Key) -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Held.ControlModifier, "")
        event.ignore()
        QApplication.sendEvent(view, event)
        return event.isAccepted()

    assert not override(Key.Key_G), "not accepted, so Qt looks for a shortcut"
    assert override(Key.Key_H), "accepted, so Qt sends the key here"
    QTest.keyClick(view, Key.Key_G, Held.ControlModifier)
    assert not seen.of(KeyInput)


def test_input_methods_commit_bytes_and_show_what_is_composed(
    view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["x"], cursor=Cursor(1, 0)))
    before = view.grab().toImage()
    QApplication.sendEvent(view, QInputMethodEvent("ni", []))
    assert view.grab().toImage() != before
    assert not seen.of(RawInput)
    done = QInputMethodEvent("", [])
    done.setCommitString("你")
    QApplication.sendEvent(view, done)
    assert seen.of(RawInput) == [RawInput("你".encode())]
    assert view.grab().toImage() == before
    rectangle = view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    assert (rectangle.x(), rectangle.y()) == (18, 8)  # type: ignore[attr-defined]


def test_text_is_composed_where_the_cursor_is_though_the_program_hides_it(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame(["x"], cursor=Cursor(1, 0, visible=False)))
    before = view.grab().toImage()
    QApplication.sendEvent(view, QInputMethodEvent("ni", []))
    composed = view.grab().toImage()
    assert composed != before
    assert composed.copy(0, 0, 18, 26) == before.copy(0, 0, 18, 26), "left of the cursor nothing changed"
    QApplication.sendEvent(view, QInputMethodEvent("", []))
    assert view.grab().toImage() == before
    with qtbot.waitSignal(QGuiApplication.inputMethod().cursorRectangleChanged):
        view.apply_frame(maker.frame({}, cursor=Cursor(3, 2, visible=False)))
    rectangle = view.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle)
    assert (rectangle.x(), rectangle.y()) == (10 + 3 * 8, 8 + 2 * 18)  # type: ignore[attr-defined]


def test_focus_is_reported(view: TerminalView, seen: Seen) -> None:
    view.clearFocus()
    view.setFocus()
    assert seen == [FocusInput(False), FocusInput(True)]


def test_nothing_is_sent_to_a_program_that_is_gone(qtbot: QtBot, view: TerminalView, seen: Seen) -> None:
    view.set_live(False)
    QTest.keyClicks(view, "ls")
    view.paste_text("x")
    assert not seen


def test_keys_that_scroll_are_the_programs_on_the_alternate_screen(
    qtbot: QtBot, view: TerminalView, seen: Seen, maker: FrameMaker
) -> None:
    asked = []

    def scrolls(event: QKeyEvent) -> bool:
        if event.key() != Key.Key_Shift:
            asked.append(event.key())
        return event.key() == Key.Key_PageUp

    view.scroll_filter = scrolls
    view.apply_frame(maker.frame(["a"], first_line=100))
    QTest.keyClick(view, Key.Key_PageUp, Held.ShiftModifier)
    assert asked == [Key.Key_PageUp]
    assert not seen.of(KeyInput)
    view.apply_frame(maker.frame({}, first_line=100, modes=int(ScreenMode.ALTERNATE_SCREEN)))
    QTest.keyClick(view, Key.Key_PageUp, Held.ShiftModifier)
    assert seen.of(KeyInput) == [KeyInput("PageUp", "", Modifier.SHIFT)]
    assert asked == [Key.Key_PageUp]


@pytest.mark.parametrize(
    ("key", "held", "carries"),
    [
        (Key.Key_Return, Held.ShiftModifier, True),
        (Key.Key_Return, Held.ControlModifier, True),
        (Key.Key_Enter, Held.ShiftModifier | Held.KeypadModifier, True),
        (Key.Key_Return, NONE, False),
        (Key.Key_Return, Held.AltModifier, False),
        (Key.Key_A, Held.ControlModifier, False),
    ],
)
def test_return_says_in_which_tools_it_is_a_new_line(
    view: TerminalView, seen: Seen, key: Qt.Key, held: Qt.KeyboardModifier, carries: bool
) -> None:
    view.set_input(Keys(newline_tools=("claude", "aider")), Pasting())
    QTest.keyClick(view, key, held)
    [request] = seen.of(KeyInput)
    assert request.newline_in == (("claude", "aider") if carries else ())  # type: ignore[attr-defined]
