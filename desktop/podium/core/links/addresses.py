"""The addresses that may be opened: of the web, of a mail, and of a file of this machine."""

import re
import socket
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from podium.core.links.characters import shows

LINK_SCHEMES: Final = ("http://", "https://", "mailto:", "file://")
MAX_LINK: Final = 2083
"""Schemes of a link's target, and its most characters."""

_BAD_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_MAX_PATH: Final = 4095
_ATTACHING: Final = frozenset({"attach", "attachment"})
"""Fields of a mail address with which some mail programs send files of the person's."""


def is_link(target: str) -> bool:
    """Whether ``target`` is an address that may be offered for opening. Looks no name up and touches no disk."""
    if len(target) > MAX_LINK or not shows(target) or " " in target:
        return False
    scheme = target[:8].lower()
    if scheme.startswith(("http://", "https://")):
        return bool(host_of(target))
    if scheme.startswith("mailto:"):
        return _is_mail(target)
    return scheme.startswith("file://") and bool(file_of(target))


def host_of(target: str) -> str:
    """The host of a web address, in small letters as it is written; "" where there is none that could be reached."""
    try:
        parts = urlsplit(target)
        _ = parts.port  # Raises for one that is no number.
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host if any(character.isalnum() for character in host) else ""


def file_of(target: str) -> str:
    """The absolute path that a ``file:`` address names on this machine; "" for other machines' and for faulty ones.

    Percent signs must be followed by two hex digits, what they stand for must be UTF-8 without controls.
    """
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme != "file" or parts.username is not None or not is_own_host(host):
        return ""
    # "?" is a letter like any other in a path; no program of this machine takes a query.
    raw = parts.path + (f"?{parts.query}" if parts.query else "")
    if _BAD_PERCENT.search(raw):
        return ""
    try:
        path = unquote(raw, errors="strict")
    except UnicodeDecodeError:
        return ""
    # Two slashes at the start are a machine of the network on some systems.
    if not path.startswith("/") or path.startswith("//") or not is_path(path):
        return ""
    return path


def fragment_of(target: str) -> str:
    """What stands behind the ``#`` of an address that ``is_link``."""
    return urlsplit(target).fragment


def is_path(text: str) -> bool:
    """Whether ``text`` can be shown as a path: without controls, and not longer than a system takes."""
    return 0 < len(text) <= _MAX_PATH and shows(text)


def is_own_host(host: str) -> bool:
    """Whether ``host`` is this machine, by its name alone: nothing is looked up."""
    host = host.lower()
    if host in ("", "localhost"):
        return True
    own = socket.gethostname().lower()
    return host in (own, own.partition(".")[0])


def _is_mail(target: str) -> bool:
    address, _, fields = target[len("mailto:") :].partition("?")
    name, _, host = address.partition("@")
    if not name or not host or _BAD_PERCENT.search(target):
        return False
    return not any(key.lower() in _ATTACHING for key, _ in parse_qsl(fields, keep_blank_values=True))
