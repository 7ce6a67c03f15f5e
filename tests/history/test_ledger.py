"""Which processes a window has running, after that window is gone."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from podium.core.ids import InstanceId
from podium.history import ledger
from podium.history.database import Database, open_database
from tests.history.records import NOON, an_entry


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "history.db")
    yield opened.database
    opened.database.close()


def nobody(pid: int, started: str) -> bool:
    return False


def test_an_entry_comes_back_to_the_last_digit(database: Database) -> None:
    entry = an_entry()
    ledger.remember(database, entry)
    assert ledger.abandoned(database, nobody) == (entry,)


def test_an_entry_is_written_anew_when_the_program_is_another(database: Database) -> None:
    entry = an_entry(program_pid=0, program_identity="")
    ledger.remember(database, entry)
    later = msgspec.structs.replace(entry, program_pid=77, program_identity="boot:2")
    ledger.remember(database, later)
    assert ledger.abandoned(database, nobody) == (later,)


def test_entries_stay_until_they_are_forgotten(database: Database) -> None:
    first, second = an_entry(recorded_at=NOON), an_entry(recorded_at=NOON + 5)
    ledger.remember(database, second)
    ledger.remember(database, first)
    assert ledger.abandoned(database, nobody) == (first, second)
    assert ledger.abandoned(database, nobody) == (first, second)
    ledger.forget(database, first.marker)
    ledger.forget(database, "unknown")
    assert ledger.abandoned(database, nobody) == (second,)


def test_only_windows_that_are_gone_leave_something_behind(database: Database) -> None:
    living = an_entry(owner_pid=10, owner_identity="b:1")
    reused = an_entry(owner_pid=10, owner_identity="b:2")
    gone = an_entry(owner_pid=11, instance=InstanceId("api"), recorded_at=NOON + 9)
    for entry in (living, reused, gone):
        ledger.remember(database, entry)
    asked: list[tuple[int, str]] = []

    def alive(pid: int, started: str) -> bool:
        asked.append((pid, started))
        return (pid, started) == (10, "b:1")

    assert ledger.abandoned(database, alive) == (reused, gone)
    assert len(asked) == 3


def test_the_ledger_outlives_everything(tmp_path: Path) -> None:
    entry = an_entry()
    database = open_database(tmp_path / "history.db").database
    ledger.remember(database, entry)
    # Not closed: another program has to see it as if this one had been killed.
    second = open_database(tmp_path / "history.db").database
    assert ledger.abandoned(second, nobody) == (entry,)
    second.close()
    database.close()
