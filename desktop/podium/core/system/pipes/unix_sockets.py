"""Unix sockets, which Python does not have on Windows; named pipes (``pipe_addresses``) stand for them there."""

import errno
import socket
import sys


def unix_socket() -> socket.socket:
    """A Unix socket, not connected. Raises OSError where there are none."""
    if sys.platform == "win32":
        raise OSError(errno.ENOSYS, "there are no Unix sockets on Windows")
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
