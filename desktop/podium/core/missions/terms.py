"""Terms of a mission: what a person agrees to, how they read, and whether others allow more.

Terms are what decides about programs, files and money: commands, where agents work and what they may do there, models,
prompts, limits, files that are read from outside, and what the checks demand. Prompts belong to them whatever an
agent's permission is: a command may take its prompt for a script, and even a reader's prompt decides what is sent away.
A mission's and an agent's name, description and order do not.
"""

import difflib
import hashlib
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from podium.core.missions.spec import (
    AgentSpec,
    AgentType,
    GateSpec,
    Isolation,
    Mission,
    Permission,
    StopWhen,
)
from podium.core.visible_text import escape_bytes, visible, visible_lines

_NO_LIMIT: Final = 1e18
_SHOWN_LINES: Final = 8
"""Lines of a prompt that are shown."""
_SHOWN_CHARACTERS: Final = 1000
KEPT_CHARACTERS: Final = 4000
"""Characters of a prompt that are kept for comparing it line by line; a digest stands for all of it."""
_BAR: Final = "│"
"""Before each further line of a text, which could else be written to look like terms."""

_SHELL: Final = ("/bin/sh", "-c")
_MAY: Final[Mapping[Permission, tuple[str, float]]] = {
    Permission.READ: ("read", 0),
    Permission.EDIT: ("edit files", 1),
    Permission.FULL: ("run any program", 2),
}
_ENDS: Final[Mapping[StopWhen, str]] = {
    StopWhen.GATES_PASS: "when all gates pass",
    StopWhen.AGENTS_DONE: "when all agents are done",
    StopWhen.NEVER: "after its last round",
}


class Term(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is agreed to, as it stands in the file: ``value`` may hold any character."""

    about: str
    """``agent builder``, ``gate tests``; "" for the mission itself."""
    name: str
    """"" for the command of an agent or gate."""
    value: str
    reach: float | None = None
    """Orders the values of a term: a smaller one allows less. None: every other value is another term."""
    limits: bool = False
    """It restricts: without it more may happen."""
    digest: str = ""
    """Of a whole text; ``value`` is only its beginning."""
    length: int = 0
    """Characters of that text."""

    @property
    def key(self) -> tuple[str, str]:
        return self.about, self.name

    @property
    def label(self) -> str:
        """Its whole name, safe to print."""
        return visible(", ".join(part for part in self.key if part))


def terms_of(mission: Mission, isolation: Isolation | None = None) -> tuple[Term, ...]:
    """All that the file of ``mission`` says. ``isolation`` is where agents really work, where that is known."""
    return (
        *_mission_terms(mission, isolation or mission.workspace.isolation),
        *(term for agent in mission.agents for term in _agent_terms(mission, agent)),
        *(term for gate in mission.gates for term in _gate_terms(gate)),
    )


def shown_terms(terms: Sequence[Term]) -> list[str]:
    """Lines for a person: every character of a command and the first lines of a prompt; safe to print, not wrapped."""
    lines = []
    for term in terms:
        inner = bool(term.about and term.name)
        label = visible(term.name if inner else term.label)
        value = list(_shown_value(term))
        lines.append(f"{'  ' if inner else ''}{label}: {value[0]}")
        lines += [f"    {_BAR} {line}" for line in value[1:]]
    return lines


def allows_more(old: Sequence[Term], new: Sequence[Term]) -> bool:
    """Whether anything may happen under ``new`` that may not under ``old``."""
    before, after = {term.key: term for term in old}, {term.key: term for term in new}
    if any(term.limits and key not in after for key, term in before.items()):
        return True
    return any(_wider(before[key], term) if key in before else not term.limits for key, term in after.items())


def shown_changes(old: Sequence[Term], new: Sequence[Term]) -> list[str]:
    """The difference, as a diff: ``- `` before what was agreed to, ``+ `` before what the file says now."""
    before, after = {term.key: term for term in old}, {term.key: term for term in new}
    lines: list[str] = []
    for key in dict.fromkeys((*before, *after)):
        left, right = before.get(key), after.get(key)
        if left is None and right is not None:
            lines += _marked("+", right)
        elif left is not None and right is None:
            lines += _marked("-", left)
        elif left is not None and right is not None and not _same(left, right):
            if left.digest and right.digest:
                lines += _changed_text(left, right)
            else:
                lines += [*_marked("-", left), *_marked("+", right)]
    return lines


def _mission_terms(mission: Mission, isolation: Isolation | None) -> Iterator[Term]:
    workspace = mission.workspace
    yield Term("", "folder", escape_bytes(mission.folder))
    yield isolation_term(isolation)
    if workspace.base:
        yield Term("", "starts from", workspace.base)
    yield Term("", "rounds", f"{mission.max_rounds} at most", mission.max_rounds)
    yield Term("", "agents at once", f"{mission.max_concurrency} at most", mission.max_concurrency)
    yield _money("", mission.budget_usd)
    yield Term("", "ends", _ENDS[mission.stop_when])
    yield _seconds("", "time for a round", mission.round_timeout)
    if workspace.setup:
        yield Term("", "setup", _command(workspace.setup))
    if workspace.teardown:
        yield Term("", "teardown", _command(workspace.teardown))
    if workspace.setup or workspace.teardown:
        yield _seconds("", "time for setup", workspace.setup_timeout)
    if workspace.copy:
        yield Term("", "copies into worktrees", shlex.join(workspace.copy))


def isolation_term(isolation: Isolation | None) -> Term:
    values = {
        Isolation.WORKTREE: ("in worktrees of their own; the folder itself stays as it is", 0),
        Isolation.SHARED: ("in the folder itself", 1),
        None: ("in worktrees of a git repository, or else in the folder itself", 1),
    }
    return Term("", "agents work", *values[isolation])


def _agent_terms(mission: Mission, agent: AgentSpec) -> Iterator[Term]:
    about = f"agent {agent.id}"
    if agent.command:
        yield Term(about, "", _command(agent.command))
    else:
        program = f", which is {agent.program}" if agent.program not in ("", agent.adapter) else ""
        yield Term(about, "", f"the tool {agent.adapter}{program}")
        may, reach = _MAY[agent.permission]
        yield Term(about, "may", may, reach)
        yield Term(about, "model", agent.model or "the tool’s own, or the one set for the run")
        if agent.max_model:
            yield Term(about, "model after failures", agent.max_model)
    yield _money(about, agent.budget_usd)
    yield _seconds(about, "time for a turn", agent.timeout)
    yield _seconds(about, "time without progress", agent.silence_timeout)
    if agent.type is AgentType.CONTINUOUS:
        every = agent.min_frequency_rounds
        how = "in every round" if every == 1 else f"every {every} rounds"
        yield Term(about, "works", f"{how}, to the end", 1 / every)
    else:
        yield Term(about, "works", "until it is done", 0)
    if agent.owns:
        yield Term(about, "reports what it changes but", shlex.join(agent.owns), limits=True)
    if agent.role:
        yield from _text_terms(mission, about, "role", agent.role, agent.instructions, agent.role_path)
    if agent.prompt:
        yield from _text_terms(mission, about, "prompt", "", agent.prompt, agent.prompt_path)


def _text_terms(
    mission: Mission, about: str, name: str, written: str, text: str, path: Path | None
) -> Iterator[Term]:
    """The text itself, and the file it is from. What lies outside the project is named, and not shown: a secret
    would stay in the terminal's lines.
    """
    if path is None and written:  # A role by name: shipped, or the person's own.
        yield Term(about, name, written)
        return
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    shown = text[:KEPT_CHARACTERS]
    if path is not None:
        home = mission.file.parent.resolve()
        if path.is_relative_to(home):
            yield Term(about, f"{name} file", escape_bytes(path.relative_to(home)))
        else:
            yield Term(about, f"reads from outside the project and sends, as its {name}", escape_bytes(path))
            shown = ""
    yield Term(about, name, shown, digest=digest, length=len(text))


def _gate_terms(gate: GateSpec) -> Iterator[Term]:
    about = f"gate {gate.name}"
    yield Term(about, "", _command(gate.command))
    yield _seconds(about, "time", gate.timeout)
    if gate.required:
        yield Term(about, "must pass", "yes", limits=True)


def _command(argv: tuple[str, ...]) -> str:
    return argv[2] if argv[:2] == _SHELL and len(argv) == 3 else shlex.join(argv)


def _money(about: str, usd: float | None) -> Term:
    if usd is None:
        return Term(about, "budget", "no limit", _NO_LIMIT)
    return Term(about, "budget", f"${usd:,.2f}" if round(usd, 2) == usd else f"${usd}", usd)


def _seconds(about: str, name: str, seconds: float | None) -> Term:
    if seconds is None:
        return Term(about, name, "no limit", _NO_LIMIT)
    return Term(about, name, f"{seconds:.15g} s", seconds)


def _wider(old: Term, new: Term) -> bool:
    if old.reach is not None and new.reach is not None:
        return new.reach > old.reach
    return not _same(old, new)


def _same(old: Term, new: Term) -> bool:
    if old.digest or new.digest:  # How much of a text is kept is no difference.
        return old.digest == new.digest
    return old.value == new.value


def _shown_value(term: Term) -> Iterator[str]:
    if not term.digest:
        yield visible(term.value)
        return
    if not term.value:
        yield f"its {term.length:,} characters are not shown here"
        return
    shown = "\n".join(term.value[:_SHOWN_CHARACTERS].split("\n")[:_SHOWN_LINES])
    yield from visible_lines(shown)
    if rest := term.length - len(shown):
        yield f"… and {rest:,} more characters"


def _marked(mark: str, term: Term) -> list[str]:
    first, *rest = _shown_value(term)
    return [f"{mark} {term.label}: {first}", *(f"{mark}   {_BAR} {line}" for line in rest)]


def _changed_text(old: Term, new: Term) -> list[str]:
    """Two texts compared line by line, as far as they are kept."""
    compared = difflib.unified_diff(visible_lines(old.value), visible_lines(new.value), n=0, lineterm="")
    lines = [f"{line[0]} {new.label}: {line[1:]}" for line in list(compared)[2:] if line[0] in "+-"]
    if not lines or max(old.length, new.length) > KEPT_CHARACTERS:
        sizes = f"{old.length:,} characters before, {new.length:,} now"
        lines.append(f"+ {new.label}: it is another text ({sizes}), not all of which is shown here")
    return lines
