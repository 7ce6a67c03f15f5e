"""Comparing what a repository's worktrees share after each turn, and putting back what an agent changed. Blocks.

A person works in the same repository meanwhile, and their own changes stay: a branch that HEAD of one of their
checkouts was moved to is theirs. What can't be told apart is put back, and what stood there instead is kept under a
reference: either way nothing is lost, and the person is told.
"""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Final

from podium.core.private_files import private_folder, write_private
from podium.missions.worktrees.file_names import printable
from podium.missions.worktrees.git import GitError
from podium.missions.worktrees.leftover_commits import head_log
from podium.missions.worktrees.repository import Repository
from podium.missions.worktrees.shared_state import (
    SharedFile,
    SharedState,
    StashEntry,
    held,
    hold,
    let_go,
    moves_of_head,
    read_shared_state,
    read_stash,
)
from podium.missions.worktrees.worktree import Worktree

_HARMLESS: Final = re.compile(
    r"branch\..*\.(remote|merge|rebase|pushremote|description)"
    r"|submodule\..*\.(url|active|branch)|submodule\.active"
    r"|remote\..*\.(url|pushurl|fetch)"
    r"|extensions\.worktreeconfig|core\.repositoryformatversion"
)
"""Settings that git's everyday commands add by themselves and that run nothing."""
_SHOWN_STASH: Final = 60


class TurnContext:
    """Whose turn it was. ``branch`` is the turn's, ``label`` what people call the agent."""

    def __init__(self, label: str, branch: str, start: str, tree: Worktree, trace: Path | None) -> None:
        self.label = label
        self.branch = branch
        self.start = start
        self.tree = tree
        self._trace = trace

    def ran_git_in(self, folder: Path) -> bool:
        """Whether a git command of the agent's worked in ``folder``, as its trace says."""
        if self._trace is None:
            return False
        wanted = f"worktree {folder}"
        try:
            with self._trace.open(encoding="utf-8", errors="surrogateescape") as lines:
                return any(line.rstrip("\n") == wanted for line in lines)
        except OSError:
            return False


class RepositoryGuard:
    """Of one run. ``root`` holds its worktrees. ``running``: the first parts of the branches of missions that run.

    ``kept``: where files that were replaced are put.
    """

    def __init__(
        self,
        repository: Repository,
        run: str,
        root: Path,
        running: Callable[[], Collection[str]],
        kept: Path,
    ) -> None:
        self._repository = repository
        self._git = repository.git
        self._reference = f"refs/podium/{run}/held"
        self._running = running
        self._root = root
        self._kept = kept
        self._bare = self._git.text("rev-parse", "--is-bare-repository") == "true"
        self._noted = SharedState()
        self._held_by = self._known_holder = ""
        self._first: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Note how things stand; where an interrupted run has noted them, that counts. Raises GitError."""
        before = held(self._git, self._reference)
        now, self._held_by = self._read()
        if before is None:
            self._note(now)
        else:
            self._noted = before
        self._first = frozenset(self._noted.branches)

    def accept(self) -> None:
        """What was done since is meant, such as what the mission's own setup does to the configuration."""
        now, self._held_by = self._read()
        self._note(now)

    def end(self) -> None:
        """Nothing has to be held any more."""
        let_go(self._git, self._reference)

    def compare(self, turn: TurnContext) -> list[str]:
        """Put back what was changed since the last look; returns what to tell the person, a line for each."""
        before = self._noted
        now, self._held_by = self._read()
        theirs = moves_of_head(self._repository, self._root)[before.head_moves :]
        trusted = not turn.ran_git_in(self._repository.top)
        told = list(self._files(before, now, turn))
        told += self._head(before, now, turn, bool(theirs) and trusted)
        told += self._branches(before, now, turn, set(theirs) if trusted else set())
        told += self._own_new_branches(now, turn)
        told += self._tags(before, now, turn)
        told += self._stash(before, now, turn)
        if not trusted:
            told += self._index(before, turn)
        if told:
            now, self._held_by = self._read()
        self._note(now)
        return told

    def _read(self) -> tuple[SharedState, str]:
        return read_shared_state(self._repository, self._running(), self._root, self._reference)

    def _note(self, state: SharedState) -> None:
        if state != self._noted or not self._held_by or self._held_by != self._known_holder:
            self._held_by = self._known_holder = hold(self._git, self._reference, state)
            self._noted = state

    def _branches(
        self, before: SharedState, now: SharedState, turn: TurnContext, theirs: set[str]
    ) -> Iterator[str]:
        for name, commit in before.branches.items():
            found = now.branches.get(name)
            if found == commit or found in theirs:
                continue
            short = printable(name.removeprefix("refs/heads/"))
            if found is None:
                self._git.run("update-ref", name, commit, "")
                yield f"The branch {short} was deleted during the turn of {turn.label}; it is back"
            elif self._bare and self._contains(found, commit):
                continue  # Others push into it, as they may.
            else:
                yield self._put_branch_back(name, short, commit, found, turn)

    def _put_branch_back(self, name: str, short: str, commit: str, found: str, turn: TurnContext) -> str:
        words = f"The branch {short} was moved during the turn of {turn.label}; it is back at {commit[:10]}"
        kept = ""
        if not self._contains(commit, found):
            kept = f"{turn.branch}-moved/{name.removeprefix('refs/heads/')}"
            self._git.run("update-ref", f"refs/heads/{kept}", found)
        self._git.run("update-ref", name, commit, found)
        return words + (f", and where it was moved to is kept on {kept}" if kept else "")

    def _own_new_branches(self, now: SharedState, turn: TurnContext) -> Iterator[str]:
        """Branches that the agent has made and worked on go where a mission's branches are."""
        admin = turn.tree.admin
        if admin is None:
            return
        visited = {
            message.rpartition(" to ")[2] for _, _, message in head_log(admin) if "moving from" in message
        }
        current = turn.tree.git().run("symbolic-ref", "--quiet", "--short", "HEAD", check=False).text
        for short in sorted({*visited, current}):
            name = f"refs/heads/{short}"
            commit = now.branches.get(name)
            if commit is None or name in self._first or name in self._visited_by_the_person():
                continue
            kept = f"{turn.branch}-made/{short}"
            self._git.run("update-ref", f"refs/heads/{kept}", commit)
            if short == current:
                turn.tree.git().run("update-ref", "--no-deref", "HEAD", commit)
            self._git.run("update-ref", "-d", name, commit)
            yield f"The branch {short} that {turn.label} made is now {kept}"

    def _visited_by_the_person(self) -> set[str]:
        log = head_log(self._repository.common)
        return {f"refs/heads/{message.rpartition(' to ')[2]}" for _, _, message in log}

    def _tags(self, before: SharedState, now: SharedState, turn: TurnContext) -> Iterator[str]:
        for name, object_id in before.tags.items():
            found = now.tags.get(name)
            if found == object_id:
                continue
            short = printable(name.removeprefix("refs/tags/"))
            done = self._git.run("update-ref", name, object_id, check=False)
            what = "deleted" if found is None else "moved"
            if done.code == 0:
                yield f"The tag {short} was {what} during the turn of {turn.label}; it is back"
            else:
                yield f"The tag {short} was {what} during the turn of {turn.label} and can’t be put back: {object_id}"

    def _head(
        self, before: SharedState, now: SharedState, turn: TurnContext, moved_by_the_person: bool
    ) -> Iterator[str]:
        if now.head == before.head or self._bare or moved_by_the_person:
            return
        if before.head.startswith("refs/"):
            self._git.run("symbolic-ref", "HEAD", before.head)
        elif before.head:
            self._git.run("update-ref", "--no-deref", "HEAD", before.head)
        yield f"HEAD of your checkout was moved during the turn of {turn.label}; it is back"

    def _index(self, before: SharedState, turn: TurnContext) -> Iterator[str]:
        now, _ = self._read()
        if before.index_tree and now.index_tree != before.index_tree:
            self._git.run("read-tree", before.index_tree)
            yield f"{turn.label} changed what is staged in your checkout; it is back"

    def _stash(self, before: SharedState, now: SharedState, turn: TurnContext) -> Iterator[str]:
        known = {entry.commit for entry in before.stash}
        there = {entry.commit for entry in now.stash}
        gone = [entry for entry in before.stash if entry.commit not in there]
        theirs = [
            entry for entry in now.stash if entry.commit not in known and not self._is_the_agents(entry, turn)
        ]
        agents = [entry for entry in now.stash if entry.commit not in known and entry not in theirs]
        for number, entry in enumerate(agents):
            kept = f"{turn.branch}-stash" + (f"-{number + 1}" if number else "")
            self._git.run("update-ref", f"refs/heads/{kept}", entry.commit)
            yield f"What {turn.label} left in the stash is kept on {kept}"
        if not gone and not agents:
            return
        wanted = [*theirs, *before.stash]
        self._write_stash(wanted)
        if gone and [entry.commit for entry in read_stash(self._git)] != [entry.commit for entry in wanted]:
            raise GitError("the stash could not be put back; its entries are held on " + self._reference)
        for entry in gone:
            yield (
                f"The stash entry “{printable(entry.message[:_SHOWN_STASH])}” was taken during the turn of "
                f"{turn.label}; it is back in your list, and its changes may be in that work"
            )

    def _write_stash(self, entries: list[StashEntry]) -> None:
        """Make the list ``entries``, the newest first. Killed in between, they are still held."""
        self._git.run("update-ref", "-d", "refs/stash", check=False)
        for entry in reversed(entries):
            self._git.run("stash", "store", "--quiet", "-m", entry.message, entry.commit)

    def _is_the_agents(self, entry: StashEntry, turn: TurnContext) -> bool:
        """By the branch it was made on; without one, by the commit it was made from."""
        if f"n {turn.branch.rpartition('/')[0]}/" in entry.message:
            return True
        if "(no branch)" not in entry.message:
            return self._made_on_a_branch_of(turn, entry.message)
        base = self._git.run("rev-parse", "--verify", "--quiet", f"{entry.commit}^1", check=False).text
        admin = turn.tree.admin
        log = head_log(admin) if admin is not None else []
        return any(base in (before, after) for before, after, _ in log)

    def _made_on_a_branch_of(self, turn: TurnContext, message: str) -> bool:
        found = re.match(r"(?:WIP on|On) (\S+):", message)
        admin = turn.tree.admin
        if found is None or admin is None or f"refs/heads/{found[1]}" in self._first:
            return False
        return any(text.endswith(f" to {found[1]}") for _, _, text in head_log(admin))

    def _files(self, before: SharedState, now: SharedState, turn: TurnContext) -> Iterator[str]:
        for name in sorted({*before.files, *now.files}):
            was, found = before.files.get(name), now.files.get(name)
            if was == found or (name.startswith("config") and self._is_harmless(was, found)):
                continue
            if found is not None:
                write_private(self._kept / name, found.data, durable=True)
            path = self._repository.common / name
            if was is None:
                path.unlink(missing_ok=True)
                what = "made"
            else:
                _replace(path, was)
                what = "changed" if found is not None else "removed"
            more = f"; what it was made is kept in {self._kept / name}" if found is not None else ""
            yield f"{path} was {what} during the turn of {turn.label}; it is as it was before{more}"

    def _is_harmless(self, was: SharedFile | None, found: SharedFile | None) -> bool:
        """Whether nothing was changed and what was added runs nothing."""
        if found is None:
            return False
        try:
            old, new = self._settings(was), self._settings(found)
        except GitError:
            return False
        left = list(new)
        for setting in old:
            if setting not in left:
                return False
            left.remove(setting)
        return all(_HARMLESS.fullmatch(setting.partition("\n")[0]) for setting in left)

    def _settings(self, file: SharedFile | None) -> list[str]:
        if file is None:
            return []
        return self._git.run("config", "--no-includes", "-z", "--list", "--file", "-", stdin=file.data).names

    def _contains(self, commit: str, other: str) -> bool:
        return self._git.succeeds("merge-base", "--is-ancestor", other, commit)


def _replace(path: Path, file: SharedFile) -> None:
    if path.is_symlink():
        path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.podium")
    temporary.unlink(missing_ok=True)
    temporary.write_bytes(file.data)
    temporary.chmod(file.mode)
    temporary.replace(path)


def trace_environment(trace: Path, environment: dict[str, str]) -> dict[str, str]:
    """What makes the agent's git commands say in ``trace`` where they work; nothing where a person traces git."""
    if any(name.startswith("GIT_TRACE2") for name in environment):
        return {}
    private_folder(trace.parent)
    trace.unlink(missing_ok=True)
    return {"GIT_TRACE2": str(trace), "GIT_TRACE2_BRIEF": "1"}
