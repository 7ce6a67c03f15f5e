"""Where a person wants text to be shown from right to left."""

from enum import StrEnum


class BidiChoice(StrEnum):
    """The lines in which Arabic, Hebrew and the like are put in the order in which they are read."""

    PROGRAMS = "programs"
    ON = "on"
    AUTO = "auto"
    OFF = "off"
