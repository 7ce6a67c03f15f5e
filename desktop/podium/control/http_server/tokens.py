"""The bearer tokens of the TCP transport: made again at each start, kept in files that only their owner reads."""

import hmac
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from podium.control.api.scope import FULL, READ_ONLY, Scope
from podium.core.system.private_files import write_private

TOKEN_FILE: Final = "token"
READ_TOKEN_FILE: Final = "token-read"
_BYTES: Final = 32


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """``full`` may do everything, ``read`` only look."""

    full: str
    read: str

    def scope(self, given: str) -> Scope | None:
        """The scope of ``given``; None for a wrong token. Every wrong one takes as long."""
        candidate = given.encode("utf-8", "surrogateescape")
        full = hmac.compare_digest(candidate, self.full.encode())
        read = hmac.compare_digest(candidate, self.read.encode())
        if full:
            return FULL
        return READ_ONLY if read else None

    def inside(self, text: str) -> bool:
        """True when ``text`` holds one of them."""
        return self.full in text or self.read in text


def make_tokens(folder: Path) -> Tokens:
    """New tokens, written to ``folder``, which must be the caller's alone. Raises OSError."""
    tokens = Tokens(secrets.token_urlsafe(_BYTES), secrets.token_urlsafe(_BYTES))
    for name, token in ((TOKEN_FILE, tokens.full), (READ_TOKEN_FILE, tokens.read)):
        write_private(folder / name, f"{token}\n".encode(), durable=False)
    return tokens


def remove_tokens(folder: Path) -> None:
    for name in (TOKEN_FILE, READ_TOKEN_FILE):
        (folder / name).unlink(missing_ok=True)
