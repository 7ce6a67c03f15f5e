"""What stays of a run's branches when its mission is over."""

from podium.core.mission_state import WorktreesState
from podium.missions.workspace import Outcome
from podium.missions.worktrees.merging import Merger
from podium.missions.worktrees.repository import Repository


def put_branches_away(repository: Repository, merger: Merger, trees: WorktreesState) -> Outcome:
    """Branches whose work is in the mission's branch go; that branch too if there is no work at all.

    Blocks. Raises GitError.
    """
    git, head = repository.git, trees.head
    folder = f"refs/heads/{trees.branch.rpartition('/')[0]}"
    kept = []
    for line in git.text("for-each-ref", "--format=%(objectname) %(refname)", folder).splitlines():
        commit, _, reference = line.partition(" ")
        if reference == f"refs/heads/{trees.branch}":
            continue
        if merger.contains(head, commit):
            git.run("update-ref", "-d", reference, commit)
        else:
            kept.append(reference.removeprefix("refs/heads/"))
    if head == trees.base:
        git.run("update-ref", "-d", f"refs/heads/{trees.branch}")
        return Outcome(kept=tuple(kept))
    number = git.text("rev-list", "--count", "--no-merges", f"{trees.base}..{head}")
    return Outcome(trees.branch, int(number), tuple(kept))
