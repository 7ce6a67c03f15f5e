"""Calls of the command and the address, off the window's thread."""

from collections.abc import Callable, Mapping

from podium.core.background import RunInBackground
from podium.core.config.notify_settings import Notify, UrlForm
from podium.notifications.outlets.message import Message


class Calls:
    """Hands messages to what the settings name. A problem is reported once, until a call goes well again."""

    def __init__(
        self,
        run: RunInBackground,
        environment: Callable[[], Mapping[str, str]],
        report: Callable[[str], None],
    ) -> None:
        """``environment`` is that of the command; ``report`` gets words for a person."""
        self._run = run
        self._environment = environment
        self._report = report
        self._command: tuple[str, ...] = ()
        self._url = ""
        self._form = UrlForm.AUTO
        self._reported: set[str] = set()

    def apply(self, settings: Notify) -> None:
        self._command, self._url, self._form = settings.command, settings.url, settings.url_form

    def __call__(self, message: Message) -> None:
        """Returns at once."""
        argv, address, form = self._command, self._url, self._form
        if argv:
            environment = self._environment()

            def run() -> None:
                from podium.notifications.outlets.command import run_command

                run_command(argv, environment, message)

            self._start("command", run)
        if address:

            def send() -> None:
                # Only here: what speaks HTTP is loaded when it is needed.
                from podium.notifications.outlets.webhook import post

                post(address, form, message)

            self._start("url", send)

    def _start(self, outlet: str, work: Callable[[], None]) -> None:
        def failed(error: Exception) -> None:
            if outlet not in self._reported:
                self._reported.add(outlet)
                self._report(str(error))

        self._run(work, lambda _: self._reported.discard(outlet), failed)
