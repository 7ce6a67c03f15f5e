"""The events of the WebSocket: every name with its payload. The subjects declare Podium's own; what a program reports
has its types in ``core/protocol/events.py``.

Every payload that is about an instance also carries ``workerId``, its id.
"""

from typing import Any, Final

import msgspec

from podium.control.api import instances, terminals, workers
from podium.core.protocol.events import PROGRAM_EVENTS

EVENTS: Final[dict[str, type[msgspec.Struct]]] = {
    **PROGRAM_EVENTS,
    **terminals.EVENTS,
    **workers.EVENTS,
    **instances.EVENTS,
}
NAMES: Final[dict[type[Any], str]] = {type_: name for name, type_ in EVENTS.items()}
