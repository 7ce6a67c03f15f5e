"""What a file holds is checked: a screen out, or None and why. Lines keep their text at any width."""

import os
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podium.core.protocol.frames import RGB_FLAG, AttributeEntry, Attributes, Line, Run, Style
from podium.core.protocol.line_flow import covered, flowed
from podium.core.protocol.saved_screen import MAX_BYTES, KeptScreen, decode, encode, read
from podium.core.system.private_files import write_private

WHOLE = KeptScreen(
    columns=20,
    lines=(
        Line((Run("plain "), Run("red", 1), Run("漢字", 2, 2), Run("e\u0301", 0, -1))),
        Line(),
        Line((Run("x" * 20),), wrapped=True),
        Line((Run("x"),)),
    ),
    attributes=(
        AttributeEntry(1, Attributes(foreground=1)),
        AttributeEntry(2, Attributes(RGB_FLAG | 0x123456, 200, Style.BOLD, 3, 7, "https://example.org/")),
    ),
    picture=1,
    first=812,
    line_epoch=2,
    marker="4711",
    folder="/srv/atlas",
    saved_at=1_700_000_000.5,
)


def test_what_was_encoded_comes_back() -> None:
    assert decode(encode(WHOLE)) == (WHOLE, "")


def changed(**fields: Any) -> bytes:
    return encode(msgspec.structs.replace(WHOLE, **fields))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "damaged"),
        (b"\x81", "damaged"),
        (b"\x91" * 100_000, "damaged"),
        (encode(WHOLE)[:-3], "damaged"),
        (encode(WHOLE) + b"\0", "damaged"),
        (b"\0" * (MAX_BYTES + 1), "2 MiB"),
        (changed(version=2), "newer"),
        (msgspec.msgpack.encode({"version": 2, "lines": "of another kind"}), "newer"),
        (changed(columns=0), "size"),
        (changed(lines=(Line(),) * 10_000), "size"),
        (changed(picture=5), "line numbers"),
        (changed(first=-1), "line numbers"),
        (changed(saved_at=float("nan")), "time"),
        (changed(saved_at=1e300), "time"),
        (changed(saved_at=-1.0), "time"),
        (changed(folder="/x" * 4000), "folder"),
        (changed(lines=(Line((Run("a", 9),)),)), "unknown look"),
        (changed(lines=(Line((Run("a\x1b[31m"),)),)), "text"),
        (changed(lines=(Line((Run("a\x9b"),)),)), "text"),
        (changed(lines=(Line((Run("a", 0, 3),)),)), "text"),
        (changed(lines=(Line((Run("", 0, -1),)),)), "text"),
        (changed(lines=(Line((Run("a" * 21),)),)), "too long"),
        (changed(attributes=(AttributeEntry(0, Attributes()),)), "look"),
        (changed(attributes=(AttributeEntry(1, Attributes(foreground=256)),)), "look"),
        (changed(attributes=(AttributeEntry(1, Attributes(background=RGB_FLAG << 1)),)), "look"),
        (changed(attributes=(AttributeEntry(1, Attributes(style=1024)),)), "look"),
        (changed(attributes=(AttributeEntry(1, Attributes(underline=6)),)), "look"),
    ],
)
def test_what_no_session_would_write_is_refused_and_the_reason_said(data: bytes, said: str) -> None:
    screen, reason = decode(data)
    assert screen is None
    assert said in reason


@pytest.mark.parametrize(
    "link", ["file://elsewhere/etc/passwd", "https://a\x1bb", "https://a\u202eb", "https://" + "a" * 3000]
)
def test_a_link_no_program_could_have_made_is_none(link: str) -> None:
    screen, _ = decode(changed(attributes=tuple(AttributeEntry(n, Attributes(link=link)) for n in (1, 2))))
    assert screen is not None
    assert [entry.attributes.link for entry in screen.attributes] == ["", ""]


@pytest.mark.parametrize("folder", ["relative", "", "/a\0b"])
def test_a_folder_that_can_be_none_is_unknown(folder: str) -> None:
    screen, _ = decode(changed(folder=folder))
    assert screen is not None
    assert screen.folder == ""


@given(st.binary(max_size=400))
def test_random_bytes_are_no_screen_and_no_error(data: bytes) -> None:
    screen, reason = decode(data)
    assert screen is None
    assert reason


@given(st.data())
@settings(max_examples=300)
def test_a_damaged_file_is_refused_or_harmless(data: st.DataObject) -> None:
    broken = bytearray(encode(WHOLE))
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    screen, reason = decode(bytes(broken))
    assert (screen is None) == bool(reason)
    if screen is not None:
        assert decode(encode(screen)) == (screen, "")
        assert all(covered(line.runs) <= screen.columns for line in screen.lines)


def test_no_file_is_no_fault_but_one_that_cannot_be_read_is(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == (None, "")
    screen, reason = read(tmp_path)
    assert screen is None
    assert "can't be read" in reason
    (tmp_path / "endless").symlink_to("/dev/zero")
    assert "2 MiB" in read(tmp_path / "endless")[1]


# Widths

WORDS = st.text(st.sampled_from("abc xyz  "), min_size=1, max_size=30).map(lambda text: Run(text))
WIDE = st.text(st.sampled_from("漢字港"), min_size=1, max_size=8).map(lambda text: Run(text, 1, 2))
CLUSTERS = st.sampled_from([Run("e\u0301", 0, -1), Run("👩\u200d🚀", 1, -2)])
LINES = st.lists(st.lists(st.one_of(WORDS, WIDE, CLUSTERS), max_size=6), max_size=8)


def text(lines: list[Line], columns: int) -> list[str]:
    """Logical lines without the blanks at their ends."""
    made, whole = [], ""
    for number, line in enumerate(lines):
        row = "".join(run.text for run in line.runs)
        missing = columns - covered(line.runs)
        follower = lines[number + 1].runs[:1] if number + 1 < len(lines) else ()
        if line.wrapped and not (missing == 1 and follower and abs(follower[0].width) == 2):
            row += " " * missing
        whole += row
        if not line.wrapped:
            made.append(whole.rstrip(" "))
            whole = ""
    return made


@given(LINES, st.integers(2, 40), st.integers(2, 40))
def test_lines_keep_their_text_at_any_width(runs: list[list[Run]], columns: int, then: int) -> None:
    whole = [Line(tuple(line)) for line in runs]
    at_first = list(flowed(whole, 10_000, columns))
    at_last = list(flowed(at_first, columns, then))
    for lines, width in ((at_first, columns), (at_last, then)):
        assert all(covered(line.runs) <= width for line in lines)
        assert text(lines, width) == ["".join(run.text for run in line).rstrip(" ") for line in runs]


def test_a_background_up_to_the_edge_makes_no_rows_in_a_narrower_terminal() -> None:
    bar = Line((Run("bar" + " " * 77, 1),))
    assert list(flowed([bar, Line((Run("x"),))], 80, 40)) == [
        Line((Run("bar" + " " * 37, 1),)),
        Line((Run("x"),)),
    ]


# Files


def test_a_private_file_is_the_persons_alone_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"
    before = os.umask(0)
    try:
        write_private(path, b"secret", durable=False)
        (tmp_path / "folder").chmod(0o777)
        os.umask(0o777)
        write_private(path, b"other", durable=True)
    finally:
        os.umask(before)
    assert path.read_bytes() == b"other"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    write_private(path, b"old", durable=False)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        write_private(path, b"new", durable=True)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
