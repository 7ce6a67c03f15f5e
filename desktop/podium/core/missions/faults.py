"""The faults of a mission file, one value each."""

from podium.core.config.toml_file import AddFault as AddFault
from podium.core.config.toml_file import Fault as Fault
from podium.core.config.toml_file import FaultyFile


class MissionFileError(FaultyFile):
    """A mission file that can't be used."""
