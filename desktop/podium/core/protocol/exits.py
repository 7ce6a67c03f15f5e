"""Meaning of a program's end: success, failure, a person's wish, or a crash."""

import signal
from typing import Final

from podium.core.instances import InstanceSpec, Kind, RestartWhen
from podium.core.protocol.reports import ExitedReport

INTERRUPTED: Final = 130
"""Shells turn SIGINT into this code; missions exit with it when they are asked to stop."""
PARTLY_DONE: Final = 3
"""Missions exit with it when they are done and something was kept back."""
_MISSION_CODES: Final = frozenset({0, 1, 2, PARTLY_DONE})
_USUAL_FAILURES: Final = range(1, 128)


def crashed(spec: InstanceSpec, exited: ExitedReport) -> bool:
    """Whether ``exited`` is a crash by the instance's policy. What could not start at all has not crashed."""
    if exited.signal is not None:
        return exited.signal != signal.SIGINT
    if exited.code is None or exited.code == INTERRUPTED:
        return False
    if spec.kind is Kind.MISSION:
        return exited.code not in _MISSION_CODES
    policy = spec.policy
    return exited.code not in policy.success_codes and exited.code not in (
        policy.failure_codes or _USUAL_FAILURES
    )


def restarts_by_itself(spec: InstanceSpec) -> bool:
    """Whether a crash of its program is followed by another run."""
    if spec.kind is Kind.SHELL:
        return False
    return spec.policy.restart is not RestartWhen.NEVER
