"""Runs as a file for other programs: CSV for spreadsheets, JSON for scripts."""

import csv
import io
import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import msgspec

from podium.core.runs import Run
from podium.history.run_list import ListedRun

_OWN: Final = ("owner_pid", "owner_identity")
"""Of use to Podium alone."""
_RUN_FIELDS: Final = tuple(name for name in Run.__struct_fields__ if name not in _OWN)
FIELDS: Final = (*_RUN_FIELDS, "blocked", "questions", "longest_wait")
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class TableFormat(StrEnum):
    """The value is how such a file's name ends."""

    CSV = "csv"
    JSON = "json"


class RunTable:
    """Makes a file's text of runs: ``begin``, ``add`` for each part, ``end``. Times are ISO 8601 in UTC, lengths and
    waits seconds.
    """

    def __init__(self, format: TableFormat) -> None:
        self._csv = format is TableFormat.CSV
        self._empty = True

    def begin(self) -> str:
        return _line(FIELDS) if self._csv else "["

    def add(self, runs: tuple[ListedRun, ...]) -> str:
        records = [_record(one) for one in runs]
        if self._csv:
            return "".join(_line([_cell(record[name]) for name in FIELDS]) for record in records)
        text = ""
        for record in records:
            text += ("\n" if self._empty else ",\n") + json.dumps(record, ensure_ascii=False)
            self._empty = False
        return text

    def end(self) -> str:
        return "" if self._csv else "\n]\n"


def _record(listed: ListedRun) -> dict[str, Any]:
    run = msgspec.to_builtins(listed.run)
    record = {name: run[name] for name in _RUN_FIELDS}
    for name in ("started_at", "ended_at"):
        record[name] = _moment(record[name])
    waits = listed.blocked
    return {**record, "blocked": waits.seconds, "questions": waits.questions, "longest_wait": waits.longest}


def _moment(at: float | None) -> str | None:
    if at is None:
        return None
    try:
        return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")
    except (OverflowError, ValueError, OSError):
        return None


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula gets an apostrophe in front: a name must not run anything."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.lstrip(" ").startswith(_BEGINS_A_FORMULA):
        return "'" + value
    return value


def _line(cells: Any) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
