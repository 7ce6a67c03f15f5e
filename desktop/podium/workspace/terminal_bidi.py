"""The setting for text that runs from right to left, as sessions and views are told."""

from typing import Final

from podium.core.bidi.choice import BidiChoice
from podium.core.protocol.frames import Bidi
from podium.core.protocol.requests import SetBidi

_REQUESTS: Final = {
    BidiChoice.PROGRAMS: SetBidi(),
    BidiChoice.ON: SetBidi(int(Bidi.IMPLICIT)),
    BidiChoice.AUTO: SetBidi(int(Bidi.IMPLICIT | Bidi.AUTODETECT)),
    BidiChoice.OFF: SetBidi(allowed=False),
}


def bidi_request(choice: BidiChoice) -> SetBidi:
    """The direction of lines of which no program says anything."""
    return _REQUESTS[choice]
