"""From an instance to the program it runs: argv, folder, environment, tree policy."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from podium.core.instances import InstanceSpec, Kind
from podium.core.protocol.requests import Start, TreePolicy
from podium.core.shell_integration import marking_shell, with_integration
from podium.core.system.account import own_account
from podium.core.system.processes import GIVEN_VARIABLES
from podium.core.system.reexec import podium_command, resolved

_TAKES_LOGIN_OPTION: Final = frozenset(
    {"ash", "bash", "csh", "dash", "fish", "ksh", "mksh", "nu", "pwsh", "sh", "tcsh", "xonsh", "zsh"}
)

_SETUP: Final = """mark=$1 setup=$2
shift 2
if [ ! -e "$mark" ]; then
    printf '%s\\n' "Setup: $setup"
    /bin/sh -c "$setup" || { printf '%s\\n' "The setup failed. Restart runs it again."; exit 1; }
    : >"$mark"
fi
exec "$@"
"""
"""Runs a setup, then a command. Both are arguments, so nothing of them is expanded."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Going on where a program was: a mission in the round it was in, a shell in ``folder``, all else anew."""

    folder: str = ""
    """"" is the instance's own."""


def start_request(
    spec: InstanceSpec,
    environment: Mapping[str, str],
    resume: Resume | None = None,
    *,
    agreed: bool = False,
    marked: bool = False,
    added: Sequence[str] = (),
) -> Start:
    """The request that makes a session run ``spec`` in the person's ``environment``. ``agreed``: the person agrees to
    what the mission runs, and is not asked. ``marked``: a shell that can be made to marks its prompts. ``added``: what
    follows a command's own arguments.
    """
    folder = resume.folder if resume is not None else ""
    variables = {**environment, **_own(spec.environment)}
    match spec.kind:
        case Kind.SHELL:
            argv, tree = _shell_command(spec, environment), TreePolicy.SESSION
        case Kind.COMMAND:
            argv, tree = _after_setup(spec, resolved((*spec.command, *added))), TreePolicy.TREE
        case Kind.MISSION:
            action = "run" if resume is None else "resume"
            argv = podium_command("mission", action, *(("--yes",) if agreed else ()), spec.mission)
            tree = TreePolicy.TREE
    if marked:
        argv, variables = with_integration(argv, variables)
    return Start(
        argv,
        folder or spec.folder,
        variables,
        tree,
        spec.policy.stop,
        spec.memory_max_mib,
        spec.cpu_percent,
        other_folder=spec.folder if folder else "",
    )


def _after_setup(spec: InstanceSpec, argv: tuple[str, ...]) -> tuple[str, ...]:
    """``argv``, run in place of a shell that has run the agent's setup, unless that has succeeded before."""
    agent = spec.agent
    if agent is None or not agent.setup or sys.platform == "win32":
        return argv
    return ("/bin/sh", "-c", _SETUP, "podium", agent.setup_mark, agent.setup, *argv)


def _shell_command(spec: InstanceSpec, environment: Mapping[str, str]) -> tuple[str, ...]:
    """The command line of a shell: its own, or that of the login shell."""
    return spec.command or _as_login_shell(login_shell(environment))


def can_mark_prompts(spec: InstanceSpec, environment: Mapping[str, str]) -> bool:
    """Whether ``spec`` runs a shell that can be made to mark its prompts."""
    match spec.kind:
        case Kind.SHELL:
            return bool(marking_shell(_shell_command(spec, environment)))
        case Kind.COMMAND:
            return bool(marking_shell(spec.command))
    return False


def _own(added: Mapping[str, str]) -> dict[str, str]:
    """The variables an instance adds, as far as it may: Podium alone sets its API address and its identity."""
    return {name: value for name, value in added.items() if name not in GIVEN_VARIABLES}


def _as_login_shell(shell: str) -> tuple[str, ...]:
    """``bash -l``: with it the shell reads what a person set up for a login, such as ~/.bash_profile or ~/.zprofile.
    A shell that is not known to take the option is started as it is.
    """
    return (shell, "-l") if Path(shell).name in _TAKES_LOGIN_OPTION else (shell,)


def command_text(spec: InstanceSpec) -> str:
    """The mission's file, or the command line; "" for a login shell."""
    return spec.mission if spec.kind is Kind.MISSION else shlex.join(spec.command)


def login_shell(environment: Mapping[str, str]) -> str:
    """The person's shell: what the environment says, else the account, else what every system has."""
    if environment.get("SHELL"):
        return environment["SHELL"]
    return own_account().shell or "/bin/sh"
