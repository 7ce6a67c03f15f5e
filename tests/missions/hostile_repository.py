"""Repositories whose own settings name programs. Each program leaves a file by its name in a folder of the test."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.repositories.git_shell import git, repository

HOOKS: Final = (
    "applypatch-msg",
    "commit-msg",
    "fsmonitor-watchman",
    "post-applypatch",
    "post-checkout",
    "post-commit",
    "post-index-change",
    "post-merge",
    "post-rewrite",
    "pre-applypatch",
    "pre-auto-gc",
    "pre-commit",
    "pre-merge-commit",
    "pre-rebase",
    "prepare-commit-msg",
    "reference-transaction",
)

SETTINGS: Final = (
    # Section, subsection, key; the program is told the setting's name.
    *(("alias", "", name, "!") for name in ("status", "rev-parse", "config", "ls-tree", "var", "worktree")),
    ("core", "", "alternateRefsCommand", ""),
    ("core", "", "askPass", ""),
    ("core", "", "editor", ""),
    ("core", "", "fsmonitor", ""),
    ("core", "", "gitProxy", ""),
    ("core", "", "pager", ""),
    ("core", "", "sshCommand", ""),
    ("credential", "", "helper", "!"),
    ("credential", "https://example.invalid", "helper", "!"),
    ("diff", "", "external", ""),
    ("diff", "hostile", "command", ""),
    ("diff", "hostile", "textconv", ""),
    ("filter", "hostile", "clean", ""),
    ("filter", "hostile", "smudge", ""),
    ("filter", "endless", "process", ""),
    ("gpg", "", "program", ""),
    ("gpg", "ssh", "program", ""),
    ("gpg", "ssh", "defaultKeyCommand", ""),
    ("hook", "hostile", "command", ""),
    ("interactive", "", "diffFilter", ""),
    ("merge", "hostile", "driver", ""),
    ("pager", "", "status", ""),
    ("pager", "", "config", ""),
    ("remote", "origin", "uploadpack", ""),
    ("sequence", "", "editor", ""),
    ("submodule", "sub", "update", "!"),
    ("trailer", "hostile", "command", ""),
    ("uploadpack", "", "packObjectsHook", ""),
)
ATTRIBUTES: Final = (
    "* diff=hostile merge=hostile filter=hostile\n*.bin filter=endless\n.gitattributes !filter !diff\n"
)
FILES: Final = {".gitattributes": ATTRIBUTES, "a.txt": "one\n", "b.bin": "two\n"}


class Trap:
    """A program that notes how it was run, and does nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "sprung"
        self.folder.mkdir()
        self.program = folder / "trap"
        self.program.write_text(f'#!/bin/sh\ntouch "{self.folder}/$1"\n')
        self.program.chmod(0o755)

    @property
    def sprung(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())

    def settings(self) -> dict[str, str]:
        """Every setting that makes git run it, by a key as ``git config`` takes it."""
        return {
            ".".join(filter(None, (section, middle, key))): f"{sign}{self.program} {section}-{key}"
            for section, middle, key, sign in SETTINGS
        } | {
            "core.hooksPath": str(self.hooks()),
            "hook.hostile.event": "post-index-change",
            "log.showSignature": "true",
            "commit.gpgSign": "true",
            "merge.verifySignatures": "true",
            "status.submoduleSummary": "true",
            "submodule.recurse": "true",
            "core.untrackedCache": "true",
            "core.splitIndex": "true",
        }

    def hooks(self) -> Path:
        folder = self.program.parent / "hostile hooks"
        folder.mkdir(exist_ok=True)
        for name in HOOKS:
            hook = folder / name
            hook.write_text(f"#!/bin/sh\ntouch '{self.folder}/hook-{name}'\n")
            hook.chmod(0o755)
        return folder


def write_settings(file: Path, settings: Mapping[str, str]) -> None:
    """Add them to the end of ``file``, keys as ``git config`` takes them."""
    lines = []
    for key, value in settings.items():
        section, _, rest = key.partition(".")
        middle, _, name = rest.rpartition(".")
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'[{section} "{middle}"]' if middle else f"[{section}]")
        lines.append(f'\t{name} = "{quoted}"')
    with file.open("a") as target:
        target.write("\n".join([*lines, ""]))


def project(folder: Path) -> Path:
    """A repository with files that every driver of SETTINGS is for, one of them changed."""
    made = repository(folder, FILES)
    _change(made)
    return made


def by_config(folder: Path, trap: Trap) -> Path:
    """Its own settings, as in an archive."""
    made = project(folder)
    write_settings(made / ".git" / "config", trap.settings())
    return made


def by_include(folder: Path, trap: Trap) -> Path:
    """A file of the project that its settings include."""
    made = project(folder)
    write_settings(made / "settings", trap.settings())
    git(made, "config", "include.path", "../settings")
    return made


def by_condition(folder: Path, trap: Trap) -> Path:
    """The same, on the branches of missions alone."""
    made = project(folder)
    write_settings(made / "settings", trap.settings())
    git(made, "config", "includeIf.onbranch:podium/**.path", "../settings")
    return made


def by_worktree_config(folder: Path, trap: Trap) -> Path:
    made = project(folder)
    git(made, "config", "extensions.worktreeConfig", "true")
    write_settings(made / ".git" / "config.worktree", trap.settings())
    return made


def by_embedded_bare_repository(folder: Path, trap: Trap) -> Path:
    """A plain clone suffices: among its files is a bare repository that calls a folder beside it its work tree."""
    inner = folder / "docs" / "emb"
    checkout = project(folder / "made" / "wt")
    inner.parent.mkdir(parents=True)
    (checkout / ".git").rename(inner)
    checkout.rename(inner / "wt")
    for empty in ("refs/heads", "refs/tags", "objects/info"):
        (inner / empty / ".keep").write_text("")
    write_settings(inner / "config", {**trap.settings(), "core.worktree": "wt", "core.bare": "false"})
    repository(folder, {"read.me": "x\n"})
    return inner / "wt"


def by_bare_repository(folder: Path, trap: Trap) -> Path:
    """The same when it is named itself."""
    inner = by_embedded_bare_repository(folder, trap).parent
    write_settings(inner / "config", {"core.bare": "true"})
    git(inner.parent, "config", "--file", str(inner / "config"), "--unset", "core.worktree")
    return inner


def by_submodule(folder: Path, trap: Trap) -> Path:
    """A submodule whose settings and hooks are hostile, with changes in it."""
    other = repository(folder.parent / "other", FILES)
    made = repository(folder, {"a.txt": "one\n"})
    git(made, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "sub")
    git(made, "commit", "--quiet", "--message", "Submodule")
    write_settings(made / ".git" / "modules" / "sub" / "config", trap.settings())
    _change(made / "sub")
    return made


def by_promisor(folder: Path, trap: Trap) -> Path:
    """A clone that is not whole: the commit that HEAD names has to be fetched, by a program that the remote names."""
    made = repository(folder, FILES)
    other = repository(folder.parent / "elsewhere", FILES)
    write_settings(
        made / ".git" / "config",
        {
            **trap.settings(),
            "core.repositoryformatversion": "1",
            "extensions.partialClone": "origin",
            "remote.origin.url": str(other),
            "remote.origin.promisor": "true",
            "remote.origin.partialclonefilter": "blob:none",
        },
    )
    branch = next((made / ".git" / "refs" / "heads").iterdir())
    branch.write_text("1" * 40 + "\n")
    return made


def by_transport(folder: Path, trap: Trap) -> Path:
    """The same with a remote that is a command."""
    made = by_promisor(folder, trap)
    settings = {"protocol.ext.allow": "always", "remote.origin.url": f"ext::{trap.program} ext"}
    write_settings(made / ".git" / "config", settings)
    return made


WAYS: Final = (
    by_config,
    by_include,
    by_condition,
    by_worktree_config,
    by_embedded_bare_repository,
    by_bare_repository,
    by_submodule,
    by_promisor,
    by_transport,
)


def spring(folder: Path) -> None:
    """What somebody does who has not looked: git as it is."""
    checkout = ("worktree", "add", "--detach", str(folder.parent / "spring"))
    for command in (("status",), ("rev-parse", "HEAD^{tree}"), checkout):
        subprocess.run(
            ["git", *command],
            cwd=folder,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )


def _change(folder: Path) -> None:
    """Same length, another time: git must read the file, so a filter, to know that it changed."""
    for name in ("a.txt", "b.bin"):
        if (folder / name).exists():
            (folder / name).write_text("ONE\n")
            os.utime(folder / name, (1, 1))
