"""Heads of requests in, a scope or a refusal out: the checks themselves, without a server."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from podium.control.api.errors import ApiError
from podium.control.api.limits import MAX_TARGET, WRONG_TOKENS
from podium.control.api.scope import FULL, READ_ONLY, Scope
from podium.control.http_server.access import AccessPolicy, RequestHead
from podium.control.http_server.addresses import listen_address
from podium.control.http_server.peers import Peer
from podium.control.http_server.runtime_folder import (
    RuntimeFolder,
    bind_socket,
    claim,
    find_folder,
    prepare_folder,
)
from podium.control.http_server.tokens import TOKEN_FILE, Tokens, make_tokens
from podium.core.ids import InstanceId

HOST = "127.0.0.1:8765"
TOKENS = Tokens("full-one", "read%one")
PROPER = RequestHead("GET", "/api/health", (HOST,), authorizations=("Bearer full-one",))


@pytest.fixture
def policy() -> AccessPolicy:
    return AccessPolicy(frozenset({HOST}), tokens=TOKENS)


def refusal(policy: AccessPolicy, **changes: object) -> tuple[int, str]:
    with pytest.raises(ApiError) as refused:
        policy.authorize(replace(PROPER, **changes))  # type: ignore[arg-type]
    return refused.value.status, refused.value.code


@pytest.mark.parametrize(
    ("authorization", "scope"),
    [("Bearer full-one", FULL), ("bearer  full-one ", FULL), ("Bearer read%one", READ_ONLY)],
)
def test_each_token_has_its_scope(policy: AccessPolicy, authorization: str, scope: Scope) -> None:
    assert policy.authorize(replace(PROPER, authorizations=(authorization,))) == scope


@pytest.mark.parametrize(
    ("authorizations", "code"),
    [
        ((), "no-token"),
        (("Bearer full-one", "Bearer full-one"), "no-token"),
        (("Basic full-one",), "no-token"),
        (("Bearer",), "wrong-token"),
        (("Bearer full-on",), "wrong-token"),
        (("Bearer full-one2",), "wrong-token"),
    ],
)
def test_no_other_authorization_is_one(
    policy: AccessPolicy, authorizations: tuple[str, ...], code: str
) -> None:
    assert refusal(policy, authorizations=authorizations) == (401, code)


def test_ten_wrong_tokens_a_minute_and_the_right_one_all_the_same(policy: AccessPolicy) -> None:
    for _ in range(WRONG_TOKENS):
        assert refusal(policy, authorizations=("Bearer x",)) == (401, "wrong-token")
    assert refusal(policy, authorizations=("Bearer x",)) == (429, "too-many-tries")
    assert policy.authorize(PROPER) == FULL


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"hosts": ("evil.example:8765",)}, (421, "wrong-host")),
        ({"hosts": ("127.0.0.1",)}, (421, "wrong-host")),
        ({"hosts": ()}, (400, "bad-request")),
        ({"hosts": (HOST, HOST)}, (400, "bad-request")),
        ({"target": "http://evil.example/api/health"}, (400, "bad-request")),
        ({"target": f"https://{HOST}/api/health"}, (400, "bad-request")),
        ({"target": "*"}, (400, "bad-request")),
        ({"origins": ("http://127.0.0.1:8765",)}, (403, "browser-refused")),
        ({"origins": ("null",)}, (403, "browser-refused")),
        ({"fetch_sites": ("same-origin",)}, (403, "browser-refused")),
        ({"fetch_sites": ("none", "cross-site")}, (403, "browser-refused")),
        ({"target": "/api/health?x=full-one"}, (400, "token-in-url")),
        ({"target": "/api/full-one"}, (400, "token-in-url")),
        ({"target": "/api/health?x=read%25one"}, (400, "token-in-url")),
        ({"target": "/api/health?Access-Token="}, (400, "token-in-url")),
        ({"target": "/" + "x" * MAX_TARGET}, (414, "uri-too-long")),
    ],
)
def test_what_a_browser_or_a_smuggler_sends_is_refused(
    policy: AccessPolicy, changes: dict[str, object], answer: tuple[int, str]
) -> None:
    assert refusal(policy, **changes) == answer


@pytest.mark.parametrize(
    "changes",
    [
        {"hosts": (HOST.upper(),)},
        {"fetch_sites": ("none",)},
        {"target": f"http://{HOST}/api/health"},
        {"target": "/" + "x" * (MAX_TARGET - 1)},
    ],
)
def test_what_a_program_may_send_is_taken(policy: AccessPolicy, changes: dict[str, object]) -> None:
    assert policy.authorize(replace(PROPER, **changes)) == FULL  # type: ignore[arg-type]


def test_a_transport_that_knows_its_peers_is_asked_about_this_one() -> None:
    def scope(peer: Peer) -> Scope:
        return Scope(instance=peer.instance)

    policy = AccessPolicy(frozenset({"podium"}), scope)
    head = RequestHead("GET", "/api/health", ("podium",))
    assert policy.authorize(head, Peer(7, InstanceId("one"))) == Scope(instance=InstanceId("one"))
    with pytest.raises(ApiError):
        policy.authorize(replace(head, origins=("http://podium",)))


def test_new_tokens_are_their_owners_alone_whatever_lay_there(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    (tmp_path / TOKEN_FILE).symlink_to(elsewhere)
    before = os.umask(0)
    try:
        tokens = make_tokens(tmp_path)
    finally:
        os.umask(before)
    assert elsewhere.read_text() == "mine"
    written = tmp_path / TOKEN_FILE
    assert written.read_text() == tokens.full + "\n"
    assert stat.S_IMODE(written.lstat().st_mode) == 0o600
    assert tokens.inside(f"x{tokens.read}")
    assert tokens.inside(f"x{tokens.full}")
    assert not tokens.inside("x")


@pytest.mark.parametrize("text", ["0.0.0.0:1", "127.0.0.1:65536", "127.0.0.1:x", "127.0.0.1"])
def test_no_other_address_is_listened_at(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        listen_address(text)


def only(monkeypatch: pytest.MonkeyPatch, *places: Path) -> None:
    monkeypatch.setattr("podium.control.http_server.runtime_folder.candidates", lambda: places)


@pytest.mark.parametrize(
    ("mode", "taken"), [(0o777, False), (0o770, False), (0o755, True), (0o1777, True), (0o700, True)]
)
def test_a_folder_that_others_may_write_to_is_not_built_on(
    runtime_folder: Path, monkeypatch: pytest.MonkeyPatch, mode: int, taken: bool
) -> None:
    open_one, own = runtime_folder / "open", runtime_folder / "own"
    open_one.mkdir()
    open_one.chmod(mode)
    only(monkeypatch, open_one / "podium", own)
    assert prepare_folder().path == (open_one / "podium" if taken else own)


def test_a_link_in_the_folders_place_is_not_taken(
    runtime_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (runtime_folder / "target").mkdir()
    (runtime_folder / "link").symlink_to(runtime_folder / "target")
    only(monkeypatch, runtime_folder / "link", runtime_folder / "own")
    assert prepare_folder().path == runtime_folder / "own"


def test_a_folder_of_somebody_else_is_not_taken(
    runtime_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = (runtime_folder / "theirs", runtime_folder / "own")
    places[0].mkdir(mode=0o700)
    only(monkeypatch, *places)
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = real(path)
        if path != places[0]:
            return found
        values = list(found)
        values[stat.ST_UID] = found.st_uid + 1
        return os.stat_result(values)

    monkeypatch.setattr(Path, "lstat", lstat)
    assert prepare_folder().path == places[1]


def test_a_client_looks_in_no_folder_that_others_can_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = (tmp_path / "open", tmp_path / "own")
    for place, mode in zip(places, (0o750, 0o700), strict=True):
        place.mkdir()
        place.chmod(mode)
        (place / "podium.sock").touch()
    only(monkeypatch, *places)
    assert find_folder().path == places[1]


def test_sockets_are_private_and_those_of_crashed_ones_go(runtime_folder: Path) -> None:
    gone = RuntimeFolder(runtime_folder, 2**22 + 1)  # Above every pid.
    here = RuntimeFolder(runtime_folder, os.getppid())
    for folder in (gone, here):
        folder.instances.mkdir()
        bind_socket(folder.instance_socket("one")).close()
    assert stat.S_IMODE(here.instance_socket("one").stat().st_mode) == 0o600
    held = claim(RuntimeFolder(runtime_folder, os.getpid()))
    assert here.instance_socket("one").exists()
    assert not gone.instances.exists()
    held.release()
