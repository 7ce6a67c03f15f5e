"""The entries there are just now: made anew at each opening, of what is in memory."""

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import PurePath
from typing import Final

from podium.core.commands import COMMANDS, Command, CommandId
from podium.core.config.declared import SettingSection
from podium.core.ids import InstanceId
from podium.core.runs import Run
from podium.ui.command_palette.entries import Entry, EntryKind, plain
from podium.ui.keys_in_use import KeysInUse
from podium.ui.recent_choices import Recent
from podium.ui.theme.short_text import short_path
from podium.workspace.views import InstanceView

_NOT_HERE: Final = frozenset({CommandId.SWITCH, CommandId.COMMAND_PALETTE})
"""Instances are entries of their own, and the palette is open already."""
_DAY: Final = 86_400.0


def command_entries(
    offered: Collection[CommandId], refusal: Callable[[CommandId], str], keys: KeysInUse
) -> list[Entry]:
    """A row for each command; ``refusal`` says why one can't be done now."""
    return [
        _command_entry(row, refusal(row.id), keys.caps(row.id))
        for row in COMMANDS
        if row.id in offered and row.id not in _NOT_HERE
    ]


def _command_entry(row: Command, refusal: str, caps: Sequence[str]) -> Entry:
    return Entry(
        kind=EntryKind.COMMAND,
        id=row.id,
        title=row.title,
        detail=refusal or row.help.rstrip("."),
        words=f"{row.group} {row.help if refusal else ''}",
        keys=tuple(caps),
        icon=row.icon or "command",
        refusal=refusal,
    )


def instance_entries(views: Iterable[InstanceView], keys: KeysInUse) -> list[Entry]:
    """In their order; the first nine with the keys that show them."""
    views = tuple(views)
    # Many instances share a folder, and each look for the home folder takes its time.
    shown = {folder: plain(short_path(folder)) for folder in {view.spec.folder for view in views}}
    return [_instance_entry(view, shown[view.spec.folder], keys) for view in views]


def _instance_entry(view: InstanceView, folder: str, keys: KeysInUse) -> Entry:
    parts = [folder, plain(view.shown_label)]
    if view.round is not None:
        parts.append(f"Round {view.round}/{view.max_rounds}" if view.max_rounds else f"Round {view.round}")
    return Entry(
        kind=EntryKind.INSTANCE,
        id=view.id,
        title=plain(view.spec.name),
        detail="  ·  ".join(parts),
        words=plain(f"{view.detail} {view.title}"),
        keys=tuple(keys.caps(CommandId.SWITCH, view.number)),
        theme=view.spec.theme,
        state=view.shown_state,
    )


def place_entries(recent: Recent) -> list[Entry]:
    """Folders to open a shell in, and mission and workspace files."""
    folders = [_place_entry(EntryKind.FOLDER, path, "folder", "Open a shell") for path in recent.folders]
    return folders + [_place_entry(EntryKind.FILE, path, "podium", "Open") for path in recent.files]


def _place_entry(kind: EntryKind, path: str, icon: str, words: str) -> Entry:
    place = PurePath(path)
    return Entry(
        kind=kind,
        id=path,
        title=plain(place.name or path),
        detail=plain(short_path(str(place.parent))),
        words=words,
        icon=icon,
    )


def setting_entries(sections: Iterable[SettingSection]) -> list[Entry]:
    """A row for each key of the settings."""
    return [
        Entry(
            kind=EntryKind.SETTING,
            id=f"{section.name}.{row.key}",
            title=row.title,
            detail=plain(row.prose.partition("\n")[0]),
            words=f"{section.title} {section.name}.{row.key}",
            icon="settings",
        )
        for section in sections
        for row in section.rows
    ]


def run_entries(runs: Sequence[Run], there: Collection[InstanceId], now: float) -> list[Entry]:
    """Runs of the instances that are ``there``; ``now`` is in seconds since 1970."""
    return [
        Entry(
            kind=EntryKind.RUN,
            id=run.id,
            title=plain(run.name),
            detail=_run_detail(run, now),
            words=plain(f"{run.what} {run.folder}"),
            icon="history",
        )
        for run in runs
        if run.instance in there
    ]


def _run_detail(run: Run, now: float) -> str:
    parts = [day_text(run.started_at, now), run.outcome.value]
    if run.rounds:
        parts.append(f"{run.rounds} round{'' if run.rounds == 1 else 's'}")
    return ", ".join(parts)


def day_text(at: float, now: float) -> str:
    """``14:05``, ``yesterday, 14:05`` or ``24 Nov, 14:05``, in local time."""
    then, today = time.localtime(at), time.localtime(now)
    clock = time.strftime("%H:%M", then)
    if then[:3] == today[:3]:
        return clock
    before = time.localtime(now - _DAY)
    return (
        f"yesterday, {clock}"
        if then[:3] == before[:3]
        else f"{then.tm_mday} {time.strftime('%b', then)}, {clock}"
    )
