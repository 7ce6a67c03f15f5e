"""Missions that a person has agreed to run: the agreed terms of each mission file, by the file's place.

One file for all, replaced as a whole, written under a lock and bounded in size: the missions that were agreed to
longest ago are asked about again.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.core.missions.spec import Isolation, Mission
from podium.core.missions.terms import Term, allows_more, terms_of
from podium.core.system.app_dirs import state_folder
from podium.core.system.file_lock import lock
from podium.core.system.private_files import name_aside, private_folder, write_private
from podium.core.visible_text import escape_bytes

_VERSION: Final = 2
"""1 was a bare list of fingerprints, of commands alone: those missions are asked about once more."""
_MOST: Final = 2000
"""Missions that are remembered."""
_MOST_BYTES: Final = 8 << 20
_MOST_OF_ONE: Final = 256 << 10
"""Bytes; a mission that says more is remembered without the texts of its prompts, by their digests alone."""


class _Agreement(msgspec.Struct, frozen=True):
    file: str
    terms: tuple[Term, ...]


class _Book(msgspec.Struct, frozen=True):
    version: int = _VERSION
    agreements: tuple[_Agreement, ...] = ()
    """The newest last."""


class _Unreadable(Exception):
    """There is a file, and it is none that this Podium can use."""


def fingerprint(mission: Mission) -> str:
    """Of the file's place and all its terms."""
    parts = [_place(mission), terms_of(mission)]
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def agreed_terms(mission: Mission) -> tuple[Term, ...] | None:
    """The terms that the person agreed to for this mission file; None when there are none."""
    try:
        book = _read()
    except _Unreadable:
        return None
    place = _place(mission)
    return next((entry.terms for entry in book.agreements if entry.file == place), None)


def is_trusted(mission: Mission, terms: Sequence[Term] | None = None) -> bool:
    """Whether ``terms`` allow no more than was agreed to. Without them: those of the file alone, whatever the
    repository is that it lies in.
    """
    agreed = agreed_terms(mission)
    if agreed is None:
        return False
    if terms is None:
        # Where agents work may depend on the repository; then only who looks at that can tell.
        where = mission.workspace.isolation or Isolation.WORKTREE
        terms = terms_of(mission, where)
    return not allows_more(agreed, terms)


def trust(mission: Mission, terms: Sequence[Term] | None = None) -> Path | None:
    """Remember that the person agrees to ``terms``, or else to what the file of ``mission`` says.

    Returns where a file was put that could not be read and would have been written over. Raises OSError.
    """
    path = _path()
    private_folder(path.parent)
    agreement = _bounded(
        _Agreement(_place(mission), tuple(terms if terms is not None else terms_of(mission)))
    )
    with (path.parent / "trusted.lock").open("a") as held:
        lock(held.fileno())
        aside = None
        try:
            known = _read().agreements
        except _Unreadable:
            known, aside = (), name_aside(path)
            path.rename(aside)
        kept = [entry for entry in known if entry.file != agreement.file]
        write_private(path, _encoded([*kept, agreement]), durable=True)
        return aside


def _place(mission: Mission) -> str:
    return escape_bytes(mission.file.resolve())


def _path() -> Path:
    return state_folder() / "trusted-missions.json"


def _read() -> _Book:
    """Raises _Unreadable."""
    path = _path()
    try:
        if path.exists() and not path.is_file():  # Opening a pipe could wait for ever.
            raise _Unreadable("it is no file")
        with path.open("rb") as file:
            data = file.read(4 * _MOST_BYTES)
    except FileNotFoundError:
        return _Book()
    except OSError as error:
        raise _Unreadable(str(error)) from None
    try:
        book = msgspec.json.decode(data, type=_Book | list[str])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _Unreadable(str(error)) from None
    if isinstance(book, list):
        return _Book()
    if book.version != _VERSION:
        raise _Unreadable(f"version {book.version}")
    return book


def _bounded(agreement: _Agreement) -> _Agreement:
    if len(msgspec.json.encode(agreement)) <= _MOST_OF_ONE:
        return agreement
    shorter = (msgspec.structs.replace(term, value="") if term.digest else term for term in agreement.terms)
    return msgspec.structs.replace(agreement, terms=tuple(shorter))


def _encoded(agreements: list[_Agreement]) -> bytes:
    """The newest of them, as many as there is room for; the last one in any case."""
    kept: list[_Agreement] = []
    size = 0
    for agreement in reversed(agreements[-_MOST:]):
        size += len(msgspec.json.encode(agreement))
        if kept and size > _MOST_BYTES:
            break
        kept.append(agreement)
    return msgspec.json.encode(_Book(agreements=tuple(reversed(kept))))
