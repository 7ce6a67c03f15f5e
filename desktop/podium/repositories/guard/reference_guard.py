"""Putting back branches, tags, notes and replacements, and keeping what they were made. Blocks."""

from collections.abc import Callable, Collection, Iterator, Mapping

from podium.repositories.file_names import listed, printable
from podium.repositories.git import Git, GitError
from podium.repositories.guard.change_context import ChangeContext
from podium.repositories.guard.shared_state import SharedState, is_below
from podium.repositories.leftover_commits import head_log
from podium.repositories.repository import Repository
from podium.repositories.worktree import Worktree


class ReferenceGuard:
    """``running``: the first parts of branches that change meanwhile. ``moved``: the beginning of references for what
    tags were moved to.
    """

    def __init__(
        self, repository: Repository, running: Callable[[], Collection[str]], moved: str, bare: bool
    ) -> None:
        self._common = repository.common
        self._git = repository.git
        self._running = running
        self._moved = moved
        self._bare = bare

    def put_branches_back(
        self, before: SharedState, now: SharedState, context: ChangeContext, theirs: set[str]
    ) -> Iterator[str]:
        running = self._running()
        for name, commit in before.branches.items():
            found = now.branches.get(name)
            if found == commit or found in theirs or is_below(name, running):
                continue
            short = printable(name.removeprefix("refs/heads/"))
            if found is None:
                self._make_room(name, before.branches, f"refs/heads/{context.branch}-made")
                self._git.run("update-ref", name, commit, "")
                yield f"The branch {short} was deleted during {context.period}; it is back"
            elif self._bare and self._contains(found, commit):
                continue  # Others push into it, as they may.
            else:
                yield self._put_branch_back(name, short, commit, found, context)

    def _put_branch_back(self, name: str, short: str, commit: str, found: str, context: ChangeContext) -> str:
        words = f"The branch {short} was moved during {context.period}; it is back at {commit[:10]}"
        kept = ""
        if not self._contains(commit, found):
            wanted = f"refs/heads/{context.branch}-moved/{name.removeprefix('refs/heads/')}"
            kept = keep_reference(self._git, wanted, found)
        self._git.run("update-ref", name, commit, found)
        return words + (f", and where it was moved to is kept on {kept}" if kept else "")

    def _make_room(self, name: str, known: Mapping[str, str], folder: str) -> None:
        """git can't have a reference below another one's name: new ones in the way of ``name`` go to ``folder``."""
        parts = name.split("/")
        above = ["/".join(parts[:number]) for number in range(3, len(parts))]
        found = self._git.text("for-each-ref", "--format=%(objectname) %(refname)", f"{name}/", *above)
        for object_id, _, other in (line.partition(" ") for line in found.splitlines()):
            if other not in known:
                keep_reference(self._git, f"{folder}/{other.split('/', 2)[2]}", object_id)
                self._git.run("update-ref", "-d", other, object_id)

    def move_made_branches(
        self, before: SharedState, now: SharedState, context: ChangeContext
    ) -> Iterator[str]:
        """Branches that the agent has made and worked on go below the agent's own."""
        admin = context.tree.admin
        if admin is None or not now.branches.keys() - before.branches.keys():
            return
        visited = {
            message.rpartition(" to ")[2] for _, _, message in head_log(admin) if "moving from" in message
        }
        current = _branch_of(context.tree)
        for short in sorted({*visited, current}):
            name = f"refs/heads/{short}"
            commit = now.branches.get(name)
            if commit is None or name in before.branches or name in self._branches_of_the_person():
                continue
            kept = keep_reference(self._git, f"refs/heads/{context.branch}-made/{short}", commit)
            if short == current:
                context.tree.git().run("update-ref", "--no-deref", "HEAD", commit)
            self._git.run("update-ref", "-d", name, commit)
            yield f"The branch {printable(short)} that {context.label} made is now {kept}"

    def _branches_of_the_person(self) -> set[str]:
        log = head_log(self._common)
        return {f"refs/heads/{message.rpartition(' to ')[2]}" for _, _, message in log}

    def put_tags_back(self, before: SharedState, now: SharedState, context: ChangeContext) -> Iterator[str]:
        for name, object_id in before.tags.items():
            found = now.tags.get(name)
            if found == object_id:
                continue
            what, kept = f"The {short_name(name)}", ""
            if found is None:
                self._make_room(name, before.tags, self._moved)
            else:
                kept = keep_reference(self._git, f"{self._moved}/{name.removeprefix('refs/')}", found)
            self._git.run("update-ref", name, object_id, found or "")
            words = f"{what} was {'moved' if found else 'deleted'} during {context.period}; it is back"
            yield words + (f", and what it was moved to is kept as {kept}" if kept else "")
        for name in now.tags.keys() - before.tags.keys():
            if name.startswith("refs/replace/"):  # git shows something else everywhere for what it names.
                kept = keep_reference(
                    self._git, f"{self._moved}/{name.removeprefix('refs/')}", now.tags[name]
                )
                self._git.run("update-ref", "-d", name, now.tags[name])
                yield f"The {short_name(name)} was made during {context.period}; it is now {kept}"

    def new_names(self, before: SharedState, now: SharedState, context: ChangeContext) -> Iterator[str]:
        """New branches and tags stay: a person may have made them."""
        running = self._running()
        names = [name for name in (*now.branches, *now.tags) if not is_below(name, running)]
        new = [name for name in names if name not in before.branches and name not in before.tags]
        if new:
            yield f"New in the repository since {context.period}: " + listed(map(short_name, new))

    def _contains(self, commit: str, other: str) -> bool:
        return self._git.succeeds("merge-base", "--is-ancestor", other, commit)


def keep_reference(git: Git, wanted: str, object_id: str) -> str:
    """Make a reference lead to ``object_id``: ``wanted``, or a free one like it. Returns what people call it."""
    name, number = wanted, 1
    while True:
        found = git.run("rev-parse", "--verify", "--quiet", name, check=False).text
        if found == object_id:
            break
        if not found:
            git.run("update-ref", name, object_id, "")
            break
        number += 1
        name = f"{wanted}-{number}"
    return printable(name.removeprefix("refs/heads/"))


def _branch_of(tree: Worktree) -> str:
    try:
        return tree.git().run("symbolic-ref", "--quiet", "--short", "HEAD", check=False).text
    except GitError:
        return ""  # Its folder is gone.


def short_name(name: str) -> str:
    """A reference as people call it, such as “branch main”."""
    kind, _, rest = name.removeprefix("refs/").partition("/")
    kinds = {"heads": "branch", "tags": "tag", "notes": "note", "replace": "replacement"}
    return f"{kinds.get(kind, kind)} {printable(rest)}"
