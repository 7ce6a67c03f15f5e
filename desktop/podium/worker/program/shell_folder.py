"""A shell's current folder, as far as the system tells."""

import os
import sys
from pathlib import Path
from typing import Final

import msgspec

from podium.core.protocol.requests import Start

_DELETED: Final = " (deleted)"
"""The suffix Linux puts behind the name of a folder that is gone."""


def shell_folder(pid: int) -> str:
    """The folder of process ``pid``; "" when it is not to be known. Touches no disk, so it never hangs."""
    try:
        if sys.platform.startswith("linux"):
            folder = str(Path(f"/proc/{pid}/cwd").readlink())
        else:
            folder = _folder_by_psutil(pid)
        folder.encode()
    except (OSError, ValueError):
        return ""  # It has ended, it is somebody else's, or its folder has a name that is not text.
    return "" if folder.endswith(_DELETED) else folder


def _folder_by_psutil(pid: int) -> str:
    import psutil  # Not on Linux, where loading it would cost more than all the rest.

    try:
        return psutil.Process(pid).cwd()
    except psutil.Error as error:
        raise OSError from error


def existing_folder(start: Start) -> Start:
    """``start`` in its other folder where its own is gone or may not be entered. Touches the disk."""
    if not start.other_folder or os.access(start.folder, os.X_OK):
        return start
    return msgspec.structs.replace(start, folder=start.other_folder)
