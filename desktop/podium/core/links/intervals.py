"""Parts of a text that are taken."""

from bisect import bisect_left, insort


class Intervals:
    """Intervals [start, end), none over another; none is empty."""

    def __init__(self) -> None:
        self._taken: list[tuple[int, int]] = []

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing of [start, end) is taken."""
        place = bisect_left(self._taken, (end, 0))
        return place == 0 or self._taken[place - 1][1] <= start

    def add(self, start: int, end: int) -> bool:
        """Take [start, end); False, and nothing taken, where some of it is or it is empty."""
        if start >= end or not self.is_free(start, end):
            return False
        insort(self._taken, (start, end))
        return True
