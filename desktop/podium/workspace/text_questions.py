"""Questions of the workspace's own about what a screen shows, and the answers as they come in pieces."""

from collections.abc import Callable, Iterator

from podium.core.ids import InstanceId
from podium.core.protocol.backend import SessionBackend
from podium.core.protocol.reports import TextReport
from podium.core.protocol.requests import TextWanted


class TextQuestions:
    """Each question is answered once, also when its session dies: then with what has come so far."""

    def __init__(self, backend: SessionBackend, numbers: Iterator[int]) -> None:
        """``numbers`` keeps them apart from other requests."""
        self._backend = backend
        self._numbers = numbers
        self._open: dict[int, tuple[InstanceId, list[str], Callable[[str], None]]] = {}

    def ask(self, instance: InstanceId, receive: Callable[[str], None]) -> None:
        """Hand the visible screen's text to ``receive``; "" when there is no session to ask."""
        number = next(self._numbers)
        self._open[number] = (instance, [], receive)
        if not self._backend.send_to(instance, TextWanted(number)):
            self._answer(number)

    def take(self, report: TextReport) -> bool:
        """False when it answers none of these questions."""
        if report.request not in self._open:
            return False
        self._open[report.request][1].append(report.text)
        if not report.more:
            self._answer(report.request)
        return True

    def fail(self, instance: InstanceId) -> None:
        """A dead session answers nothing any more."""
        for number, (asked, _, _) in tuple(self._open.items()):
            if asked == instance:
                self._answer(number)

    def _answer(self, number: int) -> None:
        _, pieces, receive = self._open.pop(number)
        receive("".join(pieces))
