"""The bases and value types of calls, answers and event payloads.

A call's fields come from the path (``id``), the query of a GET or the body of a POST; anything else is refused. Field
names in camelCase are the JSON keys. Answers are snapshots, made on the main thread and written as JSON on the
server's. Times are in seconds, costs in US dollars.
"""

from typing import Annotated

import msgspec
from msgspec import Meta

from podium.core.ids import DEFAULT_INSTANCE

Text = Annotated[str, Meta(max_length=32 * 1024)]
Name = Annotated[str, Meta(max_length=64)]
Model = Annotated[str, Meta(max_length=128)]
Time = Annotated[float, Meta(ge=0, le=1e11)]
"""Seconds since 1970."""


class Call(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="camel"):
    """Base of all calls."""


class InstanceCall(Call, frozen=True, kw_only=True):
    """A call about one instance."""

    id: str = DEFAULT_INSTANCE


class Answer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of all answers."""


class Done(Answer, frozen=True):
    """It was carried out, or passed on to the program."""

    ok: bool = True


class Payload(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Base of the payloads that Podium itself makes."""
