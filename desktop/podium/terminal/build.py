"""The form in which the engine runs. Some loops are written twice, as each form does them best."""

from typing import Final


def _probe() -> None:
    """Only Python's own functions have a code object."""


COMPILED: Final = not hasattr(_probe, "__code__")
