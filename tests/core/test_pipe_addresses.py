"""The files that name the pipes of Windows."""

import io
from pathlib import Path

import pytest

from podium.core.system.pipes.pipe_addresses import new_address, open_client_end, read_address, write_address


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
    with open_client_end(str(tmp_path / "pipe")) as opened:
        assert isinstance(opened, io.RawIOBase)
        assert (opened.readable(), opened.writable()) == (True, True)
