"""Every bound of the API in one place."""

from typing import Final

MAX_BODY: Final = 64 * 1024
"""Bytes of a request's body."""
MAX_TARGET: Final = 4096
"""Characters of a request's target, query included."""
MAX_LINE: Final = 16 * 1024
"""Bytes of a request line the parser takes in at all; a longer one is answered 414 too, and the connection ends."""
MAX_CONNECTIONS: Final = 128
"""Open authorized connections of one peer: a process on a Unix socket, the holders of one token over TCP."""
MAX_ALL_CONNECTIONS: Final = 256
"""The same of all peers of one listener."""
MAX_PENDING: Final = 256
"""Open connections of one listener whose first request is not authorized yet. The oldest is dropped for a new one."""
BACKLOG: Final = 128
"""Connections that are accepted at once: half of what there is room for, so that each pending one gets its turn."""
HEAD_SECONDS: Final = 10.0
"""The head of a request must have arrived by then, and a new connection's first request be authorized."""
IDLE_SECONDS: Final = 75.0
"""A connection without a request is closed after this long."""
BODY_SECONDS: Final = 10.0
"""A body must have arrived by then."""
RATE: Final = 50.0
"""Requests a second of one connection over TCP, and messages a second of one WebSocket."""
BURST: Final = 100
WRONG_TOKENS: Final = 10
"""Wrong tokens a minute that are answered 401; more are answered 429."""
WRONG_TOKEN_SECONDS: Final = 60.0

MAX_TOKEN: Final = 512
"""Characters of a desktop's activation token."""

INPUT_RATE: Final = 1000.0
INPUT_BURST: Final = 2000
"""Messages a second to a raw terminal: a person's keys, a paste in pieces."""

RING_EVENTS: Final = 10_000
"""Events kept for a replay."""
RING_BYTES: Final = 16 << 20
MAX_UNREAD: Final = 1 << 20
"""Bytes that may wait for a WebSocket client that does not read."""
MAX_MESSAGE: Final = 64 * 1024
"""Bytes of one message from a WebSocket client."""
MAX_PATTERNS: Final = 64
REPLAY_BYTES: Final = 256 * 1024
"""About how much of a replay goes into one message."""
HEARTBEAT_SECONDS: Final = 30.0

ANSWER_SECONDS: Final = 30.0
"""Seconds that the window and its sessions may take to answer anything but a ``wait`` or a ``start``."""
START_SECONDS: Final = 120.0
"""Seconds that a ``start`` may take until its outcome is known."""
DEFAULT_WAIT: Final = 30.0
MAX_WAIT: Final = 3600.0
"""Seconds a ``wait`` may last."""
