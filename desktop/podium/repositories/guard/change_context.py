"""The context of a comparison: the agent whose changes are looked for."""

from pathlib import Path

from podium.core.system.private_files import private_folder
from podium.repositories.worktree import Worktree


class ChangeContext:
    """An agent that worked in ``tree`` on ``branch``, until now.

    ``label`` is what people call the agent, ``period`` the time it worked, such as “the turn of Builder”. ``trace`` is
    the file of ``trace_environment``.
    """

    def __init__(self, label: str, period: str, branch: str, tree: Worktree, trace: Path | None) -> None:
        self.label = label
        self.period = period
        self.branch = branch
        self.tree = tree
        self._trace = trace

    def ran_git_in(self, folder: Path) -> bool:
        """Whether a git command of the agent's worked in ``folder``, as its trace says."""
        if self._trace is None:
            return False
        wanted = f"worktree {folder}"
        try:
            if not self._trace.is_file():
                return False  # A pipe would be waited for.
            with self._trace.open(encoding="utf-8", errors="surrogateescape") as lines:
                return any(line.rstrip("\n") == wanted for line in lines)
        except OSError:
            return False


def trace_environment(trace: Path, environment: dict[str, str]) -> dict[str, str]:
    """Variables that make an agent's git write to ``trace`` where it works; none where a person traces git."""
    if any(name.startswith("GIT_TRACE2") for name in environment):
        return {}
    private_folder(trace.parent)
    trace.unlink(missing_ok=True)
    return {"GIT_TRACE2": str(trace), "GIT_TRACE2_BRIEF": "1"}
