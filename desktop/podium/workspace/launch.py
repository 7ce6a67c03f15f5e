"""From an instance to the program it runs: argv, folder, environment, tree policy."""

import os
from collections.abc import Mapping

from podium.core.instances import InstanceSpec, Kind
from podium.core.requests import Start, TreePolicy
from podium.core.self_command import podium_command, resolved


def start_request(spec: InstanceSpec, environment: Mapping[str, str]) -> Start:
    """What to send a session to run ``spec`` in the person's ``environment``."""
    match spec.kind:
        case Kind.SHELL:
            argv, tree = spec.command or (login_shell(environment),), TreePolicy.SESSION
        case Kind.COMMAND:
            argv, tree = resolved(spec.command), TreePolicy.TREE
        case Kind.MISSION:
            argv, tree = podium_command("mission", "run", spec.mission), TreePolicy.TREE
    own = {**environment, **spec.environment}
    return Start(argv, spec.folder, own, tree, spec.memory_max_mib, spec.cpu_percent)


def login_shell(environment: Mapping[str, str]) -> str:
    """The person's shell: what the environment says, else the account, else what every system has."""
    if environment.get("SHELL"):
        return environment["SHELL"]
    if os.name != "posix":
        return environment.get("COMSPEC", "cmd.exe")
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_shell or "/bin/sh"
    except KeyError:  # An account without an entry, as in some containers.
        return "/bin/sh"
