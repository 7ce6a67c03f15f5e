"""What is known of agents' tools, read from their adapters on another thread: what shows on their screens, and what
their hooks tell.
"""

from typing import NamedTuple

from podium.app.background import Background
from podium.core.adapters.hooks import Hooks, HooksFormat
from podium.core.protocol.attention import AgentMarks, Marks
from podium.workspace.workspace import Workspace


class AgentTools(NamedTuple):
    """Of each tool that has any, by the name of its adapter; the person's own are among them."""

    marks: AgentMarks
    hooks: dict[str, Hooks]
    titles: dict[str, str]


def load_agent_tools() -> AgentTools:
    """Waits for the disk."""
    # Only here: nothing of it is needed before the window stands.
    from podium.core.adapters.registry import load_adapters

    adapters = load_adapters().adapters
    return AgentTools(
        AgentMarks({name: one.marks for name, one in adapters.items() if one.marks != Marks()}),
        {name: one.hooks for name, one in adapters.items() if one.hooks.format is not HooksFormat.NONE},
        {name: one.title for name, one in adapters.items()},
    )


def use_agent_tools(background: Background, workspace: Workspace) -> None:
    """Have the workspace go by them, soon."""

    def use(tools: AgentTools) -> None:
        workspace.presentation.set_agent_marks(tools.marks)
        workspace.needs.hooks, workspace.needs.titles = tools.hooks, tools.titles

    background.own.run(load_agent_tools, use)
