"""Several conversations in one terminal: a tool's own, and those that it starts below itself."""

import pytest

from podium.attention.hook_sessions import HookSessions
from podium.attention.signals import Claim

A, B, C = "a", "b", "c"
BUSY, WAITING, DONE, OVER = Claim.BUSY, Claim.WAITING, Claim.DONE, Claim.NOTHING
Step = tuple[str, Claim | None, Claim | None]


@pytest.mark.parametrize(
    ("steps", "outer"),
    [
        ([(A, None, None), (A, BUSY, BUSY), (A, WAITING, WAITING), (A, BUSY, BUSY), (A, DONE, DONE)], A),
        ([(A, BUSY, BUSY), (B, None, None), (B, BUSY, BUSY), (B, DONE, BUSY), (B, OVER, BUSY), (A, DONE, DONE)], A),
        ([(A, BUSY, BUSY), (B, WAITING, WAITING), (A, BUSY, None), (B, BUSY, BUSY), (B, DONE, BUSY)], A),
        ([(A, BUSY, BUSY), (B, BUSY, BUSY), (A, DONE, BUSY), (B, DONE, DONE)], A),
        ([(A, BUSY, BUSY), (A, DONE, DONE), (B, None, None), (B, BUSY, BUSY), (B, DONE, DONE)], B),
        ([(A, None, None), (B, None, None), (B, BUSY, BUSY)], B),
        ([(A, BUSY, BUSY), (A, OVER, OVER)], ""),
        ([(A, OVER, OVER), (A, OVER, OVER), (A, OVER, OVER)], ""),
        ([(A, WAITING, WAITING), (B, DONE, None), (A, DONE, DONE)], A),
        ([(A, BUSY, BUSY), (B, BUSY, BUSY), (A, OVER, BUSY), (B, DONE, DONE)], B),
        ([(A, BUSY, BUSY), (B, WAITING, WAITING), (A, BUSY, None), (A, DONE, DONE), (A, BUSY, BUSY)], A),
    ],
    ids=[
        "one", "nested", "nested-asks", "in-background", "next", "cleared", "ended", "ended-thrice", "asks", "left",
        "killed",
    ],
)  # fmt: skip
def test_what_all_of_them_say(steps: list[Step], outer: str) -> None:
    sessions = HookSessions()
    assert [sessions.on(session, claim) for session, claim, _ in steps] == [said for _, _, said in steps]
    assert sessions.outer == outer


def test_a_flood_of_conversations_is_kept_to_a_few() -> None:
    sessions = HookSessions()
    sessions.on(A, BUSY)
    for number in range(10_000):
        sessions.on(f"s{number}", BUSY)
    assert len(sessions._claims) == 16
    assert sessions.outer == A


def test_without_a_name_the_last_word_counts() -> None:
    sessions = HookSessions()
    assert [sessions.on("", claim) for claim in (BUSY, DONE, WAITING, OVER)] == [BUSY, DONE, WAITING, OVER]
