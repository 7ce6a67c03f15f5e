"""The one loop that waits: for the window's requests, the program's output and events, and for time."""

import contextlib
from collections.abc import Callable
from typing import Protocol

from podium.core.clock import Clock, monotonic
from podium.core.protocol.reports import ErrorReport, Pong, Ready, Report
from podium.core.protocol.requests import Init, Ping, Request, Shutdown, Start
from podium.core.system.pipes.descriptors import READABLE, WRITABLE, Poller, new_poller
from podium.core.system.pipes.streams import Stream
from podium.core.system.subreaper import Reap
from podium.worker.program.program import Spawner
from podium.worker.session import Session

ORPHAN_GRACE = 1.0
"""Seconds that a program may take to end once the window has gone."""


class Transport(Protocol):
    """The way to the window and back. Nothing in it waits."""

    @property
    def read_descriptor(self) -> int:
        """Readable when requests may have arrived."""

    @property
    def write_descriptor(self) -> int | None:
        """The descriptor to wait on while ``unsent``; None where sending never has to wait."""

    @property
    def unsent(self) -> bool: ...

    def receive(self) -> list[Request] | None:
        """The requests that have arrived; None when the window has gone."""

    def send(self, report: Report) -> None: ...

    def flush(self) -> bool:
        """Send what can be sent now. False when the window has gone."""


class SessionLoop:
    """Serves one session until it is shut down. ``run`` returns the exit status: 0, or 1 when the window went."""

    def __init__(
        self,
        transport: Transport,
        pid: int,
        version: str,
        clock: Clock = monotonic,
        spawner: Spawner = lambda spawn: spawn(),
        wake: Stream | None = None,
        on_step: Callable[[], None] = lambda: None,
        reap: Reap | None = None,
        notice: str = "",
    ) -> None:
        """``wake`` turns readable when a signal came: a handler alone does not end a wait. ``reap`` reaps
        the orphans this process inherits, if it does. ``notice`` is told to the person at the start.
        """
        self._reap = reap
        self._notice = notice
        self._on_step = on_step
        self._wake = wake
        self._transport = transport
        self._pid = pid
        self._version = version
        self._clock = clock
        self._spawner = spawner
        self._session: Session | None = None
        self._closing = False
        self._status = 0
        self._orphaned = False
        self._end_asked = False

    def run(self) -> int:
        try:
            while not (self._closing and (self._session is None or self._session.ended)):
                self._wait()
                self._on_step()
                self._serve_window()
                if self._session is not None:
                    self._session.step()
                if self._end_asked or not (self._orphaned or self._transport.flush()):
                    self._lose_window()
        except BaseException:
            if self._session is not None:
                self._session.kill()
            raise
        finally:
            if self._session is not None:
                self._session.close()
        return self._status

    def end(self) -> None:
        """End the program's tree, then return, as if the window had gone. A signal handler may call this."""
        self._end_asked = True  # The loop does the rest: a handler runs in the middle of anything.

    def _wait(self) -> None:
        """Wait until a descriptor is ready or something is due."""
        session = self._session
        # Asked for first: a pause that ends while this is put together has its descriptor among those waited for.
        deadline = session.next_deadline() if session is not None else None
        poller = new_poller()
        if not self._orphaned:
            poller.register(self._transport.read_descriptor, READABLE)
            if self._transport.unsent and self._transport.write_descriptor is not None:
                poller.register(self._transport.write_descriptor, WRITABLE)
        timeout: float | None = None
        if session is not None:
            self._register_program(poller, session)
            for descriptor, events in session.descriptors().items():
                poller.register(descriptor, events)
            if session.busy:
                timeout = 0.0
            elif deadline is not None:
                timeout = max(0.0, deadline - self._clock()) * 1000
        if self._wake is not None:
            poller.register(self._wake.fileno(), READABLE)
        poller.poll(timeout)
        if self._wake is not None:
            with contextlib.suppress(BlockingIOError):
                self._wake.read(512)
                self._reap_orphans()
        if session is not None and session.program is not None:
            session.program.flush()

    def _reap_orphans(self) -> None:
        """Reap orphans after a signal: a child may have ended, and must not stay a zombie."""
        if self._reap is not None:
            program = self._session.program if self._session is not None else None
            self._reap((program.pid,) if program is not None else ())

    def _register_program(self, poller: Poller, session: Session) -> None:
        program = session.program
        if program is None:
            return
        mask = (READABLE if session.reads_output else 0) | (WRITABLE if program.wants_to_write else 0)
        if mask:
            poller.register(program.terminal, mask)
        if program.waiting_control is not None:
            poller.register(program.waiting_control, WRITABLE)
        if program.events is not None and session.reads_events:
            poller.register(program.events, READABLE)
        if program.watch.descriptor is not None:
            poller.register(program.watch.descriptor, READABLE)

    def _serve_window(self) -> None:
        if self._orphaned:
            return
        requests = self._transport.receive()
        if requests is None:
            self._lose_window()
            return
        for request in requests:
            self._handle(request)

    def _handle(self, request: Request) -> None:
        match request:
            case Ping(number=number):
                self._transport.send(Pong(number))
            case Init():
                if self._session is None:
                    self._session = Session(
                        request, self._transport.send, self._clock, self._spawner, self._reap
                    )
                    self._transport.send(Ready(self._pid, self._version))
                    if self._notice:
                        self._transport.send(ErrorReport(self._notice))
            case Shutdown(grace=grace):
                self._closing = True
                if self._session is not None:
                    self._session.prepare_exit()
                    self._session.stop(grace)
            case Start() if self._closing:
                pass  # It would never be asked to end.
            case _ if self._session is not None:
                self._session.handle(request)

    def _lose_window(self) -> None:
        if self._orphaned:
            return
        self._orphaned = self._closing = True
        self._status = 1
        if self._session is not None:
            self._session.prepare_exit()
            self._session.stop(ORPHAN_GRACE)
