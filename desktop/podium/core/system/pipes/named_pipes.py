"""Named pipes of Windows between a host and a program of its own, where descriptors can't be inherited. Never run on
real Windows yet.

A pipe has one direction, a name that can't be guessed, and one instance, which nobody else made; only this account may
open it, and nobody from another machine. Whoever opens it may not be impersonated by the host.
"""

import contextlib
import ctypes
import os
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Any, Final, Protocol

from podium.core.system.pipes.pipe_addresses import is_name, new_name
from podium.core.system.pipes.streams import Stream, reading_stream, writing_stream
from podium.core.system.pipes.threaded_streams import PIECE, SocketStream, start_thread
from podium.core.system.windows.calls import INVALID_HANDLE, advapi32, call_error, kernel32, last_error

_INBOUND, _OUTBOUND = 0x1, 0x2
_FIRST_INSTANCE: Final = 0x0008_0000
_OVERLAPPED: Final = 0x4000_0000
_REJECT_REMOTE: Final = 0x8
_READ, _WRITE = 0x8000_0000, 0x4000_0000
_OPEN_EXISTING: Final = 3
_ANONYMOUS: Final = 0x0010_0000
"""SECURITY_SQOS_PRESENT with SECURITY_ANONYMOUS, which is 0."""
_TOKEN_QUERY: Final = 0x8
_TOKEN_USER: Final = 1
_FOREVER: Final = 0xFFFF_FFFF
_BROKEN_PIPE, _PIPE_BUSY, _NO_DATA, _PIPE_CONNECTED, _PENDING = 109, 231, 232, 535, 997
_BUSY_MILLISECONDS: Final = 1000
_TRIES: Final = 3


class Overlapped(ctypes.Structure):
    """OVERLAPPED: one call under way."""

    _fields_ = (
        ("internal", ctypes.c_size_t),
        ("internal_high", ctypes.c_size_t),
        ("offset", ctypes.c_uint64),
        ("event", ctypes.c_void_p),
    )


class SecurityAttributes(ctypes.Structure):
    """SECURITY_ATTRIBUTES."""

    _fields_ = (
        ("length", ctypes.c_uint32),
        ("descriptor", ctypes.c_void_p),
        ("inherit", ctypes.c_int),
    )


class Pipe(Protocol):
    """The host's end, for one thread but for ``stop``."""

    def connect(self) -> bool:
        """Wait for a program; False once stopped. Raises OSError."""

    def read(self) -> bytes:
        """Wait for data; b"" when the program has closed its end, or once stopped. Raises OSError."""

    def write(self, data: bytes) -> None:
        """Send all. Raises OSError, also when the program has closed its end, and once stopped."""

    def disconnect(self) -> None: ...

    def stop(self) -> None:
        """End what waits, and all waiting from here on. What has arrived can be read."""

    def close(self) -> None: ...


class NamedPipe:
    """A ``Pipe`` of Windows."""

    def __init__(self, *, reads: bool, calls: Any = None, security: Any = None) -> None:
        """Raises OSError."""
        self._calls = calls or kernel32()
        self.name = new_name()
        self._overlapped = Overlapped()
        self._closed = False
        self._lock = threading.Lock()
        with _own_account(self._calls, security or advapi32()) as attributes:
            handle = self._calls.CreateNamedPipeW(
                self.name,
                (_INBOUND if reads else _OUTBOUND) | _FIRST_INSTANCE | _OVERLAPPED,
                _REJECT_REMOTE,  # Bytes, and waiting calls, are 0.
                1,
                PIECE,
                PIECE,
                0,
                attributes,
            )
            if handle == INVALID_HANDLE:
                raise call_error("CreateNamedPipe")  # Here: the next call has an error of its own.
        self._handle = handle
        self._overlapped.event = self._calls.CreateEventW(None, True, False, None)
        self._stopped = self._calls.CreateEventW(None, True, False, None)
        if not (self._overlapped.event and self._stopped):
            error = call_error("CreateEvent")
            self.close()
            raise error

    def connect(self) -> bool:
        if self._calls.ConnectNamedPipe(self._handle, ctypes.byref(self._overlapped)):
            return True
        error = last_error()
        if error in (_PIPE_CONNECTED, _NO_DATA):
            return True  # It came before, and may have gone again: its data is there.
        if error != _PENDING:
            raise call_error("ConnectNamedPipe")
        return self._finished() is not None

    def read(self) -> bytes:
        buffer = ctypes.create_string_buffer(PIECE)
        if not self._calls.ReadFile(self._handle, buffer, PIECE, None, ctypes.byref(self._overlapped)):
            error = last_error()
            if error == _BROKEN_PIPE:
                return b""
            if error != _PENDING:
                raise call_error("ReadFile")
        size = self._finished()
        return buffer.raw[:size] if size else b""

    def write(self, data: bytes) -> None:
        while data:
            if (
                not self._calls.WriteFile(self._handle, data, len(data), None, ctypes.byref(self._overlapped))
                and last_error() != _PENDING
            ):
                raise call_error("WriteFile")
            size = self._finished()
            if not size:
                raise BrokenPipeError("The program has closed its end")
            data = data[size:]

    def disconnect(self) -> None:
        self._calls.DisconnectNamedPipe(self._handle)

    def stop(self) -> None:
        with self._lock:
            if not self._closed:
                self._calls.SetEvent(self._stopped)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for handle in (self._handle, self._overlapped.event, self._stopped):
                self._calls.CloseHandle(handle)

    def _finished(self) -> int | None:
        """Wait for the call under way: the number of bytes, 0 when the other end was closed; None once stopped."""
        events = (ctypes.c_void_p * 2)(self._overlapped.event, self._stopped)
        self._calls.WaitForMultipleObjects(2, events, False, _FOREVER)
        size = ctypes.c_uint32()
        overlapped = ctypes.byref(self._overlapped)
        if self._calls.GetOverlappedResult(self._handle, overlapped, ctypes.byref(size), False):
            return size.value
        stopped = self._calls.CancelIoEx(self._handle, overlapped)
        # Its memory is the system's until it has really ended, and it may have come to its end meanwhile.
        if self._calls.GetOverlappedResult(self._handle, overlapped, ctypes.byref(size), True):
            return size.value
        return None if stopped else 0


class PipeStream(SocketStream):
    """The host's end of a pipe, as what a loop can wait for."""

    def __init__(self, pipe: Pipe, *, reads: bool) -> None:
        ours, theirs = socket.socketpair()
        self._pipe = pipe
        pass_on = _pass_to_host if reads else _pass_to_program
        super().__init__(ours, start_thread("named pipe", lambda: pass_on(pipe, theirs)))

    def finish(self, patience: float) -> None:
        """The program has ended: what it wrote last can be read when this returns, after ``patience`` at most."""
        self._pipe.stop()
        if self._thread is not None:
            self._thread.join(patience)

    def stop(self) -> None:
        """The program has ended: what it wrote last can be read, and the end comes after it."""
        self._pipe.stop()

    def close(self, patience: float = 0.0) -> None:
        self._pipe.stop()
        super().close(patience)


def open_pipe(name: str, *, writes: bool, calls: Any = None) -> Stream:
    """The program's end of the host's pipe ``name``. Raises OSError, also for what is no such name: the variable that
    holds it may come from anywhere, and a path could lead to a file or to another machine.
    """
    if not is_name(name):
        raise OSError(f"{name} is no pipe of Podium's")
    handle = _opened(name, _WRITE if writes else _READ, calls or kernel32())
    if sys.platform == "win32":
        import msvcrt

        descriptor = msvcrt.open_osfhandle(handle, os.O_WRONLY if writes else os.O_RDONLY)
    else:
        descriptor = handle  # A test's.
    return writing_stream(descriptor) if writes else reading_stream(descriptor)


def client_of(pipe: int, calls: Any = None) -> int | None:
    """The process at the other end of the pipe whose server's end has the handle ``pipe``; None where the system does
    not tell.
    """
    pid = ctypes.c_uint32()
    if not (calls or kernel32()).GetNamedPipeClientProcessId(pipe, ctypes.byref(pid)):
        return None
    return pid.value or None


@contextlib.contextmanager
def _own_account(calls: Any, security: Any) -> Iterator[Any]:
    """A pointer to SECURITY_ATTRIBUTES that let this account in and nobody else. Raises OSError."""
    descriptor = ctypes.c_void_p()
    words = f"D:P(A;;GA;;;{_own_sid(calls, security)})"
    if not security.ConvertStringSecurityDescriptorToSecurityDescriptorW(
        words, 1, ctypes.byref(descriptor), None
    ):
        raise call_error("ConvertStringSecurityDescriptorToSecurityDescriptor")
    try:
        yield ctypes.byref(SecurityAttributes(ctypes.sizeof(SecurityAttributes), descriptor.value, False))
    finally:
        calls.LocalFree(descriptor)


def _own_sid(calls: Any, security: Any) -> str:
    """The account of this process, as text. Raises OSError."""
    token, text = ctypes.c_void_p(), ctypes.c_wchar_p()
    if not security.OpenProcessToken(calls.GetCurrentProcess(), _TOKEN_QUERY, ctypes.byref(token)):
        raise call_error("OpenProcessToken")
    # TOKEN_USER: a pointer to the SID, attributes, and the SID itself, of 68 bytes at most.
    user, size = (ctypes.c_void_p * 16)(), ctypes.c_uint32()
    try:
        if not security.GetTokenInformation(
            token, _TOKEN_USER, user, ctypes.sizeof(user), ctypes.byref(size)
        ) or not security.ConvertSidToStringSidW(user[0], ctypes.byref(text)):
            raise call_error("GetTokenInformation")
        return str(text.value)
    finally:
        calls.CloseHandle(token)
        calls.LocalFree(text)


def _opened(name: str, access: int, calls: Any) -> int:
    for _ in range(_TRIES):
        handle = calls.CreateFileW(name, access, 0, None, _OPEN_EXISTING, _ANONYMOUS, None)
        if handle != INVALID_HANDLE:
            return int(handle)
        # Another program has it, or had it until just now.
        if last_error() != _PIPE_BUSY or not calls.WaitNamedPipeW(name, _BUSY_MILLISECONDS):
            break
    raise call_error("CreateFile")


def _pass_to_host(pipe: Pipe, theirs: socket.socket) -> None:
    """Pass on what programs write, one after the other, until stopped."""
    with contextlib.closing(pipe), theirs, contextlib.suppress(OSError):
        while pipe.connect():
            while data := pipe.read():
                theirs.sendall(data)
            pipe.disconnect()


def _pass_to_program(pipe: Pipe, theirs: socket.socket) -> None:
    """Pass on what the host writes, until either has closed its end."""
    with contextlib.closing(pipe), theirs, contextlib.suppress(OSError):
        if pipe.connect():
            while data := theirs.recv(PIECE):
                pipe.write(data)
