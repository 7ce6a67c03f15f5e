"""A few of many things, for a person."""

from collections.abc import Sequence


def first_few(texts: Sequence[str], most: int = 3) -> str:
    """``vim (412), sleep (431), make (9) and 3 more``: the first ``most``, and how many there are besides."""
    shown = ", ".join(texts[:most])
    return f"{shown} and {len(texts) - most} more" if len(texts) > most else shown
