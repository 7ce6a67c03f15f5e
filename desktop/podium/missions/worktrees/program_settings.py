"""What a repository itself makes git run: programs that its settings name, and its hooks. Nothing is run to find out.

Settings are read from every file that git could take them from, conditional includes too, whatever their condition: it
may be true in a worktree, or on a mission's branch, and nowhere else. The person's own settings are no part of this.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from podium.core.mission_terms import Term, storable
from podium.missions.worktrees.git import Git, GitError

_MAX_BYTES: Final = 1 << 20
_MAX_FILES: Final = 200
_ANY: Final = frozenset[str]()
_PROGRAMS: Final[Mapping[str, frozenset[str]]] = {
    "browser": frozenset({"cmd", "path"}),
    "core": frozenset(
        {
            "alternaterefscommand",
            "askpass",
            "editor",
            "fsmonitor",
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
    "pager": _ANY,
    "remote": frozenset({"receivepack", "uploadpack", "vcs"}),
    "sendemail": frozenset({"cccmd", "headercmd", "sendmailcmd", "smtpserver", "tocmd"}),
    "sequence": frozenset({"editor"}),
    "tar": frozenset({"command"}),
    "trailer": frozenset({"cmd", "command"}),
    "uploadpack": frozenset({"packobjectshook"}),
    "web": frozenset({"browser"}),
}
"""Section → the last part of keys whose values are commands, or decide what is run. In small letters, as git tells."""
_SHELL_VALUES: Final = {"alias": "", "submodule": "update"}
"""Section → the last part of keys whose values are commands when they begin with ``!``."""
_SWITCHES: Final = {"", "true", "false", "yes", "no", "on", "off", "1", "0"}
_HELPER = re.compile(r"[A-Za-z0-9]+::")
"""The beginning of an address that a program is for, such as ext::COMMAND."""
_PRUNED: Final = {"objects", "refs", "logs", "hooks", "info", "worktrees"}
"""Folders of a repository that hold no submodules."""
_SUBMODULES: Final = "modules"


def git_terms(folder: Path) -> tuple[Term, ...]:
    """What git would run in ``folder`` because the repository there says so; nothing outside of repositories.

    Blocks. Raises GitError when the settings can't be read.
    """
    git = Git(folder)
    try:
        found = git.run("rev-parse", "--absolute-git-dir", check=False)
    except GitError:  # There is no git, so nothing that it could run.
        return ()
    if found.code != 0:
        if "safe.bareRepository" in found.errors:
            return (Term("", "git runs", "nobody knows what: the folder lies inside of a bare repository"),)
        return ()
    common = _common(git)
    values: dict[str, list[str]] = {}
    try:
        for file in _settings_files(found.path, common):
            where = f" ({file.parent.name})" if file.is_relative_to(common / _SUBMODULES) else ""
            for key, value in _settings(git, file, set()):
                if _runs(key, value):
                    values.setdefault(storable(key + where), []).append(storable(value))
    except OSError as error:
        raise GitError(f"the repository’s settings can’t be read: {error}") from None
    return tuple(
        Term("", f"git runs, for {key}", "\n".join(dict.fromkeys(told))) for key, told in values.items()
    )


def hook_terms(folder: Path) -> tuple[Term, ...]:
    """The hooks of the repository of ``folder``. Podium's own git runs none, but that of agents does. Blocks."""
    try:
        hooks = sorted((_common(Git(folder)) / "hooks").iterdir())
    except (GitError, OSError):
        return ()
    return tuple(
        Term("", f"git runs the hook {storable(hook.name)}", "when agents use git")
        for hook in hooks[:_MAX_FILES]
        if hook.suffix != ".sample" and hook.is_file() and os.access(hook, os.X_OK)
    )


def _common(git: Git) -> Path:
    """The folder that all worktrees of a repository share. Raises GitError."""
    return (git.folder / git.run("rev-parse", "--git-common-dir").path).resolve()


def _settings_files(own: Path, common: Path) -> Iterator[Path]:
    yield common / "config"
    for folder in dict.fromkeys((common, own)):
        yield folder / "config.worktree"
    number = 0
    for place, folders, files in os.walk(common / _SUBMODULES):
        if "config" in files:
            number += 1
            if number > _MAX_FILES:
                raise GitError(f"there are more than {_MAX_FILES} submodules")
            yield Path(place) / "config"
        pruned = _PRUNED if "HEAD" in files else ()
        folders[:] = sorted(name for name in folders if name not in pruned)


def _settings(git: Git, file: Path, seen: set[Path]) -> Iterator[tuple[str, str]]:
    """All keys and values in ``file`` and what it includes, under any condition."""
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
    try:
        return file.parent / Path(path).expanduser()
    except RuntimeError:  # No such user: git finds nothing there either.
        return file


def _parts(key: str) -> tuple[str, str]:
    return key.partition(".")[0], key.rpartition(".")[2]


def _runs(key: str, value: str) -> bool:
    section, name = _parts(key)
    if section in _SHELL_VALUES:
        return value.startswith("!") and _SHELL_VALUES[section] in ("", name)
    if section == "url":  # url.BASE.insteadOf
        return _HELPER.match(key.partition(".")[2]) is not None
    if section == "remote" and name in {"url", "pushurl"}:
        return _HELPER.match(value) is not None
    names = _PROGRAMS.get(section)
    if names is None or (names and name not in names):
        return False
    return value.lower() not in _SWITCHES
