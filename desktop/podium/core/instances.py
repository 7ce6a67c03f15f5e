"""What an instance is: the part that survives its worker and the window."""

from enum import StrEnum

import msgspec

from podium.core.ids import InstanceId


class Kind(StrEnum):
    SHELL = "shell"
    COMMAND = "command"
    MISSION = "mission"


class ThemeName(StrEnum):
    """The themes, in the order new instances take them in turn."""

    INDIGO = "indigo"
    EMERALD = "emerald"
    AMBER = "amber"
    ROSE = "rose"


class InstanceSpec(msgspec.Struct, frozen=True):
    """An instance as it is created, saved and started again.

    ``command`` is the argv of a command (empty for a shell: the login shell; for a mission: derived from
    ``mission``, the path of its file). ``environment`` is added to the person's own. ``memory_max_mib`` (MiB) and
    ``cpu_percent`` (% of one CPU) limit what a program may use with all it starts; 0 is no limit.
    """

    id: InstanceId
    name: str
    kind: Kind
    theme: ThemeName
    folder: str
    command: tuple[str, ...] = ()
    mission: str = ""
    environment: dict[str, str] = {}
    memory_max_mib: int = 0
    cpu_percent: int = 0
