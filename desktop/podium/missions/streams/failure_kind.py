"""The kind of a failure, from an HTTP status and the words that providers and tools use."""

import re
from typing import Final

from podium.core.adapters.model import Kind

_TEXT: Final = 4000
"""Characters of a text that are looked at."""

_STATUS = re.compile(
    r"(?:\bstatus(?:\s+code)?|\bcode|\bhttp|\berror|\bapi error)\W{0,6}([45]\d\d)\b"
    r"|\b([45]\d\d)\s+(?:unauthorized|forbidden|too many requests|internal server error|bad gateway|service unavailable"
    r"|gateway timeout|bad request|not found|payment required|overloaded)",
    re.IGNORECASE,
)
_CONTROLS = re.compile(r"\x1b\[[0-?]{0,64}[ -/]{0,8}[@-~]|[\x00-\x1f\x7f-\x9f]")
_TWICE = re.compile(r"^(\w{1,60}): \1: ")
_MESSAGE = re.compile(r'\\?"message\\?"\s*:\s*\\?"((?:[^"\\]|\\[^"])+)')

_BY_STATUS: Final = {
    401: Kind.AUTH,
    402: Kind.AUTH,
    403: Kind.AUTH,
    407: Kind.AUTH,
    408: Kind.NETWORK,
    425: Kind.OVERLOAD,
    429: Kind.LIMIT,
}

_WORDS: Final[tuple[tuple[Kind, tuple[str, ...]], ...]] = (
    # The order counts: “quota” in a text about billing is no limit that goes away by itself.
    (
        Kind.SESSION,
        (
            "no conversation found",
            "session not found",
            "is already in use",
            "no rollout found",
            "thread not found",
            "no session",
            "invalid session identifier",
            "error resuming session",
            "no previous sessions",
            "session does not exist",
        ),
    ),
    (
        Kind.AUTH,
        (
            "invalid api key",
            "invalid x-api-key",
            "incorrect api key",
            "invalid_api_key",
            "api key not valid",
            "no api key",
            "api_key client option must be set",
            "missing api key",
            "missing environment variable",
            "authentication",
            "unauthorized",
            "unauthenticated",
            "not logged in",
            "please run /login",
            "not able to authenticate",
            "set an auth method",
            "invalid auth method",
            "credit balance is too low",
            "billing",
            "insufficient_quota",
            "permission_denied",
            "forbidden",
            "login required",
            "log in to",
        ),
    ),
    (
        Kind.LIMIT,
        (
            "rate limit",
            "rate_limit",
            "ratelimit",
            "too many requests",
            "usage limit",
            "usage_limit",
            "limit reached",
            "hit your limit",
            "session limit",
            "weekly limit",
            "quota",
            "resource_exhausted",
            "resource exhausted",
        ),
    ),
    (
        Kind.OVERLOAD,
        (
            "overloaded",
            "internal server error",
            "internalservererror",
            "server error",
            "server_error",
            "service unavailable",
            "serviceunavailable",
            "bad gateway",
            "gateway timeout",
            "high demand",
            "at capacity",
            "currently unavailable",
        ),
    ),
    (
        Kind.NETWORK,
        (
            "econnreset",
            "econnrefused",
            "etimedout",
            "enotfound",
            "eai_again",
            "epipe",
            "connection reset",
            "connection refused",
            "connection error",
            "connection failed",
            "connectionerror",
            "connection was cut",
            "connection closed",
            "unable to connect",
            "failed to connect",
            "could not connect",
            "stream disconnected",
            "stream ended",
            "stream error",
            "stream was closed",
            "network error",
            "network is unreachable",
            "waiting for network",
            "no route to host",
            "lookup address",
            "name resolution",
            "fetch failed",
            "socket hang up",
            "socket connection",
            "timed out",
            "timeout",
            "error sending request",
            "unexpected end of",
            "transport error",
            "transport_error",
            "terminated",
            "ended without a finish reason",
            "premature close",
            "empty or malformed response",
            "no response was returned",
            "stream events received",
            "response was interrupted",
            "stream closed",
        ),
    ),
    (Kind.TURNS, ("maximum number of turns", "max turns", "max session turns", "maximum session turns")),
    (Kind.BUDGET, ("maximum budget", "max budget", "budget exceeded", "reached maximum budget")),
    (
        Kind.SETUP,
        (
            "unknown option",
            "unknown argument",
            "unexpected argument",
            "unrecognized arguments",
            "unknown arguments",
            "requires --",
            "cannot be used with",
            "not a git repository",
            "not inside a trusted directory",
            "not running in a trusted directory",
            "model not found",
            "is not supported",
        ),
    ),
)

_REFUSED: Final = (
    "permission to use",
    "requested permissions",
    "haven't granted",
    "rejected permission",
    "user rejected",
    "user doesn't want",
    "rejected by",
    "denied by",
    "was denied",
    "access denied",
    "permission denied and",
    "permission denied because",
    "permission has been denied",
    "not allowed",
    "not permitted",
    "not authorized",
    "disallowed",
    "declined",
    "refused by",
    "needs approval",
    "requires approval",
    "requires user confirmation",
    "prevents you from using",
    "blocked by",
    "read-only file system",
    "rule which prevents",
)


def status_in(text: str) -> int | None:
    """The HTTP status that ``text`` names."""
    match = _STATUS.search(text[:_TEXT])
    return int(match[1] or match[2]) if match else None


def kind_of(text: str, status: int | None = None) -> Kind:
    """The kind of a failure with this text and HTTP status; ERROR when neither shows it."""
    text = text[:_TEXT]
    status = status if status is not None else status_in(text)
    folded = text.casefold()
    if status is not None:
        kind = _kind_of_status(status)
        # Providers use 429 for an account without money, too, and that does not go away.
        if kind is Kind.LIMIT and (
            "insufficient_quota" in folded or "credit balance" in folded or "billing" in folded
        ):
            return Kind.AUTH
        if kind is not None:
            return kind
    for kind, words in _WORDS:
        if any(word in folded for word in words):
            return kind
    return Kind.ERROR


def _kind_of_status(status: int) -> Kind | None:
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    return Kind.OVERLOAD if 500 <= status <= 599 else None


def is_refusal(text: str) -> bool:
    """Whether a tool that did not do its work was not allowed to. Without a text it is taken for that."""
    folded = text[:_TEXT].casefold()
    return not folded.strip() or any(word in folded for word in _REFUSED)


def plain_reason(text: str) -> str:
    """``text`` in one line for a person; of an error that is JSON, its message."""
    text = _CONTROLS.sub(" ", text[:_TEXT])
    match = _MESSAGE.search(text) if "{" in text else None
    if match is not None:
        text = match[1].replace("\\n", " ")
    return _TWICE.sub(r"\1: ", " ".join(text.split()))[:500]


def exit_code_status(code: int) -> int | None:
    """The HTTP status behind an exit code that is one modulo 256."""
    known = (400, 401, 402, 403, 404, 408, 413, 429, 500, 502, 503, 504, 529)
    return next((status for status in known if status % 256 == code), None)
