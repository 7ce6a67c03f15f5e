"""Two instances with running sessions, and a receiver that raises."""

from podium.core.ids import InstanceId

A, B = InstanceId("a"), InstanceId("b")


def fail(*_: object) -> None:
    raise RuntimeError("on purpose")
