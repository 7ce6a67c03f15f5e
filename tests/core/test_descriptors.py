"""Waiting for descriptors, by poll and by select: both tell the same."""

import os
import select
from collections.abc import Callable, Iterator

import pytest

from podium.core.system.pipes import descriptors
from podium.core.system.pipes.descriptors import READABLE, WRITABLE, Poller, SelectPoller, new_poller

WAYS = pytest.mark.parametrize("make", [new_poller, SelectPoller], ids=["poll", "select"])


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    sides = os.openpty()
    yield sides
    for descriptor in sides:
        os.close(descriptor)


@WAYS
def test_a_terminal_is_ready_for_input_and_for_output_once_there_is_some(
    make: Callable[[], Poller], terminal: tuple[int, int]
) -> None:
    master, slave = terminal

    def ready(events: int) -> list[tuple[int, int]]:
        poller = make()
        poller.register(master, events)
        return poller.poll(0)

    assert ready(READABLE) == []
    assert ready(WRITABLE) == [(master, WRITABLE)]
    os.write(slave, b"printed")
    assert ready(READABLE) == [(master, READABLE)]
    assert ready(READABLE | WRITABLE) == [(master, READABLE | WRITABLE)]


@WAYS
def test_the_end_of_a_pipe_ends_the_wait(make: Callable[[], Poller]) -> None:
    reading, writing = os.pipe()
    os.close(writing)
    poller = make()
    poller.register(reading, READABLE)
    assert [descriptor for descriptor, _ in poller.poll(None)] == [reading]
    os.close(reading)


@WAYS
def test_nothing_to_wait_for_is_a_wait_for_the_time_alone(make: Callable[[], Poller]) -> None:
    assert make().poll(1) == []


def test_only_linux_waits_by_poll(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (READABLE, WRITABLE) == (select.POLLIN, select.POLLOUT)
    for platform in ("darwin", "win32"):
        monkeypatch.setattr(descriptors.sys, "platform", platform)
        assert isinstance(new_poller(), SelectPoller)
