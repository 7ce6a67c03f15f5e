"""Programs that are killed in the middle of writing, for real."""

import random
import threading
from pathlib import Path

import pytest

from podium.history import runs
from podium.history.database import open_database
from tests.conftest import Figure
from tests.history.committers import committers

ROUNDS = [*[1] * 84, *[2] * 6, 4]
"""A hundred kills: of programs that are alone with their history, and of several that write to one at once."""


@pytest.mark.lengthy
@pytest.mark.fault(44)
def test_nothing_acknowledged_is_lost_in_a_hundred_kills(tmp_path: Path, figure: Figure) -> None:
    path = tmp_path / "history.db"
    chance = random.Random(44)
    with committers(path) as programs:
        for at_once in ROUNDS:
            pids = [programs.start() for _ in range(at_once)]
            for pid in pids:
                programs.wait_for_first_run(pid)
                threading.Event().wait(chance.uniform(0, 0.02))  # Any moment is as good: that is the test.
                programs.kill(pid)
            programs.wait_until_dead()
            opened = open_database(path)
            assert opened.notice == ""
            with opened.database.reading() as connection:
                kept = {run for (run,) in connection.execute("SELECT id FROM runs")}
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert programs.acknowledged - kept == set()
            opened.database.close()
    assert len(programs.acknowledged) >= sum(ROUNDS)
    figure("acknowledged and kept", len(programs.acknowledged), "runs")
    opened = open_database(path)
    assert len(runs.interrupt_abandoned(opened.database, lambda *_: False)) == len(kept)
    opened.database.close()
