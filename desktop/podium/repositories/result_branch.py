"""The branch that collects merged work: its head, even if another program moves it, and the files beside it. Blocks."""

from collections.abc import Callable

import msgspec

from podium.repositories.git import Git
from podium.repositories.merging import Merger
from podium.repositories.repository import Repository

_NOTHING = ""
"""As the expected value of a reference: it must not be there."""


class CleanedUp(msgspec.Struct, frozen=True):
    """The state in which the branch was left. ``commits``: those since its base, but for merges."""

    head: str
    """Its base if there was no work at all; then the branch is gone."""
    commits: int
    kept: tuple[str, ...]
    """The branches beside it with work that it does not contain."""


class ResultBranch:
    """The branch ``name``; the branches below the same folder hold work that is merged into it.

    ``head`` is always the commit that the owner knows it to lead to. ``tell`` tells the person what was found and done.
    """

    def __init__(
        self, repository: Repository, merger: Merger, name: str, tell: Callable[[str], None]
    ) -> None:
        self._git: Git = repository.git
        self._merger = merger
        self._name = name
        self._tell = tell
        self.reference = f"refs/heads/{name}"

    def open(self, head: str) -> str:
        """Make it lead to ``head``, or find what a killed process has left; returns its head. Raises GitError."""
        if self._git.succeeds("update-ref", self.reference, head, _NOTHING):
            return head
        return self.reconcile(head)

    def reconcile(self, head: str) -> str:
        """Take over what was committed onto it meanwhile, put it back where it lost work; returns its head.

        Raises GitError.
        """
        found = self._found()
        if found == head:
            return head
        if found is None:
            self._git.run("update-ref", self.reference, head, _NOTHING)
            self._tell(f"The branch {self._name} was deleted; it is back at {head[:10]}")
            return head
        if self._merger.contains(found, head):
            self._tell(f"The branch {self._name} has new commits, which are taken over: {found[:10]}")
            return found
        words = f"The branch {self._name} was moved; it is back at {head[:10]}"
        if not self._merger.contains(head, found):
            kept = self._free_name(f"{self._name}-moved")
            self._git.run("update-ref", f"refs/heads/{kept}", found, _NOTHING)
            words += f", and where it was moved to is kept on {kept}"
        self._git.run("update-ref", self.reference, head, found)
        self._tell(words)
        return head

    def accept(self, commit: str, head: str) -> None:
        """Make it lead to ``commit``. Raises GitError if it does not lead to ``head`` any more."""
        self._git.run("update-ref", self.reference, commit, head)

    def remove_merged(self, head: str) -> None:
        """Remove the branches beside it whose work ``head`` contains. Raises GitError."""
        for commit, reference in self._beside(f"--merged={head}"):
            self._git.run("update-ref", "-d", reference, commit, check=False)

    def clean_up_branches(self, head: str, base: str) -> CleanedUp:
        """Remove the branches whose work is in it, and the branch itself if it is still at ``base``.

        Raises GitError.
        """
        head = self.reconcile(head)
        beside = self._beside()
        if beside:
            self.remove_merged(head)
            beside = self._beside()
        kept = tuple(reference.removeprefix("refs/heads/") for _, reference in beside)
        if head == base:
            self._git.run("update-ref", "-d", self.reference, head, check=False)
            return CleanedUp(head, 0, kept)
        number = self._git.text("rev-list", "--count", "--no-merges", f"{base}..{head}")
        return CleanedUp(head, int(number), kept)

    def _beside(self, *options: str) -> list[tuple[str, str]]:
        """Commit and name of each other branch in its folder."""
        folder = f"refs/heads/{self._name.rpartition('/')[0]}"
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
