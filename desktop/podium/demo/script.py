"""Scripts of the demo's agents, as data: turns of small steps, one file for each project."""

import tomllib

import msgspec

from podium.core.resources import read_text


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing an agent does after ``wait`` seconds. Exactly one of the others is set, with what belongs to it."""

    wait: float = 0.4
    say: str = ""
    read: str = ""
    run: str = ""
    """A command line for the shell."""
    edit: str = ""
    """A file in which ``find`` becomes ``replace``."""
    find: str = ""
    replace: str = ""
    write: str = ""
    """A file that gets ``text``."""
    text: str = ""
    commit: str = ""
    """Commit what this turn has changed, with this message."""


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One agent's turn in one round. With ``fails`` it ends as an error for that reason."""

    agent: str
    round: int
    cost: float
    """US dollars, simulated."""
    steps: tuple[Step, ...]
    summary: str = ""
    fails: str = ""


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    turns: tuple[Turn, ...]

    def turn(self, agent: str, round_number: int) -> Turn | None:
        """The turn of ``agent`` in a round, or None when the script gives it nothing to do."""
        return next((turn for turn in self.turns if (turn.agent, turn.round) == (agent, round_number)), None)


def load_script(project: str) -> Script:
    """The shipped script of a demo project. Raises FileNotFoundError for a project that does not exist."""
    return msgspec.convert(tomllib.loads(read_text("missions", project, "agents.toml")), Script)
