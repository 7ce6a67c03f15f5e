"""What is on disk: state files, the ledger, and that neither is believed when it can't be."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from podium.core.costs import Cost, CostEntry, total
from podium.core.mission_order import cycles
from podium.core.mission_state import MissionState, RoundState, read_state, resumable, state_path
from podium.core.private_file import append_line, replace_file
from podium.core.process_identity import ProcessIdentity, own_identity
from podium.missions.costs.file_ledger import FileLedger


def saved(folder: Path, **fields: object) -> Path:
    file = folder / "mission.toml"
    state = MissionState("run", str(file), **fields)  # type: ignore[arg-type]
    replace_file(state_path(file), msgspec.json.encode(state))
    return file


def test_an_interrupted_run_can_be_resumed_and_says_how_it_stands(tmp_path: Path) -> None:
    file = saved(tmp_path, max_rounds=5, started_at=7.0, cost=Cost(1.5), round=RoundState(2))
    info = resumable(file)
    assert info is not None
    assert (info.round, info.max_rounds, info.cost_usd, info.started_at) == (2, 5, 1.5, 7.0)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    assert resumable(link) == info
    assert resumable(tmp_path / "other.toml") is None


def test_a_run_that_has_ended_or_still_runs_can_not_be_resumed(tmp_path: Path) -> None:
    assert resumable(saved(tmp_path, outcome="done")) is None
    assert resumable(saved(tmp_path, owner=own_identity())) is None
    assert resumable(saved(tmp_path, owner=ProcessIdentity(os.getpid(), 1.0))) is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"run": 5}', b"[" * 100_000, b'{"run": "a", "file": "b", "version": 99}'],
)
def test_a_state_nobody_can_read_is_no_state(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    assert read_state(path) is None


def entry(
    id: str, usd: float | None = 1.0, at: float = 1_700_000_000.0, run: str = "r", **cost: object
) -> CostEntry:
    return CostEntry(id, run, "a", 1, at, Cost(usd, **cost))  # type: ignore[arg-type]


def test_the_ledger_counts_each_cost_once_and_real_money_only(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path)
    ledger.add(entry("1"))
    ledger.add(entry("1"))
    ledger.add(entry("2", 0.5))
    ledger.add(entry("3", 9.0, simulated=True))
    ledger.add(entry("4", None, tokens_in=5))
    ledger.add(entry("5", 4.0, run="other", at=1_700_000_000.0 + 40 * 86400))
    assert total(item.cost for item in ledger.of_run("r", 1_700_000_000.0)) == Cost(
        10.5, 5, None, False, True
    )
    assert ledger.spent_since(1_700_000_000.0) == 5.5
    assert ledger.spent_since(1_700_000_001.0) == 4.0
    assert ledger.spent_since(1_900_000_000.0) is None
    assert FileLedger(tmp_path / "none").spent_since(0.0) is None


def test_a_torn_line_costs_itself_alone(tmp_path: Path) -> None:
    ledger = FileLedger(tmp_path)
    ledger.add(entry("1"))
    (path,) = tmp_path.iterdir()
    with path.open("ab") as file:
        file.write(b'{"id": "2", "run": "r", "ag')
    ledger.add(entry("3"))
    assert [item.id for item in ledger.of_run("r", 0.0)] == ["1", "3"]


def test_many_processes_may_write_the_ledger_at_once(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path\n"
        "from podium.core.costs import Cost, CostEntry\n"
        "from podium.missions.costs.file_ledger import FileLedger\n"
        "for number in range(50):\n"
        "    FileLedger(Path(sys.argv[1])).add("
        "CostEntry(f'{sys.argv[2]}/{number}', 'r', 'a', 1, 1.7e9, Cost(0.01), 'x' * 300))\n"
    )
    processes = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), str(n)]) for n in range(4)]
    assert [process.wait(60) for process in processes] == [0] * 4
    spent = FileLedger(tmp_path).spent_since(0.0)
    assert spent == pytest.approx(2.0)


def test_a_replaced_file_is_the_old_or_the_new_one_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "a" / "file"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [item.name for item in path.parent.iterdir()] == ["file"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        replace_file(tmp_path / "folder", b"x")
    assert sorted(item.name for item in tmp_path.iterdir()) == ["a", "folder"]
    append_line(tmp_path / "b" / "lines", b"1")
    append_line(tmp_path / "b" / "lines", b"2")
    assert (tmp_path / "b" / "lines").read_bytes() == b"1\n2\n"


def test_sums_stay_unknown_until_something_is_known() -> None:
    assert total([Cost(), Cost()]) == Cost()
    assert total([Cost(), Cost(0.0)]).usd == 0.0
    assert total([Cost(1.0, estimated=True), Cost(None, 5, 6)]) == Cost(1.0, 5, 6, True)


def test_rings_in_a_large_order_are_found_without_recursion() -> None:
    chain = {str(number): [str(number + 1)] for number in range(5000)}
    assert cycles(chain) == []
    chain["4999"] = ["0"]
    (ring,) = cycles(chain)
    assert len(ring) == 5001
