"""Second ways into what must not happen before the person agreed: more of git's mechanisms, hangs, and what hides."""

import os
from pathlib import Path

import pytest
from tests.missions.mission_shell import mission, mission_in_terminal
from tests.repositories.git_shell import git, repository

from podium.core.missions.file import MissionFileError, load_mission
from podium.core.missions.trust import is_trusted, trust
from podium.core.system.app_dirs import state_folder
from podium.missions.actions.check import check
from podium.missions.actions.git_terms import git_terms
from podium.missions.actions.run import run
from podium.missions.worktrees import isolation as mission_isolation
from podium.repositories import discovery, program_settings
from podium.repositories.git import GitError

TEXT = """
name = "Try"
max_rounds = 1
[[agents]]
id = "a"
command = ["true"]
"""


def written(folder: Path, text: str = TEXT) -> Path:
    file = folder / "mission.toml"
    file.write_text(text)
    return file


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


PROGRAMS = (
    ("gc.recentObjectsHook", "touch X"),
    ("svn.authorsProg", "touch X"),
    ("annex.web-download-command", "touch X"),
    ("remote.origin.annex-cost-command", "touch X"),
    ("branch.main.remote", "ext::touch% X"),
    ("branch.main.pushRemote", "ext::touch% X"),
    ("remote.pushDefault", "ext::touch% X"),
    ("submodule.sub.url", "ext::touch% X"),
    ("protocol.ext.allow", "always"),
    ("protocol.allow", "always"),
    ("core.hooksPath", "on"),
    ("core.hooksPath", "1"),
    ("init.templateDir", "yes"),
    ("core.editor", "off"),
    ("alias.st", "difftool --no-prompt --extcmd 'touch X'"),
    ("alias.up", "fetch --upload-pack='touch X' ."),
)


@pytest.mark.fault("C1")
@pytest.mark.parametrize(("key", "value"), PROGRAMS, ids=[f"{key}={value}" for key, value in PROGRAMS])
def test_every_setting_that_runs_something_is_shown(tmp_path: Path, key: str, value: str) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    git(folder, "config", key, value)
    assert [term.value for term in git_terms(folder)] == [value]


@pytest.mark.fault("C1")
@pytest.mark.parametrize(
    "path", ["%(prefix)/../proc/self/cwd/settings", "/proc/self/cwd/settings", "/dev/fd/0", "link"]
)
def test_included_files_that_nobody_can_look_at_are_refused(tmp_path: Path, path: str) -> None:
    folder = repository(tmp_path / "p", {"settings": '[filter "x"]\n\tclean = touch X\n'})
    git(folder, "config", "include.path", path)
    (folder / ".git" / "link").symlink_to("/proc/self/cwd/settings")
    with pytest.raises(GitError, match="can’t be looked at"):
        git_terms(folder)
    done = mission("check", written(folder), folder=tmp_path)
    assert done.code == 2
    assert "include.path" in done.log


@pytest.mark.fault("C1")
def test_no_hook_hides_behind_many_files_or_in_a_closed_folder(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    hooks = folder / ".git" / "hooks"
    for number in range(300):
        (hooks / f"a{number:03}").write_text("")
    program(hooks / "post-checkout", "true")
    assert [term.name for term in git_terms(folder)] == ["git runs the hook post-checkout"]


@pytest.mark.fault("C1")
def test_hooks_of_submodules_are_shown(tmp_path: Path) -> None:
    other = repository(tmp_path / "other", {"a": "x"})
    folder = repository(tmp_path / "p", {"a": "x"})
    git(folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "sub")
    program(folder / ".git" / "modules" / "sub" / "hooks" / "pre-commit", "true")
    assert [term.name for term in git_terms(folder)] == ["git runs the hook pre-commit (sub)"]


@pytest.mark.fault("C1")
@pytest.mark.parametrize("path", ["", "tools"])
def test_a_git_among_the_projects_files_is_never_run(
    tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    for place in (folder, folder / "tools"):
        program(place / "git", f"touch '{tmp_path}/sprung'; exit 1")
    monkeypatch.setenv("PATH", f"{path}:{os.environ['PATH']}")
    for action in ("check", "run", "resume", "clean"):
        mission(action, written(folder), folder=folder)
    mission("new", "health", "new.toml", folder=folder)
    assert not (tmp_path / "sprung").exists()


PIPES = (
    ".git/config",
    ".git/HEAD",
    ".git/commondir",
    ".git/packed-refs",
    ".git/refs/heads/main",
    ".git/included",
)


@pytest.mark.fault("C1")
@pytest.mark.parametrize("pipe", PIPES)
@pytest.mark.parametrize("isolation", ["worktree", "shared", ""])
def test_a_pipe_in_a_repository_holds_nobody_up(
    tmp_path: Path, pipe: str, isolation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (discovery, mission_isolation, program_settings):
        monkeypatch.setattr(module, "INSPECTION_TIMEOUT", 0.3)
    folder = repository(tmp_path / "p", {"a": "x"})
    git(folder, "config", "include.path", "included")
    place = folder / pipe
    place.unlink(missing_ok=True)
    os.mkfifo(place)
    workspace = f"[workspace]\nisolation = '{isolation}'\n" if isolation else ""
    # Where git is asked nothing that the pipe is for, there is nothing to wait for.
    expected = {0, 2} if isolation == "shared" else {2}
    assert check(str(written(folder, TEXT + workspace))) in expected
    assert run(str(folder / "mission.toml"), yes=False) == 2


@pytest.mark.fault("C1")
def test_a_repository_that_leads_each_process_elsewhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    git(folder, "config", "filter.x.clean", "touch X")
    (folder / ".git").rename(folder / "emb")
    (folder / ".git").symlink_to("/proc/self/cwd/emb")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GitError, match="can’t be looked at"):
        git_terms(folder)


@pytest.mark.fault("C1")
def test_submodules_behind_a_link_are_refused(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    other = repository(tmp_path / "other", {"a": "x"})
    git(other, "config", "filter.x.clean", "touch X")
    (folder / ".git" / "modules").mkdir()
    (folder / ".git" / "modules" / "sub").symlink_to(other / ".git")
    with pytest.raises(GitError, match="is a link"):
        git_terms(folder)


@pytest.mark.fault("C1")
def test_what_a_new_mission_finds_in_its_repository_is_asked_about(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    program(folder / ".git" / "hooks" / "post-checkout", "true")
    assert mission("new", "health", folder=folder).code == 0
    asked = mission("run", "mission.toml", folder=folder)
    assert asked.code == 2
    assert "+ git runs the hook post-checkout" in asked.log


@pytest.mark.fault("C1")
def test_an_answer_typed_before_the_question_is_none(tmp_path: Path) -> None:
    folder = repository(tmp_path / "p", {"a": "x"})
    asked = mission_in_terminal("run", written(folder), folder=folder, keys=b"n\r", ahead=b"y\ry\r")
    assert asked.code == 130
    assert "Not run." in asked.log


LONG = "x" * 5000


@pytest.mark.fault("C2")
@pytest.mark.parametrize(
    "text",
    [
        f"folder = '{LONG}'\n" + TEXT,
        TEXT.replace('"true"', f"'./{LONG}'"),
        TEXT + f"prompt_file = '{LONG}'\n",
        TEXT + f"role = '{LONG}.md'\n",
    ],
    ids=["folder", "command", "prompt", "role"],
)
def test_a_name_that_no_disk_takes_is_a_fault(tmp_path: Path, text: str) -> None:
    with pytest.raises(MissionFileError, match="too long"):
        load_mission(written(tmp_path, text))


@pytest.mark.fault("C2")
def test_the_name_of_the_file_itself_is_shown_safely(tmp_path: Path) -> None:
    file = tmp_path / "m\x1b]0;x\x07.toml"
    file.write_text(TEXT)
    for action in ("check", "run", "resume", "clean"):
        assert "\x1b" not in mission(action, file, folder=tmp_path).log, action
    assert "\x1b" not in mission("new", "health", file, folder=tmp_path).log
    assert "\x1b" not in mission("new", "health", f"{file}2", folder=tmp_path).log
    assert "\x1b" not in mission("new", file.name, folder=tmp_path).log


@pytest.mark.fault("C3")
def test_a_pipe_in_place_of_the_agreements_holds_nobody_up(tmp_path: Path) -> None:
    place = state_folder() / "trusted-missions.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(place)
    found = load_mission(written(tmp_path))
    assert not is_trusted(found)
    aside = trust(found)
    assert aside is not None
    assert aside.is_fifo()
    assert is_trusted(found)


@pytest.mark.fault("C1")
def test_without_git_there_is_nothing_that_it_could_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(tmp_path / "p", {"a": "x"})
    file = tmp_path / "p" / "mission.toml"
    file.write_text('name = "T"\nmax_rounds = 1\n[[agents]]\nid = "a"\ncommand = ["/bin/true"]\n')
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_terms(tmp_path / "p") == ()
    assert mission("run", "--yes", file, folder=tmp_path).code == 0
