"""The guard: what an agent changed of what all worktrees share is put back, what a person changed stays."""

from pathlib import Path

import pytest

from podium.repositories.author import Author
from podium.repositories.git import identity
from podium.repositories.guard.change_context import ChangeContext, trace_environment
from podium.repositories.guard.repository_guard import RepositoryGuard, changes_since
from podium.repositories.worktree import Worktree
from tests.repositories.git_shell import git, opened, repository

BRANCH = "podium/m/run/ann-r1"
REFERENCES = "refs/podium/run"


class Guarded:
    """A repository with a stash, a tag, a branch and a hook; Ann works in a worktree of it."""

    def __init__(self, folder: Path) -> None:
        self.project = repository(folder / "p", {"a.txt": "one\n", "b.txt": "b\n"})
        git(self.project, "branch", "kept")
        git(self.project, "tag", "v1")
        (self.project / "a.txt").write_text("stashed\n")
        git(self.project, "stash", "push", "--quiet", "--message", "mine")
        self.hook = self.project / ".git" / "hooks" / "pre-commit"
        self.hook.write_text("#!/bin/sh\n")
        self.hook.chmod(0o755)
        self.base = git(self.project, "rev-parse", "HEAD")
        self.root = folder / "trees"
        self.kept = folder / "kept"
        self.trace = folder / "trace"
        self.tree = Worktree(opened(self.project), self.root / "ann")
        self.tree.create(self.base, BRANCH)
        self.running = ["podium/m/run"]
        self.guard = self.new_guard()
        self.guard.begin()

    def new_guard(self) -> RepositoryGuard:
        return RepositoryGuard(opened(self.project), REFERENCES, self.root, lambda: self.running, self.kept)

    def agent(self, *words: str) -> str:
        """git as Ann runs it, whose own worktree tells where."""
        with self.trace.open("a") as file:
            file.write(f"worktree {self.tree.path}\n")
        return git(self.tree.path, *words)

    def compare(self) -> list[str]:
        context = ChangeContext("Ann", "the turn of Ann", BRANCH, self.tree, self.trace)
        return self.guard.compare(context)

    def commit(self, text: str) -> str:
        """One beside all branches."""
        tree = git(self.project, "rev-parse", "HEAD^{tree}")
        return git(self.project, "commit-tree", tree, "-p", self.base, "-m", text)

    def stash(self) -> list[str]:
        return git(self.project, "stash", "list", "--format=%gs").splitlines()


@pytest.fixture
def guarded(tmp_path: Path) -> Guarded:
    return Guarded(tmp_path)


def test_nothing_changed_says_nothing(guarded: Guarded) -> None:
    (guarded.tree.path / "a.txt").write_text("two\n")
    guarded.agent("commit", "--quiet", "--all", "--message", "work")
    assert guarded.compare() == []
    assert guarded.compare() == []


def test_a_branch_that_was_deleted_or_moved_is_back_and_what_it_was_is_kept(guarded: Guarded) -> None:
    new = guarded.commit("new")
    guarded.agent("update-ref", "refs/heads/kept", new)
    lines = guarded.compare()
    back = f"The branch kept was moved during the turn of Ann; it is back at {guarded.base[:10]}"
    assert lines == [f"{back}, and where it was moved to is kept on {BRANCH}-moved/kept"]
    assert git(guarded.project, "rev-parse", "kept") == guarded.base
    assert git(guarded.project, "rev-parse", f"{BRANCH}-moved/kept") == new
    guarded.agent("branch", "-D", "kept")
    assert guarded.compare() == ["The branch kept was deleted during the turn of Ann; it is back"]
    assert git(guarded.project, "rev-parse", "kept") == guarded.base
    assert guarded.compare() == []


def test_a_branch_in_the_way_of_one_that_was_deleted_makes_room(guarded: Guarded) -> None:
    guarded.agent("branch", "-D", "kept")
    new = guarded.commit("new")
    guarded.agent("update-ref", "refs/heads/kept/below", new)
    guarded.compare()
    assert git(guarded.project, "rev-parse", "kept") == guarded.base
    assert git(guarded.project, "rev-parse", f"{BRANCH}-made/kept/below") == new


def test_tags_are_put_back_and_replacements_taken_away(guarded: Guarded) -> None:
    new = guarded.commit("new")
    guarded.agent("tag", "--force", "v1", new)
    guarded.agent("replace", guarded.base, new)
    lines = guarded.compare()
    assert lines[0].startswith(
        "The tag v1 was moved during the turn of Ann; it is back, and what it was moved to is kept"
    )
    assert lines[1].startswith(f"The replacement {guarded.base} was made during the turn of Ann; it is now")
    assert git(guarded.project, "rev-parse", "v1") == guarded.base
    assert git(guarded.project, "rev-parse", f"{REFERENCES}/moved/tags/v1") == new
    assert git(guarded.project, "for-each-ref", "refs/replace") == ""
    guarded.agent("tag", "--delete", "v1")
    assert guarded.compare() == ["The tag v1 was deleted during the turn of Ann; it is back"]


def test_the_stash_is_back_with_its_order_and_the_agents_entry_is_on_a_branch(guarded: Guarded) -> None:
    for text in ("second", "third"):
        (guarded.project / "a.txt").write_text(f"{text}\n")
        git(guarded.project, "stash", "push", "--quiet", "--message", text)
    before = guarded.stash()
    guarded.guard.accept()
    guarded.agent("stash", "drop", "--quiet", "stash@{1}")
    (guarded.tree.path / "b.txt").write_text("hers\n")
    guarded.agent("stash", "push", "--quiet", "--message", "hers")
    lines = guarded.compare()
    assert guarded.stash() == before
    assert lines[0] == f"What Ann left in the stash is kept on {BRANCH}-stash"
    assert lines[1].startswith(
        "The stash entry “On main: second” was taken during the turn of Ann; it is back"
    )
    assert git(guarded.project, "show", f"{BRANCH}-stash:b.txt") == "hers"


def test_an_entry_of_the_agents_alone_is_taken_out_of_the_stash(guarded: Guarded) -> None:
    (guarded.tree.path / "b.txt").write_text("hers\n")
    guarded.agent("stash", "push", "--quiet", "--message", "hers")
    assert guarded.compare() == [f"What Ann left in the stash is kept on {BRANCH}-stash"]
    assert guarded.stash() == ["On main: mine"]


def test_what_the_person_stashed_meanwhile_stays(guarded: Guarded) -> None:
    (guarded.project / "b.txt").write_text("also mine\n")
    git(guarded.project, "stash", "push", "--quiet", "--message", "theirs")
    guarded.agent("stash", "drop", "--quiet", "stash@{1}")
    guarded.compare()
    assert guarded.stash() == ["On main: theirs", "On main: mine"]


def test_head_and_index_of_the_checkout_are_back_where_the_agent_worked_in_it(guarded: Guarded) -> None:
    (guarded.project / "b.txt").write_text("staged\n")
    git(guarded.project, "add", "b.txt")
    guarded.guard.accept()
    with guarded.trace.open("a") as file:
        file.write(f"worktree {guarded.project}\n")
    git(guarded.project, "symbolic-ref", "HEAD", "refs/heads/kept")
    git(guarded.project, "reset", "--quiet")
    lines = guarded.compare()
    assert lines == [
        "HEAD of your checkout was moved during the turn of Ann; it is back",
        "What is staged in your checkout was changed during the turn of Ann; it is back",
    ]
    assert git(guarded.project, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(guarded.project, "diff", "--cached", "--name-only") == "b.txt"


def test_what_the_person_did_in_the_checkout_stays(guarded: Guarded) -> None:
    git(guarded.project, "checkout", "--quiet", "kept")
    (guarded.project / "b.txt").write_text("mine\n")
    git(guarded.project, "commit", "--quiet", "--all", "--message", "mine")
    mine = git(guarded.project, "rev-parse", "HEAD")
    git(guarded.project, "rm", "--quiet", "--cached", "a.txt")
    assert guarded.compare() == []
    assert git(guarded.project, "symbolic-ref", "HEAD") == "refs/heads/kept"
    assert git(guarded.project, "rev-parse", "kept") == mine
    assert git(guarded.project, "diff", "--cached", "--name-only") == "a.txt"


def test_files_that_git_obeys_are_back_and_what_they_were_made_is_kept(guarded: Guarded) -> None:
    common = guarded.project / ".git"
    config = (common / "config").read_bytes()
    guarded.agent("config", "core.sshCommand", "evil")
    guarded.hook.unlink()
    planted = common / "hooks" / "post-commit"
    planted.write_text("evil")
    planted.chmod(0o755)
    lines = guarded.compare()
    assert (common / "config").read_bytes() == config
    assert (guarded.hook.read_text(), guarded.hook.stat().st_mode & 0o777) == ("#!/bin/sh\n", 0o755)
    assert not planted.exists()
    assert [line.partition(" during")[0] for line in lines] == [
        f"{common / 'config'} was changed",
        f"{planted} was made",
        f"{guarded.hook} was removed",
    ]
    assert b"evil" in (guarded.kept / "config").read_bytes()
    assert (guarded.kept / "hooks" / "post-commit").read_text() == "evil"
    planted.write_text("again")
    guarded.compare()
    assert (guarded.kept / "hooks" / "post-commit.2").read_text() == "again"


def test_settings_of_everyday_commands_stay(guarded: Guarded) -> None:
    for key in ("branch.x.merge", "remote.origin.url", "branch.x.remote"):
        guarded.agent("config", key, "value")
    assert guarded.compare() == []
    guarded.agent("config", "remote.origin.url", "another")
    assert len(guarded.compare()) == 1, "what was there before is no addition"
    guarded.agent("config", "branch.y.merge", "value")
    guarded.agent("config", "core.sshCommand", "evil")
    assert len(guarded.compare()) == 1, "one that runs something is not hidden by one that does not"


def test_branches_that_the_agent_made_go_below_its_own_and_those_of_others_stay(guarded: Guarded) -> None:
    guarded.agent("checkout", "--quiet", "-b", "idea")
    git(guarded.project, "branch", "theirs")
    lines = guarded.compare()
    assert lines == [
        f"The branch idea that Ann made is now {BRANCH}-made/idea",
        "New in the repository since the turn of Ann: branch theirs",
    ]
    assert git(guarded.project, "for-each-ref", "--format=%(refname:short)", "refs/heads/idea") == ""


def test_a_branch_that_the_person_made_and_the_agent_visited_stays(guarded: Guarded) -> None:
    git(guarded.project, "checkout", "--quiet", "-b", "theirs")
    git(guarded.project, "checkout", "--quiet", "main")
    guarded.agent("checkout", "--quiet", "theirs")
    assert guarded.compare() == ["New in the repository since the turn of Ann: branch theirs"]
    assert git(guarded.project, "rev-parse", "theirs") == guarded.base


def test_branches_of_a_mission_that_began_meanwhile_are_its_own(guarded: Guarded) -> None:
    git(guarded.project, "branch", "podium/m/other/result")
    guarded.guard.accept()
    guarded.running.append("podium/m/other")
    new = guarded.commit("new")
    guarded.agent("update-ref", "refs/heads/podium/m/other/result", new)
    assert guarded.compare() == []
    assert git(guarded.project, "rev-parse", "podium/m/other/result") == new


def test_a_head_that_cannot_be_used_is_back(guarded: Guarded) -> None:
    head = guarded.project / ".git" / "HEAD"
    before = head.read_bytes()
    for damage in (b"", b"nonsense", b"ref: elsewhere\n"):
        head.write_bytes(damage)
        assert len(guarded.compare()) == 1
        assert head.read_bytes() == before


def test_what_an_interrupted_process_noted_counts(guarded: Guarded) -> None:
    guarded.agent("branch", "-D", "kept")
    guarded.guard = guarded.new_guard()
    guarded.guard.begin()
    assert guarded.compare() == ["The branch kept was deleted during the turn of Ann; it is back"]
    guarded.guard.end()
    assert git(guarded.project, "for-each-ref", f"{REFERENCES}/held") == ""


def test_what_is_held_outlives_gits_garbage_collection(guarded: Guarded) -> None:
    stashed = git(guarded.project, "rev-parse", "stash@{0}")
    guarded.agent("stash", "clear")
    git(guarded.project, "-c", "gc.reflogExpire=now", "reflog", "expire", "--expire=now", "--all")
    git(guarded.project, "gc", "--quiet", "--prune=now")
    guarded.compare()
    assert git(guarded.project, "rev-parse", "stash@{0}") == stashed


def test_what_a_killed_owner_changed_is_told_and_not_put_back(guarded: Guarded) -> None:
    here = opened(guarded.project)
    new = guarded.commit("new")
    guarded.agent("update-ref", "refs/heads/kept", new)
    guarded.agent("tag", "--delete", "v1")
    guarded.agent("stash", "drop", "--quiet")
    guarded.hook.unlink()
    lines = changes_since(here, REFERENCES, guarded.root)
    assert [line.partition(";")[0] for line in lines] == [
        "the stash entry “On main: mine” is not in your list any more",
        "the tag v1 is gone",
        f"{guarded.hook} is not as it was",
    ], "a branch that only grew is as the person may want it"
    assert git(guarded.project, "rev-parse", "kept") == new
    assert git(guarded.project, "for-each-ref", f"{REFERENCES}/held") != ""
    assert changes_since(here, "refs/podium/other", guarded.root) == []


def test_where_nothing_is_missing_nothing_is_held(guarded: Guarded) -> None:
    assert changes_since(opened(guarded.project), REFERENCES, guarded.root) == []
    assert git(guarded.project, "for-each-ref", REFERENCES) == ""


def test_a_trace_tells_where_git_worked_and_leaves_a_persons_own_alone(tmp_path: Path) -> None:
    trace = tmp_path / "own" / "git-ann"
    assert trace_environment(trace, {"GIT_TRACE2_EVENT": "/x"}) == {}
    assert not trace.parent.exists()
    assert trace_environment(trace, {}) == {"GIT_TRACE2": str(trace), "GIT_TRACE2_BRIEF": "1"}
    assert trace.parent.stat().st_mode & 0o777 == 0o700
    tree = Worktree(opened(repository(tmp_path / "p", {"a": "a"})), tmp_path / "t" / "a")
    context = ChangeContext("Ann", "the turn of Ann", BRANCH, tree, trace)
    assert not context.ran_git_in(tmp_path)
    trace.write_text(f"version x\nworktree {tmp_path}\n")
    assert context.ran_git_in(tmp_path)
    assert not context.ran_git_in(tmp_path / "p")


def test_commits_name_their_author_and_podium() -> None:
    assert identity(Author("A <b>\n", "ann")) == {
        "GIT_AUTHOR_NAME": "A b",
        "GIT_AUTHOR_EMAIL": "ann@podium.invalid",
        "GIT_COMMITTER_NAME": "Podium",
        "GIT_COMMITTER_EMAIL": "podium@podium.invalid",
    }
    assert identity(Author("<>", "ann"))["GIT_AUTHOR_NAME"] == "ann"
