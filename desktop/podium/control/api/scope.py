"""The scope of a caller: everything, only looking, or only the instance it runs inside of."""

from dataclasses import dataclass
from enum import StrEnum

from podium.core.ids import InstanceId


class Access(StrEnum):
    """The right that a route needs."""

    READ = "read"
    WRITE = "write"
    OWN = "own"
    """As WRITE; an instance may do it too, for itself."""
    OWN_READ = "own-read"
    """As READ; an instance may do it too, for itself."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The rights of a caller. ``instance`` is set on an instance's own socket."""

    write: bool = True
    instance: InstanceId | None = None

    def allows(self, access: Access, target: str | None) -> bool:
        """``target`` is the instance a request is about; None when it is about no single one."""
        if self.instance is not None:
            return access in (Access.OWN, Access.OWN_READ) and target == self.instance
        return self.write or access in (Access.READ, Access.OWN_READ)


FULL = Scope()
READ_ONLY = Scope(write=False)
