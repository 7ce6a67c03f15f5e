"""The kitty keyboard protocol: what each flag makes of each kind of key. The bytes are from its specification."""

import pytest

from podium.core.protocol.frames import ScreenMode
from podium.core.protocol.requests import KeyAction, KeyInput, Modifier
from podium.terminal import Emulator
from podium.terminal.output.frames import FrameSource, screen_modes

PRESS, REPEAT, RELEASE = (int(action) for action in KeyAction)
SHIFT, ALT, CONTROL, META = 1, 2, 4, 8
KEYPAD, CAPS, NUM = int(Modifier.KEYPAD), int(Modifier.CAPS_LOCK), int(Modifier.NUM_LOCK)


def under(flags: int, request: KeyInput, before: bytes = b"") -> bytes:
    emulator = Emulator(80, 24)
    emulator.feed(before + b"\x1b[>%du" % flags)
    return emulator.encode_key(request)


def key(name: str, text: str = "", modifiers: int = 0, action: int = PRESS, base: str = "") -> KeyInput:
    return KeyInput(name, text, modifiers, action, base)


CASES = [
    # Disambiguate: text stays text; Escape, Control and Alt become escape codes.
    (1, key("A", "a"), b"a"),
    (1, key("A", "a", 0, REPEAT), b"a"),
    (1, key("A", "A", SHIFT), b"A"),
    (1, key("A", "A", CAPS | NUM), b"A"),
    (1, key("Space", " ", SHIFT), b" "),
    (1, key("A", "\x01", CONTROL), b"\x1b[97;5u"),
    (1, key("A", "\x01", CONTROL, REPEAT), b"\x1b[97;5u"),
    (1, key("A", "\x01", CONTROL | SHIFT), b"\x1b[97;6u"),
    (1, key("A", "a", ALT), b"\x1b[97;3u"),
    (1, key("A", "A", ALT | SHIFT), b"\x1b[97;4u"),
    (1, key("A", "\x01", ALT | CONTROL), b"\x1b[97;7u"),
    (1, key("A", "a", META), b"\x1b[97;9u"),
    (1, key("BracketLeft", "[", ALT), b"\x1b[91;3u"),
    (1, key("Space", "\0", CONTROL), b"\x1b[32;5u"),
    (1, key("Escape", "\x1b"), b"\x1b[27u"),
    (1, key("Escape", "\x1b", SHIFT), b"\x1b[27;2u"),
    # Enter, Tab and Backspace keep their bytes unless a modifier is held.
    (1, key("Return", "\r"), b"\r"),
    (1, key("Return", "\r", NUM), b"\r"),
    (1, key("Return", "\r", SHIFT), b"\x1b[13;2u"),
    (1, key("Return", "\r", CONTROL), b"\x1b[13;5u"),
    (1, key("Tab", "\t"), b"\t"),
    (1, key("Tab", "\t", CONTROL), b"\x1b[9;5u"),
    (1, key("Backtab", "", SHIFT), b"\x1b[9;2u"),
    (1, key("Backtab"), b"\x1b[9;2u"),
    (1, key("Backspace", "\x08"), b"\x7f"),
    (1, key("Backspace", "\x08", SHIFT), b"\x1b[127;2u"),
    (1, key("Backspace", "\x08", CONTROL), b"\x1b[127;5u"),
    # Keys that type nothing; without modifiers their parameters are left out.
    (1, key("Up"), b"\x1b[A"),
    (1, key("Up", "", CONTROL), b"\x1b[1;5A"),
    (1, key("Home"), b"\x1b[H"),
    (1, key("End", "", SHIFT), b"\x1b[1;2F"),
    (1, key("Delete"), b"\x1b[3~"),
    (1, key("PageDown", "", ALT), b"\x1b[6;3~"),
    (1, key("F1"), b"\x1b[P"),
    (1, key("F2", "", CONTROL), b"\x1b[1;5Q"),
    (1, key("F3"), b"\x1b[13~"),
    (1, key("F3", "", SHIFT), b"\x1b[13;2~"),
    (1, key("F4"), b"\x1b[S"),
    (1, key("F5", "", SHIFT), b"\x1b[15;2~"),
    (1, key("F12"), b"\x1b[24~"),
    (1, key("F13"), b"\x1b[57376u"),
    (1, key("F20"), b"\x1b[57383u"),
    (1, key("F35"), b"\x1b[57398u"),
    (1, key("Menu"), b"\x1b[57363u"),
    (1, key("Print"), b"\x1b[57361u"),
    (1, key("MediaPlay"), b"\x1b[57428u"),
    (1, key("VolumeUp"), b"\x1b[57439u"),
    # The keypad has numbers of its own, except while it types.
    (1, key("5", "5", KEYPAD | NUM), b"5"),
    (1, key("5", "", KEYPAD | CONTROL), b"\x1b[57404;5u"),
    (1, key("Left", "", KEYPAD), b"\x1b[57417u"),
    (1, key("Delete", "", KEYPAD), b"\x1b[57426u"),
    (1, key("Clear", "", KEYPAD), b"\x1b[E"),
    (1, key("Clear", "", KEYPAD | SHIFT), b"\x1b[1;2E"),
    (1, key("Enter", "\r", KEYPAD), b"\x1b[57414u"),
    (9, key("5", "5", KEYPAD), b"\x1b[57404u"),
    (25, key("5", "5", KEYPAD | NUM), b"\x1b[57404;129;53u"),
    (2, key("Enter", "\r", KEYPAD), b"\r"),
    (2, key("Enter", "\r", KEYPAD, RELEASE), b""),
    # Modifier keys by themselves are for flag 8 only; no release without flag 2.
    (7, key("Shift", "", SHIFT), b""),
    (7, key("CapsLock", "", CAPS), b""),
    (8, key("Shift", "", SHIFT), b"\x1b[57441;2u"),
    (8, key("Shift", "", 0, RELEASE), b""),
    (1, key("A", "a", 0, RELEASE), b""),
    (10, key("Shift", "", 0, RELEASE), b"\x1b[57441;1:3u"),
    (10, key("Shift_R", "", SHIFT), b"\x1b[57447;2u"),
    (10, key("Control", "", CONTROL), b"\x1b[57442;5u"),
    (10, key("Control_R", "", CONTROL), b"\x1b[57448;5u"),
    (10, key("Alt", "", ALT), b"\x1b[57443;3u"),
    (10, key("Alt_R", "", ALT), b"\x1b[57449;3u"),
    (10, key("Meta", "", META), b"\x1b[57444;9u"),
    (10, key("Meta_R", "", META), b"\x1b[57450;9u"),
    (10, key("AltGr"), b"\x1b[57453u"),
    (10, key("CapsLock", "", CAPS), b"\x1b[57358;65u"),
    (10, key("NumLock", "", 0, RELEASE), b"\x1b[57360;1:3u"),
    # Event types. Text has none without flag 8, but its release can only be an escape code.
    (3, key("A", "a"), b"a"),
    (3, key("A", "a", 0, REPEAT), b"a"),
    (3, key("A", "a", 0, RELEASE), b"\x1b[97;1:3u"),
    (3, key("A", "A", SHIFT, RELEASE), b"\x1b[97;2:3u"),
    (3, key("A", "\x01", CONTROL, REPEAT), b"\x1b[97;5:2u"),
    (3, key("Up"), b"\x1b[A"),
    (3, key("Up", "", 0, REPEAT), b"\x1b[1;1:2A"),
    (3, key("Up", "", 0, RELEASE), b"\x1b[1;1:3A"),
    (3, key("Delete", "", SHIFT, RELEASE), b"\x1b[3;2:3~"),
    (3, key("Escape", "\x1b", 0, RELEASE), b"\x1b[27;1:3u"),
    (3, key("5", "5", KEYPAD, RELEASE), b"\x1b[57404;1:3u"),
    # Enter, Tab and Backspace: no release, and plain repeats, unless all keys are escape codes.
    *[
        (flags, key(name, text, 0, action), sent)
        for name, text, legacy, number in [
            ("Return", "\r", b"\r", b"13"), ("Tab", "\t", b"\t", b"9"), ("Backspace", "\x08", b"\x7f", b"127")
        ]
        for flags, action, sent in [
            (3, REPEAT, legacy),
            (3, RELEASE, b""),
            (11, PRESS, b"\x1b[%su" % number),
            (11, REPEAT, b"\x1b[%s;1:2u" % number),
            (11, RELEASE, b"\x1b[%s;1:3u" % number),
        ]
    ],
    (3, key("Return", "\r", CONTROL, RELEASE), b""),
    # Shift may be let go before the Tab that it made a Backtab of.
    (11, key("Backtab", "", SHIFT, REPEAT), b"\x1b[9;2:2u"),
    (11, key("Backtab", "", SHIFT, RELEASE), b"\x1b[9;2:3u"),
    (11, key("Backtab", "", 0, RELEASE), b"\x1b[9;1:3u"),
    (11, key("Tab", "\t", SHIFT, RELEASE), b"\x1b[9;2:3u"),
    # Event types alone: a press has its legacy form where it has one.
    (2, key("A", "\x01", CONTROL), b"\x01"),
    (2, key("A", "\x01", CONTROL, REPEAT), b"\x1b[97;5:2u"),
    (2, key("Escape", "\x1b"), b"\x1b"),
    (2, key("F1"), b"\x1bOP"),
    (2, key("F1", "", 0, RELEASE), b"\x1b[1;1:3P"),
    # All keys.
    (8, key("A", "a"), b"\x1b[97u"),
    (8, key("A", "A", SHIFT), b"\x1b[97;2u"),
    (8, key("Space", " "), b"\x1b[32u"),
    (8, key("Escape", "\x1b"), b"\x1b[27u"),
    (10, key("A", "a", 0, REPEAT), b"\x1b[97;1:2u"),
    # Locks count as modifiers, for keys that type only with flag 8.
    (1, key("Up", "", NUM), b"\x1b[1;129A"),
    (1, key("A", "\x01", CONTROL | NUM), b"\x1b[97;133u"),
    (1, key("Return", "\r", SHIFT | CAPS), b"\x1b[13;66u"),
    (3, key("A", "a", NUM, RELEASE), b"\x1b[97;1:3u"),
    (8, key("A", "A", CAPS), b"\x1b[97;65u"),
    (8, key("A", "a", CAPS | NUM | SHIFT), b"\x1b[97;194u"),
    # Text, which is an addition to flag 8 and nothing without it.
    (16, key("A", "a"), b"a"),
    (17, key("A", "\x01", CONTROL), b"\x1b[97;5u"),
    (24, key("A", "a"), b"\x1b[97;;97u"),
    (24, key("A", "A", SHIFT), b"\x1b[97;2;65u"),
    (24, key("A", "\x01", CONTROL), b"\x1b[97;5u"),
    (24, key("A", "a", ALT), b"\x1b[97;3u"),
    (24, key("Return", "\r"), b"\x1b[13u"),
    (24, key("Adiaeresis", "ä"), b"\x1b[228;;228u"),
    (26, key("A", "a", 0, REPEAT), b"\x1b[97;1:2;97u"),
    (26, key("A", "a", 0, RELEASE), b"\x1b[97;1:3u"),
    # Text that no key is known for has key number 0.
    (24, key("", "你好"), b"\x1b[0;;20320:22909u"),
    (24, key("", "é"), b"\x1b[0;;233u"),
    (15, key("", "你"), "你".encode()),
    (1, key("", "你好"), "你好".encode()),
    # Alternate keys: shifted, and where a US keyboard has the key; each only where it says something new.
    (5, key("A", "a", 0, PRESS, "a"), b"a"),
    (5, key("A", "\x01", CONTROL, PRESS, "a"), b"\x1b[97;5u"),
    (5, key("A", "\x01", CONTROL | SHIFT, PRESS, "a"), b"\x1b[97:65;6u"),
    (5, key("A", "A", ALT | SHIFT), b"\x1b[97:65;4u"),
    (13, key("A", "a", SHIFT | CAPS), b"\x1b[97:65;66u"),
    (5, key("Exclam", "!", CONTROL | SHIFT, PRESS, "1"), b"\x1b[49:33;6u"),
    (5, key("Exclam", "!", CONTROL | SHIFT), b"\x1b[49:33;6u"),
    (5, key("Y", "\x19", CONTROL, PRESS, "z"), b"\x1b[121::122;5u"),
    (5, key("Y", "Y", ALT | SHIFT, PRESS, "z"), b"\x1b[121:89:122;4u"),
    (5, key("QuoteDbl", '"', ALT | SHIFT, PRESS, "2"), b"\x1b[50:34;4u"),
    (5, key("С", "\x03", CONTROL, PRESS, "c"), b"\x1b[1089::99;5u"),
    (13, key("С", "С", SHIFT, PRESS, "c"), b"\x1b[1089:1057:99;2u"),
    (31, key("С", "с", 0, PRESS, "c"), b"\x1b[1089::99;;1089u"),
    (5, key("Up", "", SHIFT), b"\x1b[1;2A"),
    (5, key("Return", "\r", SHIFT), b"\x1b[13;2u"),
    (13, key("5", "5", KEYPAD | SHIFT), b"\x1b[57404;2u"),
    (4, key("A", "\x01", CONTROL | SHIFT), b"\x01"),
    # Without alternate keys a program still gets the control keys of another alphabet as it knows them.
    (1, key("С", "\x03", CONTROL, PRESS, "c"), b"\x1b[99;5u"),
    (1, key("С", "с", ALT, PRESS, "c"), b"\x1b[1089;3u"),
    # Dead keys type nothing until they are composed.
    (31, key("Dead_Acute"), b""),
    (31, key("Dead_Acute", "", 0, RELEASE), b""),
]  # fmt: skip


@pytest.mark.parametrize(("flags", "request_", "expected"), CASES)
def test_what_a_key_sends(flags: int, request_: KeyInput, expected: bytes) -> None:
    assert under(flags, request_) == expected


def test_application_cursor_keys_are_legacy_only() -> None:
    assert under(0, key("Up"), b"\x1b[?1h") == b"\x1bOA"
    assert under(1, key("Up"), b"\x1b[?1h") == b"\x1b[A"


def test_control_keys_of_another_alphabet_without_the_protocol() -> None:
    assert Emulator(80, 24).encode_key(key("С", "\x03", CONTROL)) == b"\x03"
    assert Emulator(80, 24).encode_key(key("С", "с")) == "с".encode()


def test_locks_say_nothing_without_the_protocol() -> None:
    locks = CAPS | NUM
    assert Emulator(80, 24).encode_key(key("Up", "", locks)) == b"\x1b[A"
    assert Emulator(80, 24).encode_key(key("A", "\x01", locks | CONTROL)) == b"\x01"


def test_flags_are_pushed_popped_set_and_reported_per_screen() -> None:
    emulator = Emulator(80, 24)
    emulator.feed(b"\x1b[>1u\x1b[>5u\x1b[?u\x1b[<u\x1b[?u\x1b[=8;2u\x1b[?u\x1b[=1;3u\x1b[?u")
    assert emulator.take_replies() == b"\x1b[?5u\x1b[?1u\x1b[?9u\x1b[?8u"
    emulator.feed(b"\x1b[?1049h\x1b[?u\x1b[>3u\x1b[?u\x1b[?1049l\x1b[?u\x1b[<99u\x1b[?u")
    assert emulator.take_replies() == b"\x1b[?0u\x1b[?3u\x1b[?8u\x1b[?0u"


@pytest.mark.parametrize(
    ("sequence", "flags"),
    [
        (b"\x1b[>u", 0), (b"\x1b[=5u", 5), (b"\x1b[=5;1u", 5), (b"\x1b[=u", 0), (b"\x1b[=2;2u", 3),
        (b"\x1b[=1;3u", 0), (b"\x1b[=5;4u", 1), (b"\x1b[<u", 0), (b"\x1b[<0u", 0), (b"\x1b[>255u", 31),
        (b"\x1b[>2u\x1b[<1u", 1), (b"\x1b[>2u\x1b[>4u\x1b[<2u", 1), (b"\x1b[>u\x1b[<u", 1), (b"\x1bc", 0),
    ],
)  # fmt: skip
def test_what_changes_the_flags_when_1_is_in_force(sequence: bytes, flags: int) -> None:
    emulator = Emulator(80, 24)
    emulator.feed(b"\x1b[>1u" + sequence + b"\x1b[?u")
    assert emulator.take_replies() == b"\x1b[?%du" % flags


def test_a_full_stack_forgets_its_oldest_entry() -> None:
    emulator = Emulator(80, 24)
    emulator.feed(b"\x1b[>1u" + b"\x1b[>2u" * 500 + b"\x1b[<" + b"499u" + b"\x1b[?u")
    assert emulator.take_replies() == b"\x1b[?0u"
    assert len(emulator.terminal.screen.kitty_flags) == 0


def test_a_window_is_told_which_keys_the_program_wants() -> None:
    emulator = Emulator(80, 24)
    source = FrameSource(emulator)
    source.take(1)
    for sequence, expected in [
        (b"\x1b[>1u", ScreenMode(0)),
        (b"\x1b[>2u", ScreenMode.KEY_RELEASES),
        (b"\x1b[=8;2u", ScreenMode.KEY_RELEASES | ScreenMode.KEY_ALL),
        (b"\x1b[<u", ScreenMode(0)),
    ]:
        emulator.feed(sequence)
        assert source.pending
        keys = ScreenMode.KEY_RELEASES | ScreenMode.KEY_ALL
        assert source.take(2).modes & keys == expected
        assert screen_modes(emulator.terminal) & keys == expected
