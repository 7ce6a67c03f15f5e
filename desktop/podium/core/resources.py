"""The one way to Podium's data files, in a checkout, a wheel or a frozen build."""

import pkgutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_PACKAGE = "podium_resources"


def resource(*parts: str) -> "Traversable":
    """The data file or folder at ``parts`` below the resources package."""
    from importlib.resources import files

    return files(_PACKAGE).joinpath(*parts)


def read_text(*parts: str) -> str:
    """A data file's text. Raises FileNotFoundError."""
    return read_bytes(*parts).decode()


def read_bytes(*parts: str) -> bytes:
    """A data file's bytes. Raises FileNotFoundError."""
    # By the package's loader, not by importlib.resources: that takes longer to load than all our files to read.
    data = pkgutil.get_data(_PACKAGE, "/".join(parts))
    assert data is not None, "every loader that Podium comes with can read"
    return data
