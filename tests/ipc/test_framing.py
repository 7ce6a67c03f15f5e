"""Bytes in, messages out; bad bytes in, a named reason out."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from podium.core.protocol.frames import AttributeEntry, Attributes, ChangedRow, Frame, Line, MovedRow, Run
from podium.core.protocol.images import (
    MAX_LINE_STRIPS,
    MAX_PIECE_BYTES,
    ImageEncoding,
    ImageReport,
    ImageStrip,
)
from podium.core.protocol.reports import (
    ErrorReport,
    EventReport,
    ExitedReport,
    LinesReport,
    Pong,
    Report,
    TextReport,
)
from podium.core.protocol.requests import Init, KeyInput, Paste, Resize, Start
from podium.ipc import framing
from podium.ipc import parts as ipc_parts
from podium.ipc.framing import (
    MAX_MESSAGE_BYTES,
    MAX_UNREADABLE_BYTES,
    MessageDecoder,
    ProtocolError,
    Unreadable,
    encode,
    report_decoder,
    request_decoder,
)
from podium.ipc.parts import MAX_PART_BYTES, encode_parts

FRAME = Frame(
    7,
    80,
    24,
    attributes=(AttributeEntry(1, Attributes(foreground=3, link="https://example.org")),),
    moved=(MovedRow(0, 1),),
    changed=(ChangedRow(23, Line((Run("żółw", 1), Run("漢字", 0, 2), Run("👩‍🚀", 0, -2)), wrapped=True)),),
    palette={256: 0xFFFFFF},
)
REQUESTS = [Init("a"), Start(("sh",), "/", {"A": "b"}), KeyInput("Up", "", 1), Paste("x"), Resize(80, 24)]
REPORTS = [FRAME, Pong(3), EventReport("round:start", {"round": 1}), ExitedReport(None, 9)]


def drain(decoder: MessageDecoder) -> list:
    return list(iter(decoder.next_message, None))


@given(st.lists(st.integers(1, 40), max_size=30))
def test_messages_survive_any_cut(cuts: list[int]) -> None:
    data = b"".join(map(encode, REPORTS))
    decoder, received = report_decoder(), []
    for cut in [*cuts, len(data)]:
        decoder.feed(data[:cut])
        data = data[cut:]
        received += drain(decoder)
    assert received == REPORTS
    assert not decoder.incomplete


def test_requests_come_back_as_they_were() -> None:
    decoder = request_decoder()
    decoder.feed(b"".join(map(encode, REQUESTS)))
    assert drain(decoder) == REQUESTS


@pytest.mark.parametrize("length", [0, MAX_MESSAGE_BYTES + 1, 2**31])
def test_a_bad_length_ends_it(length: int) -> None:
    decoder = report_decoder()
    decoder.feed(length.to_bytes(4, "big") + b"x")
    with pytest.raises(ProtocolError, match=str(length)):
        decoder.next_message()


@pytest.mark.parametrize("payload", [b"\xc1", b"\xa2\xff\xff", b"\x91" * 200_000 + b"\x01", b"\x01\x02"])
def test_what_is_not_messagepack_ends_it(payload: bytes) -> None:
    decoder = report_decoder()
    decoder.feed(len(payload).to_bytes(4, "big") + payload)
    with pytest.raises(ProtocolError):
        decoder.next_message()


@pytest.mark.parametrize("value", [{"type": "nonsense"}, {"type": "pong", "number": "x"}, 5, []])
def test_an_unknown_message_is_told_apart_and_the_next_one_is_read(value: object) -> None:
    payload = msgspec.msgpack.encode(value)
    decoder = report_decoder()
    decoder.feed(len(payload).to_bytes(4, "big") + payload + encode(Pong(1)))
    assert isinstance(decoder.next_message(), Unreadable)
    assert decoder.next_message() == Pong(1)


def test_a_big_message_that_is_none_we_know_ends_it() -> None:
    payload = msgspec.msgpack.encode({"type": "nonsense", "data": "x" * MAX_UNREADABLE_BYTES})
    decoder = report_decoder()
    decoder.feed(len(payload).to_bytes(4, "big") + payload)
    with pytest.raises(ProtocolError, match="makes no sense"):
        decoder.next_message()


def test_a_flood_that_is_never_quite_read_leaves_nothing_behind() -> None:
    decoder = report_decoder()
    data = encode(TextReport(1, "x" * 1000))
    decoder.feed(data)
    for _ in range(1000):
        decoder.feed(data)
        assert decoder.next_message() == TextReport(1, "x" * 1000)
        assert (decoder.size, decoder.waiting) == (len(data) - 4, len(data))
    assert len(decoder._buffer) <= 2 * len(data)


@pytest.mark.parametrize("size", [(1001, 24), (80, -1), (80, 10**9)])
def test_a_frame_of_an_impossible_size_is_told_apart(size: tuple[int, int]) -> None:
    decoder = report_decoder()
    decoder.feed(encode(Frame(1, *size)))
    assert isinstance(decoder.next_message(), Unreadable)


STRIP = ImageStrip(1, 0, 0, 0, 4, 0, 0, 32, 36, 4.0, 2.0)


@pytest.mark.parametrize(
    "images",
    [
        (STRIP,) * (MAX_LINE_STRIPS + 1),
        (msgspec.structs.replace(STRIP, image=0),),
        (msgspec.structs.replace(STRIP, column=1 << 40),),
        (msgspec.structs.replace(STRIP, width=-1),),
        (msgspec.structs.replace(STRIP, columns=1e300),),
        (msgspec.structs.replace(STRIP, rows=float("nan")),),
    ],
)
def test_impossible_parts_of_pictures_are_told_apart(images: tuple[ImageStrip, ...]) -> None:
    decoder = report_decoder()
    decoder.feed(encode(Frame(1, 80, 24, changed=(ChangedRow(0, Line((), images=images)),))))
    assert isinstance(decoder.next_message(), Unreadable)


@pytest.mark.parametrize("report", [ImageReport(1, 2, size=1 << 30), ImageReport(1, 2, width=20_000)])
def test_an_impossible_picture_is_told_apart(report: ImageReport) -> None:
    decoder = report_decoder()
    decoder.feed(encode(report))
    assert isinstance(decoder.next_message(), Unreadable)


def test_parts_of_pictures_and_their_data_arrive() -> None:
    frame = Frame(1, 80, 24, changed=(ChangedRow(0, Line((), images=(STRIP,) * 3)),))
    piece = ImageReport(1, 2, 0, MAX_PIECE_BYTES, ImageEncoding.RGB, 5, 6, bytes(MAX_PIECE_BYTES))
    assert _decoded(frame) == [frame]
    assert _decoded(piece) == [piece]


def test_a_message_over_the_limit_is_refused_by_its_sender() -> None:
    with pytest.raises(ValueError, match="1048576"):
        encode(Paste("x" * MAX_MESSAGE_BYTES))


def _decoded(report: Report) -> list[Any]:
    """What a window makes of all the parts of ``report``."""
    decoder = report_decoder()
    for data in encode_parts(report):
        decoder.feed(data)
    messages = []
    while (message := decoder.next_message()) is not None:
        assert not isinstance(message, Unreadable)
        messages.append(message)
    return messages


def test_a_report_that_fits_is_encoded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    class Counting:
        def encode(self, message: object) -> bytes:
            calls.append(message)
            return msgspec.msgpack.encode(message)

    monkeypatch.setattr(framing, "_encoder", Counting())
    monkeypatch.setattr(ipc_parts, "_encoder", Counting())
    for report in (FRAME, LinesReport(1, 0, 0, (Line((Run("x"),)),), ()), Pong(1), TextReport(1, "x")):
        calls.clear()
        assert len(encode_parts(report)) == 1
        assert calls == [report]


def test_what_can_not_be_cut_is_left_out_and_the_rest_is_sent() -> None:
    huge = ChangedRow(1, Line((Run("x" * MAX_MESSAGE_BYTES),)))
    small = ChangedRow(2, Line((Run("y"),)))
    frame = msgspec.structs.replace(FRAME, changed=(small, huge, small))
    sent = _decoded(frame)
    assert sum((part.changed for part in sent), ()) == (small, small)
    assert [part.more for part in sent][-1] is False
    assert encode_parts(ErrorReport("x" * MAX_MESSAGE_BYTES)) == []


def test_a_small_report_stays_whole() -> None:
    assert encode_parts(FRAME) == [encode(FRAME)]


def test_a_huge_frame_comes_in_parts_that_add_up() -> None:
    row = Line(tuple(Run("x", number) for number in range(1000)))
    frame = msgspec.structs.replace(
        FRAME,
        changed=tuple(ChangedRow(y, row) for y in range(300)),
        attributes=tuple(AttributeEntry(number, Attributes(number)) for number in range(1000)),
    )
    pieces = _decoded(frame)
    assert len(pieces) > 2
    assert all(len(encode(piece)) < MAX_PART_BYTES + 32 * 1024 for piece in pieces)
    assert [piece.more for piece in pieces] == [True] * (len(pieces) - 1) + [False]
    assert sum((piece.changed for piece in pieces), ()) == frame.changed
    assert sum((piece.attributes for piece in pieces), ()) == frame.attributes
    assert sum((piece.moved for piece in pieces), ()) == frame.moved


def test_long_lines_and_texts_come_in_parts_that_add_up() -> None:
    text = "żx" * 300_000
    pieces = _decoded(TextReport(1, text))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.more for piece in pieces][-1] is False
    lines = tuple(Line((Run("y" * 900),)) for _ in range(2000))
    cut = _decoded(LinesReport(2, 0, 50, lines, ()))
    assert sum((piece.lines for piece in cut), ()) == lines
    assert cut[0].first == 50
    assert all(cut[n].first + len(cut[n].lines) == cut[n + 1].first for n in range(len(cut) - 1))
