"""The orphan ledger: the processes of a window, so that the next start can find those that a crash left.

Only what is written down is here. Whether a process is still the one that was meant is for who reads it to find out,
by pid, start time and marker, before anything is ended.
"""

from typing import Final

import msgspec

from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.history.database import Database
from podium.history.runs import OwnerAlive
from podium.history.values import columns, record, row


class LedgerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A worker and its program. ``process_identity`` shows whether a pid still means the same process."""

    marker: str
    """The marker in the environment of every program of this worker; a run's marker begins with it."""
    instance: InstanceId
    name: str
    kind: Kind
    worker_pid: int
    worker_identity: str
    program_pid: int = 0
    """0 while no program runs."""
    program_identity: str = ""
    owner_pid: int
    """The window the worker belongs to."""
    owner_identity: str
    recorded_at: float
    """Seconds since 1970 (UTC)."""


_COLUMNS: Final = columns(LedgerEntry)
_PLACES: Final = ", ".join(f":{name}" for name in LedgerEntry.__struct_fields__)


def remember(database: Database, entry: LedgerEntry) -> None:
    """Insert the entry, or replace it."""
    with database.writing() as connection:
        connection.execute(f"INSERT OR REPLACE INTO processes ({_COLUMNS}) VALUES ({_PLACES})", row(entry))


def forget(database: Database, marker: str) -> None:
    """Remove the entry: the worker and all that carried its marker are gone."""
    with database.writing() as connection:
        connection.execute("DELETE FROM processes WHERE marker = ?", (marker,))


def abandoned(database: Database, owner_alive: OwnerAlive) -> tuple[LedgerEntry, ...]:
    """The entries whose window is gone, the oldest first. They stay until they are forgotten."""
    with database.reading() as connection:
        found = connection.execute(
            f"SELECT {_COLUMNS} FROM processes ORDER BY recorded_at, marker"
        ).fetchall()
    entries = [record(LedgerEntry, values) for values in found]
    alive = {
        owner: owner_alive(*owner) for owner in {(entry.owner_pid, entry.owner_identity) for entry in entries}
    }
    return tuple(entry for entry in entries if not alive[entry.owner_pid, entry.owner_identity])
