"""Processes in, those that end with a program out, where a terminal has no session: on Windows."""

import pytest

from podium.core.protocol.requests import TreePolicy
from podium.core.system import process_table
from podium.core.system.process_table import ProcessEntry
from podium.worker.program import program_tree
from podium.worker.program.program_tree import ProgramTree


def entry(pid: int, parent: int, started: str = "100.00") -> ProcessEntry:
    return ProcessEntry(pid, parent, 0, 0, started, f"program {pid}")


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> list[ProcessEntry]:
    found = [entry(10, 1), entry(11, 10), entry(12, 11), entry(20, 1)]
    monkeypatch.setattr(program_tree, "HAS_SESSIONS", False)
    monkeypatch.setattr(program_tree, "process_table", lambda: found)
    monkeypatch.setattr(program_tree, "variable_of", lambda *_: "")
    return found


@pytest.mark.parametrize("policy", [TreePolicy.SESSION, TreePolicy.TREE], ids=["shell", "command"])
def test_all_below_it_ends_with_a_program(table: list[ProcessEntry], policy: TreePolicy) -> None:
    tree = ProgramTree(10, policy, None, None)
    assert [one.pid for one in tree.living()] == [10, 11, 12]
    del table[0]  # It has ended; its children go on, and nobody inherited them.
    assert [one.pid for one in tree.living()] == [11, 12]


def test_a_process_older_than_its_parent_is_no_child_of_it() -> None:
    ages = [entry(10, 1, "100.00"), entry(11, 10, "100.00"), entry(12, 10, "99.50"), entry(13, 99, "")]
    kept = process_table._without_strangers(ages)
    assert [one.parent for one in kept] == [1, 10, 0, 99]
