"""A real run: three planted bugs, agents in worktrees, one that breaks a gate, killed with -9 and resumed."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.missions.mission_shell import Done, ledger, mission, mission_in_terminal, running, state_of, until
from tests.repositories.git_shell import git, repository

from podium.core.missions.state import resumable, state_path

FILES = {
    "add.sh": "echo $(($1 - $2))\n",
    "double.sh": "echo $(($1 * 3))\n",
    "half.sh": "echo $(($1 / 3))\n",
    "style.txt": "tidy\n",
}

# Each agent writes a line for every time it runs, so that what is done twice is seen.
AGENT = """
echo "$PODIUM_AGENT $PODIUM_ROUND" >> {ran}
echo "$PODIUM_AGENT at work"
{work}
echo '{{"event":"agent:complete","data":{{"costUsd":0.25,"tokensIn":1000,"tokensOut":10,"summary":"did it"}}}}' \\
    > /dev/fd/$PODIUM_EVENTS_FD
{after}
"""

MISSION = """
name = "Three bugs"
max_rounds = 4
max_concurrency = 2

[[agents]]
id = "adder"
command = ["sh", "{agents}/adder"]
prompt = "Repair add.sh"
owns = ["add.sh"]

[[agents]]
id = "doubler"
command = ["sh", "{agents}/doubler"]
prompt = "Repair double.sh"

[[agents]]
id = "halver"
command = ["sh", "{agents}/halver"]
prompt = "Repair half.sh"
depends_on = ["adder", "doubler"]

[[gates]]
name = "add"
command = "test $(sh add.sh 2 2) = 4"
[[gates]]
name = "double"
command = "test $(sh double.sh 4) = 8"
[[gates]]
name = "half"
command = "test $(sh half.sh 8) = 4"
[[gates]]
name = "style"
command = "grep -x tidy style.txt"
"""

WORK = {
    "adder": "test $PODIUM_ROUND != 1 || sed -i s/-/+/ add.sh",
    "doubler": "test $PODIUM_ROUND != 1 || sed -i s/3/2/ double.sh",
    "halver": """
case $PODIUM_ROUND in
    1) sed -i s/3/2/ half.sh; echo untidy > style.txt ;;
    *) printf '%s' "$PODIUM_FEEDBACK" > {ran}.feedback; sed -i s/3/2/ half.sh ;;
esac
""",
}


class Project:
    """The repository, its mission and what the agents leave; ``hang`` makes an agent wait in its first run."""

    def __init__(self, folder: Path, hang: str = "") -> None:
        self.folder = repository(folder / "the project", FILES)
        self.ran = folder / "ran"
        self.hanging = folder / "hanging"
        agents = folder / "agents"
        agents.mkdir()
        for name, work in WORK.items():
            after = ""
            if name == hang:
                after = f"if [ ! -e {self.hanging} ]; then echo $$ > {self.hanging}; sleep 600; fi"
            script = AGENT.format(ran=self.ran, work=work.format(ran=self.ran), after=after)
            (agents / name).write_text(script)
        self.file = self.folder / "mission.toml"
        self.file.write_text(MISSION.format(agents=agents))
        # What is the person's: a stash, an index, a change, a file, a branch.
        (self.folder / "style.txt").write_text("tidy\nstashed\n")
        git(self.folder, "stash")
        (self.folder / "staged.txt").write_text("staged\n")
        git(self.folder, "add", "staged.txt")
        (self.folder / "add.sh").write_text("# mine\n")
        self.before = self.persons()

    def persons(self) -> list[str]:
        """Everything of the person's that must stay as it is."""
        index = (self.folder / ".git" / "index").read_bytes().hex()
        branches = git(self.folder, "for-each-ref", "refs/heads/main", "refs/stash")
        status = git(self.folder, "status", "--porcelain")
        head = (self.folder / ".git" / "HEAD").read_text()
        return [
            index,
            branches,
            status,
            head,
            (self.folder / "add.sh").read_text(),
            git(self.folder, "stash", "list"),
        ]

    @property
    def runs(self) -> list[str]:
        return sorted(self.ran.read_text().splitlines())

    @property
    def result(self) -> str:
        branches = git(
            self.folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/podium"
        ).splitlines()
        (branch,) = [name for name in branches if name.endswith("/result")]
        return branch

    def content(self, name: str) -> str:
        return git(self.folder, "show", f"{self.result}:{name}")

    def check_repaired(self) -> None:
        assert self.content("add.sh") == "echo $(($1 + $2))"
        assert self.content("double.sh") == "echo $(($1 * 2))"
        assert self.content("half.sh") == "echo $(($1 / 2))"
        assert self.content("style.txt") == "tidy"
        assert self.persons() == self.before
        assert len(git(self.folder, "worktree", "list").splitlines()) == 1


Runner = Callable[..., Done]


@pytest.mark.parametrize("runner", [mission, mission_in_terminal], ids=["pipe", "terminal"])
def test_two_bugs_in_round_one_the_third_in_round_two(tmp_path: Path, runner: Runner) -> None:
    project = Project(tmp_path)
    done = runner("run", "--yes", project.file, folder=tmp_path)
    log = re.sub(r"\x1b\[[0-9;]*m", "", done.log)
    log = " ".join(log.split())
    assert done.code == 0, done.log
    project.check_repaired()
    assert project.runs[:3] == ["adder 1", "adder 2", "doubler 1"]
    assert "The work of halver is left out: it broke style" in log
    assert "✓ Done all gates pass" in log
    feedback = Path(f"{project.ran}.feedback").read_text()
    assert "style: exited with 1" in feedback
    assert "/halver-r1" in feedback
    kept = git(project.folder, "for-each-ref", "--format=%(refname:short)", "refs/heads/podium").splitlines()
    assert [name.rpartition("/")[2] for name in kept] == ["halver-r1", "result"]
    assert git(project.folder, "log", "-1", "--format=%an %cn", kept[0]) == "halver Podium"
    assert f"take them: git merge {project.result}" in log
    assert len(ledger()) == len(project.runs)
    assert f"${0.25 * len(project.runs):.2f}" in log


@pytest.mark.parametrize("agent", ["adder", "halver"])
def test_killed_in_the_middle_nothing_is_done_or_paid_twice(tmp_path: Path, agent: str) -> None:
    project = Project(tmp_path, hang=agent)
    with running("run", "--yes", project.file, folder=tmp_path) as process:
        others = ["adder", "doubler"] if agent == "halver" else ["doubler"]
        expected = len(others) + 1

        def all_but_one_done() -> bool:
            if not project.hanging.exists() or not state_path(project.file).exists():
                return False
            state = state_of(project.file)
            stages = {name: turn.stage for name, turn in state.round.turns.items()}
            delivered = all(stages.get(name) == "delivered" for name in others)
            return delivered and state.cost.usd == 0.25 * expected

        until(all_but_one_done, "the other agents’ work and all costs")
        process.send_signal(signal.SIGKILL)
    survivor = int(project.hanging.read_text())
    os.kill(survivor, 0)  # It outlived the mission.
    info = resumable(project.file)
    assert info is not None
    assert (info.round, info.max_rounds, info.cost_usd) == (1, 4, 0.25 * expected)
    assert project.persons() == project.before

    done = mission("resume", project.file, folder=tmp_path)
    assert done.code == 0, done.log
    assert "Resumed in round 1" in done.log
    with pytest.raises(ProcessLookupError):
        os.kill(survivor, 0)
    project.check_repaired()
    first_round = [run for run in project.runs if run.endswith(" 1")]
    assert sorted(first_round) == sorted(["adder 1", "doubler 1", "halver 1", f"{agent} 1"])
    entries = ledger()
    assert len({entry.id for entry in entries}) == len(entries) == len(project.runs)
    assert f"${0.25 * len(entries):.2f}" in done.log
    assert resumable(project.file) is None
    again = mission("resume", project.file, folder=tmp_path)
    assert again.code == 2
    assert "nothing to resume" in again.log


def test_killed_while_a_gate_runs_the_work_is_merged_once(tmp_path: Path) -> None:
    project = Project(tmp_path)
    block, waiting = tmp_path / "block", tmp_path / "waiting"
    block.touch()
    gate = f"if [ -e {block} ] && [ $PODIUM_ROUND = 1 ]; then touch {waiting}; sleep 600; fi; grep -x tidy style.txt"
    project.file.write_text(project.file.read_text().replace("grep -x tidy style.txt", gate))
    with running("run", "--yes", project.file, folder=tmp_path) as process:
        until(waiting.exists, "the gate")
        until(
            lambda: all(
                project_state.stage != "running"
                for project_state in state_of(project.file).round.turns.values()
            ),
            "the agents’ ends",
        )
        process.send_signal(signal.SIGKILL)
    block.unlink()
    done = mission("resume", project.file, folder=tmp_path)
    assert done.code == 0, done.log
    project.check_repaired()
    assert [run for run in project.runs if run.endswith(" 1")] == ["adder 1", "doubler 1", "halver 1"]
    merges = git(project.folder, "log", "--merges", "--format=%s", project.result).splitlines()
    assert sorted(merges) == ["Merge adder, round 1", "Merge doubler, round 1", "Merge halver, round 2"]
    assert len(ledger()) == len(project.runs)


def test_run_after_a_kill_begins_anew_and_says_so(tmp_path: Path) -> None:
    project = Project(tmp_path, hang="adder")
    with running("run", "--yes", project.file, folder=tmp_path) as process:
        until(project.hanging.exists, "the agent")
        busy = mission("run", project.file, folder=tmp_path)
        assert busy.code == 2
        assert f"runs already (process {process.pid})" in busy.log
        assert resumable(project.file) is None
        cleaned = mission("clean", folder=tmp_path)
        assert f"its mission runs (process {process.pid})" in cleaned.log
        assert len(git(project.folder, "worktree", "list").splitlines()) > 1
        process.send_signal(signal.SIGKILL)
    kept = mission("clean", folder=tmp_path)
    assert "it can be resumed: podium mission resume" in kept.log
    done = mission("run", project.file, folder=tmp_path)
    assert done.code == 0, done.log
    assert "is set aside" in done.log
    assert "Worktrees of 1 earlier run can go: podium mission clean" in done.log
    assert len(git(project.folder, "worktree", "list").splitlines()) > 1
    removed = mission("clean", folder=tmp_path)
    assert "1 stale run removed" in removed.log
    assert len(git(project.folder, "worktree", "list").splitlines()) == 1
    assert project.persons() == project.before


def test_clean_with_a_file_gives_its_interrupted_run_up(tmp_path: Path) -> None:
    project = Project(tmp_path, hang="adder")
    with running("run", "--yes", project.file, folder=tmp_path) as process:
        until(project.hanging.exists, "the agent")
        refused = mission("clean", project.file, folder=tmp_path)
        assert refused.code == 2
        assert "runs already" in refused.log
        process.send_signal(signal.SIGKILL)
    done = mission("clean", project.file, folder=tmp_path)
    assert done.code == 0
    assert "given up" in done.log
    assert resumable(project.file) is None
    assert len(git(project.folder, "worktree", "list").splitlines()) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(int(project.hanging.read_text()), 0)
