"""git as Podium uses it: no hooks, no signing, no network, no questions, the same words in every language.

A repository may be hostile: its settings name programs. What is set here keeps git from running any of them but
filters and merge drivers, which only commands that read or write files of a work tree use. Before the person has agreed
(``repository.find_repository``), no such command is run.
"""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.core.system.git_variables import without_git_variables
from podium.core.system.processes import NO_CONSOLE
from podium.repositories.author import Author

_SETTINGS: Final = (
    "core.hooksPath=/dev/null",  # The project's hooks are for people's commits; ours must not run them.
    "core.fsmonitor=false",
    "safe.bareRepository=explicit",  # A clone may hold one, with settings of its own, anywhere among its files.
    "protocol.allow=never",
    "log.showSignature=false",  # It would run gpg.program.
    "merge.verifySignatures=false",
    "core.quotePath=false",
    "commit.gpgSign=false",
    "tag.gpgSign=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
    "status.submoduleSummary=false",
    "worktree.useRelativePaths=false",
    "color.ui=false",
    "advice.detachedHead=false",
)
_ENVIRONMENT: Final = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",  # Looking must not write: the person's index stays as it is.
    "GIT_EDITOR": "true",
    "GIT_SEQUENCE_EDITOR": "true",
    "GIT_PAGER": "cat",
    # No protocol has that name, so git fetches nothing and runs no ssh, transport or credential helper. The settings
    # for those stay: a filter of the person's own, such as git-lfs, fetches by itself and needs them.
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
}
_BARE: Final = ("HEAD", "objects", "refs")
_NOT_FETCHED: Final = ("promisor remote", "lazy fetching", "transport '")
_TIMEOUT: Final = 900.0
"""Seconds; a checkout of something huge on a slow disk takes its time, a hang must not last for ever."""
INSPECTION_TIMEOUT: Final = 30.0
"""Seconds for a command that only looks at a few files: a repository may hold a pipe where git expects a file."""


class GitError(Exception):
    """git is missing, or refused; the message is for a person."""


class NoGit(GitError):
    """There is no git on the PATH."""


class Done(msgspec.Struct, frozen=True):
    code: int
    out: bytes
    errors: str

    @property
    def text(self) -> str:
        return self.out.decode("utf-8", "surrogateescape").strip()

    @property
    def path(self) -> Path:
        """The output of a command that prints one path; it may end in a space or hold a line break."""
        return Path(self.out.decode("utf-8", "surrogateescape").removesuffix("\n"))

    @property
    def names(self) -> list[str]:
        """The output of a command with ``-z``."""
        return [name.decode("utf-8", "surrogateescape") for name in self.out.split(b"\0") if name]


class Git:
    """Runs git in ``folder``. With ``git_dir`` that repository and work tree are used whatever lies in the folder:
    what an agent does to its own ``.git`` leads nowhere. A folder that is a bare repository itself is used as one;
    git never looks for one around a folder. No command may take longer than ``timeout`` seconds.
    """

    def __init__(self, folder: Path, git_dir: Path | None = None, timeout: float = _TIMEOUT) -> None:
        self.folder = folder
        self._git_dir = git_dir
        self._timeout = timeout

    def run(
        self,
        *arguments: str,
        check: bool = True,
        environment: Mapping[str, str] | None = None,
        stdin: bytes | None = None,
        settings: Sequence[str] = (),
    ) -> Done:
        """Run ``git ARGUMENTS`` to its end, with more ``settings`` than it always has.

        Raises GitError when it can't, or (with ``check``) fails. Blocks.
        """
        configured = [word for setting in (*_SETTINGS, *settings) for word in ("-c", setting)]
        try:
            done = subprocess.run(
                ["git", "--no-pager", *configured, *arguments],
                cwd=self.folder,
                env={**self._environment(), **(environment or {})},
                input=stdin if stdin is not None else b"",
                capture_output=True,
                timeout=self._timeout,
                creationflags=NO_CONSOLE,
                start_new_session=True,  # Ctrl+C is for the program, not for a git command under way.
                check=False,
            )
        except FileNotFoundError:
            if not self.folder.is_dir():
                raise GitError(f"the folder {self.folder} is gone") from None
            raise NoGit("there is no git on the PATH; install it") from None
        except subprocess.TimeoutExpired:
            raise GitError(f"git {arguments[0]} did not end within {self._timeout:g} s") from None
        except (OSError, ValueError) as error:
            raise GitError(f"git {arguments[0]} could not be run: {error}") from None
        errors = done.stderr.decode("utf-8", "replace").strip()
        if check and done.returncode != 0:
            reason = last_line(errors) or f"exit code {done.returncode}"
            if any(words in errors for words in _NOT_FETCHED):
                reason += " (objects are missing here, and Podium fetches none; fetch them yourself first)"
            raise GitError(f"git {arguments[0]} failed: {reason}")
        return Done(done.returncode, done.stdout, errors)

    def text(self, *arguments: str) -> str:
        return self.run(*arguments).text

    def objects(self, *names: str) -> list[str]:
        """The object that each of ``names`` leads to, "" where there is none."""
        asked = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
        found = self.run("cat-file", "--batch-check=%(objectname)", stdin=asked, check=False).text.split("\n")
        if len(found) != len(names):
            return [""] * len(names)  # git can't use the repository at all.
        return [line if " " not in line else "" for line in found]  # "NAME missing", "NAME ambiguous".

    def succeeds(self, *arguments: str) -> bool:
        return self.run(*arguments, check=False).code == 0

    def _environment(self) -> dict[str, str]:
        environment = without_git_variables(os.environ) | _ENVIRONMENT
        environment["PATH"] = _absolute(os.environ.get("PATH", os.defpath))
        if self._git_dir is not None:
            environment |= {"GIT_DIR": str(self._git_dir), "GIT_WORK_TREE": "."}
        elif _is_bare(self.folder):
            environment["GIT_DIR"] = str(self.folder)
        return environment


def _absolute(search_path: str) -> str:
    """Without the folders that are relative: they would be the project's, and so would be the git found there."""
    return os.pathsep.join(place for place in search_path.split(os.pathsep) if Path(place).is_absolute())


def _is_bare(folder: Path) -> bool:
    """Whether ``folder`` looks like a repository without a checkout. What its settings say is for git to see."""
    return not (folder / ".git").exists() and all((folder / name).exists() for name in _BARE)


def identity(author: Author) -> dict[str, str]:
    """The environment for commits by ``author``, through Podium. Needs nothing of the person's settings."""
    name = "".join(character for character in author.name if character not in "<>\n") or author.id
    return {
        "GIT_AUTHOR_NAME": name,
        "GIT_AUTHOR_EMAIL": f"{author.id}@podium.invalid",
        "GIT_COMMITTER_NAME": "Podium",
        "GIT_COMMITTER_EMAIL": "podium@podium.invalid",
    }


def last_line(text: str) -> str:
    """The fault that git reports: its last line that is an error, or its last line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("fatal:", "error:"))]
    meant = [line for line in lines if not line.startswith(("hint:", "warning:"))]
    return (errors or meant or lines or [""])[-1].removeprefix("fatal: ").removeprefix("error: ")
