"""Comparing what a repository's worktrees share after each turn, and putting back what an agent changed. Blocks.

A person works in the same repository meanwhile, and their own changes stay: a branch that HEAD of one of their
checkouts was moved to is theirs. What can't be told apart is put back, and what stood there instead is kept under a
reference: either way nothing is lost, and the person is told.
"""

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from podium.core.system.private_files import private_folder, write_private
from podium.missions.worktrees.file_names import listed, printable
from podium.missions.worktrees.git import GitError
from podium.missions.worktrees.leftover_commits import head_log
from podium.missions.worktrees.repository import Repository
from podium.missions.worktrees.shared_state import (
    SharedFile,
    SharedState,
    StashEntry,
    held,
    hold,
    index_file,
    is_below,
    let_go,
    moves_of_head,
    read_files,
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
_HEAD: Final = re.compile(rb"(ref: refs/\S[^\n]*|[0-9a-f]{40,64})\s*")


class _Told:
    """What to tell the person. ``failed``: something could not be compared or put back."""

    def __init__(self, label: str) -> None:
        self.lines: list[str] = []
        self.failed = False
        self._label = label

    def add(self, found: Iterator[str]) -> None:
        try:
            for line in found:
                self.lines.append(line)
        except (GitError, OSError) as error:
            self.failed = True
            self.lines.append(f"Not all is as it was before the turn of {self._label}: {error}")


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
            if not self._trace.is_file():
                return False  # A pipe would be waited for.
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
        self._moved = f"refs/podium/{run}/moved"
        self._running = running
        self._root = root
        self._kept = kept
        self._bare = self._git.text("rev-parse", "--is-bare-repository") == "true"
        self._noted = SharedState()
        self._held_by = self._known_holder = ""
        self._first: frozenset[str] = frozenset()
        folder = repository.top / self._git.run("rev-parse", "--git-dir").path
        self._heads = {path: path.read_bytes() for path in {repository.common / "HEAD", folder / "HEAD"}}

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
        """Put back what was changed since the last look; returns what to tell the person, a line for each.

        What can't be compared or put back does not hinder the rest, and is tried again after the next turn.
        """
        before, told = self._noted, _Told(turn.label)
        # These first: git can't be asked anything while its configuration can't be read.
        told.add(self._files(before.files, read_files(self._repository.common), turn))
        told.add(self._unreadable_heads(turn))
        now, self._held_by = self._read()
        theirs = moves_of_head(self._repository, self._root)[before.head_moves :]
        trusted = not turn.ran_git_in(self._repository.top)
        told.add(self._head(before, now, turn, bool(theirs) and trusted))
        told.add(self._own_new_branches(before, now, turn))
        told.add(self._branches(before, now, turn, set(theirs) if trusted else set()))
        told.add(self._tags(before, now, turn))
        told.add(self._stash(before, now, turn))
        told.add(self._index(before, now, turn, trusted))
        if told.lines:
            now, self._held_by = self._read()
        told.add(self._new(before, now, turn))
        if not told.failed:
            self._note(now)
        return told.lines

    def _read(self) -> tuple[SharedState, str]:
        return read_shared_state(self._repository, self._running(), self._root, self._reference)

    def _note(self, state: SharedState) -> None:
        if state != self._noted or not self._held_by or self._held_by != self._known_holder:
            self._held_by = self._known_holder = hold(self._git, self._reference, state)
            self._noted = state

    def _unreadable_heads(self, turn: TurnContext) -> Iterator[str]:
        """Without a HEAD, nothing is a repository to git."""
        for path, data in self._heads.items():
            try:
                found = path.read_bytes() if path.is_file() else b""
            except OSError:
                found = b""
            if _HEAD.fullmatch(found):
                self._heads[path] = found
                continue
            _replace(path, SharedFile(data, 0o644))
            yield f"{path} could not be used any more after the turn of {turn.label}; it is as it was before"

    def _branches(
        self, before: SharedState, now: SharedState, turn: TurnContext, theirs: set[str]
    ) -> Iterator[str]:
        running = self._running()
        for name, commit in before.branches.items():
            found = now.branches.get(name)
            if found == commit or found in theirs or is_below(name, running):
                continue
            short = printable(name.removeprefix("refs/heads/"))
            if found is None:
                self._make_room(name, before.branches, f"refs/heads/{turn.branch}-made")
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
            kept = self._keep(f"refs/heads/{turn.branch}-moved/{name.removeprefix('refs/heads/')}", found)
        self._git.run("update-ref", name, commit, found)
        return words + (f", and where it was moved to is kept on {kept}" if kept else "")

    def _keep(self, wanted: str, object_id: str) -> str:
        """Make a reference lead to ``object_id``: ``wanted``, or a free one like it. Returns what people call it."""
        name, number = wanted, 1
        while True:
            found = self._git.run("rev-parse", "--verify", "--quiet", name, check=False).text
            if found == object_id:
                break
            if not found:
                self._git.run("update-ref", name, object_id, "")
                break
            number += 1
            name = f"{wanted}-{number}"
        return printable(name.removeprefix("refs/heads/"))

    def _make_room(self, name: str, known: Mapping[str, str], folder: str) -> None:
        """git can't have a reference below another one's name: new ones in the way of ``name`` go to ``folder``."""
        parts = name.split("/")
        above = ["/".join(parts[:number]) for number in range(3, len(parts))]
        listed = self._git.text("for-each-ref", "--format=%(objectname) %(refname)", f"{name}/", *above)
        for object_id, _, other in (line.partition(" ") for line in listed.splitlines()):
            if other not in known:
                self._keep(f"{folder}/{other.split('/', 2)[2]}", object_id)
                self._git.run("update-ref", "-d", other, object_id)

    def _own_new_branches(self, before: SharedState, now: SharedState, turn: TurnContext) -> Iterator[str]:
        """Branches that the agent has made and worked on go where a mission's branches are."""
        admin = turn.tree.admin
        if admin is None:
            return
        visited = {
            message.rpartition(" to ")[2] for _, _, message in head_log(admin) if "moving from" in message
        }
        current = _branch_of(turn.tree)
        for short in sorted({*visited, current}):
            name = f"refs/heads/{short}"
            commit = now.branches.get(name)
            if commit is None or name in before.branches or name in self._visited_by_the_person():
                continue
            kept = self._keep(f"refs/heads/{turn.branch}-made/{short}", commit)
            if short == current:
                turn.tree.git().run("update-ref", "--no-deref", "HEAD", commit)
            self._git.run("update-ref", "-d", name, commit)
            yield f"The branch {printable(short)} that {turn.label} made is now {kept}"

    def _visited_by_the_person(self) -> set[str]:
        log = head_log(self._repository.common)
        return {f"refs/heads/{message.rpartition(' to ')[2]}" for _, _, message in log}

    def _tags(self, before: SharedState, now: SharedState, turn: TurnContext) -> Iterator[str]:
        for name, object_id in before.tags.items():
            found = now.tags.get(name)
            if found == object_id:
                continue
            what, kept = _what(name), ""
            if found is None:
                self._make_room(name, before.tags, self._moved)
            else:
                kept = self._keep(f"{self._moved}/{name.removeprefix('refs/')}", found)
            self._git.run("update-ref", name, object_id, found or "")
            words = (
                f"{what} was {'moved' if found else 'deleted'} during the turn of {turn.label}; it is back"
            )
            yield words + (f", and what it was moved to is kept as {kept}" if kept else "")
        for name in now.tags.keys() - before.tags.keys():
            if name.startswith("refs/replace/"):  # git shows something else everywhere for what it names.
                kept = self._keep(f"{self._moved}/{name.removeprefix('refs/')}", now.tags[name])
                self._git.run("update-ref", "-d", name, now.tags[name])
                yield f"{_what(name)} was made during the turn of {turn.label}; it is now {kept}"

    def _new(self, before: SharedState, now: SharedState, turn: TurnContext) -> Iterator[str]:
        """A person may have made them as well: they stay."""
        running = self._running()
        names = [name for name in (*now.branches, *now.tags) if not is_below(name, running)]
        new = [name for name in names if name not in before.branches and name not in before.tags]
        if new:
            yield f"New in the repository since the turn of {turn.label}: " + listed(map(_short, new))

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

    def _index(
        self, before: SharedState, now: SharedState, turn: TurnContext, trusted: bool
    ) -> Iterator[str]:
        if not before.index_tree or now.index_tree == before.index_tree:
            return
        if not trusted or index_file(self._repository) is None:
            self._git.run("read-tree", before.index_tree)
            yield f"What is staged in your checkout was changed during the turn of {turn.label}; it is back"

    def _stash(self, before: SharedState, now: SharedState, turn: TurnContext) -> Iterator[str]:
        known = {entry.commit for entry in before.stash}
        there = {entry.commit for entry in now.stash}
        gone = [entry for entry in before.stash if entry.commit not in there]
        theirs = [
            entry for entry in now.stash if entry.commit not in known and not self._is_the_agents(entry, turn)
        ]
        agents = [entry for entry in now.stash if entry.commit not in known and entry not in theirs]
        for entry in agents:
            kept = self._keep(f"refs/heads/{turn.branch}-stash", entry.commit)
            yield f"What {turn.label} left in the stash is kept on {kept}"
        if not gone and not agents:
            return
        wanted = [*theirs, *before.stash]
        self._write_stash(wanted, now.stash[0].commit if now.stash else "")
        if gone and [entry.commit for entry in read_stash(self._git)] != [entry.commit for entry in wanted]:
            raise GitError("the stash could not be put back; its entries are held on " + self._reference)
        for entry in gone:
            yield (
                f"The stash entry “{printable(entry.message[:_SHOWN_STASH])}” was taken during the turn of "
                f"{turn.label}; it is back in your list, and its changes may be in that work"
            )

    def _write_stash(self, entries: list[StashEntry], newest: str) -> None:
        """Make the list ``entries``, the newest first, of the one that begins with ``newest``. Raises GitError if the
        person has stashed something meanwhile. Killed in between, they are still held.
        """
        if newest:
            self._git.run("update-ref", "-d", "refs/stash", newest)
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

    def _files(
        self, before: Mapping[str, SharedFile], now: Mapping[str, SharedFile], turn: TurnContext
    ) -> Iterator[str]:
        for name in sorted({*before, *now}):
            was, found = before.get(name), now.get(name)
            if was == found or (name.startswith("config") and self._is_harmless(was, found)):
                continue
            kept = _free(self._kept / name) if found is not None and found.data else None
            if kept is not None and found is not None:
                write_private(kept, found.data, durable=True)
            path = self._repository.common / name
            if was is None:
                path.unlink(missing_ok=True)
                what = "made"
            else:
                _replace(path, was)
                what = "changed" if found is not None else "removed"
            more = f"; what it was made is kept in {kept}" if kept is not None else ""
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


def changes_since(repository: Repository, run: str, root: Path) -> list[str]:
    """What a run that was killed, and will not go on, may have changed of what is the person's: a line for each.

    Nothing is put back: the person may have done it since. All of it is held, unless nothing is missing. Raises
    GitError.
    """
    git, reference = repository.git, f"refs/podium/{run}/held"
    before = held(git, reference)
    if before is None:
        return []
    now, _ = read_shared_state(repository, (), root, reference)
    there = {entry.commit for entry in now.stash}
    lines = [
        f"the stash entry “{printable(entry.message[:_SHOWN_STASH])}” is not in your list any more; to have it: "
        f"git stash apply {entry.commit[:12]}"
        for entry in before.stash
        if entry.commit not in there
    ]
    refs = {**now.branches, **now.tags}
    for name, object_id in {**before.branches, **before.tags}.items():
        found = refs.get(name)
        if found is None:
            lines.append(f"the {_short(name)} is gone; it was at {object_id[:12]}")
        elif found != object_id and not git.succeeds("merge-base", "--is-ancestor", object_id, found):
            lines.append(f"the {_short(name)} was moved; it was at {object_id[:12]}")
    for name, file in before.files.items():
        if now.files.get(name) != file:
            lines.append(f"{repository.common / name} is not as it was")
    if not lines:
        let_go(git, reference)
    return lines


def _branch_of(tree: Worktree) -> str:
    try:
        return tree.git().run("symbolic-ref", "--quiet", "--short", "HEAD", check=False).text
    except GitError:
        return ""  # Its folder is gone.


def _what(name: str) -> str:
    return f"The {_short(name)}"


def _short(name: str) -> str:
    """What people call a reference."""
    kind, _, rest = name.removeprefix("refs/").partition("/")
    kinds = {"heads": "branch", "tags": "tag", "notes": "note", "replace": "replacement"}
    return f"{kinds.get(kind, kind)} {printable(rest)}"


def _free(path: Path) -> Path:
    """``path``, or with a number where something is: what was kept before is not replaced."""
    number, free = 1, path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.name}.{number}")
    return free


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
