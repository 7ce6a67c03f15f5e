"""Answers that come later: what this room needs beyond ``concurrent.futures.Future``.

An operation makes its future on the window's thread and settles it there. The server's thread waits for a future of
its own, which the gateway settles.

Nothing of an answered call may be a cycle: only a collection on the window's thread would free it.
"""

import contextlib
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from typing import Any

from podium.control.api.errors import ApiError


class _Once:
    """A callback that holds nothing once it was called.

    A finished future keeps its callbacks. Two futures that settle and cancel each other would be a cycle, and the
    garbage of 400 calls a second 280 ms of the window's time every 20 s.
    """

    def __init__(self, receive: Callable[[Future[Any]], object]) -> None:
        self._receive: Callable[[Future[Any]], object] | None = receive

    def __call__(self, done: Future[Any]) -> None:
        receive, self._receive = self._receive, None
        if receive is not None:
            receive(done)


def settle(future: Future[Any], outcome: object) -> None:
    """Finish ``future`` with a value, or with an exception for the one who waits. The first outcome counts, and
    cancelling is one.
    """
    if isinstance(outcome, ApiError):
        _forget_frames(outcome)
    # Checked by the future itself, under its lock: it may be cancelled on another thread at this moment.
    with contextlib.suppress(InvalidStateError):
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)


def _forget_frames(refusal: ApiError) -> None:
    """A refusal, and what it was made of, was raised through frames that hold the future. What is no refusal keeps
    them: the log needs them.
    """
    error: BaseException | None = refusal
    while error is not None:
        error.__traceback__ = None
        error = error.__context__


def settled(outcome: object) -> Future[Any]:
    """A future that is finished already."""
    future: Future[Any] = Future()
    settle(future, outcome)
    return future


def when_settled(future: Future[Any], receive: Callable[[Any], object]) -> None:
    """Hand the value or the exception of ``future`` to ``receive``, at once when it is there; nothing when it is
    cancelled.
    """
    future.add_done_callback(
        _Once(lambda done: None if done.cancelled() else receive(done.exception() or done.result()))
    )


def on_cancel(future: Future[Any], undo: Callable[[], object]) -> None:
    """Call ``undo`` when ``future`` is cancelled: its answer is no longer wanted. On the thread that cancels."""
    future.add_done_callback(_Once(lambda done: undo() if done.cancelled() else None))


def forward(source: Future[Any], target: Future[Any]) -> None:
    """Settle ``target`` as ``source`` is. Cancelling ``target`` cancels ``source``, on the same thread."""
    on_cancel(target, source.cancel)
    when_settled(source, lambda outcome: settle(target, outcome))


def continue_with(target: Future[Any], begin: Callable[[], Future[Any]]) -> None:
    """Settle ``target`` as the future is that ``begin`` makes, or with what it raises. Begins nothing when
    ``target`` is settled or cancelled.
    """
    if target.done():
        return
    try:
        begun = begin()
    except Exception as error:  # What waits behind this one must not lose its turn.
        settle(target, error)
        return
    forward(begun, target)
