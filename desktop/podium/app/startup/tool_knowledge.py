"""What is known of the sessions of agents' tools, read from their adapters and prices on another thread."""

from podium.core.background import RunInBackground
from podium.workspace.instances.tool_sessions import ToolKnowledge
from podium.workspace.workspace import Workspace


def tell_tools(workspace: Workspace, run: RunInBackground) -> None:
    """Have ``workspace`` follow tools' sessions, a moment later; what they leave is read by ``run``."""

    def load() -> ToolKnowledge:
        # Only here: nothing of it is needed before the window stands.
        from podium.core.adapters.pricing import load_prices
        from podium.core.adapters.registry import load_adapters

        return ToolKnowledge(load_adapters().adapters, load_prices()[0], run)

    run(load, workspace.tools.use)
