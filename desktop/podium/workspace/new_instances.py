"""Checks of new instances, and their default names and themes."""

from collections.abc import Collection
from itertools import count

from podium.core.ids import InstanceId, InvalidInstanceId, instance_id
from podium.core.instances import MAX_INSTANCES, InstanceSpec, Kind, ThemeName


def new_instance_error(spec: InstanceSpec, taken: Collection[InstanceId], *, closing: bool) -> str:
    """Why ``spec`` can't be added beside those that are there, in words for a person; "" when it can be."""
    try:
        instance_id(spec.id)
    except InvalidInstanceId as error:
        return str(error)
    if spec.id in taken:
        return f"There is an instance {spec.id} already; choose another name."
    if closing:
        return "Podium is closing; nothing starts any more."
    if len(taken) >= MAX_INSTANCES:
        return f"{MAX_INSTANCES} instances are the most; remove one first."
    return ""


def next_theme(specs: Collection[InstanceSpec]) -> ThemeName:
    """The theme that is next in turn: the first of those used least."""
    used = [spec.theme for spec in specs]
    return min(ThemeName, key=used.count)


def next_name(kind: Kind, specs: Collection[InstanceSpec]) -> str:
    """``shell``, ``shell 2`` …"""
    taken = {spec.name for spec in specs}
    names = (kind.value if number == 1 else f"{kind.value} {number}" for number in count(1))
    return next(name for name in names if name not in taken)
