"""Access to one listener: the checks before a request is carried out. No aiohttp in here.

The order matters: what a browser or a smuggler would send is refused before a token is even read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, unquote

from podium.control.api.errors import ApiError
from podium.control.api.limits import MAX_TARGET, WRONG_TOKEN_SECONDS, WRONG_TOKENS
from podium.control.api.scope import Scope
from podium.control.http_server.peers import Peer
from podium.control.http_server.rate import Failures
from podium.control.http_server.tokens import Tokens

_TOKEN_NAMES: Final = frozenset(
    {"token", "access_token", "accesstoken", "auth", "authorization", "bearer", "api_key", "apikey", "key"}
)


@dataclass(frozen=True, slots=True)
class RequestHead:
    """The head of a request, as it stands on the wire."""

    method: str
    target: str
    hosts: Sequence[str]
    origins: Sequence[str] = ()
    fetch_sites: Sequence[str] = ()
    authorizations: Sequence[str] = ()


class AccessPolicy:
    """The checks of one listener."""

    def __init__(
        self,
        hosts: frozenset[str],
        scope: Callable[[Peer], Scope] | None = None,
        tokens: Tokens | None = None,
    ) -> None:
        """``hosts`` are the exact Host headers that are answered, in lower case. ``scope`` says what is open to
        whom; with ``tokens``, one of them is asked for first, and without ``scope`` it says what is open.
        """
        self._hosts = hosts
        self._scope = scope
        self._tokens = tokens
        self._wrong = Failures(WRONG_TOKENS, WRONG_TOKEN_SECONDS)

    def authorize(self, head: RequestHead, peer: Peer = Peer()) -> Scope:  # noqa: B008 - it never changes
        """The scope of the caller. Raises ApiError."""
        if len(head.target) > MAX_TARGET:
            raise ApiError(414, "uri-too-long", f"The address is over {MAX_TARGET} characters.")
        self._check_host(head)
        if head.origins or any(site.lower() != "none" for site in head.fetch_sites):
            raise ApiError(
                403,
                "browser-refused",
                "Requests of web pages are refused.",
                "Use a program of your own, or podium ctl.",
            )
        self._check_target(head.target)
        if self._scope is None:
            return self._check_token(head.authorizations)
        if self._tokens is not None:
            self._check_token(head.authorizations)
        return self._scope(peer)

    def _check_host(self, head: RequestHead) -> None:
        if len(head.hosts) != 1:
            raise ApiError(400, "bad-request", "A request has exactly one Host header.")
        authority = head.hosts[0].lower()
        if not head.target.startswith("/"):
            # Absolute form, or the * and host:port forms that no route has.
            scheme, mark, rest = head.target.partition("://")
            named = rest.partition("/")[0].lower()
            if not mark or scheme.lower() != "http" or named not in self._hosts:
                raise ApiError(400, "bad-request", "The address names another server.")
        if authority not in self._hosts:
            raise ApiError(
                421, "wrong-host", "This server does not answer for that host.", self._expected_hosts()
            )

    def _expected_hosts(self) -> str:
        return f"Host must be {' or '.join(sorted(self._hosts))}."

    def _check_target(self, target: str) -> None:
        query = target.partition("?")[2].partition("#")[0]
        named = {name.lower().replace("-", "_") for name, _ in parse_qsl(query, keep_blank_values=True)}
        inside = self._tokens is not None and (
            self._tokens.inside(target) or self._tokens.inside(unquote(target))
        )
        if named & _TOKEN_NAMES or inside:
            raise ApiError(
                400,
                "token-in-url",
                "A token never stands in an address: addresses end up in logs.",
                "Send it in the header Authorization: Bearer …",
            )

    def _check_token(self, authorizations: Sequence[str]) -> Scope:
        hint = "Send Authorization: Bearer and what stands in the file “token”, or use the Unix socket."
        if len(authorizations) != 1 or self._tokens is None:
            raise ApiError(401, "no-token", "A bearer token is needed.", hint)
        scheme, _, token = authorizations[0].partition(" ")
        if scheme.lower() != "bearer":
            raise ApiError(401, "no-token", "A bearer token is needed.", hint)
        scope = self._tokens.scope(token.strip(" "))
        if scope is not None:
            return scope
        if not self._wrong.add():
            raise ApiError(429, "too-many-tries", "Too many wrong tokens; wait a minute.")
        raise ApiError(401, "wrong-token", "That token is not the one of this run.", hint)
