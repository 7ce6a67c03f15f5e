"""Notifications of macOS and Windows, through desktop-notifier. Not run there yet."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from podium.notifications.desktop.loop_thread import LoopThread
from podium.notifications.desktop.service import MAX_OPEN, Answered, Clicked, DesktopNotice, TellEvent

if TYPE_CHECKING:
    from desktop_notifier import DesktopNotifier, Notification

_PATIENCE_SECONDS: Final = 10.0
_LAST_SECONDS: Final = 0.5


class LibraryNotifications:
    """A DesktopService. The library is imported for the first notification, on a thread of its own."""

    def __init__(self, tell: TellEvent, log: Callable[[str], None]) -> None:
        self._tell = tell
        self._log = log
        self._troubled = False
        self._thread = LoopThread("notifications", self._serve)
        # Of the thread:
        self._wanted: dict[int, DesktopNotice] = {}
        self._shown: dict[int, str] = {}
        """What the library calls them."""
        self._changed = asyncio.Event()

    def show(self, notice: DesktopNotice) -> None:
        self._thread.start()
        self._thread.post(lambda: self._want(notice))

    def withdraw(self, number: int) -> None:
        self._thread.post(lambda: self._unwant(number))

    def close(self) -> None:
        self._thread.close(_LAST_SECONDS)

    def _want(self, notice: DesktopNotice) -> None:
        self._wanted[notice.number] = notice
        if len(self._wanted) > MAX_OPEN:
            del self._wanted[next(iter(self._wanted))]
        self._changed.set()

    def _unwant(self, number: int) -> None:
        self._wanted.pop(number, None)
        self._changed.set()

    async def _serve(self, closing: asyncio.Event) -> None:
        try:
            from desktop_notifier import DesktopNotifier

            notifier = DesktopNotifier("Podium")
        except Exception as error:  # The library, or what it stands on.
            self._trouble(error)
            return
        ending = asyncio.create_task(closing.wait())
        while not closing.is_set():
            self._changed.clear()
            await self._catch_up(notifier)
            change = asyncio.create_task(self._changed.wait())
            await asyncio.wait((change, ending), return_when=asyncio.FIRST_COMPLETED)
            change.cancel()
        with contextlib.suppress(Exception):
            await asyncio.wait_for(notifier.clear_all(), _LAST_SECONDS)

    async def _catch_up(self, notifier: "DesktopNotifier") -> None:
        """Show what is wanted and was not shown, clear what is no longer wanted."""
        for number in [number for number in self._shown if number not in self._wanted]:
            await self._do(notifier.clear(self._shown.pop(number)))
        for number, notice in [item for item in self._wanted.items() if item[0] not in self._shown]:
            if number in self._wanted:
                notification = self._notification(notice)
                self._shown[number] = notification.identifier
                await self._do(notifier.send_notification(notification))

    async def _do(self, step: "asyncio.Future[object] | object") -> None:
        try:
            await asyncio.wait_for(step, _PATIENCE_SECONDS)  # type: ignore[arg-type]
        except Exception as error:  # What a platform's binding raises is its own.
            self._trouble(error)

    def _notification(self, notice: DesktopNotice) -> "Notification":
        from desktop_notifier import Button, Notification, Urgency

        number = notice.number

        def press(label: str, allow: bool) -> Button:
            return Button(label, on_pressed=lambda: self._tell(Answered(number, allow)))

        buttons = [Button("Show", on_pressed=lambda: self._tell(Clicked(number)))]
        if notice.answerable:
            buttons += [press("Allow", True), press("Deny", False)]
        return Notification(
            notice.title,
            notice.body,
            urgency=Urgency.Critical if notice.important else Urgency.Normal,
            buttons=tuple(buttons),
            on_clicked=lambda: self._tell(Clicked(number)),
        )

    def _trouble(self, error: Exception) -> None:
        if not self._troubled:
            self._troubled = True
            self._log(f"No notifications are shown: {type(error).__name__} {error}"[:200])
