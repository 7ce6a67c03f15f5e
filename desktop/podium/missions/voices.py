"""Which voice an agent speaks with: that of its tool, or of any command."""

from podium.core.mission_spec import AgentSpec
from podium.missions.turns.command_voice import CommandVoice
from podium.missions.turns.voice import Ears, Task, Voice


def voice_for(agent: AgentSpec, task: Task, ears: Ears) -> Voice:
    """For one attempt."""
    return CommandVoice(agent, task, ears)
