"""Commits that an agent made and then left: by rewinding, by going elsewhere, in a rebase it did not end. Blocks.

They are kept on a branch: git would forget them with the worktree.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from podium.repositories.author import PODIUM
from podium.repositories.git import Git, identity

_REWRITES: Final = ("commit (amend)", "rebase")
"""Messages of moves whose old commit was replaced on purpose."""
_HELD: Final = ("rebase-merge/orig-head", "rebase-apply/orig-head", "rebase-merge/autostash")
_MOST: Final = 100
"""Commits that one branch keeps reachable."""


def leftover_commits(git: Git, admin: Path, tip: str, start: str, commit: str) -> list[str]:
    """The commits of a turn that ``commit`` does not contain, the newest first. ``tip``: that of its branch, or ""."""
    candidates = [*filter(None, [tip]), *_unfinished(admin), *left_by_head(admin)]
    found: list[str] = []
    for candidate in dict.fromkeys(candidates):
        if candidate in (start, commit) or len(found) >= _MOST:
            continue
        if git.run("cat-file", "-e", f"{candidate}^{{commit}}", check=False).code != 0:
            continue
        if not any(_contains(git, other, candidate) for other in (commit, start, *found)):
            found.append(candidate)
    return found


def keep_reachable(git: Git, branch: str, commits: Sequence[str], beside: str) -> str:
    """Make ``branch`` lead to all of ``commits``, and to what it leads to already; returns its name, or "" if there
    are none.
    """
    if not commits:
        return ""
    before = [tip for tip in _branch_tip(git, branch) if not any(_contains(git, new, tip) for new in commits)]
    commits = [*commits, *before]
    kept = commits[0]
    if len(commits) > 1:
        parents = [word for commit in commits for word in ("-p", commit)]
        tree = git.text("rev-parse", f"{beside}^{{tree}}")
        message = "Commits that were left behind"
        kept = git.run("commit-tree", tree, *parents, "-m", message, environment=identity(PODIUM)).text
    git.run("update-ref", f"refs/heads/{branch}", kept)
    return branch


def _branch_tip(git: Git, branch: str) -> Iterator[str]:
    found = git.run("rev-parse", "--verify", "--quiet", f"refs/heads/{branch}^{{commit}}", check=False)
    if found.code == 0:
        yield found.text


def _unfinished(admin: Path) -> Iterator[str]:
    for name in _HELD:
        try:
            yield (admin / name).read_text(encoding="ascii", errors="replace").strip()[:64]
        except OSError:
            continue


def left_by_head(admin: Path) -> Iterator[str]:
    """The commits that HEAD was moved away from, but for rewritten ones."""
    for before, _, message in reversed(head_log(admin)):
        if not message.startswith(_REWRITES):
            yield before


def head_log(admin: Path) -> list[tuple[str, str, str]]:
    """Before, after and message of each move of HEAD since ``forget_head_log``, the oldest first."""
    try:
        lines = (admin / "logs" / "HEAD").read_bytes().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    found = []
    for line in lines:
        facts, _, message = line.partition("\t")
        before, _, rest = facts.partition(" ")
        found.append((before, rest.partition(" ")[0], message))
    return found


def forget_head_log(admin: Path) -> None:
    """Keep all that it leads to; the next turn's log begins empty.

    It stays as an empty file: then git writes it whatever core.logAllRefUpdates says.
    """
    log = admin / "logs" / "HEAD"
    log.unlink(missing_ok=True)
    log.parent.mkdir(exist_ok=True)
    log.touch()


def _contains(git: Git, commit: str, candidate: str) -> bool:
    return git.succeeds("merge-base", "--is-ancestor", candidate, commit)
