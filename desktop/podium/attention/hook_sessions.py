"""The conversations that hooks tell of in one terminal: a tool's own, and those that it starts below itself."""

from typing import Final

from podium.attention.signals import Claim

_MOST: Final = 16
_AT_WORK: Final = (Claim.BUSY, Claim.WAITING)


class HookSessions:
    """One state from several conversations. One that begins while another works was started by that: its end is not
    the end of the work. One that begins while none works takes the terminal over.
    """

    def __init__(self) -> None:
        self._claims: dict[str, Claim] = {}

    @property
    def outer(self) -> str:
        """The id of the conversation that a person has there; "" while none is known."""
        return next(iter(self._claims), "")

    def forget(self) -> None:
        self._claims.clear()

    def on(self, session: str, claim: Claim | None) -> Claim | None:
        """What all of them say once ``session`` says ``claim``; NOTHING when none is left, and None when nothing new
        follows from it. ``claim`` is None where it only exists.
        """
        if session not in self._claims:
            if not any(one in _AT_WORK for one in self._claims.values()):
                self._claims.clear()
            elif len(self._claims) >= _MOST:
                return None
        if claim is None:
            self._claims.setdefault(session, Claim.NOTHING)
            return None
        self._claims[session] = claim
        if session == self.outer and claim not in _AT_WORK:
            # What it has started asks in this terminal no more; one that was killed never says so.
            self._claims = {one: said for one, said in self._claims.items() if said is not Claim.WAITING}
        if claim is Claim.NOTHING or (session != self.outer and claim not in _AT_WORK):
            del self._claims[session]
        others = [one for other, one in self._claims.items() if other != session]
        if claim is not Claim.WAITING and Claim.WAITING in others:
            return None
        if claim in _AT_WORK:
            return claim
        if Claim.BUSY in others:
            return Claim.BUSY
        return self._claims.get(self.outer, Claim.NOTHING)
