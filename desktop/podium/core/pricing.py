"""What tokens cost: a table of prices, shipped and then the user's own."""

from pathlib import Path

import msgspec

from podium.core.mission_file import Fault


class Price(msgspec.Struct, frozen=True):
    """USD for a million tokens of the models whose names match ``model`` (``*`` stands for anything)."""

    model: str
    input: float
    output: float
    cached: float | None = None
    """Read from a cache; None: as ``input``."""
    written: float | None = None
    """Written to a cache; None: as ``input``."""


class Prices(msgspec.Struct, frozen=True):
    """The table. The first row that matches counts; the user's rows stand before the shipped ones."""

    rows: tuple[Price, ...] = ()

    def cost(
        self, model: str, used_in: int, used_out: int, cached: int = 0, written: int = 0
    ) -> float | None:
        """USD, an estimate; None when no row knows ``model``. ``used_in`` counts cached and written ones too."""
        raise NotImplementedError


def load_prices(file: Path | None = None) -> tuple[Prices, tuple[Fault, ...]]:
    """The shipped table behind the user's (``file``, default ``<config>/podium/prices.toml``).

    Rows of the user's file with a fault are left out and told.
    """
    raise NotImplementedError
