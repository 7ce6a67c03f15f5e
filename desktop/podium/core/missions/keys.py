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
    Key("id", identifier, _ID, "Names the agent; unique in the file.", 'id = "builder"', required=True),
    Key("name", line, LINE, "What people read instead of the id."),
    choice_key("type", AgentType, "feature works until it is done, continuous never retires."),
    whole_key("min_frequency_rounds", 1, 1000, "A continuous agent runs again after this many rounds."),
    Key("adapter", identifier, _ID, "The tool that does the work, such as claude or codex."),
    Key("command", argv, ARGV, "The program and its arguments, for agents without an adapter."),
    choice_key(
        "permission", Permission, "What a tool may do unasked: read, edit files (default), or run anything."
    ),
    Key("model", line, LINE, "The model the tool should use."),
    Key("max_model", line, LINE, "A stronger model, used after two failures until two successes."),
    Key("prompt", prompt, _TEXT, "What the agent should do."),
    Key("prompt_file", line, LINE, "A file with the prompt, relative to this file."),
    Key("role", line, LINE, "A shipped role such as builder or reviewer, or a file with your own."),
    Key("owns", globs, _TEXTS, "Globs of the files it may change; what else it changes is reported."),
    Key("budget_usd", money, _MONEY, "US dollars this agent may cost in all."),
    Key("timeout", seconds, _SECONDS, "Seconds one turn may take."),
    Key("silence_timeout", seconds, _SECONDS, "Seconds without progress after which a turn is ended."),
    Key("depends_on", identifiers, _TEXTS, "Ids of the agents that go first in each round."),
)

GATE_KEYS: Final = (
    Key("name", line, LINE, "Names the gate; unique in the file.", 'name = "tests"', required=True),
    Key(
        "command",
        shell_command,
        _COMMAND,
        "It passes with exit code 0.",
        'command = "make test"',
        required=True,
    ),
    Key("timeout", seconds, _SECONDS, "Seconds it may take."),
    Key(
        "required",
        true_or_false,
        SWITCH,
        "Whether the mission needs it to pass; true by default.",
    ),
)

WORKSPACE_KEYS: Final = (
    choice_key(
        "isolation", Isolation, "worktree gives every agent its own checkout; shared uses the folder itself."
    ),
    Key("base", revision, LINE, "The branch, tag or commit the mission starts from."),
    Key("setup", shell_command, _COMMAND, "Run in every new worktree."),
    Key("teardown", shell_command, _COMMAND, "Run before a worktree is removed."),
    Key("copy", globs, _TEXTS, "Globs of files git ignores that worktrees need too, such as .env."),
    Key("keep", globs, _TEXTS, "Globs of files git ignores that are kept when a worktree is removed."),
    Key("branch_prefix", branch_prefix, LINE, "What the mission's branches begin with; podium by default."),
    Key("setup_timeout", seconds, _SECONDS, "Seconds setup and teardown may take."),
)

MISSION_KEYS: Final = (
    Key("name", line, LINE, "What people call the mission.", 'name = "Fix the flaky tests"', required=True),
    Key("description", text, _TEXT, "What it is for."),
    Key("folder", line, LINE, "Where it works, relative to this file."),
    whole_key("max_rounds", 1, 1000, "The most rounds it runs."),
    whole_key("max_concurrency", 1, 64, "How many agents may work at once."),
    Key("budget_usd", money, _MONEY, "US dollars the mission may cost in all."),
    choice_key("stop_when", StopWhen, "When it is done before its last round."),
    Key("round_timeout", seconds, _SECONDS, "Seconds after which a round's agents are ended."),
    Key("workspace", table("workspace"), {}, "Where the agents work."),
    Key(
        "agents",
        tables("agents", at_least=1),
        {},
        "Who works.",
        "[[agents]] with its id and command",
        required=True,
    ),
    Key("gates", tables("gates"), {}, "What is checked."),
)
