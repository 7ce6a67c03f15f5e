"""Holding a shared state: a reference leads to all of it, so that git forgets none of it. Blocks."""

import json
from typing import Final

import msgspec

from podium.repositories.author import PODIUM
from podium.repositories.git import Git, identity
from podium.repositories.guard.shared_state import SharedState

_TAG_FORMAT: Final = "%(objecttype) %(*objecttype) %(objectname) %(*objectname)"
_MOST_PARENTS: Final = 2000
_MOST_TAGS: Final = 1000


def hold(git: Git, reference: str, state: SharedState) -> str:
    """Make ``reference`` lead to everything in ``state``, so that git forgets none of it. Raises GitError.

    Returns the commit that it leads to.
    """
    entries = []
    for number, file in enumerate(state.files.values()):
        blob = git.run("hash-object", "-w", "--stdin", stdin=file.data).text
        entries.append(f"100644 blob {blob}\t{number}\n")
    if state.index_tree:
        entries.append(f"040000 tree {state.index_tree}\tindex\n")
    tree = git.run("mktree", stdin="".join(entries).encode()).text
    parents = [word for commit in _commits(git, state)[:_MOST_PARENTS] for word in ("-p", commit)]
    # json escapes what is not UTF-8 in a branch's name; msgspec would refuse it.
    message = json.dumps(msgspec.to_builtins(state))
    made = git.run(
        *("commit-tree", tree, *parents, "-F", "-"),
        stdin=message.encode(),
        environment=identity(PODIUM),
    ).text
    git.run("update-ref", reference, made)
    _hold_tags(git, f"{reference}-tags", state)
    return made


def _hold_tags(git: Git, folder: str, state: SharedState) -> None:
    """A commit can't lead to a tag's own object, so each has a reference; notes and replacements too."""
    if not state.tags:
        return
    annotated: set[str] = set()
    there: set[str] = set()
    listed = git.text("for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", "refs/tags", folder)
    for kind, object_id, name in (line.split(" ", 2) for line in listed.splitlines()):
        if not name.startswith("refs/tags/"):
            there.add(object_id)
        elif kind == "tag":
            annotated.add(object_id)
    beside = {object_id for name, object_id in state.tags.items() if not name.startswith("refs/tags/")}
    wanted = (annotated & set(state.tags.values())) | beside
    orders = "".join(f"update {folder}/{name} {name}\n" for name in list(wanted - there)[:_MOST_TAGS])
    if orders:
        git.run("update-ref", "--stdin", stdin=orders.encode())


def let_go(git: Git, reference: str) -> None:
    """Hold nothing any more. Raises GitError."""
    names = git.text("for-each-ref", "--format=%(refname)", reference, f"{reference}-tags").split()
    git.run("update-ref", "--stdin", stdin="".join(f"delete {name}\n" for name in names).encode())


def _commits(git: Git, state: SharedState) -> list[str]:
    """All that ``state`` leads to, each once."""
    wanted = [entry.commit for entry in state.stash]
    if state.head and not state.head.startswith("refs/"):
        wanted.append(state.head)
    wanted += state.branches.values()
    if not state.tags:
        return list(dict.fromkeys(wanted))
    for line in git.text("for-each-ref", f"--format={_TAG_FORMAT}", "refs/tags").splitlines():
        words = line.split()
        if "commit" in words:
            wanted.append(words[-1])
    return list(dict.fromkeys(wanted))


def held(git: Git, reference: str) -> SharedState | None:
    """The state that an earlier process held, or None."""
    found = git.run("log", "-1", "--format=%B", reference, "--", check=False)
    if found.code != 0:
        return None
    try:
        return msgspec.convert(json.loads(found.out), SharedState)
    except (ValueError, RecursionError):  # msgspec's errors are ValueErrors too.
        return None
