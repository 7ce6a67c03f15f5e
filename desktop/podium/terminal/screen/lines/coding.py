"""Packed lines as bytes, without their marks and images."""

from typing import Any, Final, cast

import msgspec

from podium.core.protocol.frames import Attributes
from podium.terminal.screen.attributes import CellStyle
from podium.terminal.screen.lines.packed import PackedLine, StyleRun

_WRAPPED: Final = 1
_FILLER: Final = 2
_WIDE: Final = 4
_STYLED: Final = 8
_NUMBERS: Final = 16
_CLUSTERS: Final = 32


def encode(lines: list[PackedLine]) -> bytes:
    """The lines in MessagePack: texts, flags, styles, and what the flags announce."""
    flags = bytearray()
    bidi = bytearray()
    styles: dict[CellStyle, int] = {}
    table: list[tuple[int, int, int, int, int, str, bool]] = []
    runs: list[int] = []
    numbers: list[bytes] = []
    clusters: list[dict[int, bytes]] = []
    for line in lines:
        flag = 0
        if line.wrapped:
            flag |= _WRAPPED
        if line.filler:
            flag |= _FILLER
        if line.wide:
            flag |= _WIDE
        if line.numbers:
            flag |= _NUMBERS
            numbers.append(line.numbers)
        elif line.kept is not None:
            flag |= _STYLED
            runs.append(len(line.kept))
            for style, length in line.kept:
                number = styles.get(style, -1)
                if number < 0:
                    number = styles[style] = len(table)
                    a = style.attributes
                    table.append(
                        (
                            a.foreground,
                            a.background,
                            a.style,
                            a.underline,
                            a.underline_color,
                            a.link,
                            style.protected,
                        )
                    )
                runs.append(number)
                runs.append(length)
        if line.clusters:
            flag |= _CLUSTERS
            clusters.append({x: _bytes(cluster) for x, cluster in line.clusters.items()})
        flags.append(flag)
        bidi.append(line.bidi)
    text = _bytes("\n".join([line.text for line in lines]))
    return msgspec.msgpack.encode([text, bytes(flags), bytes(bidi), table, runs, numbers, clusters])


def decode(data: bytes) -> list[PackedLine]:
    """The lines of ``encode``'s bytes. Anything else may raise anything."""
    parts = cast(list[Any], msgspec.msgpack.decode(data))
    text = cast(bytes, parts[0])
    flags = cast(bytes, parts[1])
    bidi = cast(bytes, parts[2])
    runs = cast(list[int], parts[4])
    numbers = cast(list[bytes], parts[5])
    clusters = cast(list[dict[int, bytes]], parts[6])
    styles = [CellStyle(Attributes(*entry[:6]), entry[6]) for entry in cast(list[Any], parts[3])]
    at = 0
    next_numbers = 0
    next_clusters = 0
    lines: list[PackedLine] = []
    texts = text.decode("utf-8", "surrogatepass").split("\n")
    for flag, direction, shown in zip(flags, bidi, texts, strict=True):
        line = PackedLine(shown, flag & _WRAPPED != 0)
        line.filler = flag & _FILLER != 0
        line.bidi = direction
        line.wide = flag & _WIDE != 0
        if flag & _STYLED:
            kept: list[StyleRun] = []
            end = at + 1 + 2 * runs[at]
            at += 1
            links = 0
            while at < end:
                style = styles[runs[at]]
                links += style.link_size
                kept.append((style, runs[at + 1]))
                at += 2
            line.kept = kept
            line.links = links
        elif flag & _NUMBERS:
            line.numbers = numbers[next_numbers]
            next_numbers += 1
        if flag & _CLUSTERS:
            found = clusters[next_clusters]
            next_clusters += 1
            line.clusters = {x: cluster.decode("utf-8", "surrogatepass") for x, cluster in found.items()}
        lines.append(line)
    return lines


def _bytes(text: str) -> bytes:
    # A program can fill a screen with any code point, surrogates too.
    return text.encode("utf-8", "surrogatepass")
