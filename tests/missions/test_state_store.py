"""A run's state in, files and words out. No mission runs."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.missions.state import MissionState, UnusableState, read_state, state_path
from podium.core.system.process_identity import own_identity
from podium.missions import run_lock
from podium.missions.rounds import store as store_module
from podium.missions.rounds.store import AlreadyRunning, StateStore
from podium.missions.run_lock import locked_runs

RUN = "1125-1846-3f9a07"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "p" / "mission.toml"


@pytest.fixture
def store(file: Path) -> Iterator[StateStore]:
    claimed = StateStore.claim(file)
    yield claimed
    try:
        claimed.close()
    except OSError:
        pass  # The test has closed it.


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> "Clock":
    played = Clock()
    monkeypatch.setattr(store_module, "time", played)
    return played


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


def a_state(file: Path, run: str = RUN, **more: object) -> MissionState:
    return MissionState(run, str(file), **more)


def saved(store: StateStore) -> MissionState:
    state = read_state(store.path)
    assert state is not None
    return state


def test_one_process_at_a_time_has_a_mission(
    file: Path, store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_lock, "_PATIENCE", 0.0)
    with pytest.raises(AlreadyRunning, match=r"^This mission runs already\.$"):
        StateStore.claim(file)
    store.begin(a_state(file))
    with pytest.raises(AlreadyRunning, match=rf"runs already \(process {os.getpid()}\)\.$"):
        StateStore.claim(file)
    assert locked_runs(store.path.parent) == {RUN}
    store.close()
    StateStore.claim(file).close()


def test_a_state_that_begins_is_this_processs_and_on_disk(file: Path, store: StateStore) -> None:
    assert store.interrupted() is None
    state = a_state(file)
    store.begin(state)
    assert store.state is state
    assert saved(store).owner == own_identity()
    state.rounds_done = 3
    store.save()
    assert saved(store).rounds_done == 3


def test_only_a_run_that_has_not_ended_was_interrupted(file: Path, store: StateStore) -> None:
    store.begin(a_state(file))
    found = store.interrupted()
    assert found is not None
    assert found.run == RUN
    store.finish("done")
    assert saved(store).outcome == "done"
    assert store.interrupted() is None


def test_nothing_is_written_before_a_run_has_begun(store: StateStore) -> None:
    store.save()
    store.finish("done")
    assert not store.path.exists()


def test_the_time_of_all_processes_of_a_run_adds_up(file: Path, clock: Clock) -> None:
    first = StateStore.claim(file)
    first.begin(a_state(file))
    for _ in range(3):
        clock.now += 10.0
        first.save()
    assert saved(first).seconds == 30.0
    first.close()
    clock.now += 500.0
    second = StateStore.claim(file)
    left = second.interrupted()
    assert left is not None
    second.begin(left)
    clock.now += 5.0
    second.save()
    assert saved(second).seconds == 35.0
    second.close()


def test_a_state_that_cannot_be_written_is_told_and_the_one_before_stays(
    file: Path, store: StateStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = a_state(file)
    store.begin(state)
    told: list[str] = []
    store.failed = told.append

    def fail(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(store_module, "write_private", fail)
    state.rounds_done = 9
    store.save()
    assert told == ["the mission’s state can’t be saved: Permission denied"]
    assert saved(store).rounds_done == 0


def test_the_latest_states_that_were_set_aside_are_kept(file: Path, store: StateStore) -> None:
    other = store.path.with_name("other-0123456789abcdef.1125-1846-3f9a07.aside")
    other.write_text("another mission's")
    os.utime(other, (1.0, 1.0))
    # Names of runs say nothing about which is the oldest: a run may be of last year.
    runs = [f"{number:04}-0000-000000" for number in (9, 3, 7, 1, 8, 2, 5)]
    for number, run in enumerate(runs):
        state = a_state(file, run)
        store.begin(state)
        aside = store.set_aside(state)
        os.utime(aside, (1000.0 + number, 1000.0 + number))
        assert not store.path.exists()
        assert run.encode() in aside.read_bytes()
    kept = {path.name.split(".")[1] for path in store.path.parent.glob(f"{store.path.stem}.*.aside")}
    assert kept == set(runs[-5:])
    assert other.exists()


@pytest.mark.parametrize(("newer", "suffix"), [(False, "unreadable"), (True, "newer")])
def test_what_cannot_be_used_takes_nothings_place(
    file: Path, store: StateStore, newer: bool, suffix: str
) -> None:
    taken = store.path.with_name(f"{store.path.name}.{suffix}")
    taken.symlink_to("nowhere")
    for number in (2, 3):
        store.path.write_bytes(b"{")
        aside = store.set_unusable_aside(UnusableState(store.path, "it is cut short", newer=newer))
        assert aside.name == f"{taken.name}-{number}"
        assert aside.read_bytes() == b"{"
    assert taken.is_symlink()
    assert not state_path(file).exists()
