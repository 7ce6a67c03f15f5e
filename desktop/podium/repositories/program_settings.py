"""Programs that a repository itself makes git run: named by its settings, and its hooks. Nothing is run to find out.

Settings are read from every file that git could take them from, conditional includes too, whatever their condition: it
may be true in a worktree, or on another branch, and nowhere else. The person's own settings are no part of this.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, auto
from pathlib import Path
from typing import Final

import msgspec

from podium.core.visible_text import escape_bytes
from podium.repositories.git import INSPECTION_TIMEOUT, Git, GitError, NoGit

_MAX_BYTES: Final = 1 << 20
_MAX_FILES: Final = 200
_MAX_STEPS: Final = 1000
"""Parts of a path, with those of the links on its way."""
_ANY: Final = frozenset[str]()
_PROGRAMS: Final[Mapping[str, frozenset[str]]] = {
    "alias": _ANY,
    "browser": frozenset({"cmd", "path"}),
    "core": frozenset(
        {
            "alternaterefscommand",
            "askpass",
            "editor",
            "gitproxy",
            "hookspath",
            "pager",
            "sshcommand",
        }
    ),
    "credential": frozenset({"helper"}),
    "diff": frozenset({"command", "external", "textconv"}),
    "difftool": frozenset({"cmd", "path"}),
    "filter": frozenset({"clean", "process", "smudge"}),
    "gpg": frozenset({"defaultkeycommand", "program"}),
    "guitool": frozenset({"cmd"}),
    "help": frozenset({"browser"}),
    "hook": frozenset({"command"}),
    "imap": frozenset({"tunnel"}),
    "init": frozenset({"templatedir"}),
    "instaweb": frozenset({"browser", "httpd"}),
    "interactive": frozenset({"difffilter"}),
    "lfs": frozenset({"args", "clean", "path", "smudge", "standalonetransferagent"}),
    "man": frozenset({"cmd", "path"}),
    "merge": frozenset({"driver"}),
    "mergetool": frozenset({"cmd", "path"}),
    "remote": frozenset({"receivepack", "uploadpack", "vcs"}),
    "sendemail": frozenset({"cccmd", "headercmd", "sendmailcmd", "smtpserver", "tocmd"}),
    "sequence": frozenset({"editor"}),
    "tar": frozenset({"command"}),
    "trailer": frozenset({"cmd", "command"}),
    "uploadpack": frozenset({"packobjectshook"}),
    "web": frozenset({"browser"}),
}
"""Section → the last part of keys whose values are commands, or decide what is run. In small letters, as in git."""
_LIKE_A_PROGRAM = re.compile(r"(command|cmd|helper|hook|prog|program)$")
"""Names of keys, in any section, whose values are commands: git, its versions to come and tools around it agree."""
_SWITCHES: Final = {"true", "false", "yes", "no", "on", "off", "1", "0"}
"""Values of core.fsmonitor and pager.COMMAND that name no program; everywhere else they may be the name of one."""
_ADDRESSES: Final = {"branch", "remote", "submodule"}
"""Sections in which a value may be an address."""
_HELPER = re.compile(r"[A-Za-z0-9]+::")
"""The beginning of an address that a program is for, such as ext::COMMAND."""
_HARMLESS_PROTOCOLS: Final = {"file", "git", "http", "https", "ssh"}
_SPECIAL: Final = (Path("/proc"), Path("/dev"))
"""Below them each process may find another file under the same path."""
_PRUNED: Final = {"objects", "refs", "logs", "hooks", "info", "worktrees"}
"""Folders of a repository that hold no submodules."""
_SUBMODULES: Final = "modules"


class ProgramKind(Enum):
    SETTING = auto()
    HOOK = auto()
    UNKNOWN = auto()
    """git refuses to answer: the folder lies inside of a bare repository."""


class GitProgram(msgspec.Struct, frozen=True):
    """Something that a repository makes git run. ``name``: the setting's key or the hook's name."""

    kind: ProgramKind
    name: str = ""
    values: tuple[str, ...] = ()
    """All that the setting's key is set to anywhere."""


def git_programs(folder: Path) -> tuple[GitProgram, ...]:
    """Programs that git would run in ``folder`` because of the repository there; nothing outside of repositories.

    Podium's own git runs no hooks, but any other git does. Blocks. Raises GitError when the settings can't be read.
    """
    git = Git(folder, timeout=INSPECTION_TIMEOUT)
    try:
        found = git.run("rev-parse", "--absolute-git-dir", check=False)
    except NoGit:
        return ()  # Nor is there anything that it could run.
    if found.code != 0:
        if "safe.bareRepository" in found.errors:
            return (GitProgram(ProgramKind.UNKNOWN),)
        return ()
    try:
        own = _resolved(found.path)
        common = _resolved(folder / git.run("rev-parse", "--git-common-dir").path)
        modules = list(_submodules(common))
        return (*_setting_programs(git, own, common, modules), *_hook_programs(common, modules))
    except OSError as error:
        raise GitError(f"the repository’s settings can’t be read: {error}") from None


def _setting_programs(git: Git, own: Path, common: Path, modules: Sequence[Path]) -> Iterator[GitProgram]:
    values: dict[str, list[str]] = {}
    worktrees = (folder / "config.worktree" for folder in dict.fromkeys((common, own)))
    for file in (common / "config", *worktrees, *(module / "config" for module in modules)):
        where = _where(file.parent, modules)
        for key, value in _settings(git, file, set()):
            if _runs(key, value):
                values.setdefault(escape_bytes(key) + where, []).append(escape_bytes(value))
    for key, found in values.items():
        yield GitProgram(ProgramKind.SETTING, key, tuple(dict.fromkeys(found)))


def _hook_programs(common: Path, modules: Sequence[Path]) -> Iterator[GitProgram]:
    number = 0
    for folder in (common, *modules):
        try:
            hooks = sorted((folder / "hooks").iterdir())
        except (FileNotFoundError, NotADirectoryError):
            continue
        for hook in hooks:
            if hook.suffix == ".sample" or not hook.is_file() or not os.access(hook, os.X_OK):
                continue
            number += 1
            if number > _MAX_FILES:
                raise GitError(f"there are more than {_MAX_FILES} hooks")
            name = escape_bytes(hook.name) + _where(folder, modules)
            yield GitProgram(ProgramKind.HOOK, name)


def _where(folder: Path, modules: Sequence[Path]) -> str:
    return f" ({escape_bytes(folder.name)})" if folder in modules else ""


def _submodules(common: Path) -> Iterator[Path]:
    """The folders in which submodules keep their settings and hooks."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    number = 0
    for place, folders, files in os.walk(common / _SUBMODULES, onerror=refuse):
        if "config" in files:
            number += 1
            if number > _MAX_FILES:
                raise GitError(f"there are more than {_MAX_FILES} submodules")
            yield Path(place)
        pruned = _PRUNED if "HEAD" in files else ()
        folders[:] = sorted(name for name in folders if name not in pruned)
        for link in (Path(place) / name for name in folders):
            if link.is_symlink():
                raise GitError(f"{link} is a link; put the folder itself there, or take it out")


def _settings(git: Git, file: Path, seen: set[Path]) -> Iterator[tuple[str, str]]:
    """All keys and values in ``file`` and what it includes, under any condition."""
    _refuse_special(file)
    if file in seen or not file.is_file():
        return
    seen.add(file)
    if len(seen) > _MAX_FILES:
        raise GitError(f"the settings of the repository include more than {_MAX_FILES} files")
    if file.stat().st_size > _MAX_BYTES:
        raise GitError(f"the settings in {file} are longer than 1 MiB")
    for entry in git.run("config", "--file", str(file), "--no-includes", "--list", "-z").names:
        key, _, value = entry.partition("\n")
        yield key, value
        section, name = _parts(key)
        if section in {"include", "includeif"} and name == "path":
            yield from _settings(git, _included(file, value), seen)


def _included(file: Path, path: str) -> Path:
    """Raises GitError for a place built into git itself."""
    if path.startswith("%("):
        raise GitError(
            f"the settings in {file} include {path}, which can’t be looked at beforehand (include.path)"
        )
    try:
        return file.parent / Path(path).expanduser()
    except RuntimeError:  # No such user: git finds nothing there either.
        return file


def _resolved(path: Path) -> Path:
    """``path`` without links. Raises GitError when they lead other processes elsewhere."""
    _refuse_special(path)
    return path.resolve()


def _refuse_special(path: Path) -> None:
    """Raises GitError when ``path``, or a link on its way, leads through /proc or /dev."""
    place, rest = Path("/"), [*reversed(path.parts)]
    for _ in range(_MAX_STEPS):
        if place in _SPECIAL:
            break
        if not rest:
            return
        part = rest.pop()
        place = place.parent if part == ".." else place / part
        if place.is_symlink():
            rest += reversed(place.readlink().parts)
            place = place.parent
    raise GitError(
        f"git reads {path}, which can’t be looked at beforehand: every process may find another file there; take it "
        "out of .git (such as from include.path in its config)"
    )


def _parts(key: str) -> tuple[str, str]:
    return key.partition(".")[0], key.rpartition(".")[2]


def _runs(key: str, value: str) -> bool:
    section, name = _parts(key)
    if section == "url":  # url.BASE.insteadOf
        return _HELPER.match(key.partition(".")[2]) is not None
    if section == "protocol":
        protocol = key.removeprefix("protocol.").removesuffix("allow").removesuffix(".")
        return name == "allow" and value.lower() != "never" and protocol not in _HARMLESS_PROTOCOLS
    if section in _ADDRESSES and _HELPER.match(value):
        return True
    if section == "submodule" and name == "update":
        return value.startswith("!")
    if section == "pager" or key == "core.fsmonitor":
        return value.lower() not in {"", *_SWITCHES}
    names = _PROGRAMS.get(section)
    listed = names is not None and (not names or name in names)
    return value != "" and (listed or _LIKE_A_PROGRAM.search(name) is not None)
