"""The one way to Podium's data files, in a checkout, a wheel or a frozen build."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def resource(*parts: str) -> Traversable:
    """The data file or folder at ``parts`` below the resources package."""
    return files("podium_resources").joinpath(*parts)


def read_text(*parts: str) -> str:
    """A data file's text. Raises FileNotFoundError."""
    return resource(*parts).read_text(encoding="utf-8")


def read_bytes(*parts: str) -> bytes:
    """A data file's bytes. Raises FileNotFoundError."""
    return resource(*parts).read_bytes()
