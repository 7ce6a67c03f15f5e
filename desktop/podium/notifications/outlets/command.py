"""The command of the setting ``notify.command``."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.processes import NO_CONSOLE
from podium.core.visible_text import visible
from podium.notifications.outlets.message import CallProblem, Message

SECONDS: Final = 10.0
_MOST_SAID: Final = 200


def run_command(
    argv: Sequence[str], environment: Mapping[str, str], message: Message, seconds: float = SECONDS
) -> None:
    """Run ``argv`` and wait for its end, ``seconds`` at most. Raises CallProblem. Not for the window's thread."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(msgspec.json.encode(message) + b"\n")
        given.seek(0)
        try:
            # A pipe could be held open by what the command leaves running; a file can't hold anything up.
            process = subprocess.Popen(
                list(argv),
                env={**environment, **variables(message)},
                cwd=Path.home(),
                stdin=given,
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
                creationflags=NO_CONSOLE,
            )
        except (OSError, ValueError) as error:
            reason = (
                error.strerror if isinstance(error, OSError) and error.strerror else "it can't be started"
            )
            raise CallProblem(f"notify.command: {visible(argv[0])}: {reason}. Correct the setting.") from None
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise CallProblem(
                f"notify.command did not end within {seconds:g} seconds, and was killed. Have it return sooner."
            ) from None
        if status:
            said.seek(0)
            words = visible(said.read(4 * _MOST_SAID).decode("utf-8", "replace").strip())[:_MOST_SAID]
            raise CallProblem(f"notify.command exited with {status}" + (f": {words}" if words else "."))


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
