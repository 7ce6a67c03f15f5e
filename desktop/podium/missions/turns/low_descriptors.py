"""Numbers for the pipes of agents: below ten, because dash and other shells know no larger ones in ``>&$NUMBER``."""

import os
from typing import Final

_FIRST: Final = 3
_LAST: Final = 9


class LowDescriptors:
    """Keeps the small numbers that are free for programs. Make it before anything else is opened; one thread only."""

    def __init__(self) -> None:
        self._free: list[int] = []
        null = os.open(os.devnull, os.O_RDWR)
        for number in range(_FIRST, _LAST + 1):
            if number == null or not _is_open(number):
                if number != null:
                    os.dup2(null, number, inheritable=False)
                self._free.append(number)
        if null > _LAST:
            os.close(null)
        self._own = tuple(self._free)

    def take(self, descriptor: int) -> int:
        """``descriptor`` under a small number, inheritable; itself when none is left. It is closed otherwise."""
        if not self._free:
            return descriptor
        number = self._free.pop(0)
        os.dup2(descriptor, number, inheritable=True)
        os.close(descriptor)
        return number

    def give_back(self, descriptor: int) -> None:
        """Close what ``take`` gave; its number is kept for the next one."""
        if descriptor in self._own:
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, descriptor, inheritable=False)
            os.close(null)
            self._free.append(descriptor)
            self._free.sort()
        else:
            os.close(descriptor)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
