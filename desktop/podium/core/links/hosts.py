"""Whether the text of a link says that it leads somewhere else than it does."""

import re
from typing import Final

from podium.core.links.addresses import host_of

_NAMED_HOST: Final = re.compile(
    r"(?:(https?)://)?(?:[^\s/@]{1,64}@)?((?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}|xn--[\w.-]{1,200})(?![\w-])",
    re.IGNORECASE,
)
_ENDINGS: Final = frozenset(
    re.findall(
        r"\w+",
        "com org net edu gov mil int info biz name io dev app ai co me tv cloud online site shop blog page link xyz "
        "tech store web live news wiki work world zone email digital systems network support bank pro mobi eu uk us "
        "de fr es it nl be ch at se no dk fi pl cz sk hu ro bg gr tr ru ua by kz cn jp kr tw hk sg my th vn id ph in "
        "pk ir il sa ae eg za ng ke br ar cl mx ca au nz ie pt lt lv ee is lu mt cy si hr rs",
    )
)
"""The ends of hosts' names. Without a list, ``os.path`` and ``main.py`` would be names too."""
_ENDINGS_OF_FILES: Final = frozenset({"in", "is", "at", "me", "pl", "rs", "id", "link"})
"""Those that files end in, or sentences hold: they count behind ``www.`` or a scheme alone."""


def named_hosts(text: str) -> tuple[str, ...]:
    """The hosts that a text names, in small letters, at most eight."""
    found: list[str] = []
    for match in _NAMED_HOST.finditer(text[:2048]):
        host = match[2].lower()
        ending = host.rpartition(".")[2]
        sure = match[1] is not None or host.startswith(("www.", "xn--")) or not ending.isascii()
        if sure or (ending in _ENDINGS and ending not in _ENDINGS_OF_FILES):
            found.append(host)
    return tuple(found[:8])


def encoded_host(host: str) -> str:
    """``host`` as it is looked up: letters of other scripts could make it look like another one."""
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host.encode("ascii", "backslashreplace").decode("ascii")


def shown_address(url: str) -> tuple[str, str, str]:
    """An address in three parts: up to its host, the host as it is looked up, and the rest."""
    host = host_of(url)
    if not host:
        return "", "", url
    start = url.lower().find("://") + 3
    end = min((place for mark in "/?#\\" if (place := url.find(mark, start)) >= 0), default=len(url))
    authority = url[start:end]
    at = authority.rpartition("@")
    place = at[2].lower().find(host)
    if place < 0:  # Such as one with an escape in it: all of it is shown as it is looked up.
        return url[:start], encoded_host(host), url[end:]
    first = end - len(at[2]) + place
    return url[:first], encoded_host(host), url[first + len(host) :]


def leads_elsewhere(url: str, text: str) -> str:
    """The host that ``url`` leads to, where its ``text`` or its own start would make a person expect another one;
    "" where all is as it seems.
    """
    host = encoded_host(host_of(url))
    if not host:
        return ""
    looks_other = host != host_of(url) or "xn--" in host or "@" in shown_address(url)[0]
    expected = [encoded_host(one) for one in named_hosts(text)] if text else []
    if looks_other or any(_bare(one) != _bare(host) for one in expected):
        return host
    return ""


def _bare(host: str) -> str:
    return host.removeprefix("www.").rstrip(".")
