"""A mission that was killed in the middle of its work."""

import signal
from pathlib import Path

from tests.missions.mission_shell import Done, mission, running, state_of, until
from tests.repositories.git_shell import git, repository

from podium.missions.worktrees.ownership import worktrees_folder

WORK = "echo more >> a.txt; mkdir -p new; echo new > new/b.txt"


class Killed:
    """A mission of one agent that did ``work`` and was killed with ``kill -9`` before its turn came to its end."""

    def __init__(self, folder: Path, work: str = WORK, kill: bool = True, more: str = "") -> None:
        self.folder = folder
        self.project = repository(folder / "p", {"a.txt": "one\n", ".gitignore": "*.log\n"})
        self.begun = folder / "begun"
        self.once = folder / "once"
        self.once.touch()
        script = f"if [ -e {self.once} ]; then {work}\ntouch {self.begun}; sleep 600; fi"
        self.file = self.project / "mission.toml"
        self.file.write_text(
            f"name = 'Try'\nmax_rounds = 1\n{more}\n"
            f"[[agents]]\nid = 'a'\ncommand = ['sh', '-c', '''{script}''']\n"
        )
        if kill:
            with running("run", "--yes", self.file, folder=folder) as process:
                until(self.begun.exists, "the agent's work")
                process.send_signal(signal.SIGKILL)
            self.once.unlink()
            self.run_id = state_of(self.file).run

    @property
    def root(self) -> Path:
        return worktrees_folder() / self.run_id

    def mission(self, *arguments: str | Path) -> Done:
        done = mission(*arguments, folder=self.folder)
        done.log = " ".join(done.log.split())
        return done

    @property
    def interrupted(self) -> list[str]:
        listed = git(self.project, "for-each-ref", "--format=%(refname:short)", "refs/heads/podium")
        return [name for name in listed.splitlines() if "-interrupted" in name]

    def show(self, name: str) -> str:
        (branch,) = self.interrupted
        return git(self.project, "show", f"{branch}:{name}")
