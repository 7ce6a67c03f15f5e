"""The branch that collects merged work: moved by others or not, it loses nothing."""

from pathlib import Path

import pytest

from podium.repositories.git import GitError
from podium.repositories.merging import Merger
from podium.repositories.result_branch import CleanedUp, ResultBranch
from tests.repositories.git_shell import git, opened, repository

NAME = "podium/m/run/result"


class Kept:
    def __init__(self, folder: Path) -> None:
        self.project = repository(folder / "p", {"a.txt": "one\n"})
        self.base = git(self.project, "rev-parse", "HEAD")
        self.told: list[str] = []
        here = opened(self.project)
        self.branch = ResultBranch(here, Merger(here, folder / "scratch"), NAME, self.told.append)

    def commit(self, text: str, *parents: str) -> str:
        tree = git(self.project, "rev-parse", "HEAD^{tree}")
        above = [word for parent in parents or (self.base,) for word in ("-p", parent)]
        return git(self.project, "commit-tree", tree, *above, "-m", text)

    def set(self, name: str, commit: str) -> None:
        git(self.project, "update-ref", f"refs/heads/{name}", commit)

    def at(self, name: str = NAME) -> str:
        return git(self.project, "for-each-ref", "--format=%(objectname)", f"refs/heads/{name}")


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_it_is_made_where_it_should_be_and_found_there(kept: Kept) -> None:
    assert kept.branch.open(kept.base) == kept.at() == kept.base
    assert kept.branch.open(kept.base) == kept.base
    assert kept.branch.reconcile(kept.base) == kept.base
    assert kept.told == []


def test_commits_of_a_person_are_taken_over(kept: Kept) -> None:
    kept.branch.open(kept.base)
    new = kept.commit("new")
    kept.set(NAME, new)
    assert kept.branch.reconcile(kept.base) == kept.at() == new
    assert kept.told == [f"The branch {NAME} has new commits, which are taken over: {new[:10]}"]


def test_one_that_was_deleted_or_rewound_is_back(kept: Kept) -> None:
    head = kept.commit("head")
    kept.branch.open(head)
    git(kept.project, "branch", "-D", NAME)
    assert kept.branch.reconcile(head) == kept.at() == head
    kept.set(NAME, kept.base)
    assert kept.branch.reconcile(head) == kept.at() == head
    assert kept.told == [
        f"The branch {NAME} was deleted; it is back at {head[:10]}",
        f"The branch {NAME} was moved; it is back at {head[:10]}",
    ]
    assert kept.at(f"{NAME}-moved") == "", "what it was moved to is in it"


def test_what_it_was_moved_to_is_kept_under_a_free_name(kept: Kept) -> None:
    head = kept.commit("head")
    kept.branch.open(head)
    others = [kept.commit(text) for text in ("one", "two", "three")]
    for other in others:
        kept.set(NAME, other)
        assert kept.branch.reconcile(head) == kept.at() == head
    assert [kept.at(f"{NAME}-moved{end}") for end in ("", "-2", "-3")] == others
    assert kept.told[0] == (
        f"The branch {NAME} was moved; it is back at {head[:10]}, and where it was moved to is kept on {NAME}-moved"
    )


def test_it_is_moved_on_only_from_where_it_is_known_to_be(kept: Kept) -> None:
    kept.branch.open(kept.base)
    new, other = kept.commit("new"), kept.commit("other")
    kept.set(NAME, other)
    with pytest.raises(GitError):
        kept.branch.accept(new, kept.base)
    assert kept.at() == other
    kept.branch.accept(new, other)
    assert kept.at() == new


def test_at_the_end_merged_branches_go_and_others_stay(kept: Kept) -> None:
    kept.branch.open(kept.base)
    merged, left = kept.commit("merged"), kept.commit("left")
    head = kept.commit("Merge", kept.base, merged)
    kept.set("podium/m/run/a-r1", merged)
    kept.set("podium/m/run/b-r1", left)
    kept.set("podium/m/other/a-r1", merged)
    kept.branch.accept(head, kept.base)
    assert kept.branch.clean_up_branches(head, kept.base) == CleanedUp(head, 1, ("podium/m/run/b-r1",))
    assert (kept.at(), kept.at("podium/m/run/a-r1"), kept.at("podium/m/other/a-r1")) == (head, "", merged)


def test_without_any_work_it_goes_and_what_a_person_added_stays(kept: Kept) -> None:
    kept.branch.open(kept.base)
    kept.set("podium/m/run/a-r1", kept.base)
    assert kept.branch.clean_up_branches(kept.base, kept.base) == CleanedUp(kept.base, 0, ())
    assert (kept.at(), kept.at("podium/m/run/a-r1")) == ("", "")
    kept.branch.open(kept.base)
    new = kept.commit("new")
    kept.set(NAME, new)
    assert kept.branch.clean_up_branches(kept.base, kept.base) == CleanedUp(new, 1, ())
    assert kept.at() == new


def test_without_any_work_in_it_what_lies_beside_it_is_still_named(kept: Kept) -> None:
    kept.branch.open(kept.base)
    left = kept.commit("left")
    kept.set("podium/m/run/b-r1", left)
    done = kept.branch.clean_up_branches(kept.base, kept.base)
    assert done == CleanedUp(kept.base, 0, ("podium/m/run/b-r1",))
    assert (kept.at(), kept.at("podium/m/run/b-r1")) == ("", left)


def test_a_tag_of_its_name_is_not_taken_for_it(kept: Kept) -> None:
    head, other = kept.commit("head"), kept.commit("other")
    kept.branch.open(head)
    git(kept.project, "tag", NAME, other)
    assert kept.branch.reconcile(head) == kept.at() == head
    assert kept.told == []


@pytest.mark.parametrize("name", ["podium/m/run/a-r1", NAME])
def test_a_branch_that_moves_while_merged_ones_are_removed_stays(
    kept: Kept, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    kept.branch.open(kept.base)
    kept.set(name, kept.base)
    new = kept.commit("new")
    find = kept.branch._beside

    def move_meanwhile(*options: str) -> list[tuple[str, str]]:
        found = find(*options)
        if kept.at(name) == kept.base:
            kept.set(name, new)
        return found

    monkeypatch.setattr(kept.branch, "_beside", move_meanwhile)
    kept.branch.clean_up_branches(kept.base, kept.base)
    assert kept.at(name) == new


def test_it_is_put_back_only_from_where_it_was_found(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    head, other, newest = (kept.commit(text) for text in ("head", "other", "newest"))
    kept.branch.open(head)
    kept.set(NAME, other)
    find_name = kept.branch._free_name

    def move_meanwhile(name: str) -> str:
        kept.set(NAME, newest)
        return find_name(name)

    monkeypatch.setattr(kept.branch, "_free_name", move_meanwhile)
    with pytest.raises(GitError):
        kept.branch.reconcile(head)
    assert kept.at() == newest
