"""Having a pattern searched for once, by a process that may end without harm. Waits for the answer."""

import os
import subprocess
from typing import Final

import msgspec

from podium.core.finding.pattern_messages import Found, SearchLines, framed, unframed
from podium.core.system.processes import NO_CONSOLE
from podium.core.system.reexec import podium_command

ANSWER_SECONDS: Final = 10.0
_FAILED: Final = "The pattern takes too long or too much memory; make it simpler."
_OURS: Final = "PODIUM_"


def search_lines(wanted: SearchLines) -> Found:
    """The answer to ``wanted``, or the fault of its pattern. Never raises."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    try:
        ran = subprocess.run(
            podium_command("pattern-search"),
            input=framed(wanted),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ANSWER_SECONDS,
            check=False,
            creationflags=NO_CONSOLE,
            env=environment,
        )
        payload = unframed(bytearray(ran.stdout))
        return msgspec.msgpack.decode(payload, type=Found) if payload is not None else Found(fault=_FAILED)
    except (OSError, ValueError, subprocess.SubprocessError):
        return Found(fault=_FAILED)
