"""Labels of letters that lie under the fingers. Qt-free."""

from collections import deque
from typing import Final

ALPHABET: Final = "asdfghjkl"


def labels(count: int) -> list[str]:
    """So many labels, the shortest there are, none the beginning of another one; the easiest come first."""
    open_ones: deque[str] = deque([""])
    while len(open_ones) < count or open_ones[0] == "":
        shortest = open_ones.popleft()
        # The letters that are hardest to reach begin the long ones.
        open_ones.extend(shortest + letter for letter in reversed(ALPHABET))
    return sorted(open_ones, key=_effort)[:count]


def _effort(label: str) -> tuple[int, list[int]]:
    return len(label), [ALPHABET.index(letter) for letter in label]
