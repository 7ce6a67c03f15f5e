"""What is wrong with a mission file, one value for each fault."""

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One thing wrong with a mission file. ``key`` is a path (``agents[1].command``) or a place."""

    file: str
    key: str
    reason: str
    fix: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.reason} {self.fix}"


class MissionFileError(Exception):
    """A mission file that can't be used; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
