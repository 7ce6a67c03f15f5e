"""*Check for updates*: asked by a person, or at the start where the settings allow it."""

import time
from collections.abc import Callable
from enum import Enum, auto
from pathlib import Path
from typing import Final

import msgspec
from PySide6.QtCore import QObject, Signal

from podium import __version__
from podium.app.background import Background
from podium.app.updates.check_memory import begin_check, tell_once
from podium.app.version import UPDATES, Build, read_build
from podium.core.config.settings import Updates
from podium.core.visible_text import visible

_MOST_SHOWN: Final = 120
"""Characters of an address that a message shows."""
FAILED: Final = "The check for updates failed"
NO_FEED: Final = "This build knows no release feed"


class Update(msgspec.Struct, frozen=True):
    """A newer Podium. ``notes`` is an https address, or empty."""

    version: str
    own: str
    how: str
    """The way this kind of package is updated."""
    notes: str

    @property
    def title(self) -> str:
        return f"Podium {self.version} is out; you have {self.own}."


class CheckFailed(Exception):
    """The title and the words for a person."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title, text)
        self.title = title
        self.text = text


class _State(Enum):
    IDLE = auto()
    UNASKED = auto()
    """Checks because the settings allow it: says something only of a newer version, once."""
    ASKED = auto()


class UpdateCheck(QObject):
    """One check at a time. Lives on the window's thread; disk and network are other threads'."""

    message_posted = Signal(str, str)
    """A title and more words for a person who asked."""
    update_found = Signal(object, bool)
    """An ``Update``, and whether a person asked."""
    unasked_failed = Signal(str)
    """For the log."""

    def __init__(
        self,
        memory: Path,
        background: Background,
        parent: QObject | None = None,
        *,
        build: Callable[[], Build] = read_build,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(parent)
        self._memory = memory
        self._background = background
        self._build = build
        self._now = now
        self.feed = ""
        self._wanted = False
        """That of the settings; empty until they are there, and where it is the build's own."""
        self._state = _State.IDLE

    @property
    def idle(self) -> bool:
        """Whether no check is under way."""
        return self._state is _State.IDLE

    def begin(self, settings: Updates) -> None:
        """The settings are there: check now if they allow it and a day has passed."""
        self.feed, self._wanted = settings.feed, settings.check
        if settings.check and self.idle:
            self._state = _State.UNASKED
            path, now = self._memory, self._now()
            self._background.own.run(lambda: begin_check(path, now), self._on_due, self._on_unremembered)

    def apply(self, settings: Updates) -> None:
        """Other settings count: check now if that is new in them and due."""
        newly, self._wanted = settings.check and not self._wanted, settings.check
        self.feed = settings.feed
        if newly:
            self.begin(settings)

    def ask(self) -> None:
        """A person wants to know; one who asks again meanwhile gets one answer."""
        idle, self._state = self.idle, _State.ASKED
        if idle:
            self._look_up()

    def _on_due(self, due: bool) -> None:
        if due or self._state is _State.ASKED:
            self._look_up()
        else:
            self._state = _State.IDLE

    def _on_unremembered(self, error: Exception) -> None:
        self._log(error)
        self._on_due(False)

    def _look_up(self) -> None:
        feed, build = self.feed, self._build
        self._background.foreign.run(lambda: look_up(feed, build()), self._on_answer, self._on_failed)

    def _on_answer(self, update: Update | None) -> None:
        state, self._state = self._state, _State.IDLE
        if state is _State.ASKED:
            if update is None:
                self.message_posted.emit("Podium is up to date", f"You have {__version__}.")
            else:
                self.update_found.emit(update, True)
        elif update is not None:
            self._tell_once(update)

    def _tell_once(self, update: Update) -> None:
        def then(first: bool) -> None:
            if first:
                self.update_found.emit(update, False)

        self._background.own.run(lambda: tell_once(self._memory, update.version), then, self._log)

    def _on_failed(self, error: Exception) -> None:
        state, self._state = self._state, _State.IDLE
        if state is not _State.ASKED:
            self._log(error)
        elif isinstance(error, CheckFailed):
            self.message_posted.emit(error.title, error.text)
        else:
            self.message_posted.emit(FAILED, str(error))

    def _log(self, error: Exception) -> None:
        text = error.text if isinstance(error, CheckFailed) else str(error)
        self.unasked_failed.emit(text)


def look_up(feed: str, build: Build) -> Update | None:
    """A newer version than this one, by ``feed`` or else the build's own. Raises CheckFailed. Uses the network."""
    # Loaded here: most windows never ask, and what speaks HTTP takes long to load.
    from podium.app.updates.release_feed import FeedProblem, read_feed
    from podium.app.updates.release_version import is_update, parse_version

    address = feed or build.feed
    if not address:
        raise CheckFailed(NO_FEED, "Set updates.feed in settings.toml, and start Podium again.")
    try:
        release = read_feed(address)
    except FeedProblem as problem:
        raise CheckFailed(FAILED, f"{_shown(address)}: {problem}") from None
    if not is_update(release.version, parse_version(__version__)):
        return None
    return Update(str(release.version), __version__, UPDATES[build.kind], release.notes)


def _shown(address: str) -> str:
    text = visible(address)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 1]}…"
