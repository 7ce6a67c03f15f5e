"""Calls in, answers out, with a window that has its turn when the test says so."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.application.service import GetHealth
from podium.control.api.errors import ApiError
from podium.control.api.shapes import Call
from podium.control.bridge import main_thread_gateway
from podium.control.bridge.futures import on_cancel, settle, when_settled
from podium.control.bridge.gateway import DeferredBody, TerminalStream
from podium.control.bridge.main_thread_executor import MainThreadExecutor
from podium.control.bridge.main_thread_gateway import MainThreadGateway, Tap

MOST = 512
"""Calls that may wait."""


class FakeTap:
    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.granted: list[int] = []
        self.closed = 0

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def grant(self, count: int) -> None:
        self.granted.append(count)

    def close(self) -> None:
        self.closed += 1


class Window:
    """Does what was submitted when it has its turn, and answers calls with ``answer``."""

    def __init__(self) -> None:
        self.answer: Callable[[], Any] = lambda: "well"
        self.calls = 0
        self.tap = FakeTap()
        self.opened: list[tuple[Callable[[bytes], None], Callable[[], None]]] = []
        self.on_open: Callable[[], object] = lambda: None
        self.gateway = MainThreadGateway(self._submit, self)
        self._work: list[Callable[[], object]] = []

    def _submit(self, work: Callable[[], object]) -> None:
        self._work.append(work)

    async def turn(self) -> None:
        """The server's side gets as far as it can, then the window, then the server's again."""
        await breathe()
        while self._work:
            self._work.pop(0)()
        await breathe()

    def carry_out(self, _call: Call) -> Any:
        self.calls += 1
        return self.answer()

    def open_terminal(
        self, _instance: str, receive: Callable[[bytes], None], ended: Callable[[], None]
    ) -> Tap:
        self.opened.append((receive, ended))
        self.on_open()
        return self.tap

    def call(self) -> "asyncio.Future[Any]":
        return asyncio.ensure_future(self.gateway.call(GetHealth()))


async def breathe() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


@pytest.fixture
def window() -> Window:
    return Window()


def run(scenario: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scenario)


# Calls


def test_so_many_calls_may_wait_and_an_answer_makes_room(window: Window) -> None:
    async def scenario() -> None:
        calls = [window.call() for _ in range(MOST)]
        await breathe()
        refused = window.call()
        await breathe()
        assert refused.done()
        error = refused.exception()
        assert isinstance(error, ApiError)
        assert (error.status, error.code) == (503, "busy")
        await window.turn()
        assert [call.result() for call in calls] == ["well"] * MOST
        for _ in range(2):
            calls = [window.call() for _ in range(MOST)]
            await window.turn()
            assert all(call.result() == "well" for call in calls)

    run(scenario())


def test_a_call_that_was_given_up_before_its_turn_is_not_carried_out(window: Window) -> None:
    async def scenario() -> None:
        call = window.call()
        await breathe()
        call.cancel()
        await window.turn()
        assert window.calls == 0

    run(scenario())


@pytest.mark.parametrize("error", [ApiError(404, "none", "There are none."), ZeroDivisionError()])
def test_what_a_call_raises_reaches_its_caller_alone(window: Window, error: Exception) -> None:
    def fail() -> None:
        raise error

    async def scenario() -> None:
        window.answer = fail
        call = window.call()
        await window.turn()
        assert call.exception() is error

    run(scenario())


def test_an_answer_that_is_given_up_is_taken_back_by_the_window(window: Window) -> None:
    async def scenario() -> None:
        answer: Future[Any] = Future()
        window.answer = lambda: answer
        call = window.call()
        await window.turn()
        call.cancel()
        await breathe()
        assert not answer.cancelled(), "that is the window's to do"
        await window.turn()
        assert answer.cancelled()

    run(scenario())


def test_the_last_step_of_an_answer_is_taken_by_the_caller(window: Window) -> None:
    async def scenario() -> None:
        taken: list[str] = []
        window.answer = lambda: DeferredBody(lambda: taken.append("step") or "body")
        call = window.call()
        await window.turn()
        assert (call.result(), taken) == ("body", ["step"])

    run(scenario())


# Terminals


async def opened(window: Window) -> TerminalStream:
    opening = asyncio.ensure_future(window.gateway.open_terminal("one"))
    await window.turn()
    stream = opening.result()
    await window.turn()
    return stream


async def received(window: Window, stream: TerminalStream) -> bytes | None:
    """The next output, and the credit for what came before has reached the window."""
    receiving = asyncio.ensure_future(stream.receive())
    await window.turn()
    return receiving.result()


def test_credit_is_returned_once_for_what_was_taken_and_together(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_thread_gateway._Stream, "PACE", 0.0)
    credit = main_thread_gateway._Stream.CREDIT

    async def scenario() -> None:
        stream = await opened(window)
        ((put, _),) = window.opened
        granted = window.tap.granted
        assert granted == [credit]
        put(b"x" * (credit // 2))
        assert await received(window, stream) == b"x" * (credit // 2)
        assert granted == [credit, credit // 2], "half of it is used up"
        for data in (b"a", b"bc", b"def"):
            put(data)
        assert [await received(window, stream) for _ in range(3)] == [b"a", b"bc", b"def"]
        assert granted == [credit, credit // 2], "there was more to take"
        receiving = asyncio.ensure_future(stream.receive())
        await window.turn()
        assert granted == [credit, credit // 2, 6]
        put(b"end")
        await breathe()
        assert receiving.result() == b"end"

    run(scenario())


def test_a_terminal_ends_and_is_closed_once(window: Window) -> None:
    async def scenario() -> None:
        stream = await opened(window)
        stream.send(b"typed")
        window.opened[0][1]()
        assert await received(window, stream) is None
        for _ in range(2):
            stream.close()
        await window.turn()
        assert (window.tap.sent, window.tap.closed) == ([b"typed"], 1)

    run(scenario())


def test_a_terminal_whose_client_goes_while_it_opens_is_closed(window: Window) -> None:
    async def scenario() -> None:
        opening = asyncio.ensure_future(window.gateway.open_terminal("one"))
        window.on_open = opening.cancel
        await window.turn()
        await window.turn()
        assert opening.cancelled()
        assert (len(window.opened), window.tap.closed, window.tap.granted) == (1, 1, [])

    run(scenario())


def test_a_terminal_whose_client_has_gone_before_it_opens_is_not_opened(window: Window) -> None:
    async def scenario() -> None:
        opening = asyncio.ensure_future(window.gateway.open_terminal("one"))
        await breathe()
        opening.cancel()
        await window.turn()
        await window.turn()
        assert (window.opened, window.tap.closed) == ([], 0)

    run(scenario())


def test_output_for_a_server_that_has_ended_is_dropped(window: Window) -> None:
    async def scenario() -> None:
        await opened(window)

    run(scenario())
    put, end = window.opened[0]
    put(b"late")
    end()


# Futures and the executor


def test_a_cancelled_future_has_nothing_to_hand_on(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[object] = []
    future: Future[str] = Future()
    when_settled(future, heard.append)
    future.cancel()
    assert (heard, caplog.records) == ([], [])


def test_what_was_answered_is_not_taken_back() -> None:
    undone: list[str] = []
    future: Future[str] = Future()
    on_cancel(future, lambda: undone.append("undone"))
    settle(future, "answer")
    future.cancel()
    assert undone == []


def test_the_executor_works_in_order_says_so_and_writes_faults_down(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []
    turns: list[int] = []
    executor = MainThreadExecutor(lambda: turns.append(len(done)))
    with caplog.at_level(logging.ERROR):
        for number in range(3):
            executor.submit(lambda number=number: done.append(number))  # type: ignore[misc]
        executor.submit(lambda: 1 / 0)
        qtbot.waitUntil(lambda: len(done) == 3 and bool(caplog.records))
        qtbot.waitUntil(lambda: bool(turns))
    assert (done, turns[-1]) == ([0, 1, 2], 3)
    assert "could not carry out a call" in caplog.text
    assert "ZeroDivisionError" in caplog.text
