"""A history of costs that is lost, damaged or held by others; rows D3 and D5."""

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.missions.mission_shell import ledger, mission, running, state_of, until
from tests.missions.spending import HEAD, Start, agent, costs, set_day_budget, stopped

from podium.core.costs import Cost, CostEntry
from podium.core.missions.state import MissionState
from podium.core.protocol.events import AgentError
from podium.core.system.app_dirs import history_path
from podium.history.cost_ledger import HistoryLedger
from podium.history.database import open_database
from podium.missions.costs.book import CostBook

# D3


def spend(usd: float, run: str = "earlier", at: float | None = None) -> None:
    book = HistoryLedger(history_path())
    entry = CostEntry(f"{run}/1/a/1/1", run, "a", 1, at or time.time(), Cost(usd), "/m.toml")
    book.add(entry)
    book.close()


def damage(offset: int = 0) -> None:
    data = bytearray(history_path().read_bytes())
    data[offset : offset + 16] = b"This is no data."
    history_path().write_bytes(data)


@pytest.mark.fault("D3")
def test_a_damaged_history_does_not_begin_the_day_anew(start_mission: Start) -> None:
    set_day_budget(1.0)
    spend(0.9)
    with closing(sqlite3.connect(history_path())) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'runs'").fetchone()[0]
    damage((root - 1) * 4096)
    run = start_mission(HEAD.replace("= 1", "= 3") + "stop_when = 'never'\n" + agent("a", costs(0.2)))
    assert run.finish() == 130
    assert "the day’s budget of $1.00 is used up ($1.10 spent)" in stopped(run).reason
    assert history_path().with_name("history.db.unreadable").exists()
    words = " ".join(run.log.split())
    assert "$0.90 of today’s costs were taken over from history.db.unreadable" in words


@pytest.mark.fault("D3")
@pytest.mark.parametrize("how", ["damaged", "deleted"])
def test_a_history_of_which_nothing_is_left_is_made_up_from_the_missions_states(
    start_mission: Start, how: str
) -> None:
    set_day_budget(1.0)
    first = start_mission(HEAD + agent("a", costs(0.9)))
    assert first.finish() == 0
    for end in ("-wal", "-shm"):
        history_path().with_name("history.db" + end).unlink(missing_ok=True)
    if how == "deleted":
        history_path().unlink()
    else:
        history_path().write_bytes(b"nothing" * 1000)
    second = start_mission(HEAD.replace("= 1", "= 3") + "stop_when = 'never'\n" + agent("a", costs(0.2)))
    assert second.finish() == 130
    assert "($1.10 spent)" in stopped(second).reason
    words = " ".join(second.log.split())
    assert "At least $0.90 was spent today, as the missions’ state files say." in words
    assert ("may count too little of today" in words) == (how == "damaged")


@pytest.mark.fault("D3")
def test_a_day_that_can_not_be_asked_about_stops_the_mission(start_mission: Start) -> None:
    set_day_budget(1.0)
    history_path().parent.mkdir(parents=True)
    history_path().mkdir()
    run = start_mission(HEAD + agent("a", "touch ran"))
    assert run.finish() == 130
    assert "the day’s budget of $1.00 can’t be checked" in " ".join(run.log.split())


@pytest.mark.fault("D3")
def test_costs_of_a_running_mission_survive_the_loss_of_the_history(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(
        HEAD + agent("a", costs(0.5) + "touch begun; while [ ! -e go ]; do sleep 0.05; done\n" + costs(0.25))
    )
    with running("run", "--yes", "m.toml", folder=tmp_path) as one:
        until((tmp_path / "begun").exists, "it has begun")
        until(lambda: [entry.cost.usd for entry in ledger()] == [0.5], "it is written")
        for end in ("", "-wal", "-shm"):
            history_path().with_name("history.db" + end).unlink(missing_ok=True)
        (tmp_path / "go").touch()
        assert one.wait(60) == 0
    assert sorted(entry.cost.usd or 0 for entry in ledger()) == [0.25, 0.5]
    assert state_of(file).cost.usd == 0.75


# D5


@pytest.mark.fault("D5")
def test_a_flood_of_costs_becomes_a_few_entries_and_holds_nothing_up(start_mission: Start) -> None:
    line = '{"event":"agent:complete","data":{"costUsd":0.0001}}'
    run = start_mission(
        HEAD
        + "budget_usd = 100.0\n"
        + agent("a", f"exec yes '{line}' > /dev/fd/$PODIUM_EVENTS_FD", "timeout = 3")
        + agent("b", f"yes '{line}' | head -n 20000 > /dev/fd/$PODIUM_EVENTS_FD", "depends_on = ['a']")
    )
    run.finish()
    failed = next(event for event in run.events if isinstance(event, AgentError))
    assert "timeout" in failed.reason
    assert failed.seconds < 60  # Each line was two syncs of the disk, and the timeout waited for all of them.
    by_agent = {name: [entry for entry in ledger() if entry.agent == name] for name in "ab"}
    assert sum(entry.cost.usd or 0 for entry in by_agent["b"]) == pytest.approx(2.0)
    total = sum(entry.cost.usd or 0 for entry in ledger())
    assert stopped(run).cost_usd == pytest.approx(total)
    assert len(by_agent["b"]) < 200


@pytest.mark.fault("D5")
def test_a_kill_after_a_moment_loses_no_cost(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    file.write_text(HEAD + agent("a", costs(0.5) * 3 + "touch told; exec sleep 600"))
    with running("run", "--yes", "m.toml", folder=tmp_path) as one:
        until((tmp_path / "told").exists, "it has told")
        until(lambda: sum(entry.cost.usd or 0 for entry in ledger()) == 1.5, "all is written")
        os.kill(one.pid, signal.SIGKILL)
        one.wait(60)
    file.write_text(HEAD + agent("a", costs(0.25)))
    assert mission("resume", "--yes", "m.toml", folder=tmp_path).code == 0
    assert sum(entry.cost.usd or 0 for entry in ledger()) == pytest.approx(1.75)
    assert state_of(file).cost.usd == pytest.approx(1.75)


@pytest.mark.fault("D5")
def test_a_history_that_another_program_holds_keeps_no_timeout_from_ending_a_turn(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    script = (
        "touch begun; while [ ! -e held ]; do sleep 0.05; done\n" + costs(0.5) + "touch told; exec sleep 600"
    )
    file.write_text(
        HEAD + agent("a", script, "timeout = 10") + agent("b", "sleep 1; touch ended", "timeout = 20")
    )
    with running("run", "--yes", "m.toml", folder=tmp_path) as one:
        until((tmp_path / "begun").exists, "it has begun")
        with closing(sqlite3.connect(history_path(), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            (tmp_path / "held").touch()
            until((tmp_path / "told").exists, "it has told")
            # Its state has the sum; the ledger gets it when it is free.
            until(lambda: state_of(file).cost.usd == 0.5, "the state is saved")
            other.execute("ROLLBACK")
        one.wait(60)
    assert [entry.cost.usd for entry in ledger()] == [0.5]


@pytest.mark.fault("D5")
def test_costs_that_wait_for_another_program_are_written_before_the_end(tmp_path: Path) -> None:
    file = tmp_path / "m.toml"
    script = "touch begun; while [ ! -e held ]; do sleep 0.05; done\n" + costs(0.5)
    file.write_text(HEAD + agent("a", script))
    with running("run", "--yes", "m.toml", folder=tmp_path) as one:
        until((tmp_path / "begun").exists, "it has begun")
        with closing(sqlite3.connect(history_path(), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            (tmp_path / "held").touch()
            until(lambda: state_of(file).round.complete, "the round is over")
            other.execute("ROLLBACK")
        assert one.wait(60) == 0
    assert [entry.cost.usd for entry in ledger()] == [0.5]


def test_a_day_begins_at_midnight_whichever_way_the_clock_jumps(tmp_path: Path) -> None:
    noon = time.mktime((2026, 11, 30, 12, 0, 0, 0, 0, -1))
    wall, clock = noon, 0.0
    state = MissionState("run", "/m.toml", started_at=noon - 5)
    book = CostBook(
        HistoryLedger(tmp_path / "history.db"), state, "/m.toml", wall=lambda: wall, clock=lambda: clock
    )
    book.add("a", 1, 1, 1, Cost(1.0))
    assert book.spent_today() == 1.0
    book.add("a", 1, 1, 2, Cost(0.5))
    book.add("a", 1, 1, 3, Cost(9.0, simulated=True))
    assert book.spent_today() == 1.5
    book.write()
    assert book.spent_today() == 1.5
    clock += 1.0
    assert book.spent_today() == 1.5
    wall += 86_400.0
    assert book.spent_today() is None
    book.add("a", 1, 1, 4, Cost(0.25))
    assert book.spent_today() == 0.25
    wall -= 86_400.0
    # What a clock that was ahead has dated counts too: rather once too often than not at all.
    assert book.spent_today() == 1.75


@pytest.mark.fault("D3")
def test_a_kill_before_the_costs_were_taken_over_loses_none() -> None:
    spend(0.9)
    damage(4096 * 2)
    # Killed after the file was set aside and a new one begun, before anything was put into that.
    opened = open_database(history_path())
    assert "history.db.unreadable" in opened.notice
    opened.database.close()
    for _ in range(2):
        book = HistoryLedger(history_path())
        assert book.spent_since(time.time() - 3600) == 0.9
        book.close()


@pytest.mark.fault("D3")
@pytest.mark.parametrize("usd", [float("nan"), float("inf"), 1e300, -1e300])
def test_damaged_amounts_are_not_taken_over(usd: float) -> None:
    spend(0.9)
    spend(usd, "damaged")
    with closing(sqlite3.connect(history_path())) as connection:
        connection.execute("UPDATE costs SET usd = ? WHERE run = 'damaged'", (usd,))
        connection.execute("PRAGMA user_version = 99")
        connection.commit()
    book = HistoryLedger(history_path())
    assert book.spent_since(time.time() - 3600) == 0.9
    assert "history.db.unreadable" in book.take_notice()
    book.close()
