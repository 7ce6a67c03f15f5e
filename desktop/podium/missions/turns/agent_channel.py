"""The event channel of one agent, as its mission has it."""

import sys
from collections.abc import AsyncIterator, Callable

from podium.core.protocol.program_channels import EVENTS_FD, EVENTS_PIPE, open_event_channel
from podium.missions.pipes import chunks, stream_chunks
from podium.missions.turns.low_descriptors import LowDescriptors


class AgentChannel:
    """An inherited pipe, on Windows a named one."""

    def __init__(self, descriptors: LowDescriptors) -> None:
        """Raises OSError."""
        self.inherited: tuple[int, ...] = ()
        """What the program has to inherit."""
        self.chunks: AsyncIterator[bytes]
        """What it writes; owns this side of the pipe, and closes it."""
        self.program_ended: Callable[[], None]
        """The program has ended, or was not started: what it has written can be read to its end."""
        if sys.platform == "win32":
            from podium.core.system.pipes.named_pipes import NamedPipe, PipeStream

            pipe = NamedPipe(reads=True)
            stream = PipeStream(pipe, reads=True)
            self.environment = {EVENTS_PIPE: pipe.name}
            self.chunks = stream_chunks(stream)
            self.program_ended = stream.stop
        else:
            channel = open_event_channel()
            descriptor = descriptors.take(channel.program)
            self.inherited = (descriptor,)
            self.environment = {EVENTS_FD: str(descriptor)}
            self.chunks = chunks(channel.host)
            self.program_ended = lambda: descriptors.give_back(descriptor)
