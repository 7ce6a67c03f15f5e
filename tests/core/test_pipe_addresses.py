"""Named pipes of Windows, by functions that stand for the system's: the file that names one, and who is at its end."""

import ctypes
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from podium.core.system.pipes import pipe_addresses
from podium.core.system.pipes.pipe_addresses import (
    client_of,
    new_address,
    open_pipe,
    read_address,
    write_address,
)


def test_what_is_written_is_read_and_is_the_accounts_alone(tmp_path: Path) -> None:
    path = tmp_path / "podium.sock"
    address = new_address()
    write_address(path, address)
    assert read_address(path) == address
    assert path.stat().st_mode & 0o077 == 0
    assert new_address().name != address.name != address.token


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\\\\.\\pipe\\podium-" + "0" * 32,
        "\\\\elsewhere\\pipe\\podium-" + "0" * 32 + "\n" + "t" * 43 + "\n",
        "\\\\.\\pipe\\other\n" + "t" * 43 + "\n",
        "\\\\.\\pipe\\podium-" + "0" * 32 + "\n" + "t" * 42 + "\r\n\n",
        "\\\\.\\pipe\\podium-" + "0" * 32 + "\n" + "t" * 43 + "\nX-More: 1\n",
        "x" * 2000,
    ],
    ids=["empty", "no-token", "another-machine", "another-pipe", "header", "more", "long"],
)
def test_a_file_that_names_no_pipe_of_podiums_is_an_os_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "podium.sock"
    path.write_bytes(text.encode())
    with pytest.raises(OSError, match=r"names no pipe|Longer than"):
        read_address(path)


def test_a_pipe_is_opened_for_reading_and_writing_without_a_buffer(tmp_path: Path) -> None:
    (tmp_path / "pipe").touch()
    with open_pipe(str(tmp_path / "pipe")) as opened:
        assert isinstance(opened, io.RawIOBase)
        assert (opened.readable(), opened.writable()) == (True, True)


@pytest.mark.parametrize(("told", "pid"), [(4711, 4711), (0, None), (None, None)])
def test_the_system_says_which_process_connected(
    monkeypatch: pytest.MonkeyPatch, told: int | None, pid: int | None
) -> None:
    asked: list[int | None] = []

    def get_client(handle: Any, answer: Any) -> int:
        asked.append(handle.value)
        answer._obj.value = told or 0
        return told is not None

    def load(name: str) -> SimpleNamespace:
        assert name == "kernel32"
        return SimpleNamespace(GetNamedPipeClientProcessId=get_client)

    assert client_of(7) is None
    monkeypatch.setattr(pipe_addresses.sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "WinDLL", load, raising=False)
    assert client_of(7) == pid
    assert asked == [7]
