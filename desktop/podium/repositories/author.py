"""Who a commit is by."""

import msgspec


class Author(msgspec.Struct, frozen=True):
    """``id`` makes the address."""

    name: str
    id: str


PODIUM = Author("Podium", "podium")
