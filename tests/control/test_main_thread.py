"""Calls from the server's thread in, answers from the window's out; and a window that stays free in between."""

import asyncio
import contextlib
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from PySide6.QtCore import QThread, QTimer
from pytestqt.qtbot import QtBot

from podium.control.api.application.service import GetHealth
from podium.control.api.errors import ApiError
from podium.control.api.instances import (
    ListInstances,
)
from podium.control.api.shapes import Call
from podium.control.api.terminals import Wait
from podium.control.api.window import GetWindow
from podium.control.bridge import main_thread_gateway
from podium.control.bridge.futures import continue_with, on_cancel, settle, when_settled
from podium.control.bridge.gateway import DeferredBody
from podium.control.bridge.main_thread_executor import MainThreadExecutor
from podium.control.bridge.main_thread_gateway import MainThreadGateway, Tap


class Operations:
    """Says on which thread it ran; holds back what waits."""

    def __init__(self) -> None:
        self.threads: list[QThread] = []
        self.waiting: list[Future[Any]] = []
        self.taken_back: list[QThread] = []
        self.tap = FakeTap()
        self.receive: Callable[[bytes], None] = lambda _: None
        self.ended: Callable[[], None] = lambda: None

    def carry_out(self, call: Call) -> Any:
        self.threads.append(QThread.currentThread())
        match call:
            case GetHealth():
                return "well"
            case ListInstances():
                raise ApiError(404, "none", "There are none.")
            case Wait(text="finish"):
                return DeferredBody(lambda: threading.current_thread().name)
            case Wait(text="unknown"):
                raise ApiError(404, "none", "There is none.")
            case Wait(text="refused"):
                try:
                    raise ValueError
                except ValueError:
                    raise ApiError(409, "refused", "No.") from None
            case Wait(text="break"):
                raise ZeroDivisionError
        future: Future[Any] = Future()
        on_cancel(future, lambda: self.taken_back.append(QThread.currentThread()))
        self.waiting.append(future)
        return future

    def open_terminal(
        self, instance: str, receive: Callable[[bytes], None], ended: Callable[[], None]
    ) -> Tap:
        self.receive, self.ended = receive, ended
        return self.tap


class FakeTap:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.granted = 0
        self.closed = False

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def grant(self, count: int) -> None:
        self.granted += count

    def close(self) -> None:
        self.closed = True


class OnAThread:
    """Runs a coroutine in a loop of its own, as the server does."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.operations = Operations()
        self.executor = MainThreadExecutor()
        self.gateway = MainThreadGateway(self.executor.submit, self.operations)

    def run(self, make: Callable[[], Any], meanwhile: Callable[[], None] = lambda: None) -> Any:
        outcome: list[Any] = []

        def work() -> None:
            try:
                outcome.append(asyncio.run(make()))
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=work, name="server")
        thread.start()

        def over() -> bool:
            meanwhile()
            return bool(outcome)

        self._qtbot.waitUntil(over, timeout=60_000)
        thread.join()
        return outcome[0]


@pytest.fixture
def there(qtbot: QtBot) -> OnAThread:
    return OnAThread(qtbot)


def test_a_call_runs_on_the_windows_thread(there: OnAThread) -> None:
    assert there.run(lambda: there.gateway.call(GetHealth())) == "well"
    assert there.operations.threads == [QThread.currentThread()]


def test_a_refusal_and_a_fault_come_back(there: OnAThread) -> None:
    refusal = there.run(lambda: there.gateway.call(ListInstances()))
    assert isinstance(refusal, ApiError)
    assert refusal.status == 404
    assert isinstance(there.run(lambda: there.gateway.call(Wait(text="break"))), ZeroDivisionError)


def test_the_last_step_of_an_answer_is_taken_on_the_servers_thread(there: OnAThread) -> None:
    assert there.run(lambda: there.gateway.call(Wait(text="finish"))) == "server"


def test_what_comes_later_comes(there: OnAThread) -> None:
    def answer() -> None:
        for future in there.operations.waiting:
            settle(future, "at last")

    assert there.run(lambda: there.gateway.call(Wait(text="x")), answer) == "at last"


def test_a_refusal_that_comes_later_comes(there: OnAThread) -> None:
    def refuse() -> None:
        for future in there.operations.waiting:
            settle(future, ApiError(409, "refused", "No."))

    refusal = there.run(lambda: there.gateway.call(Wait(text="x")), refuse)
    assert isinstance(refusal, ApiError)
    assert refusal.status == 409


def test_what_is_not_waited_for_any_more_is_taken_back(there: OnAThread) -> None:
    async def give_up() -> str:
        try:
            async with asyncio.timeout(0.05):
                await there.gateway.call(Wait(text="x"))
        except TimeoutError:
            return "gave up"
        return "came"

    assert there.run(give_up) == "gave up"
    there._qtbot.waitUntil(lambda: bool(there.operations.taken_back))
    assert there.operations.taken_back == [QThread.currentThread()]


def test_an_answer_for_a_client_that_went_is_dropped(there: OnAThread) -> None:
    """The client goes; the window, which has not heard of it yet, answers."""

    async def go() -> str:
        call = asyncio.ensure_future(there.gateway.call(Wait(text="x")))
        while not there.operations.waiting:
            await asyncio.sleep(0)
        call.cancel()
        there.executor.submit(lambda: settle(there.operations.waiting[0], "too late"))
        with contextlib.suppress(asyncio.CancelledError):
            await call
        return await there.gateway.call(GetHealth())

    assert there.run(go) == "well"


def test_a_call_that_was_given_up_before_its_turn_is_not_carried_out(there: OnAThread) -> None:
    async def give_up_at_once() -> str:
        call = asyncio.ensure_future(there.gateway.call(Wait(text="x")))
        await asyncio.sleep(0)
        call.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await call
        held.set()
        return await there.gateway.call(GetHealth())

    held = threading.Event()
    there.executor.submit(lambda: held.wait(20))  # The window is at work on something else.
    assert there.run(give_up_at_once) == "well"
    assert there.operations.waiting == []


def test_the_window_closes_while_a_call_waits(qtbot: QtBot) -> None:
    """The server's loop ends first; what the window says afterwards finds nobody, and that is no fault."""
    submitted: list[Callable[[], None]] = []
    operations = Operations()
    gateway = MainThreadGateway(submitted.append, operations)

    async def serve() -> None:
        calls = [asyncio.ensure_future(gateway.call(Wait(text="x"))) for _ in range(2)]
        await asyncio.sleep(0)
        submitted[0]()
        assert not any(call.done() for call in calls)

    asyncio.run(serve())
    while submitted:
        submitted.pop(0)()
    assert len(operations.waiting) == len(operations.taken_back) == 1
    settle(operations.waiting[0], "nobody hears it")


def test_a_burst_of_calls_leaves_the_window_its_turns(there: OnAThread) -> None:
    """A timer of the window comes round while two thousand calls wait."""
    turns: list[int] = []
    done: list[int] = []
    timer = QTimer()
    timer.timeout.connect(lambda: turns.append(len(done)))
    timer.start(0)
    for number in range(2000):
        there.executor.submit(lambda number=number: (time.sleep(0.0001), done.append(number)))  # type: ignore[misc]
    there._qtbot.waitUntil(lambda: len(done) == 2000, timeout=60_000)
    timer.stop()
    assert done == list(range(2000))
    assert len([turn for turn in turns if 0 < turn < 2000]) > 10


def test_a_terminal_pays_for_what_it_took(there: OnAThread) -> None:
    tap = there.operations.tap

    async def use() -> list[bytes | None]:
        stream = await there.gateway.open_terminal("one")
        stream.send(b"typed")
        there.executor.submit(lambda: there.operations.receive(b"x" * 200_000))
        there.executor.submit(lambda: there.operations.receive(b"y"))
        there.executor.submit(lambda: there.operations.ended())
        taken = [await stream.receive() for _ in range(3)]
        stream.close()
        stream.close()
        return taken

    taken = there.run(use)
    assert [data and data[:1] for data in taken] == [b"x", b"y", None]
    there._qtbot.waitUntil(lambda: tap.closed)
    assert tap.sent == [b"typed"]
    assert tap.granted >= 256 * 1024 + 200_000


@pytest.mark.parametrize("ending", ["answer", "refusal"])
def test_an_answered_call_is_freed_at_once(there: OnAThread, ending: str) -> None:
    """Nothing of it waits for the garbage collector, which is off in tests: at 400 calls a second that held the window
    up for 280 ms.
    """
    outcome = ApiError(409, "refused", "No.") if ending == "refusal" else "answer"
    gone: list[weakref.ref[Future[Any]]] = []

    def answer() -> None:
        while there.operations.waiting:
            future = there.operations.waiting.pop()
            gone.append(weakref.ref(future))
            settle(future, outcome)

    for _ in range(3):
        there.run(lambda: there.gateway.call(Wait(text="x")), answer)
    there._qtbot.waitUntil(lambda: len(gone) == 3 and not any(future() for future in gone))


@pytest.mark.parametrize("text", ["unknown", "refused"])
def test_a_refused_call_is_freed_at_once(there: OnAThread, text: str) -> None:
    """A refusal holds the frames it was raised through, and those of what it was made of."""
    gone: list[weakref.ref[Future[Any]]] = []

    class Noted(Future[Any]):
        def __init__(self) -> None:
            super().__init__()
            gone.append(weakref.ref(self))

    def ask() -> None:
        assert isinstance(there.run(lambda: there.gateway.call(Wait(text=text))), ApiError)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main_thread_gateway, "Future", Noted)
        ask()
    assert [future() for future in gone] == [None]


def test_futures_that_settle_and_cancel_each_other_are_no_cycle() -> None:
    def answered() -> list[weakref.ref[Future[Any]]]:
        begun: Future[Any] = Future()
        target: Future[Any] = Future()
        continue_with(target, lambda: begun)
        settle(begun, "done")
        return [weakref.ref(begun), weakref.ref(target)]

    assert [future() for future in answered()] == [None, None]


def test_the_first_outcome_counts() -> None:
    heard: list[object] = []
    future: Future[str] = Future()
    when_settled(future, heard.append)
    settle(future, "first")
    settle(future, "second")
    future.cancel()
    assert heard == ["first"]
    early: Future[str] = Future()
    settle(early, "early")
    when_settled(early, heard.append)
    assert heard == ["first", "early"]


def test_a_cancelled_future_takes_no_outcome_and_tells_nobody() -> None:
    heard: list[object] = []
    future: Future[str] = Future()
    when_settled(future, heard.append)
    on_cancel(future, lambda: heard.append("undone"))
    future.cancel()
    settle(future, "late")
    settle(future, ApiError(500, "late", "Late."))
    assert heard == ["undone"]


def test_what_continues_is_cancelled_with_what_waited() -> None:
    """The second wait takes the place of the first: what it begins is taken back, too, and a fault is an answer."""
    undone: list[str] = []
    inner: Future[str] = Future()
    on_cancel(inner, lambda: undone.append("inner"))
    waiting: Future[str] = Future()
    continue_with(waiting, lambda: inner)
    waiting.cancel()
    assert undone == ["inner"]

    continue_with(waiting, lambda: pytest.fail("Nobody waits any more."))

    def refuse() -> Future[str]:
        raise ApiError(409, "refused", "No.")

    refused: Future[str] = Future()
    continue_with(refused, refuse)
    assert isinstance(refused.exception(), ApiError)


@pytest.mark.fault("E3")
def test_a_call_that_raises_strands_nobody_behind_it(qtbot: QtBot) -> None:
    executor = MainThreadExecutor()
    done: list[int] = []

    def fail() -> None:
        raise RuntimeError("on purpose")

    for number in range(5):
        executor.submit(fail)
        executor.submit(lambda number=number: done.append(number))  # type: ignore[misc]
    qtbot.waitUntil(lambda: done == list(range(5)))


@pytest.mark.fault("E3")
def test_an_answer_that_can_not_be_taken_in_strands_nobody(qtbot: QtBot) -> None:
    """What raises where the outcome is received, or taken back, as well."""
    executor = MainThreadExecutor()
    waits: list[Future[Any]] = []

    class Operations:
        def carry_out(self, call: Call) -> Any:
            if isinstance(call, GetWindow):
                future: Future[Any] = Future()
                on_cancel(future, lambda: 1 / 0)
                waits.append(future)
                return future
            return "answer"

        def open_terminal(self, *_: Any) -> Any: ...

    gateway = MainThreadGateway(executor.submit, Operations())  # type: ignore[arg-type]
    answers: list[Any] = []

    async def ask() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await gateway.call(GetWindow())
        answers.append(await gateway.call(GetHealth()))

    thread = threading.Thread(target=lambda: asyncio.run(ask()))
    thread.start()
    qtbot.waitUntil(lambda: answers == ["answer"])
    thread.join()
