"""The keys of a workspace file: one row says what a key means, how its value is checked and what editors may offer."""

import re
import shlex
from enum import StrEnum
from typing import Final

from podium.core.config.keyed_tables import ARGV, LINE, SWITCH, Key, Schema, choice_key, whole_key
from podium.core.config.toml_checks import (
    WrongValue,
    argv,
    kind,
    line,
    tables,
    text,
    true_or_false,
    whole_number,
)
from podium.core.instances import (
    MAX_CPU_PERCENT,
    MAX_INSTANCES,
    MAX_MEMORY_MIB,
    MIN_MEMORY_MIB,
    AlertLevel,
    Kind,
    RestartWhen,
    StopMethod,
    ThemeName,
)
from podium.core.names import MAX_NAME, clean_name, name_error
from podium.core.protocol.stop_notation import parse_stop

_MAX_CODES: Final = 256
_MAX_COMMAND: Final = 4096
"""Characters: a person has to read it before they agree."""
_MAX_STOP: Final = 256
_MAX_VARIABLES: Final = 64
_MAX_VARIABLE: Final = 4096
"""Characters of a value: a person has to read it too."""
_VARIABLE: Final = "[A-Za-z_][A-Za-z0-9_]*"
_OWN: Final = "PODIUM_"
_TOOL: Final = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"


class View(StrEnum):
    """How the window shows its instances."""

    TABS = "tabs"
    GRID = "grid"


def _name(value: object) -> str:
    checked = text(value)
    if wrong := name_error(checked):
        raise WrongValue(f"The name {wrong}", f"Write at most {MAX_NAME} plain characters.")
    if len(checked) > MAX_NAME:
        raise WrongValue(f"The name is {len(checked)} characters long.", f"Write at most {MAX_NAME}.")
    return clean_name(checked)


def _command(value: object) -> tuple[str, ...]:
    """A list as it is, or a text that is split into words as a shell does; nothing else of it is expanded."""
    if isinstance(value, str):
        try:
            value = shlex.split(line(value))
        except ValueError:
            raise WrongValue("A quotation mark is not closed.", "Add the missing one.") from None
    words = argv(value)
    length = len(shlex.join(words))
    if length > _MAX_COMMAND:
        raise WrongValue(
            f"The command is {length:,} characters long; {_MAX_COMMAND:,} is the most.",
            "Put it into a script.",
        )
    return words


def _stop(value: object) -> StopMethod:
    checked = line(value)
    if len(checked) > _MAX_STOP:
        raise WrongValue(f"This is {len(checked):,} characters long.", f"Write at most {_MAX_STOP}.")
    try:
        return parse_stop(checked)
    except ValueError as error:
        raise WrongValue(str(error), "Write keys, a line to type, or a signal.") from None


def _environment(value: object) -> dict[str, str]:
    if not isinstance(value, dict):
        raise WrongValue(f"This is {kind(value)}, not a table.", 'Write it like { PORT = "8080" }.')
    if len(value) > _MAX_VARIABLES:
        raise WrongValue(f"There are {len(value)} variables.", f"Write at most {_MAX_VARIABLES}.")
    for name, item in value.items():
        if re.fullmatch(_VARIABLE, name) is None:
            raise WrongValue(f"“{name[:80]}” is no variable's name.", "Use letters, digits and _.")
        if name.startswith(_OWN):
            raise WrongValue(f"{name[:80]} is Podium's own to set.", "Take it out.")
        if not isinstance(item, str):
            raise WrongValue(f"{name[:80]} is {kind(item)}, not text.", "Put every value in quotes.")
        if len(text(item)) > _MAX_VARIABLE:
            raise WrongValue(
                f"{name[:80]} is {len(item):,} characters long.", f"Write at most {_MAX_VARIABLE:,}."
            )
    return dict(value)


def _tool(value: object) -> str:
    checked = text(value)
    if re.fullmatch(_TOOL, checked) is None:
        raise WrongValue(
            f"“{checked[:80]}” is no tool's name.", 'Write an adapter\'s name, such as "claude".'
        )
    return checked


def _instances(value: object) -> list[object]:
    checked = list(tables("instances", at_least=1)(value))
    if len(checked) > MAX_INSTANCES:
        raise WrongValue(f"There are {len(checked)} instances.", f"Write at most {MAX_INSTANCES}.")
    return checked


def _codes(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > _MAX_CODES:
        raise WrongValue("This is no list of exit codes.", f"Write at most {_MAX_CODES}, such as [0, 3].")
    return tuple(map(whole_number(0, 2**32 - 1), value))


_NAME: Final[Schema] = {**LINE, "maxLength": MAX_NAME}
_CODES: Final[Schema] = {
    "type": "array",
    "items": {"type": "integer", "minimum": 0, "maximum": 2**32 - 1},
    "maxItems": _MAX_CODES,
}
_ENVIRONMENT: Final[Schema] = {
    "type": "object",
    "propertyNames": {"pattern": f"^(?!{_OWN}){_VARIABLE}$"},
    "additionalProperties": {"type": "string", "maxLength": _MAX_VARIABLE},
    "maxProperties": _MAX_VARIABLES,
}


WORKSPACE_FILE_KEYS: Final = (
    Key("name", _name, _NAME, "The workspace's name; by default the file's."),
    choice_key("view", View, "How the window shows its instances; as before by default."),
    Key(
        "environment",
        _environment,
        _ENVIRONMENT,
        "Variables that the programs of all its instances get, besides your own.",
    ),
    Key("instances", _instances, {}, "What is added.", "[[instances]] with its name", required=True),
)

INSTANCE_KEYS: Final = (
    Key("name", _name, _NAME, "The instance's name; unique in the file.", 'name = "tests"', required=True),
    choice_key("kind", Kind, "By default a mission with `mission`, a command with `command`, else a shell."),
    Key(
        "command",
        _command,
        {"oneOf": [LINE, ARGV]},
        "The program of a command: its words in a list, or in one text that is split at blanks outside of quotes.",
    ),
    Key(
        "agent",
        _tool,
        {"type": "string", "pattern": f"^{_TOOL}$"},
        "The agent's tool that the command runs, by its adapter's name: Podium then watches its questions and goes on "
        "with its sessions.",
    ),
    Key("mission", line, LINE, "A mission's file, relative to this file."),
    Key("folder", line, LINE, "Where it runs, relative to this file; this file's folder by default."),
    choice_key("theme", ThemeName, "Its colours; by default the next theme in order."),
    Key(
        "start",
        true_or_false,
        SWITCH,
        "Whether *Add and start* starts it; true by default.",
    ),
    Key(
        "environment",
        _environment,
        _ENVIRONMENT,
        "Variables that its programs get, besides your own and the workspace's.",
    ),
    choice_key("alerts", AlertLevel, "How it may call for you outside its pane; normal by default."),
    choice_key(
        "restart",
        RestartWhen,
        "Whether it is run again after a crash; by default commands and missions are, shells never.",
    ),
    Key("success_codes", _codes, _CODES, "Exit codes that mean success; 0 by default."),
    Key("failure_codes", _codes, _CODES, "Exit codes that mean failure and no crash; 1 to 127 by default."),
    Key(
        "stop",
        _stop,
        LINE,
        "How its program is asked to end: keys (`Ctrl+C`), a line to type (`/exit`), or a signal (`SIGINT`).",
    ),
    whole_key(
        "memory_max_mib", MIN_MEMORY_MIB, MAX_MEMORY_MIB, "MiB of memory it may use; no limit by default."
    ),
    whole_key("cpu_percent", 1, MAX_CPU_PERCENT, "Percent of one CPU it may use; no limit by default."),
)
