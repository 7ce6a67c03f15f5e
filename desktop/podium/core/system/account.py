"""The platform seam for the account this process runs under."""

import os
import sys
from typing import NamedTuple


class Account(NamedTuple):
    """An entry of the system's accounts; both are "" where there is none, as in some containers."""

    home: str = ""
    shell: str = ""


def user_id() -> int:
    """The number that ``stat`` gives the person's files as their owner's: on Windows 0, as for all files there."""
    if sys.platform == "win32":
        return 0
    return os.getuid()


def own_account() -> Account:
    """The entry of the account. On Windows there is none to be read: the environment has both."""
    if sys.platform == "win32":
        return Account(os.environ.get("USERPROFILE", ""), os.environ.get("COMSPEC", "cmd.exe"))
    import pwd

    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return Account()
    return Account(entry.pw_dir, entry.pw_shell)
