"""Asking before a mission runs what the person has not agreed to: all of it the first time, then what has changed."""

from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from podium.core.missions.spec import Isolation, Mission
from podium.core.missions.terms import Term, shown_changes, shown_terms, terms_of
from podium.core.missions.trust import agreed_terms, is_trusted, trust
from podium.core.visible_text import escape_bytes, visible
from podium.missions.actions.asking import agrees, can_ask
from podium.missions.actions.faults import complain
from podium.missions.actions.git_terms import git_terms
from podium.missions.log import terminal_columns
from podium.missions.text import wrap
from podium.repositories.repository import Repository

_STDOUT: Final = 1
_INDENT: Final = "  "
_HANGING: Final = 6
"""Columns before what does not fit into a line of the terminal."""


class Consent(Enum):
    GIVEN = auto()
    REFUSED = auto()
    NOT_ASKED = auto()
    """Nobody can be asked; the log says what to do."""


def consent(mission: Mission, repository: Repository | None, file: str, yes: bool) -> Consent:
    """Whether the person agrees, now or before, to what ``mission`` may do. ``repository`` is the one for worktrees.

    Raises OSError, and GitError when the repository's settings can't be read.
    """
    terms = all_terms(mission, repository)
    if is_trusted(mission, terms):
        return Consent.GIVEN
    if not yes:
        if not can_ask():
            listed = "\n".join(_INDENT + line for line in question(mission, terms))
            complain(
                f"{_headline(mission, file)}, and nobody can be asked:\n{listed}\n"
                "Look at it, then run it once in a terminal, or with --yes."
            )
            return Consent.NOT_ASKED
        _show(mission, terms, file)
        if not agrees("Run it? You are asked again only if it may do more."):
            print("Not run.")
            return Consent.REFUSED
    aside = trust(mission, terms)
    if aside is not None:
        complain(
            f"What you agreed to before could not be read; it is kept as {visible(str(aside))}. "
            "Every other mission will ask once more."
        )
    return Consent.GIVEN


def all_terms(mission: Mission, repository: Repository | None) -> tuple[Term, ...]:
    """All that is agreed to: what the file says, where agents really work, and what git runs there. Blocks.

    Raises GitError.
    """
    isolation = Isolation.SHARED if repository is None else Isolation.WORKTREE
    places: tuple[Term, ...] = ()
    if repository is not None and repository.common != repository.top.resolve() / ".git":
        places = (Term("", "git repository", escape_bytes(repository.common)),)
    return (*terms_of(mission, isolation), *places, *git_terms(mission.folder))


def question(mission: Mission, terms: Sequence[Term]) -> list[str]:
    """The terms that the person is asked about, safe to print: all of them, or the changes since they agreed."""
    before = agreed_terms(mission)
    return shown_terms(terms) if before is None else shown_changes(before, terms)


def _headline(mission: Mission, file: str) -> str:
    if agreed_terms(mission) is None:
        return f"You have not agreed to the mission in {visible(file)} yet"
    return f"The mission in {visible(file)} has changed since you agreed to it"


def _show(mission: Mission, terms: Sequence[Term], file: str) -> None:
    columns = terminal_columns(_STDOUT)
    print(f"{_headline(mission, file)}. This is “{visible(mission.name)}”:\n")
    for line in question(mission, terms):
        for number, part in enumerate(wrap(line.lstrip(), columns - _HANGING - 2) or [""]):
            print(
                _INDENT + (" " * (len(line) - len(line.lstrip())) if number == 0 else " " * _HANGING) + part
            )
    print()
