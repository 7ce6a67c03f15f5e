"""What a new instance is called and how it is coloured where nobody says so."""

from collections.abc import Collection
from itertools import count

from podium.core.instances import InstanceSpec, Kind, ThemeName


def next_theme(specs: Collection[InstanceSpec]) -> ThemeName:
    """The theme that is next in turn: the first of those used least."""
    used = [spec.theme for spec in specs]
    return min(ThemeName, key=used.count)


def next_name(kind: Kind, specs: Collection[InstanceSpec]) -> str:
    """``shell``, ``shell 2`` …"""
    taken = {spec.name for spec in specs}
    names = (kind.value if number == 1 else f"{kind.value} {number}" for number in count(1))
    return next(name for name in names if name not in taken)
