"""What can go wrong with an agent's output in, a report that is right about it out."""

import json
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from podium.core.adapters.model import Kind
from podium.core.adapters.pricing import Price, Prices
from podium.core.adapters.reading import read_adapter
from podium.core.adapters.registry import load_adapters
from podium.missions.streams.reader import AgentReader
from podium.missions.streams.updates import (
    AgentReport,
    Cost,
    LimitHit,
    Looping,
    Progress,
    Refused,
    Said,
    SessionTotals,
    Tokens,
    ToolFailed,
    Trouble,
    Update,
)

ADAPTERS = load_adapters(Path("/nonexistent")).adapters
NOW = datetime(2026, 11, 22, 14, 0, 0, tzinfo=UTC).timestamp()
INIT = {"type": "system", "subtype": "init", "session_id": "s-1", "model": "m-1"}
DONE: dict[str, Any] = {
    "type": "result",
    "subtype": "success",
    "is_error": False,
    "num_turns": 1,
    "result": "done",
    "session_id": "s-1",
    "total_cost_usd": 0.5,
    "usage": {"input_tokens": 10, "output_tokens": 5},
}


def reader(tool: str, **more: Any) -> AgentReader:
    return AgentReader(ADAPTERS[tool], wall_clock=lambda: NOW, **more)


def lines(*values: object) -> bytes:
    return b"".join(
        value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n" for value in values
    )


def run(
    tool: str, *values: object, code: int | None = 0, stderr: bytes = b"", **more: Any
) -> tuple[AgentReport, list[Update]]:
    reading = reader(tool, **more)
    updates = reading.feed_stderr(stderr) + reading.feed(lines(*values))
    return reading.end(code), updates


def test_the_output_may_arrive_in_any_pieces() -> None:
    data = lines(INIT, DONE)
    whole, piecewise = reader("claude"), reader("claude")
    whole.feed(data)
    for byte in data:
        piecewise.feed(bytes([byte]))
    assert whole.end(0) == piecewise.end(0)


def test_a_last_line_without_its_end_counts() -> None:
    report, _ = run("claude", INIT, json.dumps(DONE).encode())
    assert report.ok


def test_a_result_in_the_middle_of_the_line_is_found() -> None:
    report, _ = run("claude", INIT, dict(reversed(DONE.items())))
    assert (report.ok, report.final_text, report.cost_usd) == (True, "done", 0.5)


# Output that is damaged


@pytest.mark.parametrize("at", [1, 10, 100, 150])
def test_a_result_that_is_cut_is_no_success(at: int) -> None:
    report, _ = run("claude", INIT, json.dumps(DONE).encode()[:-at])
    assert (report.ok, report.kind, report.transient) == (False, Kind.INCOMPLETE, True)
    assert report.notes == ("1 line could not be read.",)


def test_a_line_of_a_megabyte_is_read() -> None:
    long = {**DONE, "result": "x" * (1 << 20)}
    report, _ = run("claude", INIT, long)
    assert report.ok
    assert report.cost_usd == 0.5
    assert len(report.final_text) == 64 * 1024


def test_a_line_without_end_is_skipped_and_counted_and_the_rest_is_read() -> None:
    reading = reader("claude")
    reading.feed(lines(INIT) + b'{"type": "user", "x": "')
    for _ in range(20):
        reading.feed(b"y" * (1 << 20))
    reading.feed(b'"}\n' + lines(DONE))
    report = reading.end(0)
    assert report.ok
    assert report.notes == ("1 line was longer than 16 MiB and was skipped.",)


def test_bad_utf8_and_halves_of_surrogates_do_not_lose_the_line() -> None:
    line = json.dumps({**DONE, "result": "a\ud800b"}).encode().replace(b"done", b"d\xffne")
    report, _ = run("claude", INIT, line.replace(b"success", b"success"))
    assert report.ok
    report.final_text.encode()
    bad = json.dumps(DONE).encode().replace(b"done", b"d\xff\xfene")
    report, _ = run("claude", INIT, bad)
    assert report.ok
    assert report.final_text == "d\ufffd\ufffdne"


def test_deep_nesting_is_survived() -> None:
    report, _ = run("claude", INIT, b'{"a":' + b"[" * 200_000 + b"\n", DONE)
    assert report.ok


@pytest.mark.parametrize(
    "cost", ["NaN", "Infinity", "-1", "1e300", "-0.5", '"much"', "true", "null", "[1]", "1" * 400]
)
def test_a_cost_that_can_not_be_is_unknown(cost: str) -> None:
    line = json.dumps(DONE).replace('"total_cost_usd": 0.5', f'"total_cost_usd": {cost}').encode()
    report, _ = run("claude", INIT, line)
    assert report.ok
    assert report.cost_usd is None


@pytest.mark.parametrize("tokens", ["NaN", "-1", "1e30", '"many"', "true", "{}"])
def test_tokens_that_can_not_be_are_not_counted(tokens: str) -> None:
    line = f'{{"type":"turn.completed","usage":{{"input_tokens":{tokens},"output_tokens":5}}}}'.encode()
    report, _ = run("codex", {"type": "thread.started", "thread_id": "t"}, line)
    assert report.ok
    assert report.tokens == Tokens(0, 5)


@pytest.mark.parametrize(
    "value", [[], "text", 5, None, True, {"type": []}, {"type": {"a": 1}}, {"type": None}, {}]
)
@pytest.mark.parametrize("tool", ["claude", "codex", "gemini", "opencode", "copilot", "cursor-agent"])
def test_json_of_another_shape_is_ignored(tool: str, value: object) -> None:
    report, _ = run(tool, value, code=1)
    assert not report.ok


def test_facts_of_the_wrong_type_are_ignored() -> None:
    odd = {**DONE, "result": {"a": 1}, "session_id": ["x"], "num_turns": "many", "permission_denials": "none"}
    report, _ = run("claude", INIT, odd)
    assert (report.ok, report.session_id, report.turns, report.refused) == (True, "s-1", None, ())


def test_what_is_held_stays_bounded() -> None:
    reading = reader("claude")
    reading.feed(lines(INIT))
    for number in range(1200):
        denied = {
            "type": "system",
            "subtype": "permission_denied",
            "tool_name": "T",
            "tool_use_id": str(number),
        }
        said = {
            "type": "assistant",
            "message": {"id": str(number), "content": [{"type": "text", "text": "x" * 1000}]},
        }
        reading.feed(lines(denied, said))
        reading.feed_stderr(b"y" * 1000 + b"\n")
    report = reading.end(1)
    assert len(report.refused) == 100
    assert len(report.final_text) <= 64 * 1024
    assert len(report.reason) <= 500


# How it ended


def test_an_error_inside_beats_exit_code_0() -> None:
    failed = {**DONE, "is_error": True, "result": "API Error: 529 Overloaded", "api_error_status": 529}
    report, _ = run("claude", INIT, failed)
    assert (report.ok, report.kind, report.transient) == (False, Kind.OVERLOAD, True)


def test_a_success_that_is_said_beats_the_exit_code_and_is_noted() -> None:
    report, _ = run("claude", INIT, DONE, code=3)
    assert report.ok
    assert "exited with 3" in report.notes[0]


@pytest.mark.parametrize(
    ("tool", "last"),
    [
        (
            "opencode",
            {"type": "step_finish", "part": {"reason": "stop", "tokens": {"input": 1, "output": 1}}},
        ),
        ("aider", b"Tokens: 10 sent, 5 received.\n"),
    ],
)
def test_where_no_line_marks_the_end_the_exit_code_counts_too(tool: str, last: object) -> None:
    assert run(tool, last)[0].ok
    assert not run(tool, last, code=1)[0].ok


def test_a_new_turn_takes_a_success_back() -> None:
    done = {"type": "turn.completed", "usage": {"input_tokens": 1, "output_tokens": 1}}
    report, _ = run("codex", {"type": "turn.started"}, done, {"type": "turn.started"})
    assert (report.ok, report.kind) == (False, Kind.INCOMPLETE)


@pytest.mark.parametrize(
    "tool", ["claude", "codex", "gemini", "opencode", "copilot", "amp", "cursor-agent", "aider"]
)
@pytest.mark.parametrize("code", [0, 1])
def test_silence_is_no_success(tool: str, code: int) -> None:
    report, _ = run(tool, code=code)
    assert (report.ok, report.kind, report.cost_usd, report.tokens) == (False, Kind.INCOMPLETE, None, None)
    assert report.reason


@pytest.mark.parametrize(
    ("number", "kind", "transient"),
    [
        (signal.SIGTERM, Kind.KILLED, False),
        (signal.SIGKILL, Kind.KILLED, False),
        (signal.SIGSEGV, Kind.CRASHED, True),
    ],
)
def test_a_signal_in_the_middle_is_named(number: signal.Signals, kind: Kind, transient: bool) -> None:
    for code, sent in ((-number, None), (None, int(number))):
        reading = reader("claude")
        reading.feed(lines(INIT))
        report = reading.end(code, sent)
        assert (report.ok, report.kind, report.transient) == (False, kind, transient)
        assert number.name in report.reason
        assert report.session_id == "s-1"


@pytest.mark.parametrize(
    ("tool", "code", "stderr", "kind", "reason"),
    [
        ("claude", 1, b"Error: Session ID 6f96 is already in use.\n", Kind.SESSION, "already in use"),
        (
            "claude",
            1,
            b"No conversation found with session ID: 6f96\n",
            Kind.SESSION,
            "No conversation found",
        ),
        (
            "claude",
            1,
            b"Error: When using --print, --output-format=stream-json requires --verbose\n",
            Kind.SETUP,
            "requires --verbose",
        ),
        (
            "codex",
            2,
            b"error: unexpected argument '-a' found\n\nUsage: codex exec\n",
            Kind.SETUP,
            "unexpected argument",
        ),
        ("gemini", 55, b"Gemini CLI is not running in a trusted directory.\n", Kind.SETUP, "not trusted"),
        ("gemini", 41, b"Invalid auth method selected.\n", Kind.AUTH, "Invalid auth method"),
        ("gemini", 53, b"Reached max session turns\n", Kind.TURNS, "limit of turns"),
        ("gemini", 173, b"", Kind.LIMIT, "429"),
        ("gemini", 145, b"", Kind.AUTH, "401"),
        ("gemini", 17, b"", Kind.OVERLOAD, "529"),
        ("copilot", 1, b"Error: No authentication information found.\n", Kind.AUTH, "No authentication"),
        ("amp", 1, b"Error: Unauthorized. Check your access token.\n", Kind.AUTH, "Unauthorized"),
        (
            "opencode",
            1,
            b"\x1b[91m\x1b[1mError: \x1b[0mSession not found\n",
            Kind.SESSION,
            "Session not found",
        ),
    ],
)
def test_what_only_stderr_says_is_the_reason(
    tool: str, code: int, stderr: bytes, kind: Kind, reason: str
) -> None:
    report, _ = run(tool, code=code, stderr=stderr)
    assert (report.ok, report.kind, report.transient) == (False, kind, kind.transient)
    assert reason in report.reason
    assert "\x1b" not in report.reason


# Output that is none the adapter knows


@pytest.mark.parametrize(
    "output",
    [
        b"Hello, I am version 9 and speak differently.\nAll done.\n",
        lines({"kind": "begin"}, {"kind": "end", "text": "All done."}),
    ],
)
def test_unknown_output_makes_the_tool_a_plain_command_and_says_so(output: bytes) -> None:
    report, _ = run("claude", output)
    assert (report.ok, report.degraded, report.cost_usd) == (True, True, None)
    assert "All done." in report.final_text
    assert "correct the adapter" in report.notes[0]
    report, _ = run("claude", output, code=1)
    assert (report.ok, report.degraded) == (False, True)


def test_output_that_is_only_damaged_is_not_taken_for_unknown() -> None:
    report, _ = run("claude", b'{"type": "sys')
    assert (report.ok, report.degraded) == (False, False)


def test_a_command_is_judged_by_its_exit_code_and_its_text_is_kept() -> None:
    report, _ = run("command", b"building\n{not json\nbuilt\n")
    assert (report.ok, report.degraded, report.notes) == (True, False, ())
    assert report.final_text == "building\n{not json\nbuilt"
    report, _ = run("command", b"no such file\n", code=2)
    assert (report.ok, report.kind, report.reason) == (False, Kind.ERROR, "exited with 2")


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
    assert report.limit_until == pytest.approx(NOW + wait)
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


# Tools, costs


def test_a_refused_tool_is_named_once_and_the_run_still_goes_well() -> None:
    use = {
        "type": "assistant",
        "message": {"content": [{"type": "tool_use", "id": "t1", "name": "Bash", "input": {}}]},
    }
    denied = {
        "type": "system",
        "subtype": "permission_denied",
        "tool_name": "Bash",
        "tool_use_id": "t1",
        "message": "no",
    }
    failed = {
        "type": "user",
        "message": {
            "content": [
                {"type": "tool_result", "tool_use_id": "t1", "is_error": True, "content": "needs approval"}
            ]
        },
    }
    report, updates = run(
        "claude",
        INIT,
        use,
        denied,
        failed,
        {**DONE, "permission_denials": [{"tool_name": "Bash", "tool_use_id": "t1"}]},
    )
    assert (report.ok, report.refused, report.failed_tools) == (True, ("Bash",), 0)
    assert len([update for update in updates if isinstance(update, Refused)]) == 1


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        ("The user rejected permission to use this specific tool call.", True),
        ("File not found: a.txt", False),
    ],
)
def test_a_tool_that_failed_is_told_from_one_that_was_refused(error: str, refused: bool) -> None:
    use = {
        "type": "tool_use",
        "part": {"tool": "bash", "callID": "c", "state": {"status": "error", "error": error}},
    }
    report, _ = run("opencode", {"type": "step_start"}, use)
    assert (report.refused, report.failed_tools) == ((("bash",), 0) if refused else ((), 1))


def test_a_cost_of_0_from_a_tool_that_knows_no_price_is_estimated_or_unknown() -> None:
    step = {
        "type": "step_finish",
        "part": {"reason": "stop", "cost": 0, "tokens": {"input": 700, "output": 25, "cache": {"read": 300}}},
    }
    report, updates = run("opencode", step)
    assert (report.cost_usd, report.tokens) == (None, Tokens(1000, 25, 300))
    prices = Prices((Price("known", input=1.0, output=2.0, cached=0.1),))
    report, updates = run("opencode", step, prices=prices, model="local/known")
    assert report.cost_usd == pytest.approx((700 + 30 + 50) / 1e6)
    assert report.cost_estimated
    assert [update.estimated for update in updates if isinstance(update, Cost)] == [True]


def test_thinking_that_is_counted_apart_is_paid_too() -> None:
    stats = {"models": {"g": {"input_tokens": 100, "output_tokens": 10, "cached": 0, "total_tokens": 150}}}
    prices = Prices((Price("g", input=1.0, output=2.0),))
    report, _ = run("gemini", {"type": "result", "status": "success", "stats": stats}, prices=prices)
    assert report.tokens == Tokens(100, 10, thought=40)
    assert report.cost_usd == pytest.approx((100 + 2 * 50) / 1e6)


def test_one_model_without_a_price_makes_the_whole_estimate_unknown() -> None:
    counts = {"input_tokens": 100, "output_tokens": 10}
    line = {"type": "result", "status": "success", "stats": {"models": {"g": counts, "other": counts}}}
    report, _ = run("gemini", line, prices=Prices((Price("g", input=1.0, output=2.0),)))
    assert report.cost_usd is None
    assert report.tokens == Tokens(200, 20)


def test_a_run_that_ended_early_still_tells_the_tokens_it_knows_of() -> None:
    usage = {"input_tokens": 10, "cache_read_input_tokens": 90, "output_tokens": 1}
    part = {"type": "assistant", "message": {"id": "m1", "content": [], "usage": usage}}
    report, _ = run("claude", INIT, part, part, {**part, "message": {**part["message"], "id": "m2"}}, code=-9)
    assert report.tokens == Tokens(200, 2, 180)
    assert report.totals.tokens == Tokens()  # The session's own count will have them.


def test_a_failed_run_keeps_what_the_session_stood_at() -> None:
    before = SessionTotals("s-1", 0.7, Tokens(100, 10))
    report, _ = run("codex", {"type": "turn.failed", "error": {"message": "boom"}}, code=1, previous=before)
    assert report.totals.tokens == before.tokens
    assert report.totals.cost_usd == before.cost_usd


def test_several_results_of_one_process_are_added_up() -> None:
    usage = {"m": {"inputTokens": 10, "outputTokens": 1, "costUSD": 0.1}}
    first = {**DONE, "total_cost_usd": 0.1, "model_usage_since_last_result": usage}
    report, _ = run("claude", INIT, first, {**first, "total_cost_usd": 0.2})
    assert report.cost_usd == pytest.approx(0.2)
    assert report.tokens == Tokens(20, 2)


def test_a_chosen_session_counts_once_the_tool_has_spoken() -> None:
    start = {"type": "assistant.turn_start", "data": {}}
    assert run("copilot", start, code=-15, session_id="mine")[0].session_id == "mine"
    assert run("copilot", code=1, session_id="mine")[0].session_id == ""


def test_text_of_the_agent_is_told_as_it_comes() -> None:
    _, updates = run(
        "gemini",
        {"type": "message", "role": "user", "content": "hi"},
        {"type": "message", "role": "assistant", "content": "Hel", "delta": True},
        {"type": "message", "role": "assistant", "content": "lo", "delta": True},
    )
    assert [update for update in updates if isinstance(update, Said)] == [Said("Hel", True), Said("lo", True)]


def test_a_users_adapter_reads_a_tool_of_its_own() -> None:
    document = {
        "title": "Mine",
        "name": "mine",
        "program": "mine",
        "output": {"format": "json", "success": "line", "cached_in_input": True},
        "lines": [
            {"when": {"event": "end", "state": ["fine", "good"]}, "success": True, "final": "summary"},
            {"when": {"event": "end"}, "unless": {"state": ["fine", "good"]}, "fails": True, "reason": "why"},
            {
                "when": {"event": "use"},
                "per": "step",
                "cost": "usd",
                "tokens_in": "n.in",
                "tokens_out": "n.out",
            },
        ],
    }
    adapter, faults = read_adapter("mine.toml", "mine", document)
    assert not faults
    assert adapter is not None
    reading = AgentReader(adapter)
    use = {"event": "use", "usd": 0.25, "n": {"in": 5, "out": 1}}
    reading.feed(lines(use, use, {"event": "end", "state": "good", "summary": "yes"}))
    report = reading.end(0)
    assert (report.ok, report.final_text, report.cost_usd, report.tokens) == (True, "yes", 0.5, Tokens(10, 2))
