"""What serves the socket in, what becomes of an offer out."""

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from podium.app.paths import settings_path
from podium.app.startup import hand_over
from podium.app.startup.arguments import DemoOptions, OpenOptions, RunOptions, WindowOptions
from podium.app.startup.hand_over import offer, offer_again
from podium.app.state.outcome import NotTaken, Outcome
from podium.control.http_server.runtime_folder import prepare_folder
from podium.core.instances import ThemeName
from podium.core.system.app_dirs import state_folder

Answer = Callable[[], bytes]
Serve = Callable[[bytes | None], list[bytes]]


def http(status: int, body: object) -> bytes:
    data = json.dumps(body).encode()
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status, len(data), data)


def refusal(status: int, code: str) -> bytes:
    return http(status, {"error": {"code": code, "message": f"It is {code}.", "hint": ""}})


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A program at the usual socket that answers the first request; without an answer it only listens."""
    monkeypatch.setattr(hand_over, "_PATIENCE", 0.2)
    with contextlib.ExitStack() as stack:

        def start(answer: bytes | None) -> list[bytes]:
            listening = stack.enter_context(socket.socket(socket.AF_UNIX))
            listening.bind(str(prepare_folder().socket))
            listening.listen()
            received: list[bytes] = []

            def run() -> None:
                connected, _ = listening.accept()
                with connected:
                    while b"\r\n\r\n" not in b"".join(received) or not received[-1].endswith(b"}"):
                        received.append(connected.recv(65536))
                    connected.sendall(answer or b"")

            if answer is not None:
                thread = threading.Thread(target=run)
                thread.start()
                stack.callback(thread.join)
            return received

        yield start


def test_a_window_takes_the_absolute_paths(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token-1")
    received = serve(http(200, {"ok": True}))
    assert offer(OpenOptions(paths=(Path("/a/ä.toml"), Path("/b")))) is Outcome.TAKEN
    head, _, body = b"".join(received).partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/window/open ")
    assert json.loads(body) == {
        "paths": ["/a/ä.toml", "/b"],
        "activation": "token-1",
        "state": str(state_folder()),
    }


@pytest.mark.parametrize("token", ["a b", "ä", "x" * 513, "a\tb"], ids=["blank", "no ascii", "long", "tab"])
def test_a_token_that_no_desktop_makes_is_left_out(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", token)
    received = serve(http(200, {"ok": True}))
    assert offer(WindowOptions()) is Outcome.TAKEN
    assert json.loads(b"".join(received).partition(b"\r\n\r\n")[2])["activation"] == ""


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refusal(409, "no-window"), Outcome.NEVER),
        (refusal(409, "closing"), Outcome.NOT_YET),
        (refusal(404, "unknown-path"), Outcome.NEVER),
        (refusal(503, "busy"), Outcome.NEVER),
        (refusal(409, "another-state"), Outcome.NEVER),
        (refusal(422, "bad-shape"), Outcome.NEVER),
        (b"HTTP/1.1 200 X\r\nContent-Length: 2\r\n\r\n[]", Outcome.NEVER),
        (b"garbage\r\n\r\n", Outcome.NOT_YET),
        (b"", Outcome.NOT_YET),
        (None, Outcome.NEVER),
    ],
    ids=["server", "closing", "older", "busy", "another", "unknown", "strange", "garbage", "ended", "silent"],
)
def test_all_else_lets_this_program_open_a_window(
    serve: Serve, answer: bytes | None, outcome: Outcome
) -> None:
    serve(answer)
    assert offer(OpenOptions(paths=(Path("/a"),))) is outcome


def test_a_socket_that_a_killed_podium_left_is_nobody() -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(prepare_folder().socket))
    assert offer(OpenOptions(paths=(Path("/a"),))) is Outcome.NOT_YET


def test_nobody_is_there() -> None:
    assert offer(WindowOptions()) is Outcome.NOT_YET


def test_an_instance_may_not(serve: Serve) -> None:
    serve(refusal(403, "not-allowed"))
    with pytest.raises(NotTaken, match="It is not-allowed"):
        offer(OpenOptions(paths=(Path("/a"),)))


def test_a_window_that_serves_no_api_is_not_waited_for() -> None:
    assert offer_again(WindowOptions()) is Outcome.NOT_YET
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text("[control]\nenabled = false\n")
    try:
        assert offer_again(WindowOptions()) is Outcome.NEVER
    finally:
        settings_path().unlink()


def test_a_program_is_run_by_the_window_that_is_open(serve: Serve) -> None:
    received = serve(http(200, {"ok": True}))
    options = RunOptions(command=("make", "it"), name="build", theme=ThemeName.ROSE, folder=Path("x"))
    assert offer(options) is Outcome.TAKEN
    head, _, body = b"".join(received).partition(b"\r\n\r\n")
    assert head.startswith(b"POST /api/window/run ")
    told = json.loads(body)
    assert (told["name"], told["command"], told["theme"]) == ("build", ["make", "it"], "rose")
    assert told["folder"] == str(Path("x").absolute())


def test_no_room_is_told_and_not_tried_again(serve: Serve) -> None:
    serve(refusal(409, "not-now"))
    with pytest.raises(NotTaken, match="It is not-now"):
        offer(RunOptions(command=("x",), name="x"))


def test_a_demo_is_shown_by_the_window_that_is_open(serve: Serve) -> None:
    received = serve(http(200, {"ok": True}))
    with contextlib.suppress(Exception):
        offer(DemoOptions())
    assert b"".join(received).startswith(b"POST /api/window/open ")
