"""Whether a start asks for the instance that is there already."""

from podium.control.api.instances import InteractiveAgent, NewInstance, StartInstance
from podium.core.instances import InstanceSpec
from podium.core.missions.state import MODEL_VARIABLE


def asks_for(call: NewInstance, spec: InstanceSpec) -> bool:
    """True when ``call`` would create what is there already."""
    return (
        call.kind is spec.kind
        and (call.command == spec.command if call.agent is None else _runs_agent(call, spec))
        and call.mission == spec.mission
        and (not call.folder or call.folder == spec.folder)
        and (call.env is None or _same_variables(call, spec))
    )


def _same_variables(call: NewInstance, spec: InstanceSpec) -> bool:
    """A model that is asked for apart may be another one than last time."""
    if not isinstance(call, StartInstance) or call.model is None:
        return call.env == spec.environment
    return {**(call.env or {}), MODEL_VARIABLE: ""} == {**spec.environment, MODEL_VARIABLE: ""}


def _runs_agent(call: NewInstance, spec: InstanceSpec) -> bool:
    """Whether the instance is for the agent's tool of ``call``; a prompt or a worktree is for a new one alone."""
    wanted = call.agent
    return wanted is not None and spec.agent is not None and InteractiveAgent(spec.agent.tool) == wanted
