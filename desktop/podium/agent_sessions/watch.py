"""What one run of a tool has done so far: its sessions, found and found again, and their use."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from podium.agent_sessions.finding import find_session
from podium.agent_sessions.processes import find_tool
from podium.agent_sessions.store import Store
from podium.agent_sessions.transcript import Transcript
from podium.agent_sessions.usage import SessionUsage, Used
from podium.core.adapters.model import Sessions
from podium.core.adapters.pricing import Prices
from podium.core.costs import Cost, total

MAX_SESSIONS: Final = 32
"""Sessions of one run that are followed; of older ones the sum is kept."""
_MOST_BYTES: Final = 8 << 20
"""Of all transcripts in one look."""
_MOST_FILES: Final = 64
"""Transcripts of one session."""
_LIST_EVERY: Final = 5
"""Looks between two in which it is seen whether a session has further transcripts."""


class Looked(NamedTuple):
    """What a look found."""

    session: str
    """The session that the tool has now; "" while it is not known."""
    cost: Cost
    """Of the run, so far."""
    used: tuple[tuple[str, Used], ...]
    """What is new of that, with the session it is of."""
    more: bool
    """There was more to read than one look may: the next one may follow at once."""


class _Followed:
    """One session, and how far its use was read."""

    def __init__(self, sessions: Sessions, prices: Prices, since: float) -> None:
        self.usage = SessionUsage(sessions, prices, since)
        self.transcripts: dict[str, Transcript] = {}
        self.looks = 0


class RunWatch:
    """One tool in one run of an instance. ``look`` reads the disk and processes: it is called on any thread, but never
    on two at once.
    """

    def __init__(self, tool: str, sessions: Sessions, prices: Prices, since: float) -> None:
        """``since``: when the run began, in seconds since 1970; use before is not its own."""
        self.tool = tool
        self._sessions = sessions
        self._prices = prices
        self._since = since
        self._session = ""
        self._process: tuple[int, float] | None = None
        self._store: Store | None = None
        self._followed: dict[str, _Followed] = {}
        self._earlier = Cost()

    def look(
        self,
        pid: int,
        environment: Mapping[str, str],
        *,
        told: str = "",
        transcript: str = "",
        search: bool = True,
        taken: frozenset[str] = frozenset(),
    ) -> Looked:
        """Look once.

        ``pid`` is the program's, 0 when it has ended, ``environment`` its own where that of the tool can't be read.
        ``told`` is the session that is known already, ``transcript`` its path where that is known. ``search``: see
        whether the tool has another one now; ``taken`` are the sessions of other runs.
        """
        ours = find_tool(self.tool, pid) if pid and search else None
        if ours is not None:
            process = (ours.pids[0], ours.started)
            if process != self._process:
                self._session = ""  # It was started anew.
            self._process = process
            self._store = Store(self.tool, self._sessions, ours.environment)
        self._session = told or self._session
        if self._store is None:
            self._store = Store(self.tool, self._sessions, environment)
        if ours is not None:
            found = find_session(self.tool, self._store, ours, taken, known=bool(self._session))
            self._session = found.id if found is not None else self._session
        if self._session:
            usable = self._session == told and self._store.is_transcript(transcript)
            self._follow(self._session, transcript if usable else "")
        more = self._read(self._store)
        used = tuple((id, one) for id, it in self._followed.items() for one in it.usage.take_changed())
        return Looked(self._session, self._cost(), used, more)

    def _follow(self, session: str, transcript: str) -> None:
        followed = self._followed.get(session)
        if followed is None:
            if len(self._followed) >= MAX_SESSIONS:
                self._earlier += self._followed.pop(next(iter(self._followed))).usage.cost
            followed = self._followed[session] = _Followed(self._sessions, self._prices, self._since)
        if transcript and transcript not in followed.transcripts:
            followed.transcripts[transcript] = Transcript(transcript)

    def _read(self, store: Store) -> bool:
        left = _MOST_BYTES
        more = False
        for session, followed in self._followed.items():
            if self._sessions.database is not None:
                for found in store.messages(session, self._since):
                    followed.usage.take(found)
                continue
            if session == self._session or not followed.transcripts:
                self._list(store, session, followed)
            for path, transcript in followed.transcripts.items():
                objects, rest = transcript.read(left)
                left -= transcript.last_read
                more = more or rest
                for found in objects:
                    followed.usage.take(found, path)
        return more

    def _list(self, store: Store, session: str, followed: _Followed) -> None:
        """Find transcripts that were begun since."""
        followed.looks += 1
        if followed.transcripts and followed.looks % _LIST_EVERY != 1:
            return
        for path in store.transcripts(session, next(iter(followed.transcripts), "")):
            if path not in followed.transcripts and len(followed.transcripts) < _MOST_FILES:
                followed.transcripts[path] = Transcript(path)

    def _cost(self) -> Cost:
        return total((self._earlier, *(followed.usage.cost for followed in self._followed.values())))
