"""Limits, retries and loops in the output of agents."""

import pytest
from tests.missions.agent_lines import DONE, INIT, NOW, run

from podium.core.adapters.model import Kind
from podium.missions.streams.updates import (
    LimitHit,
    Looping,
    Progress,
    Tokens,
    ToolFailed,
    Trouble,
)

# Limits, retries, loops


def test_a_limit_with_a_reset_time_is_told_at_once_and_in_the_report() -> None:
    until = NOW + 7200
    event = {
        "type": "rate_limit_event",
        "rate_limit_info": {"status": "rejected", "resetsAt": int(until), "rateLimitType": "five_hour"},
    }
    failed = {
        **DONE,
        "is_error": True,
        "result": "You've hit your limit · resets 4pm (UTC)",
        "api_error_status": 429,
    }
    report, updates = run("claude", INIT, event, failed)
    assert [update.until for update in updates if isinstance(update, LimitHit)] == [until, until]
    assert (report.kind, report.transient, report.limit_until) == (Kind.LIMIT, True, until)


def test_a_limit_that_lets_through_is_none() -> None:
    event = {"type": "rate_limit_event", "rate_limit_info": {"status": "allowed", "resetsAt": int(NOW + 60)}}
    report, updates = run("claude", INIT, event, DONE)
    assert report.ok
    assert not [update for update in updates if isinstance(update, LimitHit)]


@pytest.mark.parametrize(
    ("tool", "line", "wait"),
    [
        (
            "codex",
            {
                "type": "turn.failed",
                "error": {"message": "You've hit your usage limit. Try again in 2 hours 30 minutes."},
            },
            9000,
        ),
        (
            "gemini",
            {
                "type": "result",
                "status": "error",
                "error": {
                    "message": "[API Error: You have exhausted your quota. Your quota will reset after 1h2m3s.]"
                },
            },
            3723,
        ),
        (
            "opencode",
            {
                "type": "error",
                "error": {
                    "name": "APIError",
                    "data": {
                        "message": "Too many",
                        "statusCode": 429,
                        "responseHeaders": {"retry-after": "77"},
                    },
                },
            },
            77,
        ),
        ("aider", b"litellm.RateLimitError: OpenAIException - Please retry in 30s\n", 30),
    ],
)
def test_a_limit_says_until_when(tool: str, line: object, wait: float) -> None:
    report, updates = run(tool, line, code=1)
    assert (report.kind, report.transient) == (Kind.LIMIT, True)
    assert report.limit_until == pytest.approx(NOW + wait, abs=0.01)
    assert [update.until for update in updates if isinstance(update, LimitHit)] == [report.limit_until]


def test_an_account_without_money_is_no_limit_that_passes() -> None:
    text = "Quota exceeded. insufficient_quota: check your plan and billing details (status 429)"
    report, _ = run("codex", {"type": "turn.failed", "error": {"message": text}}, code=1)
    assert (report.kind, report.transient, report.limit_until) == (Kind.AUTH, False, None)


def test_the_same_error_again_and_again_is_a_loop() -> None:
    failing = [
        {
            "type": "assistant",
            "message": {"id": str(n), "content": [{"type": "tool_use", "id": str(n), "name": "Edit"}]},
        }
        if even
        else {
            "type": "user",
            "message": {
                "content": [
                    {
                        "type": "tool_result",
                        "tool_use_id": str(n),
                        "is_error": True,
                        "content": f"no match (try {n})",
                    }
                ]
            },
        }
        for n in range(14)
        for even in (True, False)
    ]
    _, updates = run("claude", INIT, *failing)
    assert len([update for update in updates if isinstance(update, ToolFailed)]) == 14
    loops = [update for update in updates if isinstance(update, Looping)]
    assert [loop.count for loop in loops] == [12, 13, 14]
    assert "no match" in loops[0].text


def test_a_tool_that_works_in_between_ends_the_row_of_errors() -> None:
    def result(number: int, failed: bool) -> dict[str, object]:
        content = {
            "type": "tool_result",
            "tool_use_id": str(number),
            "is_error": failed,
            "content": "no match",
        }
        return {"type": "user", "message": {"content": [content]}}

    _, updates = run("claude", INIT, *(result(number, number % 10 != 0) for number in range(100)))
    assert not [update for update in updates if isinstance(update, Looping)]


def test_steps_without_progress_are_a_loop_and_no_progress() -> None:
    empty = {
        "type": "step_finish",
        "part": {"reason": "unknown", "tokens": {"input": 0, "output": 0}, "cost": 0},
    }
    steps = [
        step
        for number in range(9)
        for step in ({"type": "step_start"}, {"type": "text", "part": {"text": f"Attempt {number}"}}, empty)
    ]
    report, updates = run("opencode", *steps, code=None)
    assert next(update.count for update in updates if isinstance(update, Looping)) == 8
    assert not [update for update in updates if isinstance(update, Progress)]
    assert report.cost_usd is None  # It says 0, and nobody knows.


def test_a_tool_that_tries_again_and_again_is_a_loop_only_after_a_long_while() -> None:
    retry = {"type": "error", "message": "Reconnecting... waiting for network (Connection failed)"}
    _, updates = run("codex", {"type": "turn.started"}, *[retry] * 51)
    assert [update.count for update in updates if isinstance(update, Looping)] == [50, 51]


def test_the_same_call_again_and_again_is_a_loop() -> None:
    call = [
        {"type": "item.started", "item": {"id": f"i{n}", "type": "command_execution", "command": "make test"}}
        for n in range(15)
    ]
    _, updates = run("codex", *call)
    assert [update.count for update in updates if isinstance(update, Looping)] == [15]


def test_a_retry_is_trouble_and_the_run_may_still_go_well() -> None:
    report, updates = run(
        "aider",
        b"litellm.InternalServerError: Overloaded\n",
        b"Retrying in 0.2 seconds...\n",
        b"The answer.\n",
        b"Tokens: 1.5k sent, 20 received. Cost: $0.02 message, $0.05 session.\n",
    )
    assert [update.kind for update in updates if isinstance(update, Trouble)] == [Kind.OVERLOAD]
    assert (report.ok, report.tokens, report.cost_usd) == (True, Tokens(1500, 20), 0.02)
    assert report.final_text == "The answer."
