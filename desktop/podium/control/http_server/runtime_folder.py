"""The folder of the API's sockets and tokens: 0700 and ours, because the folder is the authentication. On Windows it is
in the account's profile, whose rights keep others out, and holds files that name pipes in place of sockets.

A lock beside the socket says who serves it. It goes with its process, so a crash leaves nothing to clean up
but the stale socket, which the next server recovers.
"""

import contextlib
import errno
import os
import socket
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import platformdirs

from podium.core.system.account import own_account, user_id
from podium.core.system.file_lock import read_start, replace_text, try_lock
from podium.core.system.pipes.unix_sockets import unix_socket
from podium.core.system.private_files import NO_LINKS

SOCKET_NAME: Final = "podium.sock"
_LOCK_NAME: Final = "podium.lock"
INSTANCES_PREFIX: Final = "instances-"
_MAX_SOCKET_PATH: Final = 103
"""Bytes a socket's path may have, on every system with Unix sockets."""


class CannotServe(Exception):
    """The API can't be offered; the message is for a person."""


class SocketTaken(CannotServe):
    """Another program serves the socket."""


@dataclass(frozen=True, slots=True)
class RuntimeFolder:
    """Paths only; ``prepare_folder`` makes sure that they are safe to use.

    The sockets of instances are apart for each Podium: two of them may have instances of the same name.
    """

    path: Path
    owner: int = 0
    """The pid of the Podium whose instances' sockets these are."""

    @property
    def socket(self) -> Path:
        return self.path / SOCKET_NAME

    @property
    def instances(self) -> Path:
        return self.path / f"{INSTANCES_PREFIX}{self.owner}"

    def instance_socket(self, instance: str) -> Path:
        """The socket of ``instance``: named by its id, or by a digest where the id is too long for a path."""
        path = self.instances / f"{instance}.sock"
        if len(os.fsencode(path)) <= _MAX_SOCKET_PATH:
            return path
        import hashlib  # Only here: few ids are that long.

        return self.instances / f"{hashlib.sha256(instance.encode()).hexdigest()[:16]}.sock"


def candidates() -> tuple[Path, ...]:
    """Places for the folder, best first; server and client go by the same list.

    A place that the environment names (``XDG_RUNTIME_DIR``, or a ``HOME`` that is not the account's) counts alone:
    beyond it there may be another person's Podium. Its stand-in, which belongs to no other place, is for where no
    socket can be there.
    """
    given = _given_place()
    if given is not None:
        return (given,) if sys.platform == "win32" else (given, _stand_in(given))
    usual = platformdirs.user_state_path("podium", appauthor=False) / "run"
    session = _session_place()
    return (usual, _stand_in(usual)) if session is None else (session, usual, _stand_in(usual))


def _given_place() -> Path | None:
    """The place the environment names; None when it leaves that to us."""
    if sys.platform in ("darwin", "win32"):
        return platformdirs.user_runtime_path("podium", appauthor=False)
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if runtime.is_absolute():  # Anything else is to be ignored, says the specification.
        return runtime / "podium"
    home = os.environ.get("HOME", "")
    if home and os.path.realpath(home) != os.path.realpath(_account_home()):
        # Whatever folder it is read in, a relative one is to be the same in every message.
        return platformdirs.user_state_path("podium", appauthor=False).absolute() / "run"
    return None


def _account_home() -> str:
    """The home folder of the account, or of the environment where there is no entry for it."""
    return own_account().home or os.environ.get("HOME", "")


def _session_place() -> Path | None:
    """The place that ``XDG_RUNTIME_DIR`` would name, outside of a session: for cron, say, or with sudo."""
    runtime = Path(f"/run/user/{user_id()}")
    return runtime / "podium" if _is_private(runtime) else None


def _stand_in(place: Path) -> Path:
    """Another folder for ``place``, and for no other: short enough for a socket, in a folder where no other
    user can put anything in its place.
    """
    import hashlib

    return Path(
        f"/tmp/podium-{user_id()}-{hashlib.sha256(os.fsencode(os.path.realpath(place))).hexdigest()[:12]}"
    )


def find_folder() -> RuntimeFolder:
    """The folder a client should look in: the first that is ours and has a socket, else where one would be."""
    usable = [path for path in candidates() if _is_private(path)]
    for path in usable:
        if (path / SOCKET_NAME).exists():
            return RuntimeFolder(path)
    return RuntimeFolder(usable[0] if usable else candidates()[0])


def prepare_folder() -> RuntimeFolder:
    """Make the first folder that can be ours alone. Raises CannotServe."""
    reasons = []
    for path in candidates():
        try:
            folder = RuntimeFolder(path, os.getpid())
            _make_private(path)
            _make_private(folder.instances)
        except OSError as error:
            reasons.append(f"{path}: {error.strerror or error}")
            continue
        longest = max(len(os.fsencode(one)) for one in (folder.socket, folder.instance_socket("i" * 64)))
        if longest > _MAX_SOCKET_PATH:
            reasons.append(f"{path}: too long for a socket's path")
            continue
        return folder
    raise CannotServe(
        "There is no folder for the API's socket that is yours alone. "
        + "; ".join(reasons)
        + ". Set XDG_RUNTIME_DIR to a folder of yours with mode 0700."
    )


def _make_private(path: Path) -> None:
    """Raises OSError when ``path`` is not a folder of this user, or can't be made one."""
    missing = []
    parent = path
    while not parent.exists() and parent != parent.parent:
        missing.append(parent)
        parent = parent.parent
    for folder in reversed(missing):
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "it is not a folder", str(path))
    if sys.platform == "win32":
        return  # Modes and owners say nothing there.
    if found.st_uid != user_id():
        raise PermissionError(errno.EPERM, "it belongs to somebody else", str(path))
    above = path.parent.stat()
    if above.st_uid not in (0, user_id()) or (above.st_mode & 0o022 and not above.st_mode & stat.S_ISVTX):
        raise PermissionError(errno.EPERM, "others may put another folder in its place", str(path))
    if stat.S_IMODE(found.st_mode) != 0o700:
        path.chmod(0o700)


def _is_private(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    if sys.platform == "win32":
        return stat.S_ISDIR(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == user_id() and not found.st_mode & 0o077


@dataclass(slots=True)
class Claim:
    """The right to serve a folder's socket, held until ``release`` or the end of the process."""

    folder: RuntimeFolder
    _lock: int = field(repr=False)

    def release(self) -> None:
        """Give the folder back and take away what was in it."""
        self.folder.socket.unlink(missing_ok=True)
        leave(self.folder)
        os.close(self._lock)


def claim(folder: RuntimeFolder) -> Claim:
    """Take the right to serve ``folder``. Raises SocketTaken while another process has it, CannotServe."""
    try:
        lock = os.open(folder.path / _LOCK_NAME, os.O_RDWR | os.O_CREAT | NO_LINKS, 0o600)
    except OSError as error:
        raise CannotServe(f"{folder.path / _LOCK_NAME} can't be opened: {error.strerror}.") from error
    try:
        try_lock(lock)
    except OSError as error:
        pid = read_start(lock, 32).decode("ascii", "replace").strip()
        os.close(lock)
        raise SocketTaken(_taken(folder, int(pid) if pid.isdigit() else None)) from error
    # An older Podium, or a copy of the folder, may serve without the lock: never take a socket that answers.
    alive, pid_there = _probe(folder.socket)
    if alive:
        os.close(lock)
        raise SocketTaken(_taken(folder, pid_there))
    replace_text(lock, f"{os.getpid()}\n")
    folder.socket.unlink(missing_ok=True)
    _clear_stale(folder)
    return Claim(folder, lock)


def leave(folder: RuntimeFolder) -> None:
    """Take away what belongs to this Podium's instances."""
    for path in folder.instances.glob("*.sock"):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder.instances.rmdir()


def _clear_stale(folder: RuntimeFolder) -> None:
    """Take away the instances' sockets of Podiums that crashed."""
    import psutil

    for path in folder.path.glob(f"{INSTANCES_PREFIX}*"):
        number = path.name.removeprefix(INSTANCES_PREFIX)
        if number.isdigit() and not psutil.pid_exists(int(number)):
            leave(RuntimeFolder(folder.path, int(number)))


def bind_socket(path: Path) -> socket.socket:
    """A listening Unix socket at ``path``, 0600. Its folder is 0700, so no other user connects before the chmod.

    The umask would do the same at once, but it belongs to the whole process and other threads create files.
    """
    listening = unix_socket()
    try:
        path.unlink(missing_ok=True)
        listening.bind(str(path))
        path.chmod(0o600)
        listening.listen(128)
        listening.setblocking(False)
    except OSError:
        listening.close()
        raise
    return listening


def _probe(path: Path) -> tuple[bool, int | None]:
    """True when a program answers at ``path``, and its pid where the system reports it."""
    if sys.platform == "win32":
        return False, None  # The file of a pipe answers nobody; there the lock says all.
    with unix_socket() as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except (TimeoutError, BlockingIOError):
            return True, None  # Its queue is full, so a program listens.
        except OSError:
            return False, None
        return True, peer_pid(probe)


def peer_pid(connected: socket.socket) -> int | None:
    """The process that connected to a socket, or to a pipe on Windows; None where the system does not report it."""
    if sys.platform == "win32":
        from podium.core.system.pipes.named_pipes import client_of

        return client_of(connected.fileno())
    try:
        if sys.platform == "darwin":  # SOL_LOCAL, LOCAL_PEERPID; not run yet.
            credentials = connected.getsockopt(0, 2, 4)
        else:
            credentials = connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
    except OSError:
        return None
    # 0 is a process of another pid namespace that is not below this one.
    return int.from_bytes(credentials[:4], sys.byteorder) or None


def _taken(folder: RuntimeFolder, pid: int | None) -> str:
    who = "Another program" if pid is None else f"Process {pid} ({_name(pid)})"
    return f"{who} serves {folder.socket} already. End it first, or use it: podium ctl instances."


def _name(pid: int) -> str:
    """The command line of the process; "unknown" where that can't be read."""
    import psutil

    try:
        words = psutil.Process(pid).cmdline()
    except psutil.Error:
        return "unknown"
    text = " ".join(word for word in words if word)
    return text if len(text) <= 80 else text[:79] + "…"
