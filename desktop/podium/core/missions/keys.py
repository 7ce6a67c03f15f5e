"""The keys of a mission file: one row says what a key means, how its value is checked and what editors may offer."""

from typing import Final

from podium.core.config.keyed_tables import ARGV, LINE, SWITCH, Key, Schema, choice_key, whole_key
from podium.core.config.toml_checks import argv, line, tables, text, true_or_false
from podium.core.missions.spec import AgentType, Isolation, Permission, StopWhen
from podium.core.missions.values import (
    branch_prefix,
    globs,
    identifier,
    identifiers,
    money,
    prompt,
    revision,
    seconds,
    shell_command,
    table,
)

_TEXT: Final[Schema] = {"type": "string"}
_SECONDS: Final[Schema] = {"type": "number", "exclusiveMinimum": 0, "maximum": 604800}
_MONEY: Final[Schema] = {"type": "number", "exclusiveMinimum": 0, "maximum": 1_000_000}
_TEXTS: Final[Schema] = {"type": "array", "items": {"type": "string", "minLength": 1}}
_COMMAND: Final[Schema] = {"oneOf": [LINE, ARGV]}
_ID: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"}


AGENT_KEYS: Final = (
    Key("id", identifier, _ID, "The agent's id; unique in the file.", 'id = "builder"', required=True),
    Key("name", line, LINE, "The name shown instead of the id."),
    choice_key("type", AgentType, "feature works until it is done; continuous works until the mission ends."),
    whole_key("min_frequency_rounds", 1, 1000, "A continuous agent works again after this many rounds."),
    Key("adapter", identifier, _ID, "The tool that does the work, such as claude or codex."),
    Key("command", argv, ARGV, "The program and its arguments, for agents without an adapter."),
    choice_key(
        "permission",
        Permission,
        "What a tool may do unasked: read, edit files (default), or run anything (full).",
    ),
    Key("model", line, LINE, "The model the tool should use."),
    Key("max_model", line, LINE, "A stronger model, used after two failures in a row until two successes."),
    Key("prompt", prompt, _TEXT, "What the agent should do."),
    Key("prompt_file", line, LINE, "A file with the prompt, relative to this file."),
    Key("role", line, LINE, "A shipped role such as builder or reviewer, or a file with your own."),
    Key("owns", globs, _TEXTS, "Globs of the files it may change; what else it changes is reported."),
    Key("budget_usd", money, _MONEY, "US dollars this agent may cost in the whole mission."),
    Key("timeout", seconds, _SECONDS, "Seconds one turn may take at most."),
    Key("silence_timeout", seconds, _SECONDS, "Seconds without progress after which a turn is ended."),
    Key("depends_on", identifiers, _TEXTS, "Ids of the agents that work before it in each round."),
)

GATE_KEYS: Final = (
    Key("name", line, LINE, "The gate's name; unique in the file.", 'name = "tests"', required=True),
    Key(
        "command",
        shell_command,
        _COMMAND,
        "The command; the gate passes with exit code 0.",
        'command = "make test"',
        required=True,
    ),
    Key("timeout", seconds, _SECONDS, "Seconds it may take at most."),
    Key(
        "required",
        true_or_false,
        SWITCH,
        "Whether the mission needs it to pass; true by default.",
    ),
)

WORKSPACE_KEYS: Final = (
    choice_key(
        "isolation",
        Isolation,
        "worktree gives each agent its own checkout and is usual in a git repository; shared uses the folder itself.",
    ),
    Key("base", revision, LINE, "The branch, tag or commit the mission starts from."),
    Key("setup", shell_command, _COMMAND, "A command that is run in every new worktree."),
    Key("teardown", shell_command, _COMMAND, "A command that is run before a worktree is removed."),
    Key("copy", globs, _TEXTS, "Globs of files git ignores that worktrees need too, such as .env."),
    Key("keep", globs, _TEXTS, "Globs of files git ignores that are kept when a worktree is removed."),
    Key("branch_prefix", branch_prefix, LINE, "The prefix of the mission's branches; podium by default."),
    Key("setup_timeout", seconds, _SECONDS, "Seconds setup and teardown may take."),
)

MISSION_KEYS: Final = (
    Key("name", line, LINE, "The mission's name.", 'name = "Fix the flaky tests"', required=True),
    Key("description", text, _TEXT, "A description, shown to people."),
    Key("folder", line, LINE, "The folder it works in, relative to this file."),
    whole_key("max_rounds", 1, 1000, "The largest number of rounds."),
    whole_key("max_concurrency", 1, 64, "The largest number of agents that work at once."),
    Key("budget_usd", money, _MONEY, "US dollars the mission may cost in all."),
    choice_key(
        "stop_when",
        StopWhen,
        "What ends it before its last round: gates-pass (all required gates pass), agents-done (all agents are done), "
        "or never.",
    ),
    Key("round_timeout", seconds, _SECONDS, "Seconds after which the agents of a round are ended."),
    Key("workspace", table("workspace"), {}, "Where the agents work."),
    Key(
        "agents",
        tables("agents", at_least=1),
        {},
        "The agents.",
        "[[agents]] with its id and command",
        required=True,
    ),
    Key("gates", tables("gates"), {}, "The gates."),
)
