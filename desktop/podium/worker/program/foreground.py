"""The foreground job of a program's terminal."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

SHELLS: Final = frozenset(
    {
        "ash",
        "bash",
        "csh",
        "dash",
        "elvish",
        "fish",
        "ksh",
        "mksh",
        "nu",
        "oksh",
        "pwsh",
        "rbash",
        "sh",
        "tcsh",
        "xonsh",
        "yash",
        "zsh",
    }
)
"""Programs that wait at a prompt while no other job has the terminal."""
_LONGEST: Final = 80
_LONGEST_NAME: Final = 15
"""The number of bytes of a program's name that Linux keeps."""
_STATE, _PARENT, _GROUP = 0, 1, 2
"""Fields of /proc/PID/stat behind the name."""


class Job(NamedTuple):
    """The job that has the terminal; the empty one while a shell is at its prompt."""

    command: str = ""
    """Its command line, printable, at most 80 characters."""
    itself: bool = False
    """It is the program that was started in the terminal."""


def foreground_job(group: int, leader: int, *, shell: bool, login_shell: str = "") -> Job:
    """The job of the process group ``group``, which has the terminal; the empty one where that is 0.

    ``leader`` is the process that was started in it. A shell's job is another process group than its own; with
    ``shell`` false, and where the leader is no shell (``exec vim``), the leader itself is the job. ``login_shell`` is
    the person's, which need not be among ``SHELLS``.
    """
    if not group:
        return Job()
    if group != leader:
        return Job(next((text for pid in _members(group) if (text := _command_line(pid))), "a program"))
    own = _shell_name(login_shell)
    if shell and _name(leader) in {"", own, own[:_LONGEST_NAME], *SHELLS}:
        return Job()
    return Job(_command_line(leader), itself=not shell)


def is_shell(argv: tuple[str, ...]) -> bool:
    """Whether ``argv`` is a shell that reads commands from its terminal: it is given neither a script nor ``-c``."""
    if not argv or _shell_name(argv[0]) not in SHELLS:
        return False
    return all(word.startswith(("-", "+")) and not _takes_command(word) for word in argv[1:])


def _takes_command(option: str) -> bool:
    return option.startswith("-") and not option.startswith("--") and "c" in option


def _shell_name(command: str) -> str:
    """``/usr/bin/bash`` and ``-bash`` are ``bash``, and so is ``.bash-wrapped``, as some systems call it."""
    return Path(command).name.removeprefix("-").removeprefix(".").removesuffix("-wrapped")


def group_words(group: int) -> Iterator[list[str]]:
    """The words of the command line of each process of a group, its leader's first; of the leader alone where the
    system does not tell more. None for group 0.
    """
    if group:
        yield from map(_words, _members(group))


def _members(group: int) -> Iterator[int]:
    """The group's leader, then its other processes: a pipeline goes on when its first program has ended."""
    yield group
    if not sys.platform.startswith("linux"):
        return
    related = _related(group)
    if related is not None:
        yield from related
        return
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != group and _stat(int(entry.name))[1:2] == (group,):
            yield int(entry.name)


def _related(group: int) -> list[int] | None:
    """The group's other processes among the leader's siblings, and below it and them: all that a shell puts into a
    group. None when the leader has ended, or Linux does not tell children: to look at all processes takes long.
    """
    stat = _stat(group)
    if len(stat) < 3:
        return None
    found, seen = [], {group}
    begun = _children(stat[2])
    if begun is None:
        return None
    waiting = [group, *(pid for pid in begun if pid != group)]
    while waiting:
        pid = waiting.pop()
        if pid != group:
            if pid in seen or _stat(pid)[1:2] != (group,):
                continue
            seen.add(pid)
            found.append(pid)
        waiting += _children(pid) or ()
    return found


def _children(pid: int) -> list[int] | None:
    """The processes that ``pid`` is the parent of; None where that is not told."""
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (thread / "children").read_bytes().split())
    except (OSError, ValueError):
        return None
    return found


def _stat(pid: int) -> tuple[str, int, int] | tuple[str]:
    """State letter, process group and parent of ``pid``; the state alone, "", when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return fields[_STATE].decode(), int(fields[_GROUP]), int(fields[_PARENT])
    except (OSError, ValueError, IndexError):
        return ("",)


def _name(pid: int) -> str:
    """The program's name; "" when it has ended."""
    if not sys.platform.startswith("linux"):
        words = _words_by_psutil(pid)
        return _shell_name(words[0]) if words else ""
    try:
        return _shell_name(Path(f"/proc/{pid}/comm").read_text(errors="replace").strip())
    except OSError:
        return ""


def _command_line(pid: int) -> str:
    """Its words, the program's folder left out, printable and at most 80 characters; "" when it has ended."""
    words = _words(pid)
    if not words:
        return "" if _stat(pid)[0] in ("", "Z", "X") else _name(pid)
    return _printable(" ".join((Path(words[0]).name or words[0], *words[1:])))


def _words(pid: int) -> list[str]:
    """The words of its command line; none when it has ended."""
    if not sys.platform.startswith("linux"):
        return _words_by_psutil(pid)
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [word.decode(errors="replace") for word in raw.rstrip(b"\0").split(b"\0") if word]


def _words_by_psutil(pid: int) -> list[str]:
    import psutil  # Not on Linux, where loading it would cost more than all the rest.

    try:
        return psutil.Process(pid).cmdline()
    except psutil.Error:
        return []


def _printable(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    shown = " ".join(shown.split())
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 1]}…"
