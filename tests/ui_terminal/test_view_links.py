"""Links in a view: pointed at, marked while Control is held, opened by clicks and by labels."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from podium.core.links.targets import Answer, CommitLink, FileLink, Target, WebLink
from podium.core.protocol.frames import Attributes, ScreenMode
from podium.core.protocol.requests import KeyInput, MouseInput
from podium.ui.terminal import TerminalView
from podium.ui.terminal.links.finder import MOST_WAITING, LinkQuery
from podium.ui.terminal.links.hints import Phase
from tests.ui_terminal.test_view_mouse import at, drag, move
from tests.ui_terminal.view_frames import FrameMaker, Seen

LEFT = Qt.MouseButton.LeftButton
NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
URL = "https://x.io/a"


class Links:
    """What a view's links emit; queries are answered by ``existing``."""

    def __init__(self, view: TerminalView, *existing: str, answers: bool = True) -> None:
        self.activated: list[Target] = []
        self.copied: list[Target] = []
        self.told: list[Target | None] = []
        self.missing = 0
        self.queries: list[LinkQuery] = []
        self._view, self._existing = view, existing
        view.links.activated.connect(self.activated.append)
        view.links.copied.connect(self.copied.append)
        view.links.told.connect(lambda target, _cells: self.told.append(target))
        view.links.none_found.connect(self._on_none)
        view.links.wanted.connect(self.queries.append)
        if answers:
            view.links.wanted.connect(self.answer)

    def _on_none(self) -> None:
        self.missing += 1

    def answer(self, query: LinkQuery) -> None:
        answers: list[Answer | None] = []
        for _, candidate in query.wanted:
            path = getattr(candidate, "readings", [None])[0]
            found = path is not None and path.path in self._existing
            answers.append(Answer(FileLink(path.path, path.line, path.column)) if found else None)
        self._view.links.answer(query.number, answers)


def image_of(view: TerminalView) -> QImage:
    return view.grab().toImage()


def underlined(view: TerminalView, row: int, column: int) -> bool:
    """Whether the theme's link colour is at the foot of a cell."""
    image, color = image_of(view), view._theme.link
    x, top = 10 + column * 8 + 4, 8 + row * 18
    return any(image.pixelColor(x, top + y).name() == color for y in range(12, 18))


def test_a_click_with_control_opens_what_is_looked_up(view: TerminalView, maker: FrameMaker) -> None:
    links = Links(view, "a.py")
    view.apply_frame(maker.frame(["a.py:3 b.py", URL]))
    QTest.mouseClick(view, LEFT, CONTROL, at(1, 0))
    QTest.mouseClick(view, LEFT, CONTROL, at(8, 0))
    QTest.mouseClick(view, LEFT, CONTROL, at(3, 1))
    QTest.mouseClick(view, LEFT, NONE, at(3, 1))
    QTest.mouseClick(view, LEFT, CONTROL, at(17, 1))
    drag(view, at(1, 0), at(5, 0), CONTROL)
    assert links.activated == [FileLink("a.py", 3), WebLink(URL)]


def test_a_click_in_a_program_that_takes_the_mouse_needs_shift(
    view: TerminalView, maker: FrameMaker, seen: Seen
) -> None:
    links = Links(view)
    view.apply_frame(maker.frame([URL], modes=int(ScreenMode.MOUSE_CLICKS)))
    QTest.mouseClick(view, LEFT, CONTROL, at(3, 0))
    assert links.activated == []
    assert len(seen.of(MouseInput)) == 2
    assert view.links.keys_to_open() == ("Ctrl", "Shift")
    QTest.mouseClick(view, LEFT, CONTROL | SHIFT, at(3, 0))
    assert links.activated == [WebLink(URL)]
    assert len(seen.of(MouseInput)) == 2


def test_a_link_is_marked_and_told_while_the_pointer_rests_on_it(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    links = Links(view)
    view.apply_frame(maker.frame([f"{URL} no", [("docs", Attributes(link=URL))]]))
    move(view, at(3, 0))
    qtbot.waitUntil(lambda: links.told == [WebLink(URL)])
    assert underlined(view, 0, 3)
    assert view.cursor().shape() is Qt.CursorShape.PointingHandCursor
    assert view.links.pointed == WebLink(URL)
    move(view, at(5, 0))
    assert links.told == [WebLink(URL)], "it is the same link"
    move(view, at(16, 0))
    assert links.told == [WebLink(URL), None]
    assert not underlined(view, 0, 3)
    assert view.links.pointed is None
    move(view, at(2, 1))
    qtbot.waitUntil(lambda: links.told[-1] == WebLink(URL, "docs"))
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    assert links.told[-1] is None


def test_what_is_told_goes_with_its_text(qtbot: QtBot, view: TerminalView, maker: FrameMaker) -> None:
    links = Links(view)
    view.apply_frame(maker.frame([URL]))
    for change in ("text", "scroll", "hide"):
        view.apply_frame(maker.frame({0: URL, 1: ""}))
        move(view, at(15, 3))
        move(view, at(3, 0))
        qtbot.waitUntil(lambda: bool(links.told) and links.told[-1] == WebLink(URL))
        if change == "text":
            view.apply_frame(maker.frame({0: "other text now"}))
        elif change == "scroll":
            view.apply_frame(maker.frame({0: "next", 1: "x"}, first_line=3))
        else:
            view.hide()
        assert links.told[-1] is None
        maker = FrameMaker()
        view.reset()


def test_nothing_is_marked_where_clicks_are_the_programs(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    links = Links(view)
    view.apply_frame(maker.frame([URL], modes=int(ScreenMode.MOUSE_CLICKS)))
    move(view, at(3, 0))
    assert not view.links._hover._rest.isActive()
    move(view, at(3, 0), held=SHIFT)
    qtbot.waitUntil(lambda: links.told == [WebLink(URL)])
    move(view, at(3, 0))
    assert links.told == [WebLink(URL), None]


def test_nothing_is_looked_up_while_the_pointer_passes(view: TerminalView, maker: FrameMaker) -> None:
    links = Links(view)
    view.apply_frame(maker.frame(["a/b c/d e/f g/h"]))
    for column in range(15):
        move(view, at(column, 0))
    assert links.queries == []


def test_control_alone_marks_all_and_a_shortcut_marks_none(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    Links(view, "a.py")
    view.apply_frame(maker.frame(["a.py no.py", URL]))
    QTest.keyPress(view, Qt.Key.Key_Control)
    qtbot.waitUntil(lambda: len(view.links._hover.marked) == 2)
    assert underlined(view, 0, 2)
    assert underlined(view, 1, 2)
    assert not underlined(view, 0, 8)
    QTest.keyRelease(view, Qt.Key.Key_Control)
    assert not underlined(view, 1, 2)
    QTest.keyPress(view, Qt.Key.Key_Control)
    QTest.keyClick(view, Qt.Key.Key_C, CONTROL)
    assert not view.links._hover._mark.isActive()
    assert view.links._hover.marked == []


def test_marks_follow_the_output_while_control_is_held(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame([URL]))
    QTest.keyPress(view, Qt.Key.Key_Control)
    qtbot.waitUntil(lambda: len(view.links._hover.marked) == 1)
    view.apply_frame(maker.frame({1: URL, 2: URL}))
    qtbot.waitUntil(lambda: len(view.links._hover.marked) == 3)
    view.clearFocus()
    assert view.links._hover.marked == []


def press_letter(view: TerminalView, text: str, held: Qt.KeyboardModifier = NONE, code: int = 0) -> None:
    key = Qt.Key(ord(text.upper())) if text.isascii() else Qt.Key(0x1000000 | ord(text))
    QApplication.sendEvent(view, QKeyEvent(QEvent.Type.KeyPress, key, held, code, 0, 0, text))


def test_labels_open_and_copy_and_no_key_reaches_the_program(
    view: TerminalView, maker: FrameMaker, seen: Seen
) -> None:
    links = Links(view, "a.py")
    view.apply_frame(maker.frame(["a.py no.py", URL]))
    before = image_of(view)
    view.links.begin_hints()
    assert view.links.takes_keys
    assert image_of(view) != before
    QTest.keyClick(view, Qt.Key.Key_Shift)
    press_letter(view, "s")
    assert links.activated == [WebLink(URL)]
    assert image_of(view) == before
    view.links.begin_hints()
    press_letter(view, "A", SHIFT)
    assert links.copied == [FileLink("a.py")]
    assert seen.of(KeyInput) == []
    press_letter(view, "a")
    assert len(seen.of(KeyInput)) == 1


@pytest.mark.parametrize(
    ("key", "held"),
    [
        (Qt.Key.Key_Escape, NONE),
        (Qt.Key.Key_Z, NONE),
        (Qt.Key.Key_A, CONTROL),
        (Qt.Key.Key_Return, NONE),
        (Qt.Key.Key_Backspace, NONE),
        (Qt.Key.Key_PageUp, SHIFT),
        (Qt.Key.Key_T, CONTROL | SHIFT),
    ],
)
def test_any_other_key_leaves_and_does_nothing_else(
    view: TerminalView, maker: FrameMaker, seen: Seen, key: Qt.Key, held: Qt.KeyboardModifier
) -> None:
    links = Links(view)
    view.shortcut_filter = lambda _event: True
    view.apply_frame(maker.frame([URL, URL]))
    view.links.begin_hints()
    override = QKeyEvent(QEvent.Type.ShortcutOverride, key, held)
    override.ignore()
    QApplication.sendEvent(view, override)
    assert override.isAccepted(), "it is no shortcut now"
    QTest.keyClick(view, key, held)
    assert not view.links.takes_keys
    assert seen.of(KeyInput) == []
    assert links.activated == links.copied == []


def test_labels_are_typed_on_any_layout_and_with_an_input_method(
    view: TerminalView, maker: FrameMaker, seen: Seen
) -> None:
    links = Links(view)
    view.apply_frame(maker.frame([URL, "https://x.io/b"]))
    view.links.begin_hints()
    press_letter(view, "ы", code=31 + 8)  # The key of S on a Russian keyboard.
    assert links.activated == [WebLink("https://x.io/b")]
    view.links.begin_hints()
    event = QInputMethodEvent("", [])
    event.setCommitString("A")
    QApplication.sendEvent(view, event)
    assert links.copied == [WebLink(URL)]
    assert list(seen.of(KeyInput)) == []


def test_labels_wait_for_the_disk_but_not_for_long(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    links = Links(view, "a.py", answers=False)
    view.apply_frame(maker.frame(["a.py", URL]))
    view.links.begin_hints()
    assert view.links._hints.phase is Phase.LOOKING
    press_letter(view, "a")
    assert view.links._hints.phase is Phase.LOOKING, "nobody has seen a label"
    qtbot.waitUntil(lambda: view.links._hints.phase is Phase.SHOWN)
    assert [hint.link.target for hint in view.links._hints.matching()] == [WebLink(URL)]
    links.answer(links.queries[0])
    assert len(view.links._hints.matching()) == 1, "labels that show do not change"
    press_letter(view, "z")
    view.links.begin_hints()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    links.answer(links.queries[1])
    assert not view.links.takes_keys
    assert links.missing == 0


def test_no_links_leave_the_keyboard_alone(view: TerminalView, maker: FrameMaker, seen: Seen) -> None:
    links = Links(view)
    view.apply_frame(maker.frame(["no.py nothing"]))
    view.links.begin_hints()
    assert links.missing == 1
    assert not view.links.takes_keys
    press_letter(view, "a")
    assert len(seen.of(KeyInput)) == 1


def test_labels_go_with_their_lines_and_with_the_focus(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame([URL, URL]))
    view.links.begin_hints()
    view.apply_frame(maker.frame({0: "gone"}))
    assert [hint.label for hint in view.links._hints.matching()] == ["s"]
    view.apply_frame(maker.frame({2: "next"}, line_epoch=1))
    assert not view.links.takes_keys
    view.links.begin_hints()
    other = QWidget()
    qtbot.addWidget(other)
    view.clearFocus()
    assert not view.links.takes_keys


def test_scrolled_lines_have_labels_where_they_are(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame([URL, "https://x.io/b"]))
    view.links.begin_hints()
    view.apply_frame(maker.frame({0: "https://x.io/b", 1: ""}, first_line=1, oldest_line=0))
    links = Links(view)
    press_letter(view, "s")
    assert links.activated == [WebLink("https://x.io/b")]


def test_queries_that_are_not_answered_are_few(view: TerminalView, maker: FrameMaker) -> None:
    links = Links(view, answers=False)
    view.apply_frame(maker.frame(["a.py"]))
    for _ in range(3 * MOST_WAITING):
        QTest.mouseClick(view, LEFT, CONTROL, at(1, 0))
    assert len(links.queries) == 3 * MOST_WAITING
    assert len(view.links._finder._waiting) == MOST_WAITING
    for query in links.queries:
        view.links.answer(query.number, [Answer(CommitLink("a", "/"))])
    assert len(links.activated) == MOST_WAITING


def test_the_menu_opens_with_the_link_under_the_pointer(
    qtbot: QtBot, view: TerminalView, maker: FrameMaker
) -> None:
    view.apply_frame(maker.frame([URL]))
    move(view, at(3, 0))
    links = Links(view)
    qtbot.waitUntil(lambda: links.told == [WebLink(URL)])
    pointed: list[Target | None] = []
    view.menu_requested.connect(lambda _at: pointed.append(view.links.pointed))
    QApplication.sendEvent(
        view, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at(3, 0), view.mapToGlobal(at(3, 0)))
    )
    assert pointed == [WebLink(URL)]
    assert links.told == [WebLink(URL), None]


def test_links_are_found_in_the_scrollback_too(view: TerminalView, maker: FrameMaker) -> None:
    links = Links(view)
    view.apply_frame(maker.frame([URL]))
    view.apply_frame(maker.frame({0: "next"}, first_line=1, oldest_line=0))
    view.scroll_to(0)
    QTest.mouseClick(view, LEFT, CONTROL, at(3, 0))
    assert links.activated == [WebLink(URL)]


def test_beside_the_text_there_is_no_link(view: TerminalView, maker: FrameMaker) -> None:
    links = Links(view)
    view.apply_frame(maker.frame([f"{URL}/bcdef"]))
    for point in (QPoint(2, 17), QPoint(view.width() - 3, 17), QPoint(30, 2)):
        QTest.mouseClick(view, LEFT, CONTROL, point)
    assert links.activated == []


def test_a_double_click_takes_addresses_paths_and_quoted_texts(view: TerminalView, maker: FrameMaker) -> None:
    view.apply_frame(maker.frame(["(https://x.io/a_(b))", 'at a/b.py:3: "x y"']))
    for point, text in ((at(6, 0), "https://x.io/a_(b)"), (at(5, 1), "a/b.py:3"), (at(13, 1), "x y")):
        QTest.mouseDClick(view, LEFT, NONE, point)
        QTest.mouseRelease(view, LEFT, NONE, point)
        assert view.selected_text() == text
    view.set_word_characters("")
    QTest.mouseDClick(view, LEFT, NONE, at(5, 1))
    assert view.selected_text() == "b"
