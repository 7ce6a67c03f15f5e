"""Comparing what a repository's worktrees share after an agent has worked, and putting back what it changed. Blocks.

A person works in the same repository meanwhile, and their own changes stay: a branch that HEAD of one of their
checkouts was moved to is theirs. What can't be told apart is put back, and what stood there instead is kept under a
reference: either way nothing is lost, and the person is told.
"""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from podium.repositories.file_names import printable
from podium.repositories.git import GitError
from podium.repositories.guard.change_context import ChangeContext
from podium.repositories.guard.file_guard import FileGuard
from podium.repositories.guard.holding import held, hold, let_go
from podium.repositories.guard.reference_guard import ReferenceGuard, short_name
from podium.repositories.guard.shared_state import (
    SharedState,
    index_file,
    moves_of_head,
    read_files,
    read_shared_state,
)
from podium.repositories.guard.stash_guard import SHOWN_MESSAGE, StashGuard
from podium.repositories.repository import Repository


class _Findings:
    """The lines for the person. ``failed``: something could not be compared or put back."""

    def __init__(self, period: str) -> None:
        self.lines: list[str] = []
        self.failed = False
        self._period = period

    def add(self, found: Iterator[str]) -> None:
        try:
            for line in found:
                self.lines.append(line)
        except (GitError, OSError) as error:
            self.failed = True
            self.lines.append(f"Not all is as it was before {self._period}: {error}")


class RepositoryGuard:
    """Of one owner, such as a mission's run. ``references`` is what the names of its references begin with, ``root``
    the folder of its worktrees. ``running``: the first parts of branches that change meanwhile.

    ``kept``: where files that were replaced are put.
    """

    def __init__(
        self,
        repository: Repository,
        references: str,
        root: Path,
        running: Callable[[], Collection[str]],
        kept: Path,
    ) -> None:
        self._repository = repository
        self._git = repository.git
        self._reference = _held_reference(references)
        self._running = running
        self._root = root
        self._bare = self._git.text("rev-parse", "--is-bare-repository") == "true"
        self._noted = SharedState()
        self._held_by = self._known_holder = ""
        self._first_branches: frozenset[str] = frozenset()
        self._files = FileGuard(repository, kept)
        self._references = ReferenceGuard(repository, running, f"{references}/moved", self._bare)
        self._stash = StashGuard(self._git, self._reference)

    def begin(self) -> None:
        """Note how things stand; where an interrupted run has noted them, that counts. Raises GitError."""
        before = held(self._git, self._reference)
        now, self._held_by = self._read()
        if before is None:
            self._note(now)
        else:
            self._noted = before
        self._first_branches = frozenset(self._noted.branches)

    def accept(self) -> None:
        """Accept all changes since, such as those of a setup command to the configuration. Raises GitError."""
        now, self._held_by = self._read()
        self._note(now)

    def end(self) -> None:
        """Release all that is held. Raises GitError."""
        let_go(self._git, self._reference)

    def compare(self, context: ChangeContext) -> list[str]:
        """Put back what was changed since the last check; returns what to tell the person, a line for each.

        What can't be compared or put back does not hinder the rest, and is tried again the next time.
        """
        before, findings = self._noted, _Findings(context.period)
        # These first: git can't be asked anything while its configuration can't be read.
        now_files = read_files(self._repository.common)
        findings.add(self._files.put_files_back(before.files, now_files, context))
        findings.add(self._files.put_heads_back(context))
        now, self._held_by = self._read()
        theirs = moves_of_head(self._repository, self._root)[before.head_moves :]
        trusted = not context.ran_git_in(self._repository.top)
        findings.add(self._put_head_back(before, now, context, bool(theirs) and trusted))
        findings.add(self._references.move_made_branches(before, now, context))
        moved_by_the_person = set(theirs) if trusted else set()
        findings.add(self._references.put_branches_back(before, now, context, moved_by_the_person))
        findings.add(self._references.put_tags_back(before, now, context))
        findings.add(self._stash.put_back(before, now, context, self._first_branches))
        findings.add(self._put_index_back(before, now, context, trusted))
        if findings.lines:
            now, self._held_by = self._read()
        findings.add(self._references.new_names(before, now, context))
        if not findings.failed:
            self._note(now)
        return findings.lines

    def _read(self) -> tuple[SharedState, str]:
        return read_shared_state(self._repository, self._running(), self._root, self._reference)

    def _note(self, state: SharedState) -> None:
        if state != self._noted or not self._held_by or self._held_by != self._known_holder:
            self._held_by = self._known_holder = hold(self._git, self._reference, state)
            self._noted = state

    def _put_head_back(
        self, before: SharedState, now: SharedState, context: ChangeContext, moved_by_the_person: bool
    ) -> Iterator[str]:
        if now.head == before.head or self._bare or moved_by_the_person:
            return
        if before.head.startswith("refs/"):
            self._git.run("symbolic-ref", "HEAD", before.head)
        elif before.head:
            self._git.run("update-ref", "--no-deref", "HEAD", before.head)
        yield f"HEAD of your checkout was moved during {context.period}; it is back"

    def _put_index_back(
        self, before: SharedState, now: SharedState, context: ChangeContext, trusted: bool
    ) -> Iterator[str]:
        if not before.index_tree or now.index_tree == before.index_tree:
            return
        if not trusted or index_file(self._repository) is None:
            self._git.run("read-tree", before.index_tree)
            yield f"What is staged in your checkout was changed during {context.period}; it is back"


def changes_since(repository: Repository, references: str, root: Path) -> list[str]:
    """Changes that a killed owner, which will not go on, may have made to what is the person's: a line for each.

    Nothing is put back: the person may have done it since. All of it is held, unless nothing is missing. Raises
    GitError.
    """
    git, reference = repository.git, _held_reference(references)
    before = held(git, reference)
    if before is None:
        return []
    now, _ = read_shared_state(repository, (), root, reference)
    there = {entry.commit for entry in now.stash}
    lines = [
        f"the stash entry “{printable(entry.message[:SHOWN_MESSAGE])}” is not in your list any more; to have it: "
        f"git stash apply {entry.commit[:12]}"
        for entry in before.stash
        if entry.commit not in there
    ]
    refs = {**now.branches, **now.tags}
    for name, object_id in {**before.branches, **before.tags}.items():
        found = refs.get(name)
        if found is None:
            lines.append(f"the {short_name(name)} is gone; it was at {object_id[:12]}")
        elif found != object_id and not git.succeeds("merge-base", "--is-ancestor", object_id, found):
            lines.append(f"the {short_name(name)} was moved; it was at {object_id[:12]}")
    for name, file in before.files.items():
        if now.files.get(name) != file:
            lines.append(f"{repository.common / name} is not as it was")
    if not lines:
        let_go(git, reference)
    return lines


def _held_reference(references: str) -> str:
    return f"{references}/held"
