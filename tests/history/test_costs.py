"""Costs in, sums out; told twice they count once."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.costs import Cost, CostEntry
from podium.history import costs
from podium.history.cost_ledger import HistoryLedger
from podium.history.database import Database, open_database
from podium.history.schema import MIGRATIONS

NOON = 1_790_000_000.0
DAY = 86_400.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "history.db").database
    yield opened
    opened.close()


def an_entry(id: str = "r/1/a/0/0", cost: Cost | None = None, **more: object) -> CostEntry:
    values = {
        "run": "r",
        "agent": "a",
        "round": 1,
        "at": NOON,
        "mission": "/m.toml",
        "instance": "api",
        **more,
    }
    return CostEntry(id, cost=cost or Cost(0.25, 100, 10), **values)


def test_the_same_cost_told_again_counts_once(database: Database) -> None:
    for _ in range(3):
        costs.add(database, an_entry())
    costs.add(database, an_entry(cost=Cost(9.0)))
    assert costs.of_run(database, "r") == [an_entry()]
    assert costs.spent_since(database, NOON) == 0.25


def test_a_run_has_its_own_costs_alone_the_oldest_first(database: Database) -> None:
    for id, run, at in (("1", "r", NOON + 5), ("2", "s", NOON), ("3", "r", NOON), ("4", "q", NOON)):
        costs.add(database, an_entry(id, run=run, at=at))
    assert [entry.id for entry in costs.of_run(database, "r")] == ["3", "1"]


def test_unknown_is_not_nothing(database: Database) -> None:
    assert costs.spent_since(database, 0) is None
    costs.add(database, an_entry(cost=Cost(None, 5, None)))
    assert costs.spent_since(database, 0) is None
    [used] = costs.usage(database).rows
    assert (used.cost_usd, used.tokens_in, used.tokens_out) == (None, 5, None)


def test_simulated_money_is_not_spent(database: Database) -> None:
    costs.add(database, an_entry("1", Cost(5.0, simulated=True)))
    costs.add(database, an_entry("2", Cost(1.0, estimated=True)))
    assert costs.spent_since(database, 0) == 1.0


def test_usage_by_day_instance_and_agent(database: Database) -> None:
    for number, (at, instance, agent, usd) in enumerate(
        [
            (NOON, "api", "a", 1.0),
            (NOON + 5, "api", "a", 2.0),
            (NOON, "web", "a", 4.0),
            (NOON - 2 * DAY, "api", "b", 8.0),
        ]
    ):
        costs.add(database, an_entry(str(number), Cost(usd), at=at, instance=instance, agent=agent))
    used = costs.usage(database).rows
    assert [(one.instance, one.agent, one.cost_usd, one.entries) for one in used] == [
        ("api", "a", 3.0, 2),
        ("web", "a", 4.0, 1),
        ("api", "b", 8.0, 1),
    ]
    assert used[0].day > used[2].day
    assert [one.cost_usd for one in costs.usage(database, since=NOON).rows] == [3.0, 4.0]
    assert [one.cost_usd for one in costs.usage(database, until=NOON).rows] == [8.0]


def test_a_database_of_the_first_version_gets_the_table(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    open_database(path, migrations=MIGRATIONS[:1]).database.close()
    opened = open_database(path)
    assert not opened.notice
    costs.add(opened.database, an_entry())
    assert costs.of_run(opened.database, "r") == [an_entry()]
    opened.database.close()


def test_a_killed_program_has_lost_nothing_it_was_told(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    script = """
import os, sys
from pathlib import Path
from podium.history.cost_ledger import HistoryLedger
from tests.history.test_costs import an_entry
ledger = HistoryLedger(Path(sys.argv[1]))
ledger.add(an_entry())
print("told", flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("told\n", -9), done.stderr
    ledger = HistoryLedger(path)
    assert ledger.of_run("r") == [an_entry()]
    ledger.close()


def test_a_ledger_that_cannot_be_kept_says_so(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    ledger = HistoryLedger(tmp_path / "history.db")
    with pytest.raises(OSError, match=r"history\.db"):
        ledger.add(an_entry())
    with pytest.raises(OSError, match=r"history\.db"):
        ledger.spent_since(0)  # Unknown, which is not nothing.
    with pytest.raises(OSError, match=r"history\.db"):
        ledger.of_run("r")


def test_a_file_set_aside_meanwhile_is_opened_anew(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    ledger = HistoryLedger(path)
    ledger.add(an_entry("1"))
    path.rename(tmp_path / "elsewhere.db")
    ledger.add(an_entry("2"))
    ledger.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT id FROM costs").fetchall() == [("2",)]
