"""Text to paste in, what is asked about and how it is shown out."""

import pytest
from PySide6.QtGui import QColor, QGuiApplication
from pytestqt.qtbot import QtBot

from podium.core.config.settings import ConfirmPaste, Keys, Pasting
from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.requests import Paste
from podium.ui.dialogs.paste_preview import MOST_SHOWN, PastePreview, marked
from podium.ui.terminal import TerminalView
from podium.ui.terminal.input.paste_guard import PasteRisk, is_doubtful, line_count, paste_risks
from podium.ui.theme.palette import ThemeManager
from tests.ui_terminal.view_frames import FrameMaker, Seen

LINES, ELEVATION, CONTROLS, HIDDEN = PasteRisk


@pytest.mark.fault(39)
@pytest.mark.parametrize(
    ("text", "typed", "known"),
    [
        ("ls -l", (), ()),
        ("a\tb", (), ()),
        ("", (), ()),
        ("ls\n", (LINES,), ()),
        ("a\rb", (LINES,), ()),
        ("a\r\nb", (LINES,), ()),
        ("\x1b[201~", (CONTROLS,), (CONTROLS,)),
        ("\x9b1A", (CONTROLS,), (CONTROLS,)),
        ("x\x00", (CONTROLS,), (CONTROLS,)),
        ("\x7f", (CONTROLS,), (CONTROLS,)),
        ("echo a\x0bb", (CONTROLS,), (CONTROLS,)),
        ("sudo rm x", (ELEVATION,), ()),
        ("/usr/bin/sudo -i", (ELEVATION,), ()),
        ("true;sudo", (ELEVATION,), ()),
        ("$(doas sh)", (ELEVATION,), ()),
        ("pseudo code, sudoku, sudo.conf, x-sudo", (), ()),
        ("ls \u202etxt.sh", (HIDDEN,), (HIDDEN,)),
        ("l\u200bs", (HIDDEN,), (HIDDEN,)),
        ("👩\u200d🚀 naïve 漢字", (), ()),
        ("sudo a\nb\x03\u2066", (LINES, ELEVATION, CONTROLS, HIDDEN), (CONTROLS, HIDDEN)),
    ],
)
def test_what_a_paste_could_do(text: str, typed: tuple[PasteRisk, ...], known: tuple[PasteRisk, ...]) -> None:
    assert paste_risks(text, bracketed=False) == typed
    assert paste_risks(text, bracketed=True) == known
    for bracketed, risks in ((False, typed), (True, known)):
        assert is_doubtful(text, bracketed, ConfirmPaste.UNSAFE) is bool(risks)
        assert is_doubtful(text, bracketed, ConfirmPaste.ALWAYS)
        assert not is_doubtful(text, bracketed, ConfirmPaste.NEVER)


@pytest.mark.parametrize(
    ("text", "count"), [("", 1), ("a", 1), ("a\n", 1), ("a\nb", 2), ("a\r\nb\rc\n", 3), ("\n\n", 2)]
)
def test_lines_are_counted_as_enters_are(text: str, count: int) -> None:
    assert line_count(text) == count


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("make\n\tall", "make\n\tall"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\x1b[201~\x00\x7f", "⟨ESC⟩[201~⟨NUL⟩⟨DEL⟩"),
        ("\x9b1A", "⟨U+009B⟩1A"),
        ("ls \u202etxt\u2066", "ls ⟨U+202E⟩txt⟨U+2066⟩"),
        ("l\u200bs\u00a0-l\ufeff", "l⟨U+200B⟩s⟨U+00A0⟩-l⟨U+FEFF⟩"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("👩\u200d🚀 ❤\ufe0f naïve 漢字", "👩\u200d🚀 ❤\ufe0f naïve 漢字"),
        ("\U000e0041", "⟨U+E0041⟩"),
    ],
)
def test_what_does_not_show_is_marked(text: str, shown: str) -> None:
    assert marked(text) == shown


def test_marks_have_the_colour_of_warnings_in_dark_and_light(qtbot: QtBot) -> None:
    themes = ThemeManager()
    preview = PastePreview(themes, "👩 a\x1bb\u202e")
    qtbot.addWidget(preview)

    def marks() -> list[tuple[str, QColor]]:
        return [
            (one.cursor.selectedText(), one.format.foreground().color()) for one in preview.extraSelections()
        ]

    for _ in range(2):
        warning = themes.colors.chrome.danger_text
        assert marks() == [("⟨ESC⟩", warning), ("⟨U+202E⟩", warning)]
        themes.toggle()


def test_a_long_paste_is_shown_in_part(qtbot: QtBot) -> None:
    preview = PastePreview(ThemeManager(), "\x1b" * (1 << 20))
    qtbot.addWidget(preview)
    assert len(preview.toPlainText()) == MOST_SHOWN
    assert preview.is_cut
    assert preview.toPlainText().startswith("⟨ESC⟩⟨ESC⟩")
    assert len(preview.extraSelections()) == 500


@pytest.mark.parametrize(
    ("confirm", "text", "asks"),
    [
        (ConfirmPaste.ALWAYS, "ls", True),
        (ConfirmPaste.UNSAFE, "ls", False),
        (ConfirmPaste.UNSAFE, "a\x03", True),
        (ConfirmPaste.NEVER, "a\x03\nb", False),
    ],
)
def test_the_setting_says_what_is_asked_about(
    view: TerminalView, seen: Seen, maker: FrameMaker, confirm: ConfirmPaste, text: str, asks: bool
) -> None:
    asked: list[str] = []
    view.paste_requested.connect(asked.append)
    view.apply_frame(maker.frame(["> "], modes=int(ScreenMode.BRACKETED_PASTE)))
    view.set_input(Keys(), Pasting(confirm=confirm))
    QGuiApplication.clipboard().setText(text)
    view.paste()
    assert (asked, seen.of(Paste)) == (([text], []) if asks else ([], [Paste(text)]))
