"""Hooks put into a tool's settings and taken out: first as a change to look at, then done."""

import difflib
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from podium.core.adapters.hooks import Hooks, HooksFormat
from podium.core.visible_text import safe_to_print
from podium.hooks import groups, own_file
from podium.hooks.command import VERSION, version_of
from podium.hooks.json_edits import Edit
from podium.hooks.json_text import NoJson
from podium.hooks.places import Place
from podium.hooks.records import Record, Records, digest, undone
from podium.hooks.settings_files import HooksError, read, remove, replace

_MARK: Final = "\ufeff"


class Standing(StrEnum):
    """How our hooks are in a file."""

    NONE = "none"
    INSTALLED = "installed"
    OLDER = "older"
    """Those of an older Podium."""
    NEWER = "newer"
    CHANGED = "changed"
    """Somebody has changed them, or taken out some."""


class Change(msgspec.Struct, frozen=True):
    """What is to become of a file. None: there is none."""

    path: Path
    before: bytes | None
    after: bytes | None
    record: Record | None
    """What is kept of it then; its folders are those that were made for earlier hooks."""

    def diff(self) -> str:
        """The change for a person, safe to print; no line is left out of what changes."""
        before = _lines(self.before)
        after = _lines(self.after)
        names = (
            str(self.path) if self.before is not None else "/dev/null",
            str(self.path) if self.after is not None else "/dev/null",
        )
        lines = difflib.unified_diff(before, after, *names, lineterm="")
        return "\n".join(safe_to_print(line) for line in lines)


def standing(tool: str, hooks: Hooks, place: Place) -> Standing:
    """How our hooks are there. Raises HooksError. May wait for the disk, as all here."""
    data = read(place.path)
    if data is None:
        return Standing.NONE
    text = _text(place.path, data)
    if hooks.format is HooksFormat.FILE:
        version = own_file.version_in(text)
        return (
            Standing.NONE
            if version is None
            else _standing([version], text == own_file.wanted_text(tool, hooks))
        )
    found = _found(place.path, text)
    wanted = groups.wanted(tool, hooks)
    same = len(found) == len(wanted) and all(entry in found for entry in wanted)
    return _standing([version_of(str(entry.hook.get("command"))) for entry in found], same)


def _standing(versions: list[int], same: bool) -> Standing:
    if not versions:
        return Standing.NONE
    if same:
        return Standing.INSTALLED
    if max(versions) > VERSION:
        return Standing.NEWER
    return Standing.OLDER if max(versions) < VERSION else Standing.CHANGED


def installing(tool: str, hooks: Hooks, place: Place, records: Records) -> Change | None:
    """The change that puts hooks in, in place of those that may be there; None when they are as they ought to be.

    Raises HooksError.
    """
    if standing(tool, hooks, place) is Standing.INSTALLED:
        return None
    data = read(place.path)
    before = records.of(place.path)
    if hooks.format is HooksFormat.FILE:
        if data is not None and own_file.version_in(_text(place.path, data)) is None:
            raise HooksError(
                f"{place.path} is there already, and Podium did not write it. Move it away first."
            )
        after, undo = own_file.wanted_text(tool, hooks), list[list[Edit]]()
    else:
        clean = _without(place.path, data, before)
        try:
            after, undo = groups.put_in(clean, groups.wanted(tool, hooks))
        except NoJson as error:
            raise _no_json(place.path, error) from None
    record = Record(
        digest(after.encode()),
        undo,
        data is None or (before is not None and before.made_file),
        list(before.made_folders) if before is not None else [],
    )
    return Change(place.path, data, after.encode(), record)


def removing(hooks: Hooks, place: Place, records: Records) -> Change | None:
    """The change that takes our hooks out and leaves all else; None when there are none. Raises HooksError."""
    data = read(place.path)
    if data is None:
        return None
    before = records.of(place.path)
    text = _text(place.path, data)
    if hooks.format is HooksFormat.FILE:
        if own_file.version_in(text) is None:
            return None
        return Change(place.path, data, None, None)
    if not _found(place.path, text):
        return None
    clean = _without(place.path, data, before)
    gone = before is not None and before.made_file and groups.is_empty(clean)
    return Change(place.path, data, None if gone else clean.encode(), None)


def carry_out(change: Change, records: Records) -> None:
    """Do it, if the file is still what was shown. Raises HooksError."""
    before = records.of(change.path)
    folders = list(before.made_folders) if before is not None else []
    record = change.record
    if change.after is None:
        remove(change.path, change.before, folders)
    else:
        made = replace(change.path, change.before, change.after)
        if record is not None and made:
            record = msgspec.structs.replace(record, made_folders=made)
    try:
        records.keep(change.path, record)
    except OSError as error:
        raise HooksError(
            f"It is done, but Podium could not note how to undo it exactly: {error.strerror}."
        ) from None


def _without(path: Path, data: bytes | None, record: Record | None) -> str:
    """The text without our hooks: as it was before them where nothing else was changed since. Raises HooksError."""
    if data is None:
        return ""
    text = _text(path, data)
    exact = undone(record, data) if record is not None else None
    try:
        return exact if exact is not None and not groups.found(exact) else groups.take_out(text)
    except NoJson as error:
        raise _no_json(path, error) from None


def _found(path: Path, text: str) -> list[groups.Entry]:
    try:
        return groups.found(text)
    except NoJson as error:
        raise _no_json(path, error) from None


def _text(path: Path, data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise HooksError(f"{path}, line {line}: this is no UTF-8 text. Save the file as UTF-8.") from None


def _no_json(path: Path, error: NoJson) -> HooksError:
    return HooksError(f"{path}, line {error.line}: {error}. Put that right first; nothing was changed.")


def _lines(data: bytes | None) -> list[str]:
    return (data or b"").decode(errors="replace").removeprefix(_MARK).splitlines()
