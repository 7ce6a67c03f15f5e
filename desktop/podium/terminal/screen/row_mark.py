"""What one mark of a row holds, and the folders that marks name by number."""

from typing import Final

MAX_FOLDERS: Final = 256
"""Folders that are known by number; older ones are forgotten."""


class RowMark:
    """``kind`` is a MarkKind; ``folder`` and ``command`` are numbers of ``Folders``, 0 for none; ``seconds`` is how
    long a command took, -1 when that is not known. The marks where a command's output begins and ends know the
    command's ``number``, counted from 1, and when it ``began`` (seconds since 1970). Never changed: rows share it.
    """

    __slots__ = ("began", "column", "command", "exit_code", "folder", "kind", "number", "seconds")

    def __init__(
        self,
        kind: int,
        column: int,
        exit_code: int | None = None,
        folder: int = 0,
        seconds: float = -1.0,
        command: int = 0,
        number: int = 0,
        began: float = -1.0,
    ) -> None:
        self.kind = kind
        self.column = column
        self.exit_code = exit_code
        self.folder = folder
        self.seconds = seconds
        self.command = command
        self.number = number
        self.began = began

    def moved(self, columns: int) -> "RowMark":
        """The same mark that many columns further right."""
        return RowMark(
            self.kind,
            self.column + columns,
            self.exit_code,
            self.folder,
            self.seconds,
            self.command,
            self.number,
            self.began,
        )


class Folders:
    """Paths by number, or command lines: a program may name another one in every line."""

    def __init__(self) -> None:
        self._paths: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._next = 1

    def number(self, path: str) -> int:
        """The number of ``path``, from 1."""
        number = self._numbers.get(path, 0)
        if number:
            return number
        number = self._next
        self._next += 1
        self._paths[number] = path
        self._numbers[path] = number
        if len(self._paths) > MAX_FOLDERS:
            oldest = next(iter(self._paths))
            del self._numbers[self._paths.pop(oldest)]
        return number

    def path(self, number: int) -> str:
        """The folder of this number; "" when it is not known any more."""
        return self._paths.get(number, "")
