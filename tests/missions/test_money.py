"""Money: agents in, what was spent and what was told out; whoever is told a budget keeps to it, and nothing is lost."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from mission_process import MissionProcess
from mission_shell import COMMAND, ledger, mission, running, state_of, until

from podium.core.costs import Cost, CostEntry
from podium.core.missions.state import MissionState
from podium.core.protocol.events import AgentError, OrchestratorLog, OrchestratorStopped
from podium.core.system.app_dirs import config_folder, history_path, settings_path
from podium.history.cost_ledger import HistoryLedger
from podium.history.database import open_database
from podium.missions.costs.book import CostBook

Start = Callable[[str], MissionProcess]
HEAD = "name = 'Try'\nmax_rounds = 1\n"

CLAUDE = r"""
import json, os, sys, time
from pathlib import Path
home = Path(__HOME__)
told = float(sys.argv[sys.argv.index("--max-budget-usd") + 1]) if "--max-budget-usd" in sys.argv else None
cost = __COST__ if told is None else min(__COST__, told)
with (home / "told").open("a") as file:
    file.write(f"{told} {time.time()}\n")
first = len((home / "told").read_text().splitlines()) == 1
def say(**line):
    print(json.dumps(line), flush=True)
say(type="system", subtype="init", session_id="s-%d" % os.getpid(), model="m", tools=[])
deadline = time.monotonic() + 20
while len((home / "told").read_text().splitlines()) < __TOGETHER__ and time.monotonic() < deadline:
    time.sleep(0.02)
while __HOLD__ and first and not (home / "go").exists():
    time.sleep(0.02)
__MORE__
say(type="result", subtype="success", is_error=False, result="Did it.", session_id="s-%d" % os.getpid(),
    total_cost_usd=cost, num_turns=1, duration_ms=1, usage={"input_tokens": 10, "output_tokens": 5})
"""


@pytest.fixture
def claude(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Puts a ``claude`` on the PATH that costs so much, and never more than it is told it may. ``hold``: the first one
    goes on when there is a file “go”.
    """
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)

    def put(cost: float, *, together: int = 1, hold: bool = False, more: str = "") -> Path:
        text = f"#!{shutil.which('python3')}\n" + CLAUDE
        for mark, value in (("HOME", str(folder)), ("COST", cost), ("TOGETHER", together), ("HOLD", hold)):
            text = text.replace(f"__{mark}__", repr(value))
        path = folder / "claude"
        path.write_text(text.replace("__MORE__", more))
        path.chmod(0o755)
        return folder

    return put


def told(folder: Path) -> list[float]:
    return [float(line.split()[0]) for line in (folder / "told").read_text().splitlines()]


def tool(name: str, more: str = "") -> str:
    return f"[[agents]]\nid = '{name}'\nadapter = 'claude'\nprompt = 'work'\n{more}\n"


def agent(name: str, script: str, more: str = "") -> str:
    return f"[[agents]]\nid = '{name}'\ncommand = ['sh', '-c', '''{script}''']\n{more}\n"


def costs(usd: float, more: str = "") -> str:
    return f'echo \'{{"event":"agent:complete","data":{{"costUsd":{usd}{more}}}}}\' > /dev/fd/$PODIUM_EVENTS_FD\n'


def notes(run: MissionProcess) -> str:
    return "\n".join(event.text for event in run.events if isinstance(event, OrchestratorLog))


def stopped(run: MissionProcess) -> OrchestratorStopped:
    end = run.events[-1]
    assert isinstance(end, OrchestratorStopped)
    return end


def set_day_budget(usd: float) -> None:
    config_folder().mkdir(parents=True, exist_ok=True)
    settings_path().write_text(f"[missions]\nday_budget_usd = {usd}\n")


def reserved() -> list[tuple[str, float]]:
    with closing(sqlite3.connect(history_path())) as connection:
        return connection.execute("SELECT agent, usd FROM reservations").fetchall()


# D1


@pytest.mark.fault("D1")
def test_four_at_once_get_shares_of_the_budget(start_mission: Start, claude: Callable[..., Path]) -> None:
    folder = claude(1.9, together=4)
    run = start_mission(HEAD + "max_concurrency = 4\nbudget_usd = 2.0\n" + "".join(map(tool, "abcd")))
    assert run.finish() == 0, run.log
    assert told(folder) == pytest.approx([0.5] * 4)
    assert stopped(run).cost_usd == pytest.approx(2.0)
    assert "overshot" not in run.log
    assert reserved() == []


@pytest.mark.fault("D1")
def test_what_an_agent_leaves_is_offered_again(start_mission: Start, claude: Callable[..., Path]) -> None:
    folder = claude(0.1)
    run = start_mission(
        HEAD
        + "max_concurrency = 2\nbudget_usd = 2.0\n"
        + tool("a")
        + tool("b", "depends_on = ['a']")
        + tool("c", "depends_on = ['b']\nbudget_usd = 0.75")
    )
    assert run.finish() == 0
    assert told(folder) == pytest.approx([2.0, 1.9, 0.75])


@pytest.mark.fault("D1")
def test_an_overshoot_that_nobody_can_prevent_is_told_with_its_amount(start_mission: Start) -> None:
    # No flag tells these what they may cost, and they say what they cost when it is spent.
    together = "touch $PODIUM_AGENT; while [ $(ls a b c d 2>/dev/null | wc -w) -lt 4 ]; do sleep 0.05; done\n"
    run = start_mission(
        HEAD
        + "max_concurrency = 4\nbudget_usd = 2.0\n"
        + "".join(agent(name, "trap '' TERM\n" + together + costs(1.9) + "sleep 0.5") for name in "abcd")
    )
    run.finish()
    spent = stopped(run).cost_usd
    assert spent is not None
    assert spent > 2
    assert f"The mission’s budget of $2.00 was overshot by ${spent - 2:.2f} (${spent:.2f} spent)" in notes(
        run
    )
    assert f"was overshot by ${spent - 2:.2f}" in " ".join(run.log.split())


@pytest.mark.fault("D1")
def test_the_days_budget_is_shared_by_missions_that_run_together(
    tmp_path: Path, claude: Callable[..., Path]
) -> None:
    set_day_budget(1.0)
    folder = claude(5.0, hold=True)
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(HEAD.replace("Try", name) + "budget_usd = 0.7\n" + tool("a"))
    with running("run", "--yes", "one.toml", folder=tmp_path) as one:
        until(lambda: (folder / "told").exists(), "the first has begun")
        two = mission("run", "--yes", "two.toml", folder=tmp_path)
        (folder / "go").touch()
        one.wait(60)
    assert told(folder) == pytest.approx([0.7, 0.3])
    assert sum(entry.cost.usd or 0 for entry in ledger()) == pytest.approx(1.0)
    assert "overshot" not in two.log


@pytest.mark.fault("D1")
def test_who_finds_all_reserved_waits_and_gets_what_is_left(
    tmp_path: Path, claude: Callable[..., Path]
) -> None:
    set_day_budget(1.0)
    folder, log = claude(0.25, hold=True), tmp_path / "log"
    for name in ("one", "two"):
        (tmp_path / f"{name}.toml").write_text(HEAD.replace("Try", name) + tool("a"))
    with running("run", "--yes", "one.toml", folder=tmp_path) as one:
        until(lambda: (folder / "told").exists(), "the first has begun")
        with (
            log.open("wb") as out,
            subprocess.Popen([*COMMAND, "run", "--yes", "two.toml"], cwd=tmp_path, stdout=out) as two,
        ):
            until(lambda: "a waits for money" in log.read_text(), "the second waits")
            (folder / "go").touch()
            one.wait(60)
            assert two.wait(60) == 0
    assert told(folder) == pytest.approx([1.0, 0.75])


@pytest.mark.fault("D1")
def test_what_a_killed_mission_had_reserved_is_free(tmp_path: Path, claude: Callable[..., Path]) -> None:
    set_day_budget(1.0)
    folder = claude(0.25, hold=True)
    (tmp_path / "one.toml").write_text(HEAD + tool("a"))
    with running("run", "--yes", "one.toml", folder=tmp_path) as one:
        until(lambda: (folder / "told").exists(), "it has begun")
        assert reserved() == [("a", 1.0)]
        one.kill()
        one.wait(10)
    claude(0.25)
    assert mission("resume", "--yes", "one.toml", folder=tmp_path).code == 0
    assert told(folder) == pytest.approx([1.0, 1.0])
    assert reserved() == []


@pytest.mark.fault("D1")
def test_a_budget_that_can_not_hold_says_so(start_mission: Start) -> None:
    run = start_mission(HEAD + "budget_usd = 2.0\n" + agent("silent", "true"))
    assert run.finish() == 0
    assert "silent does not tell what it costs: no budget can hold it" in notes(run)


@pytest.mark.fault("D1")
@pytest.mark.parametrize("cost", ["-5", "1e999", "1e12", "NaN", '"1"', "null"])
def test_what_is_no_amount_is_unknown(start_mission: Start, cost: str) -> None:
    run = start_mission(
        HEAD
        + "budget_usd = 2.0\n"
        + agent("a", costs(0.5) + costs(0.5).replace("0.5", cost).replace("'", "'", 1))
    )
    assert run.finish() == 0
    assert stopped(run).cost_usd == pytest.approx(0.5)


# D2


@pytest.mark.fault("D2")
@pytest.mark.parametrize(
    "text",
    [
        '[missions]\nday_budget_usd = 2.0\n[logs]\nlevel = "inf',
        "[missions]\nday_budget_usd = 2.0\n[logs]\nlevel =",
        "[missions]\nday_budget_usd = 2.0\n[logs",
        "[missions]\nday_budget_usd = 2.0\n# \udcff\n",
        "[mission]\nday_budget_usd = 2.0\n",
        "day_budget_usd = 2.0\n",
        "[history]\nday_budget_usd = 2.0\n",
        "[budgets]\nday_budget_usd = 2.0\n",
        "[missions]\nday_budget = 2.0\n",
        "[missions]\nday_budget_usd = '2'\n",
        "x = " + "[" * 5000,
    ],
)
def test_no_mission_starts_while_the_days_budget_can_not_be_told(tmp_path: Path, text: str) -> None:
    config_folder().mkdir(parents=True)
    settings_path().write_text(text, errors="surrogateescape")
    before = settings_path().read_bytes()
    (tmp_path / "m.toml").write_text(HEAD + agent("a", "touch ran"))
    done = mission("run", "--yes", "m.toml", folder=tmp_path)
    assert done.code == 2
    words = " ".join(done.log.split())
    assert "settings.toml" in words
    assert "No mission starts until the settings file is corrected or removed" in words
    assert not (tmp_path / "ran").exists()
    assert settings_path().read_bytes() == before


@pytest.mark.fault("D2")
def test_a_fault_elsewhere_in_the_settings_leaves_the_budget_in_force(start_mission: Start) -> None:
    config_folder().mkdir(parents=True)
    settings_path().write_text("[missions]\nday_budget_usd = 1.0\n[logs]\nlevel = 5\n[colours]\nred = 1\n")
    run = start_mission(HEAD.replace("= 1", "= 3") + "stop_when = 'never'\n" + agent("a", costs(1.5)))
    assert run.finish() == 130
    assert "the day’s budget of $1.00 is used up" in stopped(run).reason


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


# D4


@pytest.mark.fault("D4")
def test_a_real_tool_can_not_call_its_costs_simulated(
    start_mission: Start, claude: Callable[..., Path]
) -> None:
    set_day_budget(0.5)
    lie = json.dumps({"event": "agent:complete", "data": {"costUsd": 9, "simulated": True}})
    claude(0.01, more=f"os.write(int(os.environ['PODIUM_EVENTS_FD']), {(lie + chr(10)).encode()!r})")
    run = start_mission(HEAD + tool("a"))
    run.finish()
    assert not stopped(run).simulated
    assert stopped(run).cost_usd == pytest.approx(9.01)
    assert not any(entry.cost.simulated for entry in ledger())
    assert "The day’s budget of $0.50 was overshot by $8.51" in notes(run)


@pytest.mark.fault("D4")
@pytest.mark.parametrize("command", ["claude --version >&2", "exec claude", "X=1 /usr/bin/env claude"])
def test_nor_can_a_command_that_starts_one(
    start_mission: Start, claude: Callable[..., Path], command: str
) -> None:
    claude(0.01)
    run = start_mission(HEAD + agent("a", costs(0.25, ',"simulated":true') + command))
    assert run.finish() == 0
    assert not stopped(run).simulated
    assert [entry.cost.simulated for entry in ledger()] == [False]


@pytest.mark.fault("D4")
def test_a_script_that_simulates_is_told_of(start_mission: Start) -> None:
    set_day_budget(0.5)
    run = start_mission(HEAD + agent("a", costs(9, ',"simulated":true')))
    assert run.finish() == 0
    assert "a says that its costs are simulated: they do not count in the day’s budget" in notes(run)


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
        one.wait(10)
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
