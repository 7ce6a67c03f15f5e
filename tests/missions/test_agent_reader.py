"""What can go wrong with an agent's output in, a report that is right about it out."""

import json
import signal

import pytest
from tests.missions.agent_lines import DONE, INIT, lines, reader, run

from podium.core.adapters.model import Kind
from podium.missions.streams.updates import (
    Tokens,
)


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


@pytest.mark.lengthy
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
