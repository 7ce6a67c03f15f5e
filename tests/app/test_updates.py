"""*Check for updates*: answers of a feed in, words for a person out, and no request that nobody allowed."""

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium import __version__
from podium.app.background import Background
from podium.app.updates.release_feed import MOST_BYTES, FeedProblem, read_feed
from podium.app.updates.release_version import is_update, parse_version
from podium.app.updates.update_check import FAILED, NO_FEED, CheckFailed, Update, UpdateCheck, look_up
from podium.app.version import UPDATES, Build, PackageKind
from podium.core.config.settings import Updates
from podium.core.system.web_requests import is_https, trusting_context

PATIENCE = 60_000
NEWER = "99.0.0"
NOTES = "https://example.org/releases/v99.0.0"
DAY = 24 * 3600.0

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBgzCCASmgAwIBAgIUBZYHQhnuc/Pj82QirWYuszafRsgwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLUG9kaXVtIHRlc3QwIBcNMjYxMTMwMTU1NjQ4WhgPMjEyNjEx
MDYxNTU2NDhaMBYxFDASBgNVBAMMC1BvZGl1bSB0ZXN0MFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEsx6JDC7kDZ6MgBzie791PXzU8gzo+hY65pjzs2pot/oRpAdk
N3jjsN7iKjfk11WcBUuPWQeTK0aOWcY1xKzoHaNTMFEwHQYDVR0OBBYEFB+rxVlt
t3GivWg3jt+KyL+oy3UyMB8GA1UdIwQYMBaAFB+rxVltt3GivWg3jt+KyL+oy3Uy
MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAO9Fx1x7bj3wsb7F
SXRPYw/bLSyNs43m3K/m5o3u+1RgAiBq4ZUe/6tdFG6n4a8iwJJcD2DI4I7Gsmue
7jSCzs0DAQ==
-----END CERTIFICATE-----
"""

Respond = Callable[[BaseHTTPRequestHandler], None]


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def release(tag: object = f"v{NEWER}", **more: object) -> bytes:
    return json.dumps({"tag_name": tag, "html_url": NOTES, **more}).encode()


@dataclass
class Feed:
    """A server on this machine that answers with ``respond`` and remembers the heads of requests."""

    respond: Respond = lambda handler: send(handler, release())
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    """Set at the end: a handler that hangs waits for it."""
    address: str = ""


@pytest.fixture
def feed() -> Iterator[Feed]:
    feed = Feed()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            feed.requests.append((self.path, dict(self.headers)))
            feed.respond(self)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # The client hangs up on what is too long.
    feed.address = f"http://127.0.0.1:{server.server_port}/latest"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield feed
    feed.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


def told(feed: Feed) -> str:
    with pytest.raises(FeedProblem) as caught:
        read_feed(feed.address)
    return str(caught.value)


def without_end(*parts: bytes) -> tuple[Respond, threading.Event]:
    """An answer that repeats the last of ``parts``; the event is set when nobody listens any more."""
    left = threading.Event()

    def respond(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.wfile.write(b"".join(parts[:-1]))
            while True:
                handler.wfile.write(parts[-1])
        except OSError:
            left.set()

    return respond, left


@pytest.mark.parametrize(
    "parts",
    [
        (b"HTTP/1.1 100 Continue\r\n\r\n",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"a: b\r\n"),
    ],
    ids=["continue", "trailers"],
)
def test_a_check_ends_an_answer_that_has_no_end(feed: Feed, parts: tuple[bytes, ...]) -> None:
    feed.respond, left = without_end(*parts)
    with pytest.raises(FeedProblem, match="no answer within"):
        read_feed(feed.address, 0.3)
    assert left.wait(10)


# Versions


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0.2.0", "0.2.0"),
        ("v0.2.0", "0.2.0"),
        ("v1.10.0-rc.1", "1.10.0rc1"),
        ("1.0.0beta2", "1.0.0b2"),
        ("01.0.0", "1.0.0"),
    ],
)
def test_a_version_is_shown_in_one_form(text: str, shown: str) -> None:
    assert str(parse_version(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.2",
        "1.2.3.4",
        "1.2.3\n",
        "v1.2.3\x1b[31m",
        "1.2.3 ",
        "1.2.3+x",
        "١.2.3",
        "1.2.9999999",
        "1.2.3-rc",
        "latest",
    ],
    ids=ascii,
)
def test_nothing_else_is_a_version(text: str) -> None:
    with pytest.raises(ValueError, match="no version"):
        parse_version(text)


def test_versions_sort_as_releases_follow_each_other() -> None:
    order = ["0.9.9", "0.10.0a1", "0.10.0b1", "0.10.0b10", "0.10.0rc1", "0.10.0", "0.10.1", "1.0.0"]
    assert sorted(order, key=parse_version) == order


@pytest.mark.parametrize(
    ("offered", "own", "update"),
    [
        ("0.2.0", "0.1.0", True),
        ("0.1.0", "0.1.0", False),
        ("0.1.0", "0.2.0", False),
        ("0.2.0rc1", "0.1.0", False),
        ("0.2.0rc2", "0.2.0rc1", True),
        ("0.2.0", "0.2.0rc1", True),
    ],
)
def test_only_a_pre_release_is_updated_to_a_pre_release(offered: str, own: str, update: bool) -> None:
    assert is_update(parse_version(offered), parse_version(own)) is update


def test_this_version_is_one() -> None:
    assert str(parse_version(__version__)) == __version__


# The feed


def test_a_request_holds_the_version_and_nothing_of_the_person(
    feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")  # This machine is asked directly.
    assert read_feed(feed.address).version == parse_version(NEWER)
    [(path, headers)] = feed.requests
    assert path == "/latest"
    assert {name.lower(): value for name, value in headers.items() if name != "Host"} == {
        "user-agent": f"podium/{__version__}",
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "close",
    }


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://example.org/feed",
        "file:///etc/passwd",
        "ftp://example.org/",
        "https://me:secret@example.org/",
        "https://example.org\\@elsewhere.example/",
        "https://example.org/\\elsewhere.example",
        "https://example.org/\n",
        "http://127.0.0.1.example.org/",
        "https:///feed",
        f"https://example.org/{'x' * 3000}",
    ],
    ids=lambda address: ascii(address[:30]),
)
def test_an_address_that_is_not_plain_https_is_refused_before_anything_is_sent(address: str) -> None:
    assert not is_https(address)
    with pytest.raises(FeedProblem, match="begins with https"):
        read_feed(address)


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Sign in</title>",
        b"",
        b"[]",
        b"\xff\xfe",
        b'{"more": ' + b"[" * 100_000,
        release(tag=7),
        release(tag="v1.2.3\x1b]0;owned\x07"),
        release(tag="v99.0.0\u202e"),
        release(html_url=["x"]),
        b'{"html_url": "https://example.org"}',
    ],
    ids=["html", "empty", "list", "no-utf-8", "deep", "number", "escape", "bidi", "wrong-link", "no-tag"],
)
def test_an_answer_that_is_no_release_is_told_without_a_word_of_it(feed: Feed, body: bytes) -> None:
    feed.respond = lambda handler: send(handler, body)
    assert told(feed) == "The answer is no release. Look at the address in updates.feed."


@pytest.mark.parametrize(
    "link",
    [
        "http://example.org/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://a@b/",
        "https://x/\u202e",
        "",
    ],
    ids=ascii,
)
def test_a_link_that_is_not_plain_https_is_not_offered(feed: Feed, link: str) -> None:
    feed.respond = lambda handler: send(handler, release(html_url=link))
    assert read_feed(feed.address).notes == ""


def test_a_long_answer_is_not_read_to_its_end(feed: Feed) -> None:
    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not feed.released.is_set():  # Until the client hangs up.
            handler.wfile.write(b" " * 65536)

    feed.respond = flood
    assert "too long" in told(feed)


def test_the_longest_answer_is_read(feed: Feed) -> None:
    body = release()
    feed.respond = lambda handler: send(handler, body + b" " * (MOST_BYTES - len(body)))
    assert read_feed(feed.address).notes == NOTES


def test_a_feed_that_does_not_answer_is_given_up(feed: Feed) -> None:
    feed.respond = lambda _handler: feed.released.wait() and None
    with pytest.raises(FeedProblem, match=r"no answer within|can't be reached"):
        read_feed(feed.address, seconds=0.2)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target", ["http://example.org/", "file:///etc/passwd", "/elsewhere", "https://a:b@c/", "http://["]
)
def test_a_redirect_to_what_is_not_https_is_not_followed(feed: Feed, status: int, target: str) -> None:
    feed.respond = lambda handler: send(handler, b"x", status, Location=target)
    assert "not https" in told(feed)
    assert len(feed.requests) == 1


@pytest.mark.parametrize("status", [304, 403, 404, 500])
def test_a_status_is_told(feed: Feed, status: int) -> None:
    feed.respond = lambda handler: send(handler, b"", status)
    assert f"status {status}" in told(feed)


def test_what_speaks_no_http_is_told_without_its_words(feed: Feed) -> None:
    feed.respond = lambda handler: handler.wfile.write(b"220 owned\x1b[31m\r\n") and None
    assert told(feed) == "What answers there does not speak HTTP. Look at the network and try again."


def test_a_cookie_is_not_sent_back(feed: Feed) -> None:
    feed.respond = lambda handler: send(handler, release(), **{"Set-Cookie": "who=you"})
    read_feed(feed.address)
    read_feed(feed.address)
    assert not any("Cookie" in headers for _, headers in feed.requests)


NO_PATHS = ssl.DefaultVerifyPaths(
    None, None, "SSL_CERT_FILE", "/nowhere/cert.pem", "SSL_CERT_DIR", "/nowhere/certs"
)


def test_an_openssl_that_looks_in_another_systems_places_is_led_to_this_ones(tmp_path: Path) -> None:
    """As that of a frozen Podium does. The certificate is made up, and nobody has its key."""
    bundle = tmp_path / "bundle.crt"
    bundle.write_text(CERTIFICATE)
    places = [str(tmp_path / "missing.crt"), str(bundle)]
    subjects = [one["subject"] for one in trusting_context(NO_PATHS, places).get_ca_certs()]
    assert ((("commonName", "Podium test"),),) in subjects
    found = NO_PATHS._replace(cafile=str(tmp_path / "the system's own"))
    subjects = [one["subject"] for one in trusting_context(found, places).get_ca_certs()]
    assert ((("commonName", "Podium test"),),) not in subjects


# What is told


@pytest.mark.parametrize("kind", PackageKind, ids=lambda kind: kind.value)
def test_a_newer_version_says_how_this_package_is_updated(feed: Feed, kind: PackageKind) -> None:
    update = look_up("", Build(kind, feed=feed.address))
    assert update == Update(NEWER, __version__, UPDATES[kind], NOTES)
    assert update.title == f"Podium {NEWER} is out; you have {__version__}."


@pytest.mark.parametrize("tag", ["v0.0.1", f"v{__version__}", "v99.0.0-rc.1"])
def test_an_older_version_and_a_pre_release_are_no_update(feed: Feed, tag: str) -> None:
    feed.respond = lambda handler: send(handler, release(tag))
    assert look_up(feed.address, Build()) is None


def test_the_feed_of_the_settings_goes_before_the_builds(feed: Feed) -> None:
    assert look_up(feed.address, Build(feed="https://invalid.invalid/")) is not None


def test_a_problem_names_the_address_with_every_character_visible() -> None:
    with pytest.raises(CheckFailed) as caught:
        look_up("ftp://x/\u202e", Build())
    assert caught.value.title == FAILED
    assert caught.value.text.startswith("ftp://x/\\u202e: That is no address of a feed.")


# When it is asked


class Checks:
    """A check, and what it told."""

    def __init__(self, memory: Path, feed: str) -> None:
        self.feed = feed
        self.background = Background()
        self.time = 1_000_000.0
        self.check = UpdateCheck(
            memory, self.background, build=lambda: Build(PackageKind.DEB, feed=feed), now=lambda: self.time
        )
        self.messages: list[tuple[str, str]] = []
        self.found: list[tuple[str, bool]] = []
        self.failed: list[str] = []
        self.check.message_posted.connect(lambda *words: self.messages.append(words))
        self.check.update_found.connect(lambda update, asked: self.found.append((update.version, asked)))
        self.check.unasked_failed.connect(self.failed.append)

    def settle(self, qtbot: QtBot) -> None:
        """Until every job is done and what it led to has been received."""
        lanes = (self.background.own, self.background.foreign)
        qtbot.waitUntil(lambda: self.check.idle and all(lane.wait(0) for lane in lanes), timeout=PATIENCE)
        received: list[int] = []
        self.background.hand_over(received.append, 1)
        qtbot.waitUntil(lambda: bool(received), timeout=PATIENCE)


@pytest.fixture
def make_checks(qapp: object, tmp_path: Path, feed: Feed) -> Iterator[Callable[..., Checks]]:
    made: list[Checks] = []

    def make(address: str | None = None) -> Checks:
        made.append(Checks(tmp_path / "state" / "updates.json", feed.address if address is None else address))
        return made[-1]

    yield make
    for checks in made:
        checks.background.close()


MakeChecks = Callable[..., Checks]


def test_nothing_is_sent_when_nobody_allowed_it(qtbot: QtBot, feed: Feed, make_checks: MakeChecks) -> None:
    checks = make_checks()
    checks.check.begin(Updates())
    checks.settle(qtbot)
    assert (feed.requests, checks.messages, checks.found) == ([], [], [])


def test_a_person_who_asks_is_answered_each_time(qtbot: QtBot, feed: Feed, make_checks: MakeChecks) -> None:
    checks = make_checks()
    for _ in range(2):
        checks.check.ask()
        checks.settle(qtbot)
    assert checks.found == [(NEWER, True)] * 2
    feed.respond = lambda handler: send(handler, release(f"v{__version__}"))
    checks.check.ask()
    checks.settle(qtbot)
    assert checks.messages == [("Podium is up to date", f"You have {__version__}.")]


def test_a_build_without_a_feed_says_so(qtbot: QtBot, make_checks: MakeChecks) -> None:
    checks = make_checks("")
    checks.check.ask()
    checks.settle(qtbot)
    assert checks.messages == [(NO_FEED, "Set updates.feed in settings.toml, and start Podium again.")]


def test_an_allowed_check_asks_once_a_day_and_tells_a_version_once(
    qtbot: QtBot, feed: Feed, make_checks: MakeChecks
) -> None:
    for passed, requests, found in ((0.0, 1, 1), (DAY - 1, 1, 0), (DAY + 1, 2, 0)):
        checks = make_checks()  # Another start.
        checks.time += passed
        checks.check.begin(Updates(check=True))
        checks.settle(qtbot)
        assert (len(feed.requests), len(checks.found)) == (requests, found)
    feed.respond = lambda handler: send(handler, release("v99.0.1"))
    checks = make_checks()
    checks.time += 3 * DAY
    checks.check.begin(Updates(check=True))
    checks.settle(qtbot)
    assert checks.found == [("99.0.1", False)]


def test_a_clock_that_was_set_back_does_not_end_the_checks(
    qtbot: QtBot, feed: Feed, make_checks: MakeChecks
) -> None:
    for passed in (0.0, -9 * DAY):
        checks = make_checks()
        checks.time += passed
        checks.check.begin(Updates(check=True))
        checks.settle(qtbot)
    assert len(feed.requests) == 2


def test_an_allowed_check_that_fails_is_only_logged(
    qtbot: QtBot, feed: Feed, make_checks: MakeChecks
) -> None:
    feed.respond = lambda handler: send(handler, b"", 404)
    checks = make_checks()
    checks.check.begin(Updates(check=True))
    checks.settle(qtbot)
    assert (checks.messages, checks.found) == ([], [])
    [text] = checks.failed
    assert "status 404" in text


def test_an_allowed_check_that_can_not_be_remembered_is_not_made(
    qtbot: QtBot, feed: Feed, make_checks: MakeChecks, tmp_path: Path
) -> None:
    (tmp_path / "state").touch()  # A file where the folder has to be.
    checks = make_checks()
    checks.check.begin(Updates(check=True))
    checks.settle(qtbot)
    assert feed.requests == []
    assert len(checks.failed) == 1


def test_who_asks_during_an_allowed_check_gets_the_one_answer(
    qtbot: QtBot, feed: Feed, make_checks: MakeChecks
) -> None:
    checks = make_checks()
    checks.check.begin(Updates(check=True))
    checks.check.ask()
    checks.check.ask()
    checks.settle(qtbot)
    assert len(feed.requests) == 1
    assert checks.found == [(NEWER, True)]


def test_a_damaged_memory_is_written_anew(
    qtbot: QtBot, feed: Feed, make_checks: MakeChecks, tmp_path: Path
) -> None:
    memory = tmp_path / "state" / "updates.json"
    memory.parent.mkdir()
    memory.write_text('{"checked": "soon"}')
    checks = make_checks()
    checks.check.begin(Updates(check=True))
    checks.settle(qtbot)
    assert len(feed.requests) == 1
    assert json.loads(memory.read_text()) == {"checked": checks.time, "told": NEWER}
