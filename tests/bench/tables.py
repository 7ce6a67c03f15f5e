"""Rows of figures under headings, as plain text. None and NaN are what could not be measured."""

import math
from collections.abc import Sequence


def print_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    widths = [max(len(row[column]) for row in (headings, *rows)) for column in range(len(headings))]
    print(f"\n{title}")
    for row in (headings, *rows):
        first, *others = row
        cells = [text.rjust(width) for text, width in zip(others, widths[1:], strict=True)]
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip(), flush=True)


def ratio(value: float | None, peer: float | None) -> str:
    """``1.6×``; "–" where one of the two is missing."""
    if value is None or not peer or math.isnan(value / peer):
        return "–"
    return f"{value / peer:.2f}×"


def number(value: float | None, form: str = ".1f") -> str:
    return format(value, form) if value is not None and not math.isnan(value) else "–"
