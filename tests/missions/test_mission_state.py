"""What is on disk: state files, the ledger, and that neither is believed when it can't be."""

import os
from pathlib import Path

import msgspec
import pytest

from podium.core.costs import Cost, total
from podium.core.missions.order import cycles
from podium.core.missions.state import MissionState, RoundState, read_state, resumable, state_path
from podium.core.system.private_files import write_private
from podium.core.system.process_identity import ProcessIdentity, own_identity
from podium.history.cost_ledger import HistoryLedger
from podium.missions.costs.book import CostBook


def saved(folder: Path, **fields: object) -> Path:
    file = folder / "mission.toml"
    state = MissionState("run", str(file), **fields)  # type: ignore[arg-type]
    write_private(state_path(file), msgspec.json.encode(state), durable=True)
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
    assert resumable(saved(tmp_path, owner=ProcessIdentity(os.getpid(), "1"))) is not None


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff", b'{"run": 5}', b"[" * 100_000, b'{"run": "a", "file": "b", "version": 99}'],
)
def test_a_state_nobody_can_read_is_no_state(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    assert read_state(path) is None


def test_what_the_ledger_has_lost_was_spent_all_the_same(tmp_path: Path) -> None:
    state = MissionState("run", "/m.toml", started_at=1.7e9)
    ledger = HistoryLedger(tmp_path / "history.db")
    book = CostBook(ledger, state, "/m.toml")
    book.add("a", 1, 1, 1, Cost(1.0, 10, 5))
    book.add("a", 1, 1, 1, Cost(1.0, 10, 5))
    book.add("b", 2, 1, 1, Cost(0.5, simulated=True))
    book.add("b", 2, 1, 2, Cost(None, 7))
    assert book.whole == Cost(1.5, 17, 5, False, True)
    book.write()
    again = CostBook(ledger, state, "/m.toml")
    again.add("a", 1, 1, 1, Cost(1.0, 10, 5))
    assert again.whole == book.whole
    assert (again.of_agent("a").usd, again.of_agent("b").tokens_in, again.of_round(2).usd) == (1.0, 7, 0.5)
    elsewhere = CostBook(HistoryLedger(tmp_path / "new.db"), state, "/m.toml")
    elsewhere.add("a", 3, 1, 1, Cost(0.25))
    assert elsewhere.whole.usd == 1.75
    assert state.cost.usd == 1.75


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
