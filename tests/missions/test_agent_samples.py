"""Recorded outputs of real agents in, what they mean out. A fake on the PATH plays them through a real command line."""

import json
import os
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.missions.agent_run import Turn, run_turn

from podium.core.adapters.model import Kind
from podium.core.adapters.pricing import Price, Prices
from podium.core.adapters.registry import load_adapters
from podium.missions.agent_command import CommandOptions, command_for
from podium.missions.streams.reader import AgentReader
from podium.missions.streams.updates import (
    LimitHit,
    Looping,
    Progress,
    Refused,
    SessionKnown,
    SessionTotals,
    Tokens,
    ToolUsed,
    Trouble,
    Waiting,
)

DATA = Path(__file__).parent / "data"
FAKE = Path(__file__).with_name("fake_agent.py")
SAMPLES = {
    f"{prefix}{path.parent.name}/{path.name.removesuffix('.meta.json')}": str(path).removesuffix(".meta.json")
    for prefix, folder in (("", "agent-samples"), ("own/", "own-agent-samples"))
    for path in sorted((DATA / folder).glob("*/*.meta.json"))
}
ADAPTERS = load_adapters(Path("/nonexistent")).adapters
PRICES = Prices((Price("gpt-5.4", input=2.0, output=10.0, cached=0.2),))
ANSWER = "The answer is 42. This is a short reply from the fake model."


class Interpreter(NamedTuple):
    """What a sample means. ``tokens``: in (cached ones too), out, cached, written. ``said`` begins the last text."""

    kind: Kind = Kind.OK
    session: str = ""
    cost: float | None = None
    tokens: tuple[int, int, int, int] | None = None
    turns: int | None = None
    said: str = ANSWER
    refused: tuple[str, ...] = ()
    reason: str = ""
    transient: bool = False


MEANINGS = {
    "claude/text": Interpreter(session="73b5d952", cost=0.0069, tokens=(2000, 25, 500, 300), turns=1),
    "claude/tool-accept": Interpreter(
        session="e1f6615e", cost=0.0213, tokens=(6000, 105, 1500, 900), turns=3
    ),
    "claude/bash-default": Interpreter(
        session="cff182e7", cost=0.0141, tokens=(4000, 65, 1000, 600), turns=2, refused=("Bash",)
    ),
    "claude/resume": Interpreter(session="6f9619ff", cost=0.0069, tokens=(2000, 25, 500, 300), turns=1),
    "claude/err429once": Interpreter(session="25531166", cost=0.0069, tokens=(2000, 25, 500, 300), turns=1),
    "claude/cut": Interpreter(session="23a56e80", cost=0.01994, tokens=(6000, 37, 1500, 900), turns=1),
    "claude/err401": Interpreter(
        Kind.AUTH, "ca14d646", cost=0.0, tokens=(0, 0, 0, 0), turns=1, said="", reason="Invalid API key"
    ),
    "claude/nokey": Interpreter(
        Kind.AUTH, "7e010a73", cost=0.0, tokens=(0, 0, 0, 0), turns=1, said="", reason="Not logged in"
    ),
    "codex/text": Interpreter(session="01a20298-c134", tokens=(1200, 25, 500, 0), turns=1),
    "codex/tool-ww": Interpreter(session="01a20298-c43f", tokens=(2400, 50, 1000, 0), turns=1),
    "codex/bash-ww": Interpreter(session="01a2029a-3219", tokens=(2400, 50, 1000, 0), turns=1),
    "codex/resume": Interpreter(session="01a2029a-4f91", tokens=(1200, 25, 500, 0), turns=1),
    "codex/err429once": Interpreter(session="01a20299-bab9", tokens=(1200, 25, 500, 0), turns=1),
    "codex/cut": Interpreter(
        Kind.NETWORK, "01a20299-b7cc", turns=1, said="", reason="stream disconnected", transient=True
    ),
    "codex/err401": Interpreter(Kind.AUTH, "01a20299-b7f7", turns=1, said="", reason="unexpected status 401"),
    "codex/nokey": Interpreter(
        Kind.KILLED, "01a20299-bc91", said="", reason="waiting for network", transient=True
    ),
    "gemini/text": Interpreter(session="de7b6a18", tokens=(2400, 50, 1000, 0), turns=1),
    "gemini/resume": Interpreter(session="de7b6a18", tokens=(2400, 50, 1000, 0), turns=1),
    "gemini/tool-autoedit": Interpreter(session="94b6835b", tokens=(4800, 100, 2000, 0), turns=3),
    "gemini/err429once": Interpreter(session="592d859a", tokens=(2400, 50, 1000, 0), turns=1),
    "gemini/cut": Interpreter(
        Kind.NETWORK,
        "f21564ca",
        tokens=(1200, 25, 500, 0),
        said="The answer is 42.",
        reason="without a finish reason",
        transient=True,
    ),
    "gemini/err401": Interpreter(
        Kind.AUTH, "8dc0c8ff", cost=0.0, tokens=(0, 0, 0, 0), said="", reason="invalid x-api-key"
    ),
    "gemini/nokey": Interpreter(Kind.AUTH, said="", reason="Please set an Auth method"),
    "opencode/text": Interpreter(session="ses_dfd6619a", cost=0.002625, tokens=(1200, 25, 500, 0), turns=1),
    "opencode/resume": Interpreter(session="ses_dfd6619a", cost=0.002625, tokens=(1200, 25, 500, 0), turns=1),
    "opencode/tool": Interpreter(session="ses_dfd66090", cost=0.007875, tokens=(3600, 75, 1500, 0), turns=3),
    "opencode/bash-default": Interpreter(
        session="ses_dfd619d4", cost=0.00525, tokens=(2400, 50, 1000, 0), turns=2
    ),
    "opencode/err429once": Interpreter(
        session="ses_dfd63da6", cost=0.002625, tokens=(1200, 25, 500, 0), turns=1
    ),
    "opencode/err401": Interpreter(Kind.AUTH, "ses_dfd577dd", said="", reason="invalid x-api-key"),
    "opencode/cut": Interpreter(
        Kind.KILLED, "ses_dfd63dae", turns=10, said="The answer is 42.", reason="was cut", transient=True
    ),
    "opencode/nokey": Interpreter(Kind.KILLED, said="", reason="SIGTERM"),
    "copilot/text": Interpreter(session="61bc532a", turns=1),
    "copilot/resume": Interpreter(session="6f9619ff", turns=1),
    "copilot/tool": Interpreter(session="520ec4e7", turns=2),
    "copilot/bash": Interpreter(session="1752916a", turns=2),
    "copilot/err429once": Interpreter(session="4c17609f", turns=1),
    "copilot/cut": Interpreter(
        Kind.NETWORK, "904b24bf", turns=1, said="", reason="Failed to get response", transient=True
    ),
    "copilot/err401": Interpreter(Kind.AUTH, "fe6d399b", turns=1, said="", reason="Authentication failed"),
    "copilot/nokey": Interpreter(Kind.AUTH, said="", reason="No authentication information found"),
    "amp/nokey": Interpreter(Kind.WAITING, said="", reason="log in"),
    "aider/text": Interpreter(tokens=(731, 16, 0, 0), turns=1),
    "aider/tool": Interpreter(tokens=(2500, 25, 0, 0), turns=1, said="Here is the change."),
    "aider/tool-alog": Interpreter(tokens=(2500, 25, 0, 0), turns=1, said="Here is the change."),
    "aider/bash": Interpreter(tokens=(2500, 18, 0, 0), turns=1, said="echo hi from the shell"),
    "aider/cut": Interpreter(Kind.NETWORK, said="", reason="Connection reset by peer", transient=True),
    "aider/err401": Interpreter(Kind.AUTH, said="", reason="invalid x-api-key The API provider"),
    "aider/nokey": Interpreter(Kind.AUTH, said="", reason="api_key client option must be set"),
}
PREVIOUS = {
    "claude/resume": SessionTotals("6f9619ff", 0.0069, Tokens(2000, 25, 500, 300)),
    "codex/resume": SessionTotals("01a2029a", 0.0, Tokens(1200, 25, 500, 0)),
    "gemini/resume": SessionTotals("de7b6a18", 0.0, Tokens(2400, 50, 1000, 0)),
    "opencode/resume": SessionTotals("ses_dfd6619a", 0.002625, Tokens(1200, 25, 500, 0)),
}
"""What the runs before ended with: the resumed run must cost its own share alone."""


def play(
    sample: str,
    folder: Path,
    mode: str = "replay",
    previous: SessionTotals | None = None,
    report: str = "",
    model: str = "",
    stop_after: int | None = None,
) -> Turn:
    """Run the command line of the sample's adapter, with the fake under the tool's name on the PATH."""
    base = SAMPLES[sample]
    meta = json.loads(Path(base + ".meta.json").read_text())
    adapter = ADAPTERS[meta["tool"]]
    programs = folder / "bin"
    programs.mkdir()
    fake = programs / adapter.program
    fake.write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "{FAKE}" "{base}" {mode} -- "$@"\n')
    fake.chmod(0o755)
    work = folder / "work"
    work.mkdir()
    command = command_for(
        adapter, "do it", folder=work, model=model, options=CommandOptions(scratch=folder / "scratch")
    )
    environment = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "FAKE_AGENT_SCALE": str(0.2 / max(0.2, meta["seconds"])),
        "FAKE_AGENT_REPORT": report,
    }
    if meta["timed_out_by_us"] and stop_after is None:
        stop_after = Path(base + ".jsonl").stat().st_size
    reader = AgentReader(adapter, previous, prices=PRICES)
    return run_turn(command, reader, environment, stop_after=stop_after)


def test_every_sample_has_a_meaning() -> None:
    assert set(SAMPLES) >= set(MEANINGS)
    assert {name for name in SAMPLES if not name.startswith("own/")} <= set(MEANINGS)


@pytest.mark.parametrize("sample", sorted(MEANINGS))
def test_a_recorded_run_gives_the_report_of_its_meaning(sample: str, tmp_path: Path) -> None:
    meaning = MEANINGS[sample]
    report = play(sample, tmp_path, previous=PREVIOUS.get(sample)).report
    assert (report.ok, report.kind) == (meaning.kind is Kind.OK, meaning.kind)
    assert meaning.reason in report.reason
    assert bool(report.reason) != report.ok
    assert report.transient == meaning.transient
    assert report.session_id.startswith(meaning.session)
    assert bool(report.session_id) == bool(meaning.session)
    if not report.cost_estimated:
        assert report.cost_usd == pytest.approx(meaning.cost)
    found = report.tokens and (
        report.tokens.used_in,
        report.tokens.used_out,
        report.tokens.cached,
        report.tokens.written,
    )
    assert found == meaning.tokens
    assert report.turns == meaning.turns
    assert report.final_text.startswith(meaning.said)
    assert bool(report.final_text) == bool(meaning.said)
    assert report.refused == meaning.refused
    assert not report.degraded


def test_a_cost_that_goes_on_over_resume_is_taken_off_where_the_tool_tells_no_other(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in Path(SAMPLES["claude/resume"] + ".jsonl").read_text().splitlines()]
    reader = AgentReader(ADAPTERS["claude"], SessionTotals("6f9619ff", 0.0069))
    for line in lines:
        line.pop("model_usage_since_last_result", None)
        reader.feed(json.dumps(line).encode() + b"\n")
    report = reader.end(0)
    assert report.cost_usd == pytest.approx(0.0138 - 0.0069)
    assert report.totals.cost_usd == pytest.approx(0.0138)


def test_the_totals_of_one_run_make_the_next_run_cost_its_own_share(tmp_path: Path) -> None:
    first = AgentReader(ADAPTERS["codex"])
    first.feed(Path(SAMPLES["codex/text"] + ".jsonl").read_bytes())
    totals = first.end(0).totals
    second = AgentReader(ADAPTERS["codex"], totals)
    second.feed(Path(SAMPLES["codex/resume"] + ".jsonl").read_bytes())
    report = second.end(0)
    assert report.tokens == Tokens(1200, 25, 500)
    assert report.totals.tokens == Tokens(2400, 50, 1000)


def test_a_tool_that_counts_anew_is_not_given_a_negative_cost() -> None:
    reader = AgentReader(ADAPTERS["codex"], SessionTotals("old", 0.0, Tokens(90_000, 4_000, 80_000)))
    reader.feed(Path(SAMPLES["codex/text"] + ".jsonl").read_bytes())
    assert reader.end(0).tokens == Tokens(1200, 25, 500)


def test_tokens_without_a_cost_are_priced_and_marked_as_an_estimate(tmp_path: Path) -> None:
    usage = DATA / "agent-samples" / "copilot" / "usage-output-file.json"
    report = play("copilot/text", tmp_path, report=f"--usage-output-file={usage}").report
    assert report.tokens == Tokens(1200, 25, 500)
    assert report.cost_usd == pytest.approx((700 * 2.0 + 500 * 0.2 + 25 * 10.0) / 1e6)
    assert report.cost_estimated


def test_tokens_of_a_model_without_a_price_leave_the_cost_unknown(tmp_path: Path) -> None:
    log = DATA / "agent-samples" / "aider" / "analytics-log.jsonl"
    report = play("aider/tool-alog", tmp_path, report=f"--analytics-log={log}").report
    assert report.tokens == Tokens(2500, 25)
    assert report.cost_usd is None  # aider writes 0 for a model that it has no price for.


UPDATES = {
    "claude/tool-accept": [SessionKnown, ToolUsed, Progress],
    "claude/bash-default": [Refused],
    "claude/err429once": [Trouble, LimitHit],
    "codex/err429once": [Trouble, LimitHit],
    "codex/tool-ww": [ToolUsed],
    "gemini/err429once": [Trouble, LimitHit],
    "opencode/tool": [ToolUsed, Progress],
    "opencode/cut": [Looping],
    "copilot/tool": [ToolUsed],
    "aider/cut": [Trouble],
    "amp/nokey": [Waiting],
}


@pytest.mark.parametrize("sample", sorted(UPDATES))
def test_what_happens_is_told_while_it_happens(sample: str, tmp_path: Path) -> None:
    told = {type(update) for update in play(sample, tmp_path).updates}
    assert told >= set(UPDATES[sample])


@pytest.mark.parametrize(
    "sample", ["codex/nokey", "codex/cut", "opencode/cut", "claude/err401", "copilot/err401"]
)
def test_retries_and_empty_steps_are_no_progress(sample: str, tmp_path: Path) -> None:
    turn = play(sample, tmp_path)
    assert not [update for update in turn.updates if isinstance(update, Progress)]


@pytest.mark.parametrize(
    "sample", ["claude/text", "codex/text", "gemini/text", "opencode/text", "copilot/text", "aider/text"]
)
@pytest.mark.parametrize(
    ("mode", "stop_after", "kind"),
    [("hang-first", 0, Kind.KILLED), ("hang-after", 1, Kind.KILLED), ("crash", None, Kind.CRASHED)],
)
def test_a_run_that_hangs_or_crashes_is_no_success(
    sample: str, mode: str, stop_after: int | None, kind: Kind, tmp_path: Path
) -> None:
    report = play(sample, tmp_path, mode, stop_after=stop_after).report
    assert (report.ok, report.kind) == (False, kind)
    assert report.transient == (kind is Kind.CRASHED)
