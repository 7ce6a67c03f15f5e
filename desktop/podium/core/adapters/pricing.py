"""Prices of tokens: the shipped table and the user's own."""

import fnmatch
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from podium.core.config.toml_file import Fault, UnreadableToml, read_toml
from podium.core.config.typed_tables import struct_from
from podium.core.resources import read_text
from podium.core.system.app_dirs import config_folder

_MILLION = 1_000_000


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
        """USD, an estimate; None when no row matches ``model``. ``used_in`` counts cached and written ones too."""
        price = self._of(model)
        if price is None:
            return None
        fresh = max(0, used_in - cached - written)
        cached_price = price.input if price.cached is None else price.cached
        written_price = price.input if price.written is None else price.written
        total = (
            fresh * price.input + cached * cached_price + written * written_price + used_out * price.output
        )
        return total / _MILLION

    def _of(self, model: str) -> Price | None:
        # “openrouter/openai/gpt-5” is tried as it is, then as “openai/gpt-5”, then as “gpt-5”.
        name = model.strip().lower()[:200]
        while name:
            for row in self.rows:
                if fnmatch.fnmatchcase(name, row.model.lower()):
                    return row
            name = name.partition("/")[2]
        return None


def prices_file() -> Path:
    """The path of the user's own prices: ``<config>/podium/prices.toml``."""
    return config_folder() / "prices.toml"


def load_prices(file: Path | None = None) -> tuple[Prices, tuple[Fault, ...]]:
    """The shipped table behind the user's (``file``, default ``<config>/podium/prices.toml``).

    Rows of the user's file with a fault are left out and told.
    """
    shipped, wrong = _rows("prices.toml", tomllib.loads(read_text("prices.toml")))
    assert not wrong, "\n".join(map(str, wrong))  # A fault of the build.
    path = file if file is not None else prices_file()
    try:
        document = read_toml(path, "a table of prices")
    except FileNotFoundError:
        return Prices(shipped), ()
    except UnreadableToml as error:
        return Prices(shipped), (error.fault,)
    own, faults = _rows(str(path), document)
    return Prices(own + shipped), faults


def _rows(file: str, document: Mapping[str, Any]) -> tuple[tuple[Price, ...], tuple[Fault, ...]]:
    faults: list[Fault] = []

    def fault(key: str, reason: str, fix: str) -> None:
        faults.append(Fault(file, key, reason, fix))

    for key in document:
        if key != "prices":
            fault(key, "There is no such key.", "Begin each price with a line [[prices]].")
    listed = document.get("prices", [])
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        fault("prices", "This is not a list of tables.", "Begin each one with a line [[prices]].")
        listed = []
    rows = [struct_from(row, Price, fault, f"prices[{number}].") for number, row in enumerate(listed[:1000])]
    return tuple(row for row in rows if row is not None), tuple(faults)
