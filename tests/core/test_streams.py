"""Pipes in, what arrives at the other end out: by their descriptors, and by threads as on Windows."""

import os
import socket
import sys
from collections.abc import Callable

import pytest

from podium.core.system.pipes import streams
from podium.core.system.pipes.descriptors import READABLE, WRITABLE, SelectPoller
from podium.core.system.pipes.streams import (
    DescriptorStream,
    Stream,
    reading_stream,
    wake_streams,
    writing_stream,
)
from podium.core.system.pipes.threaded_streams import SocketStream, read_by_thread, written_by_thread

PATIENCE = 60.0
READERS = pytest.mark.parametrize("reader", [DescriptorStream, read_by_thread], ids=["descriptor", "thread"])
WRITERS = pytest.mark.parametrize(
    "writer", [DescriptorStream, written_by_thread], ids=["descriptor", "thread"]
)
Make = Callable[[int], Stream]


def wait(stream: Stream, events: int) -> None:
    poller = SelectPoller()
    poller.register(stream.fileno(), events)
    assert poller.poll(PATIENCE * 1000)


def read_all(descriptor: int) -> bytes:
    data = b""
    while piece := os.read(descriptor, 1 << 16):
        data += piece
    os.close(descriptor)
    return data


@READERS
def test_a_reader_gets_what_was_written_and_the_end(reader: Make) -> None:
    read, write = os.pipe()
    stream = reader(read)
    with pytest.raises(BlockingIOError):
        stream.read(100)
    os.write(write, b"words")
    wait(stream, READABLE)
    assert stream.read(100) == b"words"
    os.close(write)
    wait(stream, READABLE)
    assert stream.read(100) == b""
    stream.close()


@WRITERS
def test_a_writer_never_waits_for_a_slow_reader(writer: Make) -> None:
    read, write = os.pipe()
    stream = writer(write)
    sent = 0
    with pytest.raises(BlockingIOError):
        sent += sum(iter(lambda: stream.write(bytes(1 << 16)), 0))
    os.close(read)
    stream.close()


@WRITERS
def test_what_was_written_arrives_after_the_end(writer: Make) -> None:
    read, write = os.pipe()
    stream = writer(write)
    assert stream.write(b"the last words") == 14
    stream.close(PATIENCE)
    thread = getattr(stream, "_thread", None)
    assert thread is None or not thread.is_alive()
    assert read_all(read) == b"the last words"


@WRITERS
def test_a_reader_that_has_gone_is_told(writer: Make) -> None:
    read, write = os.pipe()
    os.close(read)
    stream = writer(write)

    def write_on() -> None:
        while True:
            try:
                stream.write(b"x")
            except BlockingIOError:
                wait(stream, WRITABLE)

    with pytest.raises(ConnectionError):
        write_on()
    stream.close()


def test_a_reader_that_never_reads_holds_up_the_end_for_its_patience_only() -> None:
    read, write = os.pipe()
    stream = written_by_thread(write)
    stream.write(bytes(1 << 17))
    stream.close(0.01)
    os.close(read)


def test_a_reader_that_was_closed_lets_its_thread_end() -> None:
    read, write = os.pipe()
    read_by_thread(read).close()
    with pytest.raises(BrokenPipeError):
        sum(iter(lambda: os.write(write, bytes(1024)), 0))
    os.close(write)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_only_windows_has_threads_and_sockets(monkeypatch: pytest.MonkeyPatch, platform: str) -> None:
    monkeypatch.setattr(streams.sys, "platform", platform)
    (read, theirs), (other, write) = os.pipe(), os.pipe()
    made = [reading_stream(read), writing_stream(write), *wake_streams()]
    monkeypatch.undo()
    expected = SocketStream if platform == "win32" else DescriptorStream
    assert [type(stream) for stream in made] == [expected] * 4
    assert made[3].write(b"\0") == 1
    wait(made[2], READABLE)
    assert made[2].read(10) == b"\0"
    for stream in made:
        stream.close()
    os.close(theirs)
    os.close(other)


@pytest.mark.skipif(sys.platform == "win32", reason="its own socket pairs are TCP connections")
def test_the_pair_of_a_thread_is_closed_with_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[socket.socket] = []

    def socketpair() -> tuple[socket.socket, socket.socket]:
        pair = real()
        made.extend(pair)
        return pair

    real = socket.socketpair
    monkeypatch.setattr(socket, "socketpair", socketpair)
    read, write = os.pipe()
    stream = read_by_thread(read)
    os.close(write)
    wait(stream, READABLE)
    assert stream.read(1) == b""
    stream.close()
    assert [one.fileno() for one in made] == [-1, -1]
