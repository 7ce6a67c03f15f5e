"""How an instance looks, by what it is and does."""

import pytest

from podium.attention.signals import Attention, AttentionState, Source
from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace.views import InstanceState, InstanceView


@pytest.mark.parametrize(
    ("kind", "state", "attention", "shown", "label"),
    [
        (Kind.SHELL, InstanceState.RUNNING, AttentionState.QUIET, InstanceState.IDLE, "At prompt"),
        (Kind.SHELL, InstanceState.RUNNING, AttentionState.BUSY, InstanceState.RUNNING, "Running"),
        (Kind.SHELL, InstanceState.RUNNING, AttentionState.NONE, InstanceState.RUNNING, "Running"),
        (Kind.SHELL, InstanceState.WAITING, AttentionState.QUIET, InstanceState.WAITING, "Running"),
        (Kind.COMMAND, InstanceState.RUNNING, AttentionState.QUIET, InstanceState.RUNNING, "Running"),
        (Kind.MISSION, InstanceState.RUNNING, AttentionState.QUIET, InstanceState.RUNNING, "Running"),
    ],
)
def test_a_shell_at_its_prompt_looks_idle(
    kind: Kind, state: InstanceState, attention: AttentionState, shown: InstanceState, label: str
) -> None:
    spec = InstanceSpec(InstanceId("a"), "a", kind, ThemeName.INDIGO, "/")
    view = InstanceView(spec, 1, state, "Running", attention=Attention(attention, Source.SCREEN))
    assert (view.shown_state, view.shown_label) == (shown, label)
    assert view.state is state
