"""What is known of agents' tools, read from their adapters on another thread: how they are started, what shows on their
screens, and what their hooks tell.
"""

from typing import TYPE_CHECKING

from podium.core.adapters.hooks import HooksFormat
from podium.core.protocol.attention import AgentMarks, Marks
from podium.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from podium.core.adapters.model import Adapter
    from podium.core.background import RunInBackground


def tell_adapters(
    run: "RunInBackground", workspace: Workspace, known: "Callable[[], None]" = lambda: None
) -> None:
    """Have ``workspace`` know all adapters, the person's own among them, and their marks, a moment later; then call
    ``known``.
    """

    def then(adapters: "Mapping[str, Adapter]") -> None:
        workspace.agents.adapters = adapters
        marks = {name: one.marks for name, one in adapters.items() if one.marks != Marks()}
        workspace.presentation.set_agent_marks(AgentMarks(marks))
        workspace.needs.hooks = {
            name: one.hooks for name, one in adapters.items() if one.hooks.format is not HooksFormat.NONE
        }
        workspace.needs.titles = {name: one.title for name, one in adapters.items()}
        known()

    run(_load, then)


def _load() -> "Mapping[str, Adapter]":
    # Only here: nothing of it is needed before the window stands.
    from podium.core.adapters.registry import load_adapters

    return load_adapters().adapters
