"""The release feed: one GET to one address, whose answer may be anything.

The form is that of GitHub's “latest release”. The request names Podium and its version and nothing else; the answer is
bounded in time and size, and of what it says only a version and a plain https address are believed.
"""

from http.client import HTTPException
from typing import Annotated, Final
from urllib.error import HTTPError
from urllib.parse import urljoin

import msgspec
from msgspec import Meta

from podium.app.updates.release_version import ReleaseVersion, parse_version
from podium.core.background import within
from podium.core.system.web_requests import Connections, is_https, is_loopback, opener, reason_of

MOST_BYTES: Final = 256 * 1024
SECONDS: Final = 20.0
_REDIRECTS: Final = 3
_REDIRECT_CODES: Final = frozenset({301, 302, 303, 307, 308})


class FeedProblem(Exception):
    """Why the feed says nothing: a sentence, and one with what to do."""


class Release(msgspec.Struct, frozen=True):
    """The newest release that a feed tells of. ``notes`` is an https address, or empty."""

    version: ReleaseVersion
    notes: str


class _Answer(msgspec.Struct, frozen=True):
    tag_name: Annotated[str, Meta(max_length=64)]
    html_url: str = ""


def read_feed(address: str, seconds: float = SECONDS) -> Release:
    """Ask the feed at ``address``, an https one (http on this machine). Raises FeedProblem. Not for the window's
    thread.
    """
    if not is_https(address) and not is_loopback(address):
        raise FeedProblem(
            "That is no address of a feed. It begins with https:// and holds no name or password."
        )
    answers: list[bytes] = []
    connections = Connections()
    # On a thread of its own: a name that is not found and an answer that dribbles have no time limit themselves.
    try:
        if not within(seconds, lambda: answers.append(_fetch(address, seconds, connections))):
            raise FeedProblem(f"There was no answer within {seconds:g} seconds. Try again later.")
    finally:
        connections.end()
    return _release(answers[0])


def _release(data: bytes) -> Release:
    try:
        answer = msgspec.json.decode(data, type=_Answer)
        version = parse_version(answer.tag_name)
    except (ValueError, RecursionError):  # All of msgspec's are ValueErrors.
        raise FeedProblem("The answer is no release. Look at the address in updates.feed.") from None
    return Release(version, answer.html_url if is_https(answer.html_url) else "")


def _fetch(address: str, seconds: float, connections: Connections) -> bytes:
    for _ in range(_REDIRECTS + 1):
        try:
            with opener(connections).open(address, timeout=seconds) as answer:
                data: bytes = answer.read(MOST_BYTES + 1)
        except HTTPError as error:
            with error:
                address = _redirected(address, error)
        except (OSError, HTTPException, ValueError, OverflowError) as error:
            raise FeedProblem(f"{reason_of(error)} Look at the network and try again.") from None
        else:
            if len(data) > MOST_BYTES:
                raise FeedProblem(
                    "The answer is too long for a release. Look at the address in updates.feed."
                )
            return data
    raise FeedProblem("It leads from one address to the next. Look at the address in updates.feed.")


def _redirected(address: str, error: HTTPError) -> str:
    """The address that a redirect names. Raises FeedProblem for one that is not https, and for what is none."""
    location = error.headers.get("Location", "") if error.code in _REDIRECT_CODES else ""
    if not location:
        raise FeedProblem(f"The answer was status {error.code}. Try again later, or look at the address.")
    try:
        target = urljoin(address, location)
    except ValueError:
        target = ""
    if not is_https(target):
        raise FeedProblem("It leads to an address that is not https. Look at the address in updates.feed.")
    return target
