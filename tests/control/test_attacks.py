"""Attacks in, statuses out: every row of the table, over both transports where it applies, on raw sockets."""

import base64
import json
from collections.abc import Callable

import pytest

from podium.control.api.limits import BURST, INPUT_BURST, MAX_BODY, MAX_CONNECTIONS, WRONG_TOKENS
from tests.control.conftest import Served
from tests.control.wire import Answer, Wire

pytestmark = pytest.mark.fault(40)

HEALTH = "/api/health"
INPUT = "/api/orchestrator/one/input"
JSON = "Content-Type: application/json"


@pytest.fixture
def wire(served: Served, transport: str) -> Wire:
    return served.wire(transport)


def refused(answer: Answer, status: int) -> Answer:
    """An error in the API's own form, without any CORS header."""
    assert answer.status == status, answer
    assert set(answer.json["error"]) == {"code", "message", "hint"}
    assert not [name for name in answer.headers if name.startswith("access-control")]
    return answer


def test_a_proper_request_is_answered(wire: Wire) -> None:
    answer = wire.ask("GET", HEALTH)
    assert answer.status == 200
    assert answer.json["status"] == "ok"
    assert answer.headers["server"] == "podium"
    assert not [name for name in answer.headers if name.startswith("access-control")]


# Who calls


@pytest.mark.parametrize(
    "header",
    [
        "X-Nothing: 1",
        "Authorization: Bearer wrong",
        "Authorization: Bearer",
        "Authorization: Basic {basic}",
        "Cookie: token={token}",
        "X-Token: {token}",
    ],
)
def test_no_wrong_basic_or_cookie_token(served: Served, header: str) -> None:
    basic = base64.b64encode(f"podium:{served.token()}".encode()).decode()
    given = header.format(basic=basic, token=served.token())
    answer = refused(served.wire("tcp").ask("GET", HEALTH, given, token=False), 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert served.token().encode() not in answer.body


def test_two_tokens_are_no_token(served: Served) -> None:
    refused(served.wire("tcp").ask("GET", HEALTH, "Authorization: Bearer wrong"), 401)


def test_the_unix_socket_needs_no_token(served: Served) -> None:
    assert served.wire("unix").ask("GET", HEALTH).status == 200


def test_the_read_only_token_looks_and_does_nothing(served: Served) -> None:
    wire = served.wire("tcp")
    wire.token = served.token("token-read")
    assert wire.ask("GET", "/api/orchestrator/instances").status == 200
    assert refused(wire.post(INPUT, {"text": "x"}), 403).code == "read-only"
    assert refused(wire.ask("DELETE", "/api/orchestrator/one"), 403).code == "read-only"
    assert refused(wire.handshake("/ws/terminal/one"), 403)
    wire = served.wire("tcp")
    wire.token = served.token("token-read")
    assert wire.handshake("/ws").status == 101


def test_the_eleventh_wrong_token_and_the_right_one_after_it(served: Served) -> None:
    for _ in range(WRONG_TOKENS):
        refused(served.wire("tcp").ask("GET", HEALTH, "Authorization: Bearer wrong", token=False), 401)
    answer = refused(served.wire("tcp").ask("GET", HEALTH, "Authorization: Bearer wrong", token=False), 429)
    assert int(answer.headers["retry-after"]) > 0
    # Whoever guesses must not lock out the one who knows.
    assert served.wire("tcp").ask("GET", HEALTH).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]", ""]
)
def test_a_foreign_host(wire: Wire, host: str) -> None:
    refused(wire.ask("GET", HEALTH, f"Host: {host}", host=False), 421)


def test_no_host(wire: Wire) -> None:
    refused(wire.ask("GET", HEALTH, host=False), 400)


@pytest.mark.parametrize("hosts", ["Host: {own}", "Host: evil.example", "host: {own}"])
def test_a_second_host(wire: Wire, hosts: str) -> None:
    refused(wire.ask("GET", HEALTH, hosts.format(own=wire.host)), 400)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://{own}", ""])
def test_any_origin(wire: Wire, origin: str) -> None:
    refused(wire.ask("GET", HEALTH, f"Origin: {origin.format(own=wire.host)}"), 403)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin"])
def test_a_fetch_of_a_page(wire: Wire, site: str) -> None:
    refused(wire.ask("GET", HEALTH, f"Sec-Fetch-Site: {site}", "Sec-Fetch-Mode: no-cors"), 403)


def test_a_preflight(wire: Wire) -> None:
    refused(
        wire.ask("OPTIONS", HEALTH, "Origin: http://evil.example", "Access-Control-Request-Method: POST"), 403
    )


# What is asked


@pytest.mark.parametrize("name", ["token", "access_token", "Authorization", "api-key", "KEY"])
def test_a_token_in_the_address(wire: Wire, name: str) -> None:
    refused(wire.ask("GET", f"{HEALTH}?{name}=secret", token=False), 400)


def test_the_token_itself_anywhere_in_the_address(served: Served) -> None:
    token = served.token()
    refused(served.wire("tcp").ask("GET", f"/api/{token}"), 400)
    refused(served.wire("tcp").ask("GET", f"{HEALTH}?x={''.join(f'%{ord(c):02x}' for c in token)}"), 400)


@pytest.mark.parametrize(
    "body", [b"{", b"nope", b"{'a': 1}", b"\xff\xfe", b"[" * 30_000, b'{"text": "x"} {}']
)
def test_bad_json(wire: Wire, body: bytes) -> None:
    refused(wire.ask("POST", INPUT, JSON, body=body), 400)


def test_content_length_and_chunks(served: Served, wire: Wire) -> None:
    smuggled = b"0\r\n\r\nPOST /api/orchestrator/one/stop HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = wire.head("POST", INPUT, JSON, "Content-Length: 5", "Transfer-Encoding: chunked")
    refused(wire.raw(head + smuggled), 400)
    assert served.gateway.calls == []


@pytest.mark.parametrize(
    "lines",
    [
        ("Content-Length: 2", "Content-Length: 3"),
        ("Content-Length: -1",),
        ("Content-Length: 2x",),
        ("Transfer-Encoding: identity, chunked", "Transfer-Encoding: chunked"),
        ("Bad header",),
        ("X: a\x00b",),
    ],
)
def test_headers_that_two_servers_would_read_differently(
    served: Served, wire: Wire, lines: tuple[str, ...]
) -> None:
    refused(wire.raw(wire.head("POST", INPUT, JSON, *lines) + b"{}"), 400)
    assert served.gateway.calls == []


@pytest.mark.parametrize(
    "target", ["http://evil.example/api/health", "https://localhost/api/health", "evil.example:80", "*"]
)
def test_an_absolute_address_of_another_server(wire: Wire, target: str) -> None:
    refused(wire.ask("GET", target), 400)


@pytest.mark.parametrize("framing", ["length", "chunks"])
def test_a_body_over_the_limit(served: Served, wire: Wire, framing: str) -> None:
    body = json.dumps({"text": "x" * MAX_BODY}).encode()
    if framing == "length":
        refused(wire.ask("POST", INPUT, JSON, body=body), 413)
    else:
        chunks = b"".join(
            b"%x\r\n%s\r\n" % (len(piece), piece)
            for piece in (body[at : at + 8192] for at in range(0, len(body), 8192))
        )
        head = wire.head("POST", INPUT, JSON, "Transfer-Encoding: chunked")
        refused(wire.raw(head + chunks + b"0\r\n\r\n"), 413)
    assert served.gateway.calls == []


def test_a_compressed_body(wire: Wire) -> None:
    refused(wire.ask("POST", INPUT, JSON, "Content-Encoding: gzip", body=b"\x1f\x8b"), 415)


@pytest.mark.parametrize("length", [5_000, 12_000, 100_000])
def test_a_long_address(wire: Wire, length: int) -> None:
    refused(wire.ask("GET", f"{HEALTH}?x={'a' * length}"), 414)


@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "text/json"],
)
def test_a_form(wire: Wire, content_type: str) -> None:
    refused(wire.ask("POST", INPUT, f"Content-Type: {content_type}", body=b'{"text": "x"}'), 415)


def test_a_body_without_a_type(wire: Wire) -> None:
    refused(wire.ask("POST", INPUT, body=b'{"text": "x"}'), 415)


@pytest.mark.parametrize("instance", ["-x", "a%20b", "..%2f..%2fetc", "a%00", "x" * 65, "workers", "%ff"])
def test_a_bad_id(served: Served, wire: Wire, instance: str) -> None:
    refused(wire.ask("GET", f"/api/orchestrator/{instance}/screen"), 422)
    assert served.gateway.calls == []


@pytest.mark.parametrize(
    "body",
    [
        {"text": 7},
        {"keys": "Ctrl+C"},
        {"text": "x", "more": True},
        {"id": "two", "text": "x"},
        {"text": "x" * 40_000},
        [],
        "text",
        None,
    ],
)
def test_a_bad_shape(served: Served, wire: Wire, body: object) -> None:
    refused(wire.post(INPUT, body), 422)
    assert served.gateway.calls == []


def test_a_query_that_nobody_knows(wire: Wire) -> None:
    refused(wire.ask("GET", "/api/orchestrator/one/screen?colour=red"), 422)


def test_too_many_requests_on_one_connection_and_none_too_many_on_another(served: Served) -> None:
    wire = served.wire("tcp")
    statuses = [wire.ask("GET", HEALTH).status for _ in range(BURST * 2)]
    assert statuses[:BURST] == [200] * BURST
    assert 429 in statuses
    assert served.wire("tcp").ask("GET", HEALTH).status == 200


def test_more_connections_than_there_may_be(served: Served, transport: str) -> None:
    held = [served.wire(transport) for _ in range(MAX_CONNECTIONS)]
    for wire in held:
        assert wire.ask("GET", HEALTH).status == 200
    with pytest.raises((EOFError, OSError)):
        served.wire(transport).ask("GET", HEALTH)
    held.pop().close()

    def again() -> bool:
        try:
            return served.wire(transport).ask("GET", HEALTH).status == 200
        except (EOFError, OSError):
            return False

    assert any(again() for _ in range(100))


@pytest.mark.parametrize(
    "target", ["/", "/api", "/api/nothing", "/api/orchestrator/one/two/three", "/../etc/passwd"]
)
def test_an_unknown_address(wire: Wire, target: str) -> None:
    refused(wire.ask("GET", target), 404)


def test_a_wrong_method(wire: Wire) -> None:
    refused(wire.ask("DELETE", HEALTH), 405)
    refused(wire.ask("PUT", "/api/orchestrator/one/stop"), 405)
    refused(wire.ask("OPTIONS", HEALTH), 405)
    assert "POST" in refused(wire.ask("GET", "/api/orchestrator/one/stop"), 405).json["error"]["hint"]


# The same at the WebSocket's handshake


@pytest.mark.parametrize("path", ["/ws", "/ws/terminal/one"])
def test_handshakes_that_are_refused(served: Served, transport: str, path: str) -> None:
    refused(served.wire(transport).handshake(path, "Origin: http://evil.example"), 403)
    refused(served.wire(transport).handshake(path, "Sec-Fetch-Site: cross-site"), 403)
    refused(served.wire(transport).handshake(path, "Host: evil.example"), 400)
    refused(served.wire(transport).handshake(f"{path}?token=x"), 400)
    refused(served.wire(transport).ask("GET", path), 426)
    refused(served.wire(transport).ask("POST", path), 405)
    wire = served.wire(transport)
    wire.host = "evil.example"
    refused(wire.handshake(path), 421)
    refused(served.wire("tcp").handshake(path, token=False), 401)
    refused(served.wire("tcp").handshake(path, "Authorization: Bearer wrong", token=False), 401)


def test_a_terminal_of_nobody_and_one_with_a_bad_id(served: Served, transport: str) -> None:
    refused(served.wire(transport).handshake("/ws/terminal/nobody"), 404)
    refused(served.wire(transport).handshake("/ws/terminal/.."), 422)


@pytest.mark.parametrize(
    ("payload", "opcode", "code"),
    [
        (b"\x00\x01", 2, 1003),
        (b"{", 1, 1007),
        (b"\xff", 1, 1007),
        (b"[" * 20_000, 1, 1007),
        (b'{"type": "steal"}', 1, 1008),
        (b'{"unknown": 1}', 1, 1008),
        (b"{}", 1, 1008),
        (b"7", 1, 1008),
        (b'{"subscribe": "worker:*"}', 1, 1008),
        (b'{"subscribe": ["["]}', 1, 1008),
        (b'{"type": "replay", "afterSeq": -1}', 1, 1008),
        (b'{"subscribe": ["' + b"a" * 70_000 + b'"]}', 1, 1009),
    ],
)
def test_messages_that_end_the_connection(
    served: Served, transport: str, payload: bytes, opcode: int, code: int
) -> None:
    wire = served.wire(transport)
    assert wire.handshake("/ws").status == 101
    wire.send_frame(payload, opcode)
    assert wire.close_code() == code


def test_a_flood_of_messages(served: Served, transport: str) -> None:
    wire = served.wire(transport)
    assert wire.handshake("/ws").status == 101
    for _ in range(BURST * 3):
        wire.say({"subscribe": ["*"]})
    assert wire.close_code() == 1008


def test_a_flood_of_input(served: Served) -> None:
    wire = served.wire("unix")
    assert wire.handshake("/ws/terminal/one").status == 101
    for _ in range(INPUT_BURST * 3):
        wire.send_frame(b"x", 2)
    assert wire.close_code() == 1008


def test_what_is_said_stays_said_after_an_attack(served: Served, serve: Callable[..., Served]) -> None:
    """The other clients notice nothing of all that."""
    good = served.wire("unix")
    assert good.ask("GET", HEALTH).status == 200
    for payload in (b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00", b"\r\n" * 1000 + b"x", b"A" * 70_000):
        bad = served.wire("tcp")
        try:
            answer = bad.raw(payload + b"\r\n\r\n")
        except (EOFError, OSError):
            continue
        assert answer.status in (400, 414)
    assert good.ask("GET", HEALTH).status == 200
