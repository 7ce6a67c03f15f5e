"""The mission's branch: where it leads, whoever moved it meanwhile, and what stays of a run's branches. Blocks."""

from collections.abc import Callable

from podium.core.missions.state import WorktreesState
from podium.missions.workspace import Outcome
from podium.missions.worktrees.git import Git
from podium.missions.worktrees.merging import Merger
from podium.missions.worktrees.repository import Repository

_NOTHING = ""
"""As the expected value of a reference: it must not be there."""


class ResultBranch:
    """``tell`` tells the person what was found and done."""

    def __init__(
        self, repository: Repository, merger: Merger, trees: WorktreesState, tell: Callable[[str], None]
    ) -> None:
        self._git: Git = repository.git
        self._merger = merger
        self._trees = trees
        self._tell = tell
        self.reference = f"refs/heads/{trees.branch}"

    def open(self) -> None:
        """Make it, or find what a run that was killed has left. Raises GitError."""
        if self._found() is None:
            self._git.run("update-ref", self.reference, self._trees.head, _NOTHING)
        else:
            self.reconcile()

    def reconcile(self) -> bool:
        """Take over what was committed onto it meanwhile; put it back where it lost work. True if its head is new.

        Raises GitError.
        """
        trees = self._trees
        found = self._found()
        if found == trees.head:
            return False
        if found is None:
            self._git.run("update-ref", self.reference, trees.head, _NOTHING)
            self._tell(f"The branch {trees.branch} was deleted; it is back at {trees.head[:10]}")
            return False
        if self._merger.contains(found, trees.head):
            self._tell(f"The branch {trees.branch} has new commits, which are taken over: {found[:10]}")
            trees.head, trees.gates_known = found, False
            return True
        words = f"The branch {trees.branch} was moved; it is back at {trees.head[:10]}"
        if not self._merger.contains(trees.head, found):
            kept = self._free_name(f"{trees.branch}-moved")
            self._git.run("update-ref", f"refs/heads/{kept}", found, _NOTHING)
            words += f", and where it was moved to is kept on {kept}"
        self._git.run("update-ref", self.reference, trees.head, found)
        self._tell(words)
        return False

    def accept(self, commit: str) -> None:
        """Make it lead to ``commit``. Raises GitError if it was moved meanwhile."""
        self._git.run("update-ref", self.reference, commit, self._trees.head)

    def remove_merged(self) -> None:
        """Branches of turns whose work is in it go. Raises GitError."""
        for commit, reference in self._of_run(f"--merged={self._trees.head}"):
            self._git.run("update-ref", "-d", reference, commit, check=False)

    def put_away(self) -> Outcome:
        """The mission is over: what is in its branch goes; that branch too if there is no work at all.

        Raises GitError.
        """
        trees = self._trees
        self.reconcile()
        self.remove_merged()
        kept = [reference.removeprefix("refs/heads/") for _, reference in self._of_run()]
        if trees.head == trees.base:
            self._git.run("update-ref", "-d", self.reference, trees.head, check=False)
            return Outcome(kept=tuple(kept))
        number = self._git.text("rev-list", "--count", "--no-merges", f"{trees.base}..{trees.head}")
        return Outcome(trees.branch, int(number), tuple(kept))

    def _of_run(self, *options: str) -> list[tuple[str, str]]:
        folder = f"refs/heads/{self._trees.branch.rpartition('/')[0]}"
        lines = self._git.text(
            "for-each-ref", *options, "--format=%(objectname) %(refname)", folder
        ).splitlines()
        return [
            (commit, reference)
            for commit, _, reference in (line.partition(" ") for line in lines)
            if reference != self.reference
        ]

    def _found(self) -> str | None:
        found = self._git.run("rev-parse", "--verify", "--quiet", f"{self.reference}^{{commit}}", check=False)
        return found.text if found.code == 0 else None

    def _free_name(self, name: str) -> str:
        number = 1
        while self._git.succeeds("rev-parse", "--verify", "--quiet", f"refs/heads/{name}"):
            number += 1
            name = f"{name.rstrip('0123456789').rstrip('-')}-{number}"
        return name
