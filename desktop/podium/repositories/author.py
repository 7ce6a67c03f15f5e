"""The author of a commit."""

import msgspec


class Author(msgspec.Struct, frozen=True):
    """``id`` makes the address."""

    name: str
    id: str


PODIUM = Author("Podium", "podium")
