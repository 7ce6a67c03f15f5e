"""The command of the setting ``notify.command``."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

import msgspec

from podium.core.system.processes import NO_CONSOLE
from podium.core.visible_text import visible
from podium.notifications.outlets.message import CallProblem, Message

SECONDS: Final = 10.0
_MOST_SAID: Final = 200
_PIECE: Final = 64 << 10
_REST: Final = 0.5
"""Seconds for what the command wrote at its end."""


def run_command(
    argv: Sequence[str], environment: Mapping[str, str], message: Message, seconds: float = SECONDS
) -> None:
    """Run ``argv`` and wait for its end, ``seconds`` at most. Raises CallProblem. Not for the window's thread."""
    with tempfile.TemporaryFile() as given:
        given.write(msgspec.json.encode(message) + b"\n")
        given.seek(0)
        try:
            process = subprocess.Popen(
                list(argv),
                env={**environment, **variables(message)},
                cwd=Path.home(),
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
                creationflags=NO_CONSOLE,
            )
        except (OSError, ValueError) as error:
            reason = (
                error.strerror if isinstance(error, OSError) and error.strerror else "it can't be started"
            )
            raise CallProblem(f"notify.command: {visible(argv[0])}: {reason}. Correct the setting.") from None
        errors = _Errors(process)
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise CallProblem(
                f"notify.command did not end within {seconds:g} seconds, and was killed. Have it return sooner."
            ) from None
        if status:
            words = visible(errors.first().decode("utf-8", "replace").strip())[:_MOST_SAID]
            raise CallProblem(f"notify.command exited with {status}" + (f": {words}" if words else "."))


class _Errors:
    """What the command, and what it leaves running, write as errors: the first of it is kept, and all is taken, so that
    none of them waits for a reader, fills the disk or is ended by writing.
    """

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._first = bytearray()
        self._reader = threading.Thread(target=self._read, args=(process.stderr,), daemon=True)
        self._reader.start()

    def first(self) -> bytes:
        """To be asked once the command has ended; what it leaves running is not waited for."""
        self._reader.join(_REST)
        return bytes(self._first)

    def _read(self, pipe: IO[bytes]) -> None:
        with pipe:
            while piece := os.read(pipe.fileno(), _PIECE):
                self._first += piece[: 4 * _MOST_SAID - len(self._first)]


def variables(message: Message) -> dict[str, str]:
    """The message as variables. A NUL character, which none can hold, is left out."""
    values = {
        "EVENT": message.event,
        "TITLE": message.title,
        "TEXT": message.text,
        "ID": message.instance,
        "NAME": message.name,
    }
    return {f"PODIUM_ALERT_{name}": value.replace("\0", "") for name, value in values.items()}


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
