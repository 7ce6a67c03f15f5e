"""The terms of a mission about what a repository itself makes git run."""

from pathlib import Path

from podium.core.missions.terms import Term
from podium.repositories.program_settings import GitProgram, ProgramKind, git_programs


def git_terms(folder: Path) -> tuple[Term, ...]:
    """A term for each program that git would run in ``folder`` because the repository there says so. Blocks.

    Podium's own git runs no hooks, but that of agents does. Raises GitError when the settings can't be read.
    """
    return tuple(_term(program) for program in git_programs(folder))


def _term(program: GitProgram) -> Term:
    match program.kind:
        case ProgramKind.SETTING:
            return Term("", f"git runs, for {program.name}", "\n".join(program.values))
        case ProgramKind.HOOK:
            return Term("", f"git runs the hook {program.name}", "when agents use git")
        case ProgramKind.UNKNOWN:
            return Term("", "git runs", "nobody knows what: the folder lies inside of a bare repository")
