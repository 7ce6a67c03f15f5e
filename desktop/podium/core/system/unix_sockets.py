"""The platform seam for the API's sockets: Unix sockets, which Python does not have on Windows."""

import errno
import socket
import sys


def unix_socket() -> socket.socket:
    """A Unix socket, not connected. Raises OSError where there are none."""
    if sys.platform == "win32":
        raise OSError(errno.ENOSYS, "Podium has no control API on Windows yet")
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
