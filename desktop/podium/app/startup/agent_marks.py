"""What is known of agents' tools, read from their adapters and prices on another thread: how they are started, what
shows on their screens, what their hooks tell, and what they keep and cost.
"""

from typing import TYPE_CHECKING

from podium.app.background import Background
from podium.core.adapters.hooks import HooksFormat
from podium.core.protocol.attention import AgentMarks, Marks
from podium.workspace.instances.tool_sessions import ToolKnowledge
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from podium.core.adapters.model import Adapter
    from podium.core.adapters.pricing import Prices


def tell_adapters(
    background: Background, workspace: Workspace, known: "Callable[[], None]" = lambda: None
) -> None:
    """Have ``workspace`` know all adapters, the person's own among them, a moment later; then call ``known``."""

    def then(loaded: "tuple[Mapping[str, Adapter], Prices]") -> None:
        adapters, prices = loaded
        workspace.agents.adapters = adapters
        marks = {name: one.marks for name, one in adapters.items() if one.marks != Marks()}
        workspace.presentation.set_agent_marks(AgentMarks(marks))
        workspace.needs.hooks = {
            name: one.hooks for name, one in adapters.items() if one.hooks.format is not HooksFormat.NONE
        }
        workspace.needs.titles = {name: one.title for name, one in adapters.items()}
        # What tools leave lies in folders of the person's, maybe on a network.
        workspace.tools.use(ToolKnowledge(adapters, prices, background.foreign.run))
        known()

    background.own.run(_load, then)


def _load() -> "tuple[Mapping[str, Adapter], Prices]":
    # Only here: nothing of it is needed before the window stands.
    from podium.core.adapters.pricing import load_prices
    from podium.core.adapters.registry import load_adapters

    return load_adapters().adapters, load_prices()[0]
