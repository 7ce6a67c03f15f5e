"""Questions of clients that want to do harm, to a real Podium: each is answered, and nobody else notices."""

import json
import math
import os
import signal
import threading
from pathlib import Path
from typing import Any

import pytest

from podium.control.api.routes import ROUTES
from podium.control.operations.session_queries import MAX_QUESTIONS
from podium.core.protocol.requests import MAX_WATCHES
from tests.control.running import Running, done
from tests.control.wire import Wire

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

HUGE = 2**64
PATTERNS = [
    "(?au)x",  # Flags that exclude each other raise what is no regex.error.
    "(?V0)(?V1)x",
    "(?uL)x",
    "(?:(?=a){1000}){1000}",  # 767 MiB and seconds to compile.
    "(?:(?=(a)){1000}){1000}",
    "(?:(?=(?:(?=a){99}){99}){99}){99}",
    "(?r)(?:(?=a){1000}){1000}",
    "(?:(?:a{1000}){1000}){9}",
    "(" * 400 + ")" * 400,
    r"(?P<q>(?&q)*a)\Z(?<!a)",
    r"\L<words>",
    r"\p{junk}",
    r"\N{nope}",
    "(?(1)a|b)",
    "a{99999999999999999999}",
    "(?#",
    r"^(a|a|aa)*$(?<!x)c|(a*)*(a*)*(a*)*(a*)*$(?<=zzz)",
]
"""Each is refused."""


@pytest.fixture(scope="module")
def podium(shared_podium: Running) -> Running:
    shared_podium.start("one", "/bin/sh", "-c", f"echo {'a' * 70}b; exec cat")
    shared_podium.wait_for("one", text="aab")
    return shared_podium


def worker(podium: Running) -> tuple[int, int]:
    status = podium.get("/api/orchestrator/one/status")
    assert status["state"] == "running"
    return status["poolStatus"]["generation"], status["poolStatus"]["pid"]


@pytest.mark.fault("E1")
@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_hostile_pattern_is_refused_and_the_session_lives_on(podium: Running, pattern: str) -> None:
    before = worker(podium)
    answer = podium.wire().post("/api/orchestrator/one/wait", {"text": pattern, "timeout": 25})
    assert (answer.status, answer.code) == (422, "bad-pattern"), answer.body
    assert worker(podium) == before
    # Others go on, with plain words and with patterns.
    assert podium.wait_for("one", text="aab")["text"] == "aab"
    assert podium.wait_for("one", text="a+b$")["text"] == "a" * 70 + "b"


@pytest.mark.fault("E1")
def test_while_a_pattern_is_fought_with_the_session_answers(podium: Running) -> None:
    answers: list[int] = []

    def attack() -> None:
        wire = podium.wire()
        answers.append(wire.post("/api/orchestrator/one/wait", {"text": "(?:(?=a){1000}){1000}"}).status)

    attackers = [threading.Thread(target=attack) for _ in range(3)]
    for attacker in attackers:
        attacker.start()
    number = 0
    while any(attacker.is_alive() for attacker in attackers):
        number += 1
        podium.post("/api/orchestrator/one/input", text=f"word{number}\n")
        assert podium.wait_for("one", text=f"word{number}")["text"] == f"word{number}"
    assert answers == [422] * 3
    assert number > 0


@pytest.mark.fault("E1")
@pytest.mark.parametrize(
    "target",
    [
        f"scrollback?from={HUGE}",
        f"scrollback?to={HUGE}",
        f"scrollback?from={2**63}",
        f"scrollback?from={-HUGE}",
        "scrollback?from=-1",
        "scrollback?from=1.5",
        "scrollback?from=nan",
        "scrollback?from=1e400",
        f"scrollback?from={'9' * 3000}",
        "screen?attributes=2",
    ],
)
def test_numbers_out_of_range_are_refused_and_leave_nothing_behind(podium: Running, target: str) -> None:
    wire = podium.wire()
    for _ in range(40):
        answer = wire.ask("GET", f"/api/orchestrator/one/{target}")
        assert answer.status == 422, answer.body


@pytest.mark.fault("E1")
def test_the_biggest_number_that_is_allowed_is_answered(podium: Running) -> None:
    for query in (f"from={2**53}", f"to={2**53}", f"from={2**53}&to={2**53}", f"from=0&to={2**53}"):
        assert podium.get(f"/api/orchestrator/one/scrollback?{query}")["lines"] is not None


@pytest.mark.fault("E1")
def test_more_questions_than_may_wait_leak_none(podium: Running) -> None:
    wire = podium.wire()
    for _ in range(MAX_QUESTIONS + 10):
        assert wire.ask("GET", f"/api/orchestrator/one/scrollback?from={HUGE}").status == 422
    assert wire.ask("GET", "/api/orchestrator/one/scrollback").status == 200


NUMBERS: list[Any] = [
    -1,
    0,
    1,
    2**31,
    2**53,
    2**63,
    2**64,
    10**30,
    1.5,
    -0.0,
    1e308,
    "7",
    "NaN",
    True,
    None,
    [],
    {},
]


@pytest.mark.fault("E1")
def test_no_value_of_any_field_of_any_route_is_more_than_refused(podium: Running) -> None:
    """Every field of every call with values that numbers can have, and those they can't: never a 500."""
    skipped = {"stop", "restart", "input", "signal"}  # They would do what they are asked.
    wire = podium.wire()
    for route in ROUTES:
        if route.method not in ("GET", "POST") or route.path.rpartition("/")[2] in skipped:
            continue
        if route.path.endswith("screenshot"):
            continue
        target = route.path.format(id="one", run="r", command="no-such-command")
        for name, field in zip(
            route.call.__struct_fields__, route.call.__struct_encode_fields__, strict=True
        ):
            if name in ("id", "run"):
                continue
            for value in NUMBERS:
                if route.method == "GET":
                    answer = wire.ask("GET", f"{target}?{field}={str(value).replace(' ', '')}")
                else:
                    # A name of a kind it does not know makes a start that starts nothing.
                    more = {"timeout": 0.05} if target.endswith("/wait") and field != "timeout" else {}
                    answer = wire.post(target, {field: value, **more})
                assert answer.status < 500, (route.path, field, value, answer.body)
                assert answer.json, (route.path, field, value)
    for text in ('{"quiet": NaN}', '{"quiet": Infinity}', '{"timeout": 1e999}', '{"timeout": -0.1}'):
        answer = podium.wire().ask(  # Another connection: one that sent no JSON is closed.
            "POST",
            "/api/orchestrator/one/wait",
            "Content-Type: application/json",
            body=text.encode(),
        )
        assert answer.status in (400, 422), (text, answer.body)
    for since in ("nan", "inf", "-inf", "1e400", "-1"):
        assert wire.ask("GET", f"/api/usage?since={since}").status == 422
        assert wire.ask("GET", f"/api/history?until={since}").status == 422
    assert math.isfinite(podium.get("/api/health")["uptime"])
    podium.post("/api/orchestrator/one/resize", columns=80, lines=24)
    podium.post("/api/orchestrator/one/input", text="after all\n")
    assert podium.wait_for("one", text="after al+")["text"] == "after all"


@pytest.mark.fault("E1")
def test_a_session_that_hangs_holds_up_no_other_one_and_frees_its_questions(podium: Running) -> None:
    podium.start("hung", "/bin/cat")
    pid = podium.get("/api/orchestrator/hung/status")["poolStatus"]["pid"]
    os.kill(pid, signal.SIGSTOP)
    try:
        for _ in range(MAX_QUESTIONS + 5):
            wire = podium.wait(lambda: connected(podium), "room in the queue of connections")
            wire.socket.sendall(wire.head("GET", "/api/orchestrator/hung/screen"))
            wire.close()
        for _ in range(3):
            assert podium.get("/api/orchestrator/one/screen")["lines"]
        # Whoever went freed what waited: one more may ask, and is not refused with 409 at once.
        asked = podium.wire()
        asked.socket.sendall(asked.head("GET", "/api/orchestrator/hung/screen"))
    finally:
        os.kill(pid, signal.SIGCONT)
    assert json.loads(done_body(asked.answer()))["columns"]
    podium.post("/api/orchestrator/hung/stop")
    podium.wait_for("hung", exit=True)
    assert podium.status("DELETE", "/api/orchestrator/hung") == 200


def connected(podium: Running) -> Wire | None:
    try:
        return podium.wire()
    except BlockingIOError:  # The server accepts in its own time.
        return None


def done_body(answer: Any) -> bytes:
    done(answer)
    body: bytes = answer.body
    return body


@pytest.mark.fault("E1")
def test_nothing_of_the_searches_is_left_when_the_session_ends(podium: Running) -> None:
    podium.start("brief", "/bin/cat")
    wire = podium.wire()
    answer = wire.post("/api/orchestrator/brief/wait", {"text": "nev+er", "timeout": 0.3})
    assert answer.status == 408
    pid = podium.get("/api/orchestrator/brief/status")["poolStatus"]["pid"]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    podium.post("/api/orchestrator/brief/stop")
    podium.wait_for("brief", exit=True)
    assert podium.status("DELETE", "/api/orchestrator/brief") == 200
    assert children
    podium.wait(lambda: not any(Path(f"/proc/{child}").exists() for child in children), "their end")


@pytest.mark.fault("E1")
def test_more_that_wait_for_a_screen_than_it_can_be_searched_for_is_no_bad_pattern(podium: Running) -> None:
    podium.start("crowded", "/bin/cat")
    waiting = []
    for _ in range(MAX_WATCHES):
        wire = podium.wait(lambda: connected(podium), "room in the queue of connections")
        wire.socket.sendall(
            wire.head(
                "POST",
                "/api/orchestrator/crowded/wait",
                "Content-Type: application/json",
                "Content-Length: 12",
            )
            + b'{"quiet":50}'
        )
        waiting.append(wire)

    def too_many() -> bool:
        return podium.status("POST", "/api/orchestrator/crowded/wait", text="a+b", timeout=0.05) == 409

    podium.wait(too_many, "the refusal")
    waiting.pop().close()
    podium.wait(lambda: not too_many(), "room for one more")
    for wire in waiting:
        wire.close()
    podium.post("/api/orchestrator/crowded/stop")
