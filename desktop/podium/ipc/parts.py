"""Encodes reports, and cuts what grew too big for one message into parts (``more`` set on all but the last)."""

import contextlib
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import msgspec

from podium.core.protocol.frames import Frame
from podium.core.protocol.reports import LinesReport, Report, TextReport
from podium.ipc.framing import MAX_MESSAGE_BYTES, add_length, encode, encode_payload

MAX_PART_BYTES: Final = 256 * 1024
_MAX_PART_CHARACTERS: Final = MAX_PART_BYTES // 4

Item = TypeVar("Item")

_encoder = msgspec.msgpack.Encoder()


def encode_parts(report: Report) -> list[bytes]:
    """``report`` as one framed message, or cut into several of at most about 256 KiB each.

    A report that fits is encoded once. What is too big for a message and can't be cut, such as a single row of over
    1 MiB, is left out: no window could show it.
    """
    if isinstance(report, TextReport):
        return _encode_all(_text_parts(report))
    try:
        payload = encode_payload(report)
    except ValueError:
        return []
    if len(payload) <= MAX_PART_BYTES:
        return [add_length(payload)]
    match report:
        case Frame():
            return _encode_all(_frame_parts(report))
        case LinesReport():
            return _encode_all(_lines_parts(report))
    return [add_length(payload)] if len(payload) <= MAX_MESSAGE_BYTES else []


def _encode_all(parts: Iterable[Report]) -> list[bytes]:
    encoded = []
    for part in parts:
        with contextlib.suppress(ValueError):
            encoded.append(encode(part))
    return encoded


def _text_parts(report: TextReport) -> Iterator[TextReport]:
    last = max(0, len(report.text) - 1) // _MAX_PART_CHARACTERS
    for index in range(last + 1):
        piece = report.text[index * _MAX_PART_CHARACTERS : (index + 1) * _MAX_PART_CHARACTERS]
        yield TextReport(report.request, piece, more=index < last)


def _frame_parts(frame: Frame) -> Iterator[Frame]:
    """Attributes and moves first, then the rows, each part under the limit unless a single row is over it."""
    replace = msgspec.structs.replace
    blank = replace(frame, attributes=(), moved=(), changed=(), more=True)
    for entries in _chunks(frame.attributes):
        yield replace(blank, attributes=entries)
    if frame.moved:
        yield replace(blank, moved=frame.moved)
    chunks = list(_chunks(frame.changed))
    for chunk in chunks[:-1]:
        yield replace(blank, changed=chunk)
    yield replace(blank, changed=chunks[-1] if chunks else (), more=False)


def _lines_parts(report: LinesReport) -> Iterator[LinesReport]:
    replace = msgspec.structs.replace
    first = report.first
    for entries in _chunks(report.attributes):
        yield replace(report, attributes=entries, lines=(), more=True)
    chunks = list(_chunks(report.lines))
    for index, chunk in enumerate(chunks):
        yield replace(report, attributes=(), first=first, lines=chunk, more=index < len(chunks) - 1)
        first += len(chunk)


def _chunks(items: tuple[Item, ...]) -> Iterator[tuple[Item, ...]]:
    """Neighbouring items whose encoded sizes add up to at most the limit."""
    start, size = 0, 0
    for index, item in enumerate(items):
        item_size = len(_encoder.encode(item))
        if size + item_size > MAX_PART_BYTES and index > start:
            yield items[start:index]
            start, size = index, 0
        size += item_size
    if start < len(items):
        yield items[start:]
