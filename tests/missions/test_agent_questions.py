"""Questions of a mission's agents in, what the mission as a whole waits for out."""

from collections.abc import Callable

import pytest
from tests.missions.mission_process import MissionProcess

from podium.core.protocol.events import ProgramEvent, ProgramWaiting, ProgramWorking
from podium.missions.turns.agent_questions import AgentQuestions

Start = Callable[[str], MissionProcess]


def waits(event: ProgramEvent) -> str:
    """What it waits for; "" when it works."""
    assert isinstance(event, ProgramWaiting | ProgramWorking)
    return event.question if isinstance(event, ProgramWaiting) else ""


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], []),
        ([("a", None)], []),
        ([("a", "Run it?"), ("a", None), ("a", None)], ["a: Run it?", ""]),
        ([("a", "Run it?"), ("a", "Run it?"), ("a", "Sure?"), ("a", None)], ["a: Run it?", "a: Sure?", ""]),
        ([("a", "1?"), ("b", "2?"), ("b", None), ("a", None)], ["a: 1?", ""]),
        ([("a", "1?"), ("b", "2?"), ("a", None), ("b", None)], ["a: 1?", "b: 2?", ""]),
        ([("a", "1?"), ("b", "2?"), ("a", "3?"), ("a", None)], ["a: 1?", "a: 3?", "b: 2?"]),
        ([("a", "")], ["a waits for you"]),
        ([("a", "x" * 5000)], ["a: " + "x" * 1024]),
    ],
)
def test_the_mission_waits_as_long_as_one_agent_does(
    told: list[tuple[str, str | None]], expected: list[str]
) -> None:
    written: list[ProgramEvent] = []
    questions = AgentQuestions(written.append)
    for agent, question in told:
        questions.ask(agent, agent, question)
    assert [waits(event) for event in written] == expected


def test_a_real_mission_tells_the_questions_of_its_agents_until_they_end(start_mission: Start) -> None:
    tell = (
        'say() { printf \'{"event":"orchestrator:%s","data":{"question":"%s"}}\\n\' "$1" "$2"'
        ' >&"$PODIUM_EVENTS_FD"; }'
    )
    mission = start_mission(
        "name = 'Try'\nmax_rounds = 1\n[[agents]]\nid = 'builder'\nname = 'Bo'\n"
        f"command = ['bash', '-c', '''{tell}; say waiting 'Delete it?'; say working; say waiting 'And this?' ''']\n"
    )
    assert mission.finish() == 0
    told = [event for event in mission.events if isinstance(event, ProgramWaiting | ProgramWorking)]
    assert [waits(event) for event in told] == ["Bo: Delete it?", "", "Bo: And this?", ""]
