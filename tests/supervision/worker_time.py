"""A clock for the supervisor of a worker."""

from podium.supervision.worker_supervisor import (
    Exit,
)

CRASH = Exit(signal=11)


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now
