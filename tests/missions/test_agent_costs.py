"""Tools and costs in the output of agents."""

import pytest
from tests.missions.agent_lines import DONE, INIT, lines, run

from podium.core.adapters.pricing import Price, Prices
from podium.core.adapters.reading import read_adapter
from podium.missions.streams.reader import AgentReader
from podium.missions.streams.updates import (
    Cost,
    Refused,
    Said,
    SessionTotals,
    Tokens,
)

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


def test_an_input_is_never_less_than_what_a_cache_gave_of_it() -> None:
    stats = {"models": {"g": {"input_tokens": 100, "output_tokens": 10, "cached": 150}}}
    report, _ = run("gemini", {"type": "result", "status": "success", "stats": stats})
    assert report.tokens == Tokens(150, 10, 150)


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
