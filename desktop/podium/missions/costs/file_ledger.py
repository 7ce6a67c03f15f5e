"""The cost ledger as plain files, one for each month: a line for each cost, appended durably.

Several missions may write at once: a line is appended in one piece, and an id that is there twice counts once.
"""

import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from podium.core.costs import CostEntry
from podium.core.own_folders import state_folder
from podium.core.private_file import append_line

_decoder = msgspec.json.Decoder(CostEntry)


class FileLedger:
    """Keeps its files in ``folder`` (default: Podium's state folder)."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or state_folder() / "costs"

    def add(self, entry: CostEntry) -> None:
        append_line(self._folder / _month(entry.at), msgspec.json.encode(entry))

    def of_run(self, run: str, since: float) -> list[CostEntry]:
        return [entry for entry in self._entries(since) if entry.run == run]

    def spent_since(self, moment: float) -> float | None:
        told = [
            entry.cost.usd
            for entry in self._entries(moment)
            if entry.at >= moment and entry.cost.usd is not None and not entry.cost.simulated
        ]
        return sum(told) if told else None

    def _entries(self, since: float) -> Iterator[CostEntry]:
        """Every readable entry from the month of ``since`` on, each id once."""
        seen: set[str] = set()
        try:
            files = sorted(path for path in self._folder.iterdir() if path.name >= _month(since))
        except OSError:
            return
        for path in files:
            try:
                lines = path.read_bytes().splitlines()
            except OSError:
                continue
            for line in lines:
                try:
                    entry = _decoder.decode(line)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    continue  # Torn by a kill or a full disk.
                if entry.id not in seen:
                    seen.add(entry.id)
                    yield entry


def _month(moment: float) -> str:
    return time.strftime("%Y-%m.jsonl", time.gmtime(moment))
