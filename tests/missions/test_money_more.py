"""Second ways into the holes of the money: clocks that are wrong, links that lead nowhere, and sums by agent."""

import os
import threading
import time
from pathlib import Path

import pytest

from podium.core.costs import Cost, CostEntry, Day
from podium.core.missions.spec import AgentSpec, Mission
from podium.core.missions.state import MissionState
from podium.core.system.app_dirs import config_folder, settings_path
from podium.history import retention
from podium.history.cost_ledger import HistoryLedger
from podium.history.database import open_database
from podium.missions.costs.book import CostBook
from podium.missions.costs.budget import Budgets, day_budget

DAY = 86_400.0


def entry(id: str, at: float, usd: float = 1.0, run: str = "run", agent: str = "a") -> CostEntry:
    return CostEntry(id, run, agent, 1, at, Cost(usd))


@pytest.mark.fault("D2")
def test_settings_that_are_a_link_to_nowhere_turn_no_budget_off() -> None:
    config_folder().mkdir(parents=True, exist_ok=True)
    settings_path().symlink_to("/nowhere/settings.toml")
    with pytest.raises(ValueError, match=r"/nowhere/settings\.toml"):
        day_budget(settings_path())


@pytest.mark.fault("D3")
@pytest.mark.parametrize("kind", ["pipe", "folder", "loop"])
def test_a_history_that_is_no_file_is_told_and_holds_nobody_up(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "history.db"
    {"pipe": os.mkfifo, "folder": os.mkdir, "loop": lambda path: path.symlink_to(path)}[kind](path)
    ended = threading.Event()
    told: list[Exception] = []

    def ask() -> None:
        try:
            HistoryLedger(path).spent_since(0.0)
        except Exception as error:
            told.append(error)
        ended.set()

    threading.Thread(target=ask, daemon=True).start()
    assert ended.wait(30)
    assert [isinstance(error, OSError) for error in told] == [True]


@pytest.mark.fault("D3")
def test_what_a_clock_ahead_folded_is_spent_all_the_same(tmp_path: Path) -> None:
    now = time.time()
    midnight = now - 3600
    book = HistoryLedger(tmp_path / "history.db")
    book.add(entry("1", now, 3.0), entry("2", now, 1.0, run="other"))
    database = open_database(tmp_path / "history.db").database
    assert retention.fold_costs(database, now=now + 400 * DAY, keep_days=1)
    assert book.spent_since(midnight) == 4.0
    grant = book.reserve("run", "a", None, Day(5.0, midnight), 1)
    assert (grant.usd, grant.spent) == (1.0, 4.0)
    database.close()
    book.close()


def agent_of(usd: float) -> Mission:
    agent = AgentSpec("a", ("true",), budget_usd=usd)
    return Mission(Path("/m.toml"), "M", Path("/"), (agent,))


def left_for_agent(path: Path, state: MissionState, usd: float) -> float | None:
    ledger = HistoryLedger(path)
    book = CostBook(ledger, state, "/m.toml")
    mission = agent_of(usd)
    budgets = Budgets(mission, book, None, lambda _: None)
    share = budgets.reserve(mission.agents[0], 1)
    ledger.close()
    return share.usd


@pytest.mark.fault("D3")
@pytest.mark.parametrize("how", ["clock back", "folded", "lost"])
def test_an_agents_own_budget_goes_on_after_an_interruption(tmp_path: Path, how: str) -> None:
    path = tmp_path / "history.db"
    now = time.time()
    state = MissionState("run", "/m.toml", started_at=now)
    ledger = HistoryLedger(path)
    wall = now - 10 * DAY if how == "clock back" else now
    book = CostBook(ledger, state, "/m.toml", wall=lambda: wall)
    book.add("a", 1, 1, 1, Cost(3.0))
    book.write()
    ledger.close()
    if how == "folded":
        database = open_database(path).database
        assert retention.fold_costs(database, now=now + 400 * DAY, keep_days=1)
        database.close()
    elif how == "lost":
        path.unlink()
    assert left_for_agent(path, state, 5.0) == pytest.approx(2.0)
