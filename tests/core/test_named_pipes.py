"""Named pipes of Windows: what is asked of the system, and what threads pass on, with fakes of both."""

import ctypes
import os
import re
import select
from queue import SimpleQueue
from typing import Any

import pytest

from podium.core.system.pipes import named_pipes
from podium.core.system.pipes.named_pipes import (
    NamedPipe,
    PipeStream,
    SecurityAttributes,
    client_of,
    open_pipe,
)

PATIENCE = 60.0
BROKEN, BUSY, NO_DATA, CONNECTED, PENDING = 109, 231, 232, 535, 997
INVALID = ctypes.c_void_p(-1).value
EVENT, STOPPED = 101, 102
NAME = r"\\.\pipe\podium-0123456789abcdef0123456789abcdef"


class FakeWindows:
    """kernel32 and advapi32 in one. ``answers`` holds, for each function, what its next calls come to: a number is
    success with so many bytes, a negative one the error of that number.
    """

    def __init__(self, **answers: list[int]) -> None:
        self.answers = answers
        self.asked: list[tuple[Any, ...]] = []
        self.error = 0
        self.incoming = b""
        self.security = ""

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self._call(name, *arguments)

    def _call(self, name: str, *arguments: Any) -> int:
        self.asked.append((name, *arguments))
        waiting = self.answers.get(name, [])
        answer = waiting.pop(0) if waiting else 1
        self.error = max(0, -answer)
        return max(0, answer)

    def names(self) -> list[str]:
        return [name for name, *_ in self.asked]

    def CreateNamedPipeW(self, *arguments: Any) -> int | None:
        self.security = self.words if arguments[-1]._obj.descriptor == 900 else ""
        assert arguments[-1]._obj.length == ctypes.sizeof(SecurityAttributes)
        return INVALID if self._call("CreateNamedPipeW", *arguments[:-1]) == 0 else 40

    def CreateEventW(self, *_: Any) -> int:
        event = STOPPED if "CreateEventW" in self.names() else EVENT
        return event if self._call("CreateEventW") else 0

    def ConvertStringSecurityDescriptorToSecurityDescriptorW(
        self, words: str, revision: int, descriptor: Any, size: None
    ) -> int:
        self.words = words
        descriptor._obj.value = 900
        return self._call("ConvertStringSecurityDescriptorToSecurityDescriptorW")

    def ConvertSidToStringSidW(self, sid: Any, text: Any) -> int:
        text._obj.value = "S-1-5-21-7"
        return self._call("ConvertSidToStringSidW")

    def ReadFile(self, handle: int, buffer: Any, *_: Any) -> int:
        buffer.value = self.incoming
        return self._call("ReadFile")

    def WriteFile(self, handle: int, data: bytes, *_: Any) -> int:
        return self._call("WriteFile", data)

    def GetOverlappedResult(self, handle: int, overlapped: Any, size: Any, wait: bool) -> int:
        size._obj.value = self._call("GetOverlappedResult", wait)
        return int(not self.error)

    def CreateFileW(self, *arguments: Any) -> int | None:
        handle = self._call("CreateFileW", *arguments)
        return INVALID if self.error else handle


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> FakeWindows:
    fake = FakeWindows()
    monkeypatch.setattr(named_pipes, "last_error", lambda: fake.error)
    return fake


def test_a_pipe_is_new_and_open_to_its_own_account_alone(windows: FakeWindows) -> None:
    pipe = NamedPipe(reads=True, calls=windows, security=windows)
    other = NamedPipe(reads=False, calls=windows, security=windows)
    assert re.fullmatch(r"\\\\\.\\pipe\\podium-[0-9a-f]{32}", pipe.name)
    assert pipe.name != other.name
    made = [asked for asked in windows.asked if asked[0] == "CreateNamedPipeW"]
    first_and_overlapped, reject_remote = 0x4008_0000, 8
    assert [asked[2:5] for asked in made] == [
        (1 | first_and_overlapped, reject_remote, 1),
        (2 | first_and_overlapped, reject_remote, 1),
    ]
    assert windows.security == "D:P(A;;GA;;;S-1-5-21-7)"


@pytest.mark.parametrize(
    "refused",
    [
        "OpenProcessToken",
        "GetTokenInformation",
        "ConvertSidToStringSidW",
        "ConvertStringSecurityDescriptorToSecurityDescriptorW",
        "CreateNamedPipeW",
    ],
)
def test_a_pipe_that_would_be_open_to_others_is_not_made(windows: FakeWindows, refused: str) -> None:
    windows.answers[refused] = [-5]
    with pytest.raises(OSError, match=r"Token|Security|Pipe"):
        NamedPipe(reads=True, calls=windows, security=windows)


def test_a_pipe_that_can_not_be_waited_for_is_closed(windows: FakeWindows) -> None:
    windows.answers["CreateEventW"] = [1, -8]
    with pytest.raises(OSError, match="CreateEvent"):
        NamedPipe(reads=True, calls=windows, security=windows)
    assert {("CloseHandle", 40), ("CloseHandle", EVENT)} <= set(windows.asked[-3:])


@pytest.mark.parametrize(
    ("answers", "connected"),
    [
        ({"ConnectNamedPipe": [-CONNECTED]}, True),
        ({"ConnectNamedPipe": [-NO_DATA]}, True),
        ({"ConnectNamedPipe": [-PENDING], "GetOverlappedResult": [0]}, True),
        ({"ConnectNamedPipe": [-PENDING], "GetOverlappedResult": [-996, -995]}, False),
        ({"ConnectNamedPipe": [-PENDING], "GetOverlappedResult": [-996, 0]}, True),
    ],
    ids=["was there", "came and went", "came", "stopped", "came as it was stopped"],
)
def test_a_program_is_waited_for(
    windows: FakeWindows, answers: dict[str, list[int]], connected: bool
) -> None:
    pipe = NamedPipe(reads=True, calls=windows, security=windows)
    windows.answers.update(answers)
    assert pipe.connect() is connected


@pytest.mark.parametrize(
    ("answers", "data"),
    [
        ({"GetOverlappedResult": [5]}, b"words"),
        ({"ReadFile": [-PENDING], "GetOverlappedResult": [5]}, b"words"),
        ({"ReadFile": [-BROKEN]}, b""),
        ({"ReadFile": [-PENDING], "GetOverlappedResult": [-BROKEN, -BROKEN], "CancelIoEx": [-1168]}, b""),
        ({"ReadFile": [-PENDING], "GetOverlappedResult": [-996, -995]}, b""),
        ({"ReadFile": [-PENDING], "GetOverlappedResult": [-996, 5]}, b"words"),
    ],
    ids=["at once", "later", "gone", "gone while waiting", "stopped", "arrived as it was stopped"],
)
def test_what_a_program_writes_is_read(
    windows: FakeWindows, answers: dict[str, list[int]], data: bytes
) -> None:
    pipe = NamedPipe(reads=True, calls=windows, security=windows)
    windows.answers.update(answers)
    windows.incoming = b"words"
    assert pipe.read() == data


def test_all_is_written_however_little_is_taken(windows: FakeWindows) -> None:
    pipe = NamedPipe(reads=False, calls=windows, security=windows)
    windows.answers.update(WriteFile=[1, -PENDING], GetOverlappedResult=[3, 2])
    pipe.write(b"words")
    assert [asked[1] for asked in windows.asked if asked[0] == "WriteFile"] == [b"words", b"ds"]
    windows.answers.update(WriteFile=[-BROKEN])
    with pytest.raises(OSError, match="WriteFile"):
        pipe.write(b"x")
    windows.answers.update(WriteFile=[-PENDING], GetOverlappedResult=[-996, -995])
    with pytest.raises(BrokenPipeError):
        pipe.write(b"x")


def test_a_closed_pipe_is_not_stopped_any_more(windows: FakeWindows) -> None:
    pipe = NamedPipe(reads=True, calls=windows, security=windows)
    pipe.stop()
    pipe.close()
    pipe.stop()
    assert [asked for asked in windows.asked if asked[0] in ("SetEvent", "CloseHandle")][-4:] == [
        ("SetEvent", STOPPED),
        ("CloseHandle", 40),
        ("CloseHandle", EVENT),
        ("CloseHandle", STOPPED),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "",
        "C:\\Users\\me\\notes.txt",
        NAME.replace(".", "server", 1),
        NAME[:-1],
        NAME + "/../../x",
        NAME + "\n",
        NAME.replace("podium", "other"),
    ],
    ids=["none", "file", "remote", "short", "more", "newline", "other"],
)
def test_only_podium_s_own_pipes_are_opened(windows: FakeWindows, name: str) -> None:
    with pytest.raises(OSError, match="no pipe of Podium's"):
        open_pipe(name, writes=True, calls=windows)
    assert windows.asked == []


def test_a_program_opens_its_end_and_lends_nobody_its_account(windows: FakeWindows) -> None:
    read, write = os.pipe()
    windows.answers["CreateFileW"] = [-BUSY, write]
    stream = open_pipe(NAME, writes=True, calls=windows)
    assert windows.names() == ["CreateFileW", "WaitNamedPipeW", "CreateFileW"]
    anonymous, existing, to_write = 0x0010_0000, 3, 0x4000_0000
    assert windows.asked[2] == ("CreateFileW", NAME, to_write, 0, None, existing, anonymous, None)
    stream.write(b"event")
    assert os.read(read, 10) == b"event"
    stream.close()
    os.close(read)


@pytest.mark.parametrize("answers", [[-2], [-BUSY] * 9], ids=["gone", "busy"])
def test_a_pipe_that_can_t_be_opened_is_told(windows: FakeWindows, answers: list[int]) -> None:
    windows.answers["CreateFileW"] = answers
    with pytest.raises(OSError, match="CreateFile"):
        open_pipe(NAME, writes=False, calls=windows)


@pytest.mark.parametrize(
    ("told", "pid"), [(4711, 4711), (0, None), (None, None)], ids=["told", "0", "failed"]
)
def test_the_system_says_which_process_connected(
    windows: FakeWindows, monkeypatch: pytest.MonkeyPatch, told: int | None, pid: int | None
) -> None:
    asked: list[int] = []

    def get_client(handle: int, answer: Any) -> bool:
        asked.append(handle)
        answer._obj.value = told or 0
        return told is not None

    monkeypatch.setattr(windows, "GetNamedPipeClientProcessId", get_client, raising=False)
    assert client_of(7, windows) == pid
    assert asked == [7]


class FakePipe:
    """A ``Pipe`` whose programs are what the test puts in: data, b"" when one goes, and at last a stop."""

    def __init__(self) -> None:
        self.said: SimpleQueue[bytes | None] = SimpleQueue()
        self.written: SimpleQueue[bytes] = SimpleQueue()
        self.gone = False
        self.closed = 0

    def connect(self) -> bool:
        first = self.said.get(timeout=PATIENCE)
        self.first = first
        return first is not None

    def read(self) -> bytes:
        if self.first is not None:
            first, self.first = self.first, None
            return first
        return self.said.get(timeout=PATIENCE) or b""

    def write(self, data: bytes) -> None:
        if self.gone:
            raise BrokenPipeError
        self.written.put(data)

    def disconnect(self) -> None:
        pass

    def stop(self) -> None:
        self.said.put(None)

    def close(self) -> None:
        self.closed += 1


def next_of(stream: PipeStream) -> bytes:
    ready, _, _ = select.select([stream.fileno()], [], [], PATIENCE)
    assert ready
    return stream.read(100)


def test_programs_report_one_after_the_other_and_the_last_words_are_there_at_the_end() -> None:
    pipe = FakePipe()
    stream = PipeStream(pipe, reads=True)
    for said in (b"one", b"", b"two", b""):
        pipe.said.put(said)
    stream.finish(PATIENCE)
    assert (stream.read(6), stream.read(1)) == (b"onetwo", b"")
    assert pipe.closed == 1
    stream.close()


def test_a_host_that_has_no_interest_any_more_ends_its_thread() -> None:
    pipe = FakePipe()
    stream = PipeStream(pipe, reads=True)
    stream.close()
    assert stream._thread is not None
    stream._thread.join(PATIENCE)
    assert pipe.closed == 1


def test_what_the_host_asks_waits_for_a_program_that_listens() -> None:
    pipe = FakePipe()
    stream = PipeStream(pipe, reads=False)
    assert stream.write(b"finish") == 6
    pipe.said.put(b"here it is")
    assert pipe.written.get(timeout=PATIENCE) == b"finish"
    pipe.gone = True
    stream.write(b"stop")
    assert next_of(stream) == b""
    with pytest.raises(ConnectionError):
        stream.write(b"stop")
    stream.close()
