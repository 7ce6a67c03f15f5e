"""Putting the stash back: its entries and their order. Blocks."""

import re
from collections.abc import Collection, Iterator
from typing import Final

from podium.repositories.file_names import printable
from podium.repositories.git import Git, GitError
from podium.repositories.guard.change_context import ChangeContext
from podium.repositories.guard.reference_guard import keep_reference
from podium.repositories.guard.shared_state import SharedState, StashEntry, read_stash
from podium.repositories.leftover_commits import head_log

SHOWN_MESSAGE: Final = 60
"""Characters of an entry's message that people are shown."""


class StashGuard:
    """``reference`` holds the entries."""

    def __init__(self, git: Git, reference: str) -> None:
        self._git = git
        self._reference = reference

    def put_back(
        self,
        before: SharedState,
        now: SharedState,
        context: ChangeContext,
        first_branches: Collection[str],
    ) -> Iterator[str]:
        """``first_branches``: full names of the branches that were there in the beginning. Raises GitError."""
        known = {entry.commit for entry in before.stash}
        there = {entry.commit for entry in now.stash}
        gone = [entry for entry in before.stash if entry.commit not in there]
        new = [entry for entry in now.stash if entry.commit not in known]
        agents = [entry for entry in new if self._is_the_agents(entry, context, first_branches)]
        theirs = [entry for entry in new if entry not in agents]
        for entry in agents:
            kept = keep_reference(self._git, f"refs/heads/{context.branch}-stash", entry.commit)
            yield f"What {context.label} left in the stash is kept on {kept}"
        if not gone and not agents:
            return
        wanted = [*theirs, *before.stash]
        self._write(wanted, now.stash[0].commit if now.stash else "")
        if gone and [entry.commit for entry in read_stash(self._git)] != [entry.commit for entry in wanted]:
            raise GitError("the stash could not be put back; its entries are held on " + self._reference)
        for entry in gone:
            yield (
                f"The stash entry “{printable(entry.message[:SHOWN_MESSAGE])}” was taken during "
                f"{context.period}; it is back in your list, and its changes may be in that work"
            )

    def _write(self, entries: list[StashEntry], newest: str) -> None:
        """Make the list ``entries``, the newest first, of the one that begins with ``newest``. Raises GitError if the
        person has stashed something meanwhile. Killed in between, they are still held.
        """
        if newest:
            self._git.run("update-ref", "-d", "refs/stash", newest)
        for entry in reversed(entries):
            self._git.run("stash", "store", "--quiet", "-m", entry.message, entry.commit)

    def _is_the_agents(
        self, entry: StashEntry, context: ChangeContext, first_branches: Collection[str]
    ) -> bool:
        """By the branch it was made on; without one, by the commit it was made from."""
        if f"n {context.branch.rpartition('/')[0]}/" in entry.message:
            return True
        if "(no branch)" not in entry.message:
            return _made_on_a_branch_of(context, entry.message, first_branches)
        base = self._git.run("rev-parse", "--verify", "--quiet", f"{entry.commit}^1", check=False).text
        admin = context.tree.admin
        log = head_log(admin) if admin is not None else []
        return any(base in (before, after) for before, after, _ in log)


def _made_on_a_branch_of(context: ChangeContext, message: str, first_branches: Collection[str]) -> bool:
    found = re.match(r"(?:WIP on|On) (\S+):", message)
    admin = context.tree.admin
    if found is None or admin is None or f"refs/heads/{found[1]}" in first_branches:
        return False
    return any(text.endswith(f" to {found[1]}") for _, _, text in head_log(admin))
