"""What shows on the screens of agents' tools, read from their adapters on another thread."""

from podium.core.protocol.attention import AgentMarks, Marks


def load_agent_marks() -> AgentMarks:
    """The marks of all adapters that have any, the person's own among them."""
    # Only here: nothing of it is needed before the window stands.
    from podium.core.adapters.registry import load_adapters

    adapters = load_adapters().adapters
    return AgentMarks({name: one.marks for name, one in adapters.items() if one.marks != Marks()})
