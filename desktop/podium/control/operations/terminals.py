"""Terminals: screens, scrollback, input, waiting, sizes, signals and the raw terminal."""

import re
import signal
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from podium.attention.signals import AttentionState
from podium.control.api.errors import ApiError, unknown_instance
from podium.control.api.shapes import Done
from podium.control.api.terminals import (
    CursorInfo,
    GetScreen,
    GetScrollback,
    ResizeTerminal,
    ScreenInfo,
    ScrollbackInfo,
    SendInput,
    SignalProgram,
    StyledRun,
    Wait,
    Waited,
)
from podium.control.bridge.futures import on_cancel, settle
from podium.control.bridge.gateway import DeferredBody
from podium.control.operations.context import OperationContext, require_instance, with_program
from podium.control.operations.session_queries import Failure, Outcome, Rows, ScreenNow
from podium.control.operations.table import OperationTable
from podium.core.ids import InstanceId
from podium.core.instances import Kind
from podium.core.protocol.frames import Line, ScreenMode
from podium.core.protocol.key_notation import parse_key
from podium.core.protocol.reports import MAX_REPORTED_LINES
from podium.core.protocol.requests import InputMark, RawInput, Request, Resize, SendSignal, SendText
from podium.workspace.views import InstanceState, InstanceView

_LINES_BACK: Final = 200
_LINE_END: Final = re.compile("\r\n|\n")


class TerminalOperations:
    def __init__(self, context: OperationContext) -> None:
        self._context = context
        self._workspace = context.workspace
        self._sessions = context.sessions

    def register(self, table: OperationTable) -> None:
        table.add(GetScreen, self._screen)
        table.add(GetScrollback, self._scrollback)
        table.add(SendInput, self._input)
        table.add(Wait, self._wait)
        table.add(ResizeTerminal, self._resize)
        table.add(SignalProgram, self._signal)

    def open_terminal(
        self, id: str, receive: Callable[[bytes], None], ended: Callable[[], None]
    ) -> "OpenTerminal":
        """Raises ApiError 404."""
        instance = require_instance(self._workspace, id)
        return OpenTerminal(self._context, instance, self._sessions.tap(instance, receive, ended))

    # Looking

    def _screen(self, call: GetScreen) -> Future[Any]:
        instance = require_instance(self._workspace, call.id)
        return self._ask(instance, lambda screen: _screen_info(screen, call.attributes))

    def _scrollback(self, call: GetScrollback) -> Future[Any]:
        instance = require_instance(self._workspace, call.id)
        first, to = call.first, call.to
        if first is None and to is None:
            first, count = -_LINES_BACK, _LINES_BACK
        elif first is None:
            first = max(0, (to or 0) - _LINES_BACK)
            count = (to or 0) - first
        else:
            count = MAX_REPORTED_LINES if to is None else to - first
        if count < 0:
            raise ApiError(422, "bad-shape", "“to” is before “from”.")
        return self._ask(
            instance,
            lambda screen: _scrollback_info(screen, call.attributes),
            first,
            min(count, MAX_REPORTED_LINES),
        )

    def _ask(
        self,
        instance: InstanceId,
        make: Callable[[ScreenNow], Any],
        first: int | None = None,
        count: int = 0,
    ) -> Future[Any]:
        future: Future[Any] = Future()

        def receive(outcome: Outcome) -> None:
            if isinstance(outcome, ScreenNow):
                settle(future, DeferredBody(lambda: make(outcome)))
            else:
                settle(future, self._context.unanswered(instance, _failed(outcome)))

        number = self._sessions.screen(instance, receive, first, count)
        on_cancel(future, lambda: self._sessions.drop(number))
        return future

    # Typing

    def _input(self, call: SendInput) -> Done | Future[Any]:
        instance = with_program(self._workspace, call.id)
        if (call.text is None) == (call.keys is None):
            raise ApiError(422, "bad-shape", "Give either “text” or “keys”.")
        if call.paste or call.submit:
            return self._send_text(instance, call)
        requests: list[Request] = []
        if call.text is not None:
            data = _LINE_END.sub("\r", call.text).encode("utf-8", "replace")
            requests.append(RawInput(data, mark=True))
        else:
            for key in call.keys or ():
                try:
                    requests.append(parse_key(key))
                except ValueError as error:
                    raise ApiError(422, "bad-key", str(error)) from None
        for request in requests:
            if not self._workspace.send(instance, request):
                raise ApiError(409, "not-reading", "Its program is not reading, so not all of it was sent.")
        if call.text is None:
            self._workspace.send(instance, InputMark())
        return Done()

    def _send_text(self, instance: InstanceId, call: SendInput) -> Future[Any]:
        text = call.text
        if text is None:
            raise ApiError(422, "bad-shape", "“paste” and “submit” are for “text”, not for “keys”.")
        future: Future[Any] = Future()

        def receive(outcome: object) -> None:
            if isinstance(outcome, Failure):
                refusal = ApiError(409, "not-reading", outcome.reason)
                settle(future, self._context.unanswered(instance, refusal))
            else:
                settle(future, Done())

        number = self._sessions.type(
            lambda request: self._workspace.send(instance, request),
            instance,
            SendText(0, text, call.submit),
            receive,
        )
        on_cancel(future, lambda: self._sessions.drop(number))
        return future

    def _resize(self, call: ResizeTerminal) -> Done:
        self._workspace.send(require_instance(self._workspace, call.id), Resize(call.columns, call.lines))
        return Done()

    def _signal(self, call: SignalProgram) -> Done:
        instance = with_program(self._workspace, call.id)
        self._workspace.send(instance, SendSignal(_signal_number(call.signal)))
        return Done()

    # Waiting

    def _wait(self, call: Wait) -> Future[Any]:
        instance = require_instance(self._workspace, call.id)
        asked = [
            call.text is not None,
            call.state is not None,
            call.attention is not None,
            call.exit,
            call.begun,
            call.quiet is not None,
        ]
        if sum(asked) != 1:
            raise ApiError(
                422,
                "bad-shape",
                "Wait for one of “text”, “state”, “attention”, “exit”: true, “begun”: true, “quiet”.",
            )
        if call.text is not None or call.quiet is not None:
            return self._wait_for_screen(instance, call)
        if call.exit:
            return self._context.states.wait_for(instance, _ended)
        if call.begun:
            return self._context.states.wait_for(instance, _begun)
        if call.attention is not None:
            wanted = call.attention
            return self._context.states.wait_for(instance, lambda view: _needs(view, wanted))
        known = [state.value for state in InstanceState]
        if call.state not in known:
            raise ApiError(
                422, "bad-shape", f"“{(call.state or '')[:64]}” is no state; there are {', '.join(known)}."
            )
        return self._context.states.wait_for(instance, lambda view: _in_state(view, str(call.state)))

    def _wait_for_screen(self, instance: InstanceId, call: Wait) -> Future[Any]:
        future: Future[Any] = Future()

        def receive(outcome: str | Failure) -> None:
            if isinstance(outcome, str):
                settle(future, Waited(what="text" if call.text is not None else "quiet", text=outcome))
            elif outcome.gone:
                settle(future, unknown_instance(instance))
            elif outcome.crowded:
                hint = "Try again when one of them is done."
                settle(future, ApiError(409, "too-many-waits", outcome.reason, hint))
            else:
                settle(future, ApiError(422, "bad-pattern", outcome.reason))

        number = self._sessions.watch(instance, receive, text=call.text or "", quiet=call.quiet, new=call.new)
        on_cancel(future, lambda: self._sessions.unwatch(number))
        return future


class OpenTerminal:
    """A Tap of the gateway's."""

    def __init__(self, context: OperationContext, instance: InstanceId, number: int) -> None:
        self._context = context
        self._instance = instance
        self._number = number

    def send(self, data: bytes) -> None:
        if data and self._instance in self._context.workspace.ids():
            self._context.workspace.send(self._instance, RawInput(data))

    def grant(self, count: int) -> None:
        self._context.sessions.grant(self._number, count)

    def close(self) -> None:
        self._context.sessions.untap(self._number)


def _ended(view: InstanceView) -> Waited | None:
    if view.busy and view.state is not InstanceState.RESTARTING:
        return None
    return Waited(what="exit", text=view.state.value, exit_code=view.exit_code, exit_signal=view.exit_signal)


def _begun(view: InstanceView) -> Waited | None:
    """A mission says itself when it begins: before that it may ask whether it may."""
    loading = (
        view.spec.kind is Kind.MISSION and view.state is InstanceState.RUNNING and view.max_rounds is None
    )
    if loading or view.state in (InstanceState.STARTING, InstanceState.STOPPING):
        return None
    return Waited(what="begun", text=view.state.value, exit_code=view.exit_code, exit_signal=view.exit_signal)


def _needs(view: InstanceView, wanted: AttentionState) -> Waited | None:
    return Waited(what="attention", text=wanted.value) if view.attention.state is wanted else None


def _in_state(view: InstanceView, state: str) -> Waited | None:
    if view.state.value != state:
        return None
    return Waited(what="state", text=state, exit_code=view.exit_code, exit_signal=view.exit_signal)


def _screen_info(screen: ScreenNow, attributes: bool) -> ScreenInfo:
    head = screen.head
    return ScreenInfo(
        columns=head.columns,
        rows=head.lines,
        lines=tuple(map(_text, screen.rows.lines)),
        cursor=CursorInfo(x=head.cursor.x, y=head.cursor.y, visible=head.cursor.visible),
        title=head.title,
        alternate=bool(head.modes & ScreenMode.ALTERNATE_SCREEN),
        first_line=head.first_line,
        oldest_line=head.oldest_line,
        line_epoch=head.line_epoch,
        runs=_styled(screen.rows) if attributes else None,
    )


def _scrollback_info(screen: ScreenNow, attributes: bool) -> ScrollbackInfo:
    rows = screen.rows
    return ScrollbackInfo(
        first=rows.first,
        to=rows.first + len(rows.lines),
        lines=tuple(map(_text, rows.lines)),
        first_line=screen.head.first_line,
        oldest_line=screen.head.oldest_line,
        line_epoch=rows.line_epoch,
        runs=_styled(rows) if attributes else None,
    )


def _text(line: Line) -> str:
    return "".join(run.text for run in line.runs).rstrip(" ")


def _styled(rows: Rows) -> tuple[tuple[StyledRun, ...], ...]:
    return tuple(
        tuple(StyledRun.of(run.text, run.columns, rows.attributes[run.attribute]) for run in line.runs)
        for line in rows.lines
    )


def _failed(outcome: object) -> ApiError:
    if isinstance(outcome, Failure):
        return ApiError(409, "no-session", outcome.reason, "Start it first." if outcome.gone else "")
    return ApiError(500, "internal", "Its session gave no answer.")


def _signal_number(given: str | int) -> int:
    """Raises ApiError 422."""
    if isinstance(given, str):
        name = given.upper()
        name = name if name.startswith("SIG") else f"SIG{name}"
        found = getattr(signal, name, None)
        if isinstance(found, signal.Signals):
            return int(found)
    elif given in signal.valid_signals():
        return int(given)
    raise ApiError(422, "bad-signal", f"“{str(given)[:32]}” is no signal here.")
