"""Families of processes in, the instance a caller is inside of out. The families are played."""

import os
from pathlib import Path

import pytest

from podium.control.http_server import peers
from podium.control.http_server.peers import NOBODY, InstanceTrees, instance_of
from podium.core.ids import InstanceId

ONE, TWO = InstanceId("one"), InstanceId("two")
WORKER, SHELL, JOB, DAEMON, STRANGER = 101, 102, 103, 104, 105
FAMILY = {
    WORKER: (os.getpid(), WORKER),
    SHELL: (WORKER, SHELL),
    JOB: (SHELL, SHELL),
    DAEMON: (1, SHELL),
    STRANGER: (1, STRANGER),
}
"""Parent and session of each."""


@pytest.fixture
def _family(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "_parent_and_session", FAMILY.__getitem__)
    monkeypatch.setattr(peers, "_marks", lambda _pid: {})


@pytest.mark.usefixtures("_family")
@pytest.mark.parametrize(
    ("pid", "pids", "instance"),
    [
        (SHELL, {SHELL: ONE}, ONE),
        (SHELL, {WORKER: ONE}, ONE),
        (JOB, {WORKER: ONE}, ONE),
        (JOB, {WORKER: ONE, SHELL: TWO}, TWO),
        (DAEMON, {SHELL: ONE}, ONE),
        (DAEMON, {WORKER: ONE}, None),
        (STRANGER, {WORKER: ONE, SHELL: ONE}, None),
        pytest.param(os.getpid(), {WORKER: ONE}, None, id="Podium itself"),
    ],
)
def test_a_caller_is_inside_of_the_nearest_instance_above_it(
    tmp_path: Path, pid: int, pids: dict[int, InstanceId], instance: InstanceId | None
) -> None:
    assert instance_of(pid, InstanceTrees(pids, {}), tmp_path) == instance


def test_a_tree_without_an_end_is_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "_parent_and_session", lambda pid: (pid + 1, 0))
    monkeypatch.setattr(peers, "_marks", lambda _pid: {})
    assert instance_of(10**6, InstanceTrees({}, {}), tmp_path) == NOBODY
