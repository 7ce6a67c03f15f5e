"""The address of the setting ``notify.url``. It is a secret for many services: no error and no log names it."""

import html
import urllib.request
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.parse import urlsplit

import msgspec

from podium.core.background import within
from podium.core.config.notify_settings import UrlForm
from podium.core.system.web_requests import Connections, is_https, is_loopback, opener, reason_of
from podium.notifications.outlets.message import CallProblem, Message

SECONDS: Final = 15.0
_MOST_READ: Final = 4096
_MOST_TITLE: Final = 120


def post(address: str, form: UrlForm, message: Message, seconds: float = SECONDS) -> None:
    """Send ``message`` to ``address``. Raises CallProblem. Not for the window's thread."""
    if not is_https(address) and not is_loopback(address):
        raise CallProblem(
            "notify.url is no plain https address. It holds no name or password before its host."
        )
    connections = Connections()
    try:
        if not within(seconds, lambda: _send(address, form, message, seconds, connections)):
            raise CallProblem(f"notify.url did not answer within {seconds:g} seconds.")
    finally:
        connections.end()


def request_of(address: str, form: UrlForm, message: Message) -> urllib.request.Request:
    """The request as its service wants it."""
    host = urlsplit(address).hostname or ""
    words = f"{message.title}\n{message.text}".strip()
    if form is UrlForm.AUTO:
        form = UrlForm.TEXT if host.split(".")[0] == "ntfy" else UrlForm.JSON
    if form is UrlForm.TEXT:
        # A header takes no other characters; ntfy reads this encoding (RFC 2047).
        title = message.title[:_MOST_TITLE]
        header = title if title.isascii() and title.isprintable() else _encoded(title)
        return urllib.request.Request(
            address,
            (message.text or message.title).encode(),
            {"Content-Type": "text/plain; charset=utf-8", "Title": header},
            method="POST",
        )
    body = msgspec.json.encode(_body(host, message, words))
    return urllib.request.Request(address, body, {"Content-Type": "application/json"}, method="POST")


def _body(host: str, message: Message, words: str) -> dict[str, object]:
    """Services of chats want their message under one key; what programs wrote may call nobody there by name."""
    match host:
        case "hooks.slack.com":
            return {"text": html.escape(words, quote=False)}
        case "discord.com" | "discordapp.com":
            return {"content": words, "allowed_mentions": {"parse": []}}
        case "api.telegram.org":
            return {"text": words}
    return {**msgspec.to_builtins(message), "message": words}


def _encoded(title: str) -> str:
    from email.header import Header

    return Header(title, "utf-8", maxlinelen=10**6).encode()


def _send(address: str, form: UrlForm, message: Message, seconds: float, connections: Connections) -> None:
    try:
        with opener(connections).open(request_of(address, form, message), timeout=2 * seconds) as answer:
            answer.read(_MOST_READ)
    except HTTPError as error:
        with error:
            raise CallProblem(f"notify.url answered with status {error.code}. Look at the address.") from None
    except (OSError, HTTPException, ValueError, OverflowError) as error:
        raise CallProblem(f"notify.url: {reason_of(error)}") from None
