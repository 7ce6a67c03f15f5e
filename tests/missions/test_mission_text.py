"""Text of the mission log: what programs print is made harmless, and everything fits its columns."""

import pytest

from podium.core.costs import Cost
from podium.core.missions.file import AgentSpec, GateSpec, Mission
from podium.missions.gate import GateOutcome
from podium.missions.log import MissionLog, shown_path
from podium.missions.paint import Paint, wants_colours
from podium.missions.text import clean, cost, duration, one_line, plain, shortened, width, wrap
from podium.missions.turns.results import AgentResult


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        (b"plain", "plain"),
        (b"\x1b[1;31mred\x1b[0m", "\x1b[1;31mred\x1b[0m"),
        (b"a\x1b[2Jb\x1b[10;10Hc\x1b[?1049hd", "abcd"),
        (b"a\x1b]0;title\x07b\x1b]8;;http://x\x1b\\\x1b]52;c;", "ab"),
        (b"a\x1bPq#0\x1b\\b\x1b_G\x1b\\c\x1b(0d\x1bce\x1b7", "abcde"),
        (b"10 %\r50 %\rdone\r", "done"),
        (b"a\x00\x07\x08b\x7f\xc2\x9bc", "abc"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"a\tb", "a   b"),
        (b"x" * 3000, "x" * 2000 + "…"),
        (b"\x1b", ""),
        (b"\x1b[", ""),
        (b"\x1b[31", ""),
    ],
)
def test_output_keeps_its_colours_and_nothing_else(given: bytes, shown: str) -> None:
    assert clean(given) == shown


def test_widths_count_columns_not_characters() -> None:
    assert width("ab") == 2
    assert width("\x1b[31mab\x1b[0m") == 2
    assert width("港口") == 4
    assert width("e\u0301") == 1


def test_text_wraps_at_spaces_and_inside_words_only_if_it_must() -> None:
    assert wrap("one two three", 8) == ["one two", "three"]
    assert wrap("abcdefghij k", 4) == ["abcd", "efgh", "ij k"]
    assert wrap("港口港口", 5) == ["港口", "港口"]
    assert wrap("", 5) == [""]


def test_a_colour_goes_on_in_the_next_line() -> None:
    assert wrap("\x1b[31mone two\x1b[0m", 4) == ["\x1b[31mone", "\x1b[31mtwo\x1b[0m"]


def test_sums_and_times() -> None:
    assert [cost(None), cost(0), cost(0.004), cost(1.234)] == ["–", "$0.00", "$0.0040", "$1.23"]
    assert [duration(0.9), duration(125), duration(3725)] == ["0m 00s", "2m 05s", "1h 02m"]


def test_first_lines_and_short_forms() -> None:
    assert one_line("\n  \n\x1b[31mhello\x1b[0m\nworld") == "hello"
    assert shortened("abcdef", 4) == "abc…"
    assert shortened("港口港口", 5) == "港口…"
    assert shown_path("/somewhere/" + "x" * 50 + "/m.toml") == "…/m.toml"


def test_colours_are_for_terminals() -> None:
    assert wants_colours(True, {})
    assert not wants_colours(False, {})
    assert not wants_colours(True, {"NO_COLOR": "1"})
    assert not wants_colours(True, {"TERM": "dumb"})


@pytest.mark.parametrize("columns", [24, 40, 60, 110])
@pytest.mark.parametrize("colours", [True, False])
def test_no_line_is_wider_than_the_terminal(tmp_path: object, columns: int, colours: bool) -> None:
    lines: list[str] = []
    log = MissionLog(lines.append, Paint(colours), lambda: columns)
    agent = AgentSpec("builder-with-a-long-name", ("true",), prompt="Make the test of the harbour pass. " * 5)
    agents = (agent, AgentSpec("b", ("true",)))
    mission = Mission(  # type: ignore[arg-type]
        tmp_path, "A mission", tmp_path, agents, (GateSpec("tests", ("true",)),), max_concurrency=2
    )
    log.mission_started(mission, "missions/harbor.toml")
    log.round_started(1, 3)
    log.agent_started(agent)
    log.agent_printed(agent, "\x1b[32m" + "many words " * 20)
    log.agent_ended(agent, AgentResult("b", 61.0, Cost(0.25), summary="did this and that " * 10))
    log.agent_ended(agents[1], AgentResult("b", 61.0, reason="exited with 3"))
    log.agent_skipped(agents[1], "not started")
    log.gate_ended(GateOutcome("tests", False, 1.0, "exited with 1", ("one", "two" * 50)))
    log.round_ended(5.0, Cost(0.25, simulated=True))
    log.note("a note " * 20)
    log.mission_ended("failed", "still failing: tests", ["1 round", "0m 05s"])
    shown = "".join(lines).splitlines()
    assert max(width(line) for line in shown) < columns
    assert any("$0.25" in plain(line) for line in shown)
    assert colours or not any("\x1b" in line for line in shown)
