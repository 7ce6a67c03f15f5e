"""Money: agents in, what was spent and what was told out; whoever is told a budget keeps to it, and nothing is lost."""

import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.missions.mission_process import MissionProcess
from tests.missions.mission_shell import COMMAND, ledger, mission, running, until
from tests.missions.spending import HEAD, Start, agent, costs, set_day_budget, stopped, told

from podium.core.protocol.events import OrchestratorLog
from podium.core.system.app_dirs import config_folder, history_path, settings_path

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


def tool(name: str, more: str = "") -> str:
    return f"[[agents]]\nid = '{name}'\nadapter = 'claude'\nprompt = 'work'\n{more}\n"


def notes(run: MissionProcess) -> str:
    return "\n".join(event.text for event in run.events if isinstance(event, OrchestratorLog))


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
        one.wait(60)
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
