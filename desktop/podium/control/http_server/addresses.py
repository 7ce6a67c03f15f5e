"""Addresses for the API over TCP: loopback ones, and no others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """A loopback address for TCP; port 0 is any free one."""

    host: str
    port: int


def listen_address(text: str) -> ListenAddress:
    """``127.0.0.1:8080``, ``[::1]:0``, ``localhost:0``. Raises ValueError with words for a person."""
    import ipaddress  # Only here: most windows are started without an address.

    host, colon, port = text.rpartition(":")
    host = host.strip("[]")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise ValueError(f"“{text}” is no address; write it as 127.0.0.1:8765, or 127.0.0.1:0 for any port.")
    if host == "localhost":
        host = "127.0.0.1"
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise ValueError(
            f"“{host}” is not a loopback address. The API is for this machine only; use 127.0.0.1, and ssh to "
            "reach it from elsewhere."
        )
    return ListenAddress(host, int(port))
