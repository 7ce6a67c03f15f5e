"""The table of operations: one for each type of call."""

from collections.abc import Callable, Set
from typing import Any, Protocol, TypeVar

from podium.control.api.errors import ApiError
from podium.control.api.shapes import Call

AnyCall = TypeVar("AnyCall", bound=Call)


class OperationTable:
    """One operation for each type of call. Each subject of ``api`` has its operations in the module of that name."""

    def __init__(self) -> None:
        self._operations: dict[type[Call], Callable[[Any], Any]] = {}

    def add(self, call: type[AnyCall], operation: Callable[[AnyCall], Any]) -> None:
        """``operation`` makes the answer of a call, or a Future of it; it may raise ApiError. Raises ValueError for a
        call that has an operation already.
        """
        if call in self._operations:
            raise ValueError(f"{call.__name__} has an operation already.")
        self._operations[call] = operation

    @property
    def calls(self) -> Set[type[Call]]:
        return self._operations.keys()

    def operation(self, call: type[Call]) -> Callable[[Any], Any]:
        """Raises ApiError for a call that this Podium has no operation for."""
        operation = self._operations.get(call)
        if operation is None:
            raise ApiError(409, "not-here", "This Podium does not keep that.")
        return operation


class Operations(Protocol):
    """The operations of one subject."""

    def register(self, table: OperationTable) -> None: ...
