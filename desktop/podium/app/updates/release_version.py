"""Versions as releases name them: ``0.2.0``, ``v0.2.0``, ``0.3.0rc1``, ``v0.3.0-beta.2``. Nothing else is one."""

import re
from typing import Final, NamedTuple

_STAGES: Final = {"alpha": "a", "beta": "b"}
_FINAL: Final = "final"
_ORDER: Final = ("a", "b", "rc", _FINAL)
_VERSION: Final = re.compile(
    r"v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?:[-.]?(a|alpha|b|beta|rc)[-.]?(\d{1,6}))?", re.ASCII
)


class ReleaseVersion(NamedTuple):
    """Sorts as releases follow each other: a pre-release is older than its release."""

    major: int
    minor: int
    patch: int
    order: int
    """The place of the stage in ``_ORDER``."""
    number: int
    """Of the pre-release; 0 for a release."""

    @property
    def final(self) -> bool:
        return _ORDER[self.order] == _FINAL

    def __str__(self) -> str:
        stage = "" if self.final else f"{_ORDER[self.order]}{self.number}"
        return f"{self.major}.{self.minor}.{self.patch}{stage}"


def parse_version(text: str) -> ReleaseVersion:
    """Raises ValueError. ``str`` of the result holds digits, dots and a stage, whatever ``text`` held."""
    found = _VERSION.fullmatch(text)
    if found is None:
        raise ValueError("That is no version.")
    major, minor, patch, stage, number = found.groups()
    order = _ORDER.index(_STAGES.get(stage, stage) if stage else _FINAL)
    return ReleaseVersion(int(major), int(minor), int(patch), order, int(number or 0))


def is_update(offered: ReleaseVersion, own: ReleaseVersion) -> bool:
    """Whether ``offered`` is newer. Only a pre-release is updated to a pre-release."""
    return offered > own and (offered.final or not own.final)
