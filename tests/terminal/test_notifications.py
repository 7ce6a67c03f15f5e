"""What a program tells a person: notifications of three kinds, progress, text for the clipboard."""

import base64

import pytest

from podium.terminal.parsing.control_string import MAX_CLIPBOARD
from podium.terminal.screen.events import ClipboardWrite, Event, Notice, Progress
from tests.terminal.helpers import emulator, shown


def b64(text: str) -> bytes:
    return base64.b64encode(text.encode())


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"\x1b]99;;Hello\x07", [Notice("Hello", "")]), (b"\x1b]99;i=1:d=1:p=body;Text\x1b\\", [Notice("", "Text")]),
        (b"\x1b]99;i=1:d=0;One \x07\x1b]99;i=1:d=0:p=title;two\x07\x1b]99;i=1:p=body;Text\x07",
         [Notice("One two", "Text")]),
        (b"\x1b]99;i=1:d=0;A\x07\x1b]99;i=2:d=0;B\x07\x1b]99;i=2:p=body;b\x07\x1b]99;i=1:p=body;a\x07",
         [Notice("B", "b"), Notice("A", "a")]),
        (b"\x1b]99;e=1;" + b64("zażółć\n\x1b[31m") + b"\x07", [Notice("zażółć[31m", "")]),
        # Base64 of each piece by itself, with and without padding; a character may be cut in two.
        (b"\x1b]99;i=1:e=1:d=0;xQ\x07\x1b]99;i=1:e=1;vA\x07", [Notice("ż", "")]),
        (b"\x1b]99;i=1:e=1:d=0;!!!\x07\x1b]99;i=1:p=body;kept\x07", [Notice("", "kept")]),
        (b"\x1b]99;i=1:d=0;T\x07\x1b]99;i=1:d=0:p=icon;xx\x07\x1b]99;i=1:p=buttons;y\x07", [Notice("T", "")]),
        (b"\x1b]99;i=1:p=close;\x07\x1b]99;i=1:p=alive;\x07\x1b]99;i=1:p=icon:n=x;\x07\x1b]99;i=1:d=0;T\x07", []),
        (b"\x1b]99;i=1:u=2:o=unfocused:a=report,focus:c=1:w=5:f=" + b64("app") + b";Go\x07", [Notice("Go", "")]),
        (b"\x1b]99;i=1:d=0;T\x07\x1bc\x1b]99;i=1:p=body;b\x07", [Notice("", "b")]),
        (b"\x1b]99;" + b"i=1:d=0:e=1;" + b64("x" * 900) + b"\x07\x1b]99;i=1;\x07", [Notice("x" * 256, "")]),
        (b"\x1b]9;text\x07\x1b]777;notify;T;B;C\x07\x1b]777;other;T\x07", [Notice("", "text"), Notice("T", "B;C")]),
        (b"\x1b]9;4;1;50\x07\x1b]9;4;3\x07\x1b]9;4;0;\x07\x1b]9;4\x07",
         [Progress(1, 50), Progress(3, 0), Progress(0, 0), Progress(0, 0)]),
        (b"\x1b]9;4;2;200\x07\x1b]9;4;4;x\x07\x1b]9;4;5;1\x07\x1b]9;4;9999999999;1\x07",
         [Progress(2, 100), Progress(4, 0)]),
    ],
)  # fmt: skip
def test_events(data: bytes, events: list[Event]) -> None:
    made = emulator(20, 3, data)
    assert made.take_events() == events
    assert shown(made) == ["", "", ""]


def test_unfinished_notifications_are_bounded() -> None:
    made = emulator()
    for number in range(1000):
        made.feed(b"\x1b]99;i=%d:d=0;" % number + b"x" * 4000 + b"\x07")
        made.feed(b"\x1b]99;i=%d:d=0:p=body;" % number + b"x" * 4000 + b"\x07")
    kept = made.terminal.unfinished_notices
    assert len(kept) == 8
    assert all(len(title) + len(body) <= 2048 for title, body in kept.values())
    made.reset_after_exit()
    assert kept == {}


@pytest.mark.parametrize(
    ("letters", "selection"),
    [(b"c", "c"), (b"p", "p"), (b"cp", "cp"), (b"pc", "cp"), (b"", "c"), (b"s", "c"), (b"s0", "c"), (b"ps", "cp"),
     (b"pqs01234567", "cp"), (b"q", ""), (b"0", ""), (b"x", "")],
)  # fmt: skip
def test_which_clipboard_is_meant(letters: bytes, selection: str) -> None:
    made = emulator(data=b"\x1b]52;" + letters + b";aGVsbG8=\x07")
    assert made.take_events() == ([ClipboardWrite(selection, "hello")] if selection else [])


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        (b64("zażółć\n\ttwo\r\n"), "zażółć\n\ttwo\r\n"), (b"aGVsbG8", "hello"),
        (b64("a\x00\x1b[31mb\x7f\x9b"), "a[31mb"),
        (b"?", ""), (b"", ""), (b"!", ""), (b"aGVsbG8=!", ""), (b"aGVs bG8=", ""),
        (b"/w==", ""), (b"a", ""), (b"AA==", ""),
        (b64("x" * 196_000), "x" * 196_000), (b"A" * MAX_CLIPBOARD, ""), (b64("y" * 200_000), ""),
    ],
)  # fmt: skip
def test_what_is_written(payload: bytes, text: str) -> None:
    whole = emulator(20, 3, b"\x1b]52;c;" + payload + b"\x1b\\ok")
    expected = [ClipboardWrite("c", text)] if text else []
    assert whole.take_events() == expected
    assert (shown(whole)[0], whole.take_replies()) == ("ok", b"")
    pieces = emulator(20, 3)
    data = b"\x1b]52;c;" + payload + b"\x1b\\ok"
    step = 1 if len(data) < 100 else 777
    for at in range(0, len(data), step):
        pieces.feed(data[at : at + step])
    assert pieces.take_events() == expected
    assert shown(pieces)[0] == "ok"


def test_of_many_writes_the_last_one_counts() -> None:
    made = emulator()
    for number in range(300):
        made.feed(b"\x07\x1b]52;c;" + b64(f"{number} " + "x" * 150_000) + b"\x07")
    texts = [event.text for event in made.take_events() if isinstance(event, ClipboardWrite)]
    assert [text.split()[0] for text in texts] == ["299"]


def test_only_the_clipboard_may_be_long() -> None:
    for front in (b"\x1b]520;", b"\x1b]5;2;", b"\x1b]052;c;", b"\x1bP52;", b"\x1b]2;52;c;"):
        made = emulator(20, 2, front)
        for _ in range(40):
            made.feed(b"QUFB" * 2500)
        assert made._parser.string.size <= 4096
        made.feed(b"\x1b\\ok")
        assert [event for event in made.take_events() if isinstance(event, ClipboardWrite)] == []
        assert shown(made)[0] == "ok"
