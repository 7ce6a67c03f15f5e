"""Messages as bytes: u32 big-endian length, then one MessagePack value of at most 1 MiB.

The length prefix is ours because a streaming MessagePack decoder goes on misaligned after bad input.
"""

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec

from podium.core.protocol.reports import Report
from podium.core.protocol.requests import Request

MAX_MESSAGE_BYTES: Final = 1 << 20
MAX_UNREADABLE_BYTES: Final = 64 << 10
"""An unknown message is decoded to its end, which would take too long for a bigger one."""
_LENGTH_BYTES: Final = 4

Message = TypeVar("Message")

_encoder = msgspec.msgpack.Encoder()


class ProtocolError(Exception):
    """The other side broke the framing; nothing after it can be trusted."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A well-framed value that is no known message."""

    reason: str


def encode(message: Request | Report) -> bytes:
    """Return ``message`` as one framed message. Raises ValueError when it, or a number in it, is too big."""
    payload = encode_payload(message)
    if len(payload) > MAX_MESSAGE_BYTES:
        raise ValueError(f"{type(message).__name__} of {len(payload)} bytes is over {MAX_MESSAGE_BYTES}")
    return add_length(payload)


def encode_payload(message: Request | Report) -> bytes:
    """``message`` without its length, of any size. Raises ValueError when a number in it is too big."""
    try:
        return _encoder.encode(message)
    except OverflowError as error:
        raise ValueError(f"{type(message).__name__} holds a number that is too big: {error}") from error


def add_length(payload: bytes) -> bytes:
    """The framed message of a payload that is not too big."""
    return len(payload).to_bytes(_LENGTH_BYTES, "big") + payload


class MessageDecoder(Generic[Message]):
    """Cuts a byte stream into messages. It holds what was fed and not taken yet; feeders watch ``waiting``."""

    def __init__(self, union: Any) -> None:
        self._decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(union)
        self._buffer = bytearray()
        self._position = 0
        self.size = 0
        """Bytes of the message that was taken last."""

    def feed(self, data: bytes) -> None:
        self._compact()
        self._buffer += data

    @property
    def waiting(self) -> int:
        """Bytes that were fed and not taken yet."""
        return len(self._buffer) - self._position

    @property
    def incomplete(self) -> bool:
        """True when bytes of an unfinished message wait. Valid after ``next_message`` returned None."""
        return self.waiting > 0

    def next_message(self) -> Message | Unreadable | None:
        """The next whole message, or None when more bytes are needed. Raises ProtocolError."""
        start = self._position + _LENGTH_BYTES
        if len(self._buffer) < start:
            self._compact()
            return None
        length = int.from_bytes(self._buffer[self._position : start], "big")
        if not 0 < length <= MAX_MESSAGE_BYTES:
            raise ProtocolError(
                f"a message of {length} bytes was announced; allowed are 1 to {MAX_MESSAGE_BYTES}"
            )
        end = start + length
        if len(self._buffer) < end:
            self._compact()
            return None
        payload = bytes(self._buffer[start:end])
        self._position = end
        self.size = length
        try:
            try:
                return self._decoder.decode(payload)
            except msgspec.ValidationError as error:
                if length > MAX_UNREADABLE_BYTES:
                    raise ProtocolError(f"a message of {length} bytes makes no sense: {error}") from error
                # Said at the first value of a wrong type; what follows may not even be MessagePack.
                msgspec.msgpack.decode(payload)
                return Unreadable(str(error))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ProtocolError(f"a message is not MessagePack: {error}") from error

    def _compact(self) -> None:
        del self._buffer[: self._position]
        self._position = 0


def request_decoder() -> MessageDecoder[Request]:
    return MessageDecoder(Request)


def report_decoder() -> MessageDecoder[Report]:
    return MessageDecoder(Report)
