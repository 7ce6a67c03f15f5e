"""Whatever agents and repositories do, work is in a commit or lies where it was made, and that is said."""

import os
import subprocess
from pathlib import Path

import pytest
from mission_shell import HEAD, Done, agent, branches, files, mission, result, state_of, write
from tests.repositories.git_shell import git, repository
from tests.variants import rarely

from podium.missions.worktrees.ownership import worktrees_folder

COMMIT = "git -c user.name=x -c user.email=y commit --quiet"
SOCKET = "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"s\")'"
TWO_ROUNDS = "name = 'Try'\nmax_rounds = 2\nstop_when = 'never'\n"


def kept(file: Path) -> list[tuple[Path, tuple[str, ...]]]:
    """Where work lies that could not be committed, and which files."""
    trees = state_of(file).worktrees
    assert trees is not None
    return [(Path(work.path), work.files) for work in trees.kept]


def show(folder: Path, branch: str, name: str) -> bytes:
    return subprocess.run(
        ["git", "cat-file", "blob", f"{branch}:{name}"], cwd=folder, capture_output=True, check=True
    ).stdout


def assert_partly_done(done: Done) -> None:
    assert done.code == 3, done.log
    assert "✓ Done" not in done.log
    assert "Traceback" not in done.log


# What git can't take


def _safecrlf(project: Path) -> None:
    git(project, "config", "core.autocrlf", "input")
    git(project, "config", "core.safecrlf", "true")


def _utf16(project: Path) -> None:
    (project / ".gitattributes").write_text("*.u16 working-tree-encoding=UTF-16\n")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Attributes")


def _missing_filter(project: Path) -> None:
    (project / ".gitattributes").write_text("*.bin filter=zz\n")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "Attributes")
    git(project, "config", "filter.zz.clean", "no-such-program-here")
    git(project, "config", "filter.zz.required", "true")


@pytest.mark.fault("A1")
@pytest.mark.parametrize("rounds", [*rarely(1), 2])
@pytest.mark.parametrize(
    ("prepare", "name", "data"),
    [
        (_safecrlf, "bad.txt", r"a\r\nb\r\n"),
        (_utf16, "bad.u16", "no mark of the byte order"),
        (_missing_filter, "bad.bin", "x"),
    ],
)
def test_a_file_git_refuses_stays_and_the_others_are_taken(
    tmp_path: Path, prepare: object, name: str, data: str, rounds: int
) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    assert callable(prepare)
    prepare(project)
    script = (
        f"if [ $PODIUM_ROUND = 1 ]; then printf '{data}' > {name}; mkdir -p deep/er; printf '{data}' > deep/er/{name}; "
        "echo good > good.txt; echo two > a.txt; else echo second > second.txt; fi"
    )
    head = HEAD if rounds == 1 else TWO_ROUNDS
    file = write(project, head + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    ((where, names),) = kept(file)
    assert (where / name).read_bytes() == (where / "deep" / "er" / name).read_bytes() != b""
    assert {text.partition(":")[0] for text in names} == {name, f"deep/er/{name}"}
    assert str(where) in done.words.replace(" ", "") or str(where) in done.log.replace("\n  ", "")
    taken = files(project, result(project))
    assert {"good.txt", "a.txt"} <= set(taken)
    assert show(project, result(project), "a.txt") == b"two\n"
    assert name not in taken
    if rounds == 2:
        assert "second.txt" in taken
    assert "git could not take" in done.words


@pytest.mark.fault("A1")
def test_a_tracked_file_that_git_refuses_now_stays_changed(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    _safecrlf(project)
    file = write(project, HEAD + agent("a", r"printf 'x\r\ny\r\n' > a.txt; rm b.txt; echo n > n"))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    ((where, _),) = kept(file)
    assert (where / "a.txt").read_bytes() == b"x\r\ny\r\n"
    assert files(project, result(project)) == ["a.txt", "n"]
    assert show(project, result(project), "a.txt") == b"one\n"
    assert git(where, "status", "--porcelain").split() == ["M", "a.txt"]


@pytest.mark.fault("A1")
def test_files_marked_as_unchanged_are_looked_at(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    script = (
        "git update-index --assume-unchanged a.txt; git update-index --skip-worktree b.txt; echo two > a.txt; "
        "echo two > b.txt"
    )
    file = write(project, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "a.txt") == show(project, result(project), "b.txt") == b"two\n"


@pytest.mark.fault("A1")
def test_a_broken_index_costs_no_work(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    script = "echo two > a.txt; echo new > new; echo rubbish > $(git rev-parse --git-dir)/index"
    file = write(project, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert files(project, result(project)) == ["a.txt", "b.txt", "new"]


# Sparse checkouts


@pytest.mark.fault("A2")
@pytest.mark.parametrize("whose", ["the person's", *rarely("the agent's")])
def test_work_outside_of_a_sparse_checkout_is_taken(tmp_path: Path, whose: str) -> None:
    project = repository(tmp_path / "p", {"src/a": "one\n", "docs/b": "b\n", "top": "t\n"})
    set_sparse = "git sparse-checkout set src"
    if whose == "the person's":
        subprocess.run(set_sparse.split(), cwd=project, check=True, capture_output=True)
    script = (
        f"{set_sparse}; mkdir -p docs; echo n > docs/new.md; echo two > src/a; echo x > src/x; echo y > top2"
    )
    file = write(project, TWO_ROUNDS + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert files(project, result(project)) == ["docs/b", "docs/new.md", "src/a", "src/x", "top", "top2"]


# Submodules


def _with_submodule(tmp_path: Path) -> Path:
    repository(tmp_path / "library", {"lib.txt": "x\n"})
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    local = ("-c", "protocol.file.allow=always")
    git(project, *local, "submodule", "--quiet", "add", str(tmp_path / "library"), "lib")
    git(project, "commit", "--quiet", "--message", "Submodule")
    return project


SUBMODULES = "[workspace]\nsetup = 'git -c protocol.file.allow=always submodule --quiet update --init'\n"


@pytest.mark.fault("A3")
@pytest.mark.parametrize(
    "script",
    [
        f"cd lib; echo new > new; git add new; {COMMIT} -m mine",
        *rarely(
            "cd lib; echo new > new",
            "cd lib; git checkout --quiet -b topic; echo new > new; git add new; "
            "git -c user.name=x -c user.email=y commit --quiet -m mine; cd ..; git add lib",
        ),
    ],
)
def test_what_an_agent_does_in_a_submodule_is_in_the_persons_store_of_it(tmp_path: Path, script: str) -> None:
    project = _with_submodule(tmp_path)
    gate = "[[gates]]\nname = 'seen'\ncommand = 'test -e lib/new || test $PODIUM_ROUND = 0'\n"
    file = write(project, HEAD + SUBMODULES + agent("a", script) + gate)
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "in the submodule lib are kept in" in done.words
    commit = git(project, "rev-parse", f"{result(project)}:lib")
    store = project / ".git" / "modules" / "lib"
    assert "refs/podium/" in git(store, "for-each-ref", "--contains", commit)
    assert git(store, "show", f"{commit}:new") == "new"
    git(project, "merge", "--quiet", result(project))
    git(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update")
    assert (project / "lib" / "new").read_text() == "new\n"


@pytest.mark.fault("A3")
def test_a_person_without_the_submodule_gets_a_store_git_can_use(tmp_path: Path) -> None:
    _with_submodule(tmp_path)
    git(tmp_path, "clone", "--quiet", "p", "clone")
    project = tmp_path / "clone"
    file = write(project, HEAD + SUBMODULES + agent("a", "cd lib; echo new > new"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    git(project, "merge", "--quiet", result(project))
    git(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init")
    assert (project / "lib" / "new").read_text() == "new\n"


@pytest.mark.fault("A3")
def test_the_next_turn_has_the_submodule_as_the_last_one_left_it(tmp_path: Path) -> None:
    project = _with_submodule(tmp_path)
    script = "echo x >> lib/more; wc -l < lib/more > lines"
    file = write(project, TWO_ROUNDS + SUBMODULES + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "lines").strip() == b"2"


@pytest.mark.fault("A3")
def test_another_agents_new_worktree_can_be_set_up_with_it(tmp_path: Path) -> None:
    project = _with_submodule(tmp_path)
    file = write(
        project,
        HEAD
        + SUBMODULES
        + agent("a", "echo x > lib/more")
        + agent("b", "cat lib/more > seen", "depends_on = ['a']"),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "seen") == b"x\n"


# Repositories inside, ignored files


@pytest.mark.fault("A4")
@pytest.mark.parametrize("rounds", [*rarely(1), 2])
def test_a_repository_made_inside_stays_with_its_commits(tmp_path: Path, rounds: int) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    commit = "git -c user.name=x -c user.email=y commit --quiet --allow-empty -m inner"
    script = (
        f"if [ $PODIUM_ROUND = 1 ]; then git init --quiet nest; (cd nest; {commit}); "
        "mkdir -p in; git init --quiet in/only-files; echo f > in/only-files/f; echo two > a.txt; fi"
    )
    file = write(project, (HEAD if rounds == 1 else TWO_ROUNDS) + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    ((where, names),) = kept(file)
    assert git(where / "nest", "log", "-1", "--format=%s") == "inner"
    assert (where / "in" / "only-files" / "f").exists()
    assert "nest: it is a repository of its own" in names
    assert show(project, result(project), "a.txt") == b"two\n"


@pytest.mark.fault("A4")
def test_a_worktree_that_became_a_repository_of_its_own_stays(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    script = (
        "rm .git; git init --quiet; echo two > a.txt; git add --all; "
        "git -c user.name=x -c user.email=y commit --quiet -m mine"
    )
    file = write(project, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    ((where, _),) = kept(file)
    assert git(where, "log", "-1", "--format=%s") == "mine"
    assert show(project, result(project), "a.txt") == b"two\n"


@pytest.mark.fault("A4")
def test_ignored_files_are_counted_and_those_that_a_setting_names_are_kept(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", ".gitignore": "*.log\nbuild/\n*.db\n"})
    script = "echo two > a.txt; echo l > x.log; mkdir build; echo b > build/b; echo d > data.db; echo d > build/in.db"
    settings = "[workspace]\nkeep = ['**/*.db']\nsetup = 'echo s > setup.log'\n"
    file = write(project, HEAD + settings + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert (
        "a made what git ignores; it goes with the worktree (2 files and folders): build/, x.log"
        in done.words
    )
    folder = worktrees_folder().parent / "kept" / state_of(file).run / "a"
    assert sorted(str(path.relative_to(folder)) for path in folder.rglob("*.db")) == [
        "build/in.db",
        "data.db",
    ]
    assert str(folder) in done.log.replace("\n  ", "")


@pytest.mark.fault("G5")
def test_a_copied_file_that_git_ignores_costs_no_turn(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n", ".gitignore": ".env\n"})
    (project / ".env").write_text("SECRET=1\n")
    file = write(
        project, HEAD + "[workspace]\ncopy = ['.env']\n" + agent("a", "cat .env > seen; echo two > a.txt")
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "a.txt") == b"two\n"
    assert files(project, result(project)) == [".gitignore", "a.txt", "seen"]


# Whatever an agent does to its own worktree


@pytest.mark.fault("A8")
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ('mv "$PWD" ../moved; cd ../moved; echo two > a.txt', b"two\n"),
        *rarely(
            ('mv "$PWD" {tmp}/moved; cd {tmp}/moved; echo two > a.txt', b"two\n"),
            ("git worktree move . ../moved; cd ../moved; echo two > a.txt", b"two\n"),
        ),
        ("rm .git; echo two > a.txt", b"two\n"),
        (f"echo two > a.txt; {COMMIT} -am mine; git update-ref -d $(git symbolic-ref HEAD)", b"two\n"),
        *rarely(
            (f"echo two > a.txt; {COMMIT} -am mine; git branch -m renamed", b"two\n"),
            (
                (
                    f"git checkout --quiet --orphan lone; echo two > a.txt; {COMMIT} -am mine; "
                    "git branch -m $PODIUM_AGENT"
                ),
                None,
            ),
            ("git checkout --quiet --detach HEAD~1; echo two > b.txt", b"one\n"),
        ),
        (f"echo two > a.txt; {COMMIT} -am mine; git worktree remove --force .", b"two\n"),
        *rarely(
            ("rm -rf $(git rev-parse --git-dir); echo two > a.txt", b"two\n"),
            ("echo two > a.txt; git gc --quiet --prune=now", b"two\n"),
        ),
        (
            "echo two > a.txt; git add a.txt; git reflog expire --expire=now --all; git gc --quiet --prune=now",
            b"two\n",
        ),
        (
            (
                "echo two > a.txt; mkfifo pipe; "
                "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"s\")'"
            ),
            b"two\n",
        ),
        *rarely(("echo two > a.txt; chmod 000 .; chmod 755 .", b"two\n")),
        ("echo two > a.txt; git config core.worktree /; git config core.bare true", b"two\n"),
    ],
)
def test_an_agent_may_do_anything_to_its_own_worktree(
    tmp_path: Path, script: str, expected: bytes | None
) -> None:
    project = repository(tmp_path / "p", {"a.txt": "zero\n"})
    (project / "a.txt").write_text("one\n")
    git(project, "commit", "--quiet", "--all", "--message", "Second")
    file = write(
        project,
        TWO_ROUNDS + agent("a", "[ $PODIUM_ROUND = 2 ] && exit 0\n" + script.replace("{tmp}", str(tmp_path))),
    )
    done = mission("run", "--yes", file, folder=project)
    assert "Traceback" not in done.log, done.log
    assert "fault in Podium" not in done.log, done.log
    if expected is not None:
        assert done.code == 0, done.log
        assert show(project, result(project), "a.txt") == expected, done.log
    else:
        everything = git(project, "log", "--all", "--format=%H").split()
        assert any(b"two" in show(project, commit, "a.txt") for commit in everything)
    assert git(project, "rev-parse", "main") == git(project, "rev-parse", "HEAD")


@pytest.mark.fault("A8")
def test_names_git_can_store_and_people_can_not_read(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    script = (
        "python3 - <<E\nimport os\n"
        "for name in (b'caf\\\\xe9', b'ends in a blank ', b'two\\\\nlines', b'-x', b'tab\\\\t'):\n"
        "    open(name, 'w').write('x')\nE"
    )
    file = write(project, HEAD + agent("a", script, "owns = ['src/**']"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    names = subprocess.run(
        ["git", "ls-tree", "-z", "--name-only", result(project)], cwd=project, capture_output=True, check=True
    ).stdout.split(b"\0")
    assert {b"caf\xe9", b"ends in a blank ", b"two\nlines", b"-x", b"tab\t"} <= set(names)
    assert "caf\\xe9" in done.log


@pytest.mark.fault("A8")
def test_a_conflict_in_a_file_whose_name_is_not_utf_8_is_told(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})

    def meet(own: str, other: str) -> str:
        return f"touch {tmp_path}/{own}; until [ -e {tmp_path}/{other} ]; do sleep 0.05; done"

    script = 'python3 -c \'import os; open(b"caf\\xe9", "w").write("{id}")\''
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 1\nmax_concurrency = 2\n"
        + agent("a", f"{meet('a', 'b')}; {script.replace('{id}', 'a')}")
        + agent("b", f"{meet('b', 'a')}; {script.replace('{id}', 'b')}"),
    )
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    assert "it conflicts in caf\\xe9" in done.words


@pytest.mark.fault("A8")
@pytest.mark.parametrize("what", ["merge", *rarely("rebase", "cherry-pick")])
def test_what_was_left_half_done_is_kept_and_not_merged(tmp_path: Path, what: str) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    begin = {
        "merge": "git merge --quiet other",
        "rebase": "git rebase --quiet other",
        "cherry-pick": "git cherry-pick other",
    }[what]
    git(project, "checkout", "--quiet", "-b", "other")
    (project / "a.txt").write_text("theirs\n")
    git(project, "commit", "--quiet", "--all", "--message", "Theirs")
    git(project, "checkout", "--quiet", "main")
    identity = "export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=y GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=y"
    first = f"{identity}; echo mine > a.txt; git commit --quiet -am mine; {begin}; echo more > more"
    file = write(
        project,
        TWO_ROUNDS + agent("a", f"if [ $PODIUM_ROUND = 1 ]; then {first}; else git status > said; fi; true"),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert files(project, result(project)) == ["a.txt", "said"]
    assert b"in progress" not in show(project, result(project), "said")
    (unfinished,) = [name for name in branches(project) if name.endswith("/a-r1")]
    assert files(project, unfinished) == ["a.txt", "more"]
    subjects = git(project, "log", "--branches", "--format=%s").splitlines()
    assert "mine" in subjects


@pytest.mark.fault("A8")
def test_commits_that_were_rewound_or_left_are_kept(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    script = (
        f"echo lost > lost; git add lost; {COMMIT} -m rewound; git reset --quiet --hard HEAD~1; "
        f"git checkout --quiet --detach; echo away > away; git add away; {COMMIT} -m left; git checkout --quiet -; "
        f"echo first > x; git add x; {COMMIT} -m first; {COMMIT} --amend -m second; echo two > a.txt"
    )
    file = write(project, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "Commits that a left behind are kept on" in done.words
    (left,) = [name for name in branches(project) if name.endswith("-left")]
    subjects = git(project, "log", "--format=%s", left).splitlines()
    assert {"rewound", "left"} <= set(subjects)
    assert "first" not in subjects
    assert files(project, result(project)) == ["a.txt", "x"]


@pytest.mark.fault("A8")
def test_a_neighbour_that_removes_a_worktree_costs_only_what_was_not_committed(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 2\nmax_concurrency = 2\nstop_when = 'never'\n"
        + agent(
            "victim",
            f"[ $PODIUM_ROUND = 2 ] || {{ echo v > v; git add v; {COMMIT} -m v; touch ../done; sleep 1; }}",
        )
        + agent(
            "wild",
            "if [ $PODIUM_ROUND = 1 ]; then until [ -e ../done ]; do sleep 0.05; done; rm ../done; "
            "git worktree remove --force ../victim; fi; echo w > w",
        ),
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert files(project, result(project)) == ["a.txt", "v", "w"]
    assert "The worktree of victim was removed" in done.words


# Links


@pytest.mark.fault("A7")
@pytest.mark.parametrize("gate", [*rarely("true"), "false"])
def test_a_link_that_stands_for_the_worktree_is_not_followed(tmp_path: Path, gate: str) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "diary").write_text("mine\n")
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    replace = f'W=$PWD; cd /; rm -rf "$W"; ln -s {precious} "$W"'
    script = f"if [ $PODIUM_ROUND = 1 ]; then {replace}; else echo two > a.txt; fi"
    gates = f"[[gates]]\nname = 'g'\ncommand = '{gate}'\n"
    file = write(project, TWO_ROUNDS + agent("a", script) + gates)
    done = mission("run", "--yes", file, folder=project)
    assert (precious / "diary").read_text() == "mine\n"
    assert sorted(path.name for path in precious.iterdir()) == ["diary"]
    assert "diary" not in git(project, "log", "--all", "--name-only", "--format=%s")
    assert show(project, result(project), "a.txt") == b"two\n", done.log


@pytest.mark.fault("A7")
@pytest.mark.parametrize("committed", [True, *rarely(False)])
def test_a_subfolder_that_became_a_link_runs_nothing_outside(tmp_path: Path, committed: bool) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    project = repository(tmp_path / "p", {"sub/a.txt": "one\n", "top.txt": "x\n"})
    link = f"cd ..; rm -rf sub; ln -s {outside} sub"
    if committed:
        link += f"; git add --all; {COMMIT} -m link"
    script = f"if [ $PODIUM_AGENT = wild ]; then {link}; else touch ran; fi"
    file = write(
        project,
        "folder = 'sub'\n"
        + TWO_ROUNDS
        + agent("wild", script)
        + agent("next", script, "depends_on = ['wild']")
        + "[[gates]]\nname = 'g'\ncommand = 'touch gate-ran'\n",
    )
    done = mission("run", "--yes", file, folder=project)
    assert list(outside.iterdir()) == [], done.log
    assert git(project, "ls-tree", result(project), "sub").split()[1] == "tree"
    assert "Traceback" not in done.log


@pytest.mark.fault("A7")
def test_a_worktrees_folder_that_is_a_link_to_a_bigger_disk_works(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    worktrees_folder().parent.mkdir(parents=True, exist_ok=True)
    (worktrees_folder().parent / "worktrees").symlink_to(disk)
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, TWO_ROUNDS + agent("a", "echo $PODIUM_ROUND > a.txt; pwd > where"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "a.txt") == b"2\n"
    assert show(project, result(project), "where").startswith(bytes(disk))
    assert list(disk.iterdir()) == []


@pytest.mark.fault("A7")
def test_files_copied_into_a_worktree_go_nowhere_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    project = repository(tmp_path / "p", {"a.txt": "one\n", ".gitignore": "conf/.env\n"})
    (project / "conf").mkdir()
    (project / "conf" / ".env").write_text("SECRET\n")
    git(project, "checkout", "--quiet", "-b", "hostile")
    (project / "conf").rename(project / "conf2")
    (project / "conf").symlink_to(outside)
    git(project, "add", "conf")
    git(project, "commit", "--quiet", "--message", "Link")
    (project / "conf").unlink()
    (project / "conf2").rename(project / "conf")
    git(project, "symbolic-ref", "HEAD", "refs/heads/main")
    git(project, "reset", "--quiet")
    file = write(
        project, HEAD + "[workspace]\nbase = 'hostile'\ncopy = ['conf/.env']\n" + agent("a", "echo 2 > a.txt")
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert list(outside.iterdir()) == []


# What all worktrees share


@pytest.fixture
def stashed(tmp_path: Path) -> Path:
    project = repository(tmp_path / "p", {"a.txt": "one\n", "b.txt": "b\n"})
    for text in ("older", "newer"):
        (project / "b.txt").write_text(f"{text}\n")
        git(project, "stash", "push", "--quiet", "--message", text)
    git(project, "branch", "feature")
    git(project, "tag", "-a", "v1", "-m", "one")
    return project


def stash(project: Path) -> list[str]:
    return git(project, "stash", "list", "--format=%H %gs").splitlines()


@pytest.mark.fault("A6")
@pytest.mark.parametrize(
    "script",
    [
        "git stash; git stash pop --quiet; echo two > a.txt",
        *rarely(
            "git stash clear; git gc --quiet --prune=now; echo two > a.txt",
            "git stash drop --quiet 'stash@{1}'; echo two > a.txt",
            "git update-ref -d refs/stash; echo two > a.txt",
        ),
    ],
)
def test_the_persons_stash_is_theirs(stashed: Path, script: str) -> None:
    before = stash(stashed)
    file = write(stashed, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert stash(stashed) == before
    assert "taken during the turn of a; it is back in your list" in done.words


@pytest.mark.fault("A6")
def test_what_an_agent_stashes_is_kept_on_a_branch(stashed: Path) -> None:
    before = stash(stashed)
    file = write(stashed, HEAD + agent("a", "echo mine > b.txt; git stash --quiet; echo two > a.txt"))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert stash(stashed) == before
    (kept_on,) = [name for name in branches(stashed) if name.endswith("-stash")]
    assert git(stashed, "show", f"{kept_on}:b.txt") == "mine"


@pytest.mark.fault("A6")
def test_branches_tags_head_and_index_of_the_person_come_back(stashed: Path) -> None:
    (stashed / "staged").write_text("s\n")
    git(stashed, "add", "staged")
    before = git(stashed, "for-each-ref", "refs/heads", "refs/tags")
    script = (
        "git branch -D feature; git tag -d v1; echo two > a.txt; "
        f"{COMMIT} -am mine; git update-ref refs/heads/main HEAD; "
        f"git -C {stashed} symbolic-ref HEAD refs/heads/feature; git -C {stashed} reset --quiet; "
        "git gc --quiet --prune=now"
    )
    file = write(stashed, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    after = [
        line
        for line in git(stashed, "for-each-ref", "refs/heads", "refs/tags").splitlines()
        if "/podium/" not in line
    ]
    assert "\n".join(after) == before
    assert git(stashed, "symbolic-ref", "HEAD") == "refs/heads/main"
    assert git(stashed, "diff", "--cached", "--name-only") == "staged"
    for words in ("The branch feature was deleted", "The branch main was moved", "The tag v1 was deleted"):
        assert words in done.words, done.log


@pytest.mark.fault("A6")
def test_a_branch_that_an_agent_makes_goes_where_missions_branches_are(stashed: Path) -> None:
    script = f"git checkout --quiet -b fix-it; echo two > a.txt; {COMMIT} -am mine"
    file = write(stashed, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert "fix-it" not in git(stashed, "branch", "--format=%(refname:short)").split()
    assert show(stashed, result(stashed), "a.txt") == b"two\n"


@pytest.mark.fault("A6")
def test_what_git_runs_and_ignores_is_as_the_person_set_it(stashed: Path) -> None:
    hook = stashed / ".git" / "hooks" / "post-commit"
    hook.write_text("#!/bin/sh\ntrue\n")
    hook.chmod(0o755)
    config = (stashed / ".git" / "config").read_bytes()
    script = (
        "cd $(git rev-parse --git-common-dir); git config core.hooksPath /tmp; git config alias.x '!touch x'; "
        "echo evil > hooks/post-commit; echo evil > hooks/pre-push; chmod +x hooks/pre-push; echo '*' >> info/exclude; "
        "cd - > /dev/null; echo new > new"
    )
    file = write(stashed, HEAD + agent("a", script))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert (stashed / ".git" / "config").read_bytes() == config
    assert hook.read_text() == "#!/bin/sh\ntrue\n"
    assert os.access(hook, os.X_OK)
    assert not (stashed / ".git" / "hooks" / "pre-push").exists()
    assert "new" in files(stashed, result(stashed))
    assert "was changed during the turn of a; it is as it was before" in done.words


@pytest.mark.fault("A6")
def test_what_the_person_does_meanwhile_stays(stashed: Path) -> None:
    inside = "export GIT_AUTHOR_NAME=p GIT_AUTHOR_EMAIL=p GIT_COMMITTER_NAME=p GIT_COMMITTER_EMAIL=p"
    # The person's own commands, at the time of the turn, in their own checkout and an environment of their own.
    person = (
        f'env -u GIT_TRACE2 sh -c "{inside}; cd {stashed}; echo p > p; git add p; git commit --quiet -m p; '
        'git checkout --quiet -b mine; git remote add origin /nowhere; git branch -u main"'
    )
    file = write(stashed, HEAD + agent("a", f"{person}; echo two > a.txt"))
    done = mission("run", "--yes", file, folder=stashed)
    assert done.code == 0, done.log
    assert git(stashed, "log", "-1", "--format=%s", "main") == "p"
    assert git(stashed, "rev-parse", "--abbrev-ref", "HEAD") == "mine"
    assert git(stashed, "remote") == "origin"
    assert git(stashed, "for-each-ref", "refs/podium") == ""


# The result's branch


@pytest.mark.fault("G5")
@pytest.mark.parametrize("what", ["committed onto", *rarely("deleted", "moved away")])
def test_a_result_branch_that_a_person_changes_meanwhile(tmp_path: Path, what: str) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    reference = "$(git for-each-ref --format='%(refname)' 'refs/heads/podium/**/result')"
    commit = (
        "git -c user.name=x -c user.email=y commit-tree $(git rev-parse {tree}^{{tree}}) {parent} -m theirs"
    )
    change = {
        "deleted": f"git update-ref -d {reference}",
        "committed onto": f"git update-ref {reference} $({commit.format(tree=reference, parent='-p ' + reference)})",
        "moved away": f"git update-ref {reference} $({commit.format(tree='HEAD', parent='')})",
    }[what]
    file = write(
        project,
        "name = 'Try'\nmax_rounds = 3\nstop_when = 'never'\n"
        + agent(
            "a",
            f"echo $PODIUM_ROUND > r$PODIUM_ROUND; if [ $PODIUM_ROUND = 2 ]; then cd {project}; {change}; fi",
        )
        + "[[gates]]\nname = 'g'\ncommand = 'ls > /dev/null'\n",
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    taken = result(project)
    assert files(project, taken) == ["a.txt", "r1", "r2", "r3"], done.log
    subjects = git(project, "log", "--branches", "--format=%s").splitlines()
    assert ("theirs" in subjects) is (what != "deleted")


# Outcomes


@pytest.mark.fault("B1")
def test_a_mission_whose_only_agent_failed_is_not_done(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    for gates in ("", "[[gates]]\nname = 'g'\ncommand = 'true'\n"):
        file = write(project, HEAD + agent("a", "exit 7") + gates)
        done = mission("run", "--yes", file, folder=project)
        assert done.code == 1, done.log
        assert "✗ Failed" in done.log
        assert "a: exited with 7" in done.words
        assert state_of(file).outcome == "failed"


@pytest.mark.fault("B1")
def test_one_agent_that_failed_among_others_is_named(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, HEAD + agent("good", "echo two > a.txt") + agent("bad", "exit 7"))
    done = mission("run", "--yes", file, folder=project)
    assert_partly_done(done)
    assert "bad failed: exited with 7" in done.words
    assert state_of(file).outcome == "partial"


@pytest.mark.fault("B1")
def test_in_a_shared_folder_a_failed_agent_is_not_done_either(tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    file = write(folder, HEAD + agent("a", "exit 7"))
    done = mission("run", "--yes", file, folder=folder)
    assert done.code == 1, done.log


@pytest.mark.fault("B2")
def test_no_branch_is_named_that_is_not_there(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    file = write(project, HEAD + agent("a", "true"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "git merge" not in done.log
    assert branches(project) == []


@pytest.mark.fault("B2")
@pytest.mark.parametrize("taken", ["podium", *rarely("podium/try")])
def test_a_prefix_that_is_taken_is_a_fault_with_a_way_out(tmp_path: Path, taken: str) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    git(project, "branch", taken)
    file = write(project, HEAD + agent("a", "echo two > a.txt"))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 2, done.log
    assert "workspace.branch_prefix" in done.log
    assert f"There is a branch “{taken}” in the repository" in done.words
    file = write(
        project, HEAD + "[workspace]\nbranch_prefix = 'team/agents'\n" + agent("a", "echo two > a.txt")
    )
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert "team/agents/try/" in done.log


@pytest.mark.fault("H7")
def test_a_long_mission_leaves_no_branches_of_its_rounds(tmp_path: Path) -> None:
    project = repository(tmp_path / "p", {"a.txt": "one\n"})
    count = "git for-each-ref refs/heads/podium | wc -l >> counts; echo $PODIUM_ROUND > a.txt"
    file = write(project, "name = 'Try'\nmax_rounds = 5\nstop_when = 'never'\n" + agent("a", count))
    done = mission("run", "--yes", file, folder=project)
    assert done.code == 0, done.log
    assert show(project, result(project), "counts").split() == [b"2"] * 5
    assert branches(project) == [result(project)]
