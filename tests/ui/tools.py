"""Agents' tools that a form finds, without a disk."""

from collections.abc import Callable, Mapping

from podium.core.adapters.found_tools import FoundTool, MissingTool, Tools
from podium.core.adapters.registry import load_adapters
from podium.ui.dialogs.agents.agent_fields import Found


def tools(*names: str) -> Callable[[Mapping[str, str]], Found]:
    """Finds these, and none of the other shipped ones."""
    adapters = load_adapters().adapters
    offered = [adapter for adapter in adapters.values() if adapter.interactive is not None]
    found = tuple(FoundTool(one.name, one.title, f"/gone/{one.name}") for one in offered if one.name in names)
    missing = tuple(MissingTool(one.title, one.install) for one in offered if one.name not in names)
    return lambda _environment: Found(Tools(found, missing), adapters)
