"""The faults of a mission file, one value each."""

from podium.core.config.toml_file import AddFault as AddFault
from podium.core.config.toml_file import Fault as Fault


class MissionFileError(Exception):
    """A mission file that can't be used; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
