"""The generated pages of the documentation, each made from the declarations that Podium itself goes by.

``docs_hook.py`` gives them to MkDocs. What MkDocs needs is not needed here, so that tests can look at each page.
"""

import argparse
import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec
from docs_api import api_page, openapi_text
from docs_markdown import cell, code, fenced, prose, table, type_text

from podium.app import paths
from podium.app.startup import arguments
from podium.control.ctl import exits as ctl_exits
from podium.control.ctl import parser as ctl
from podium.control.http_server.runtime_folder import INSTANCES_PREFIX, SOCKET_NAME
from podium.control.http_server.tokens import READ_TOKEN_FILE, TOKEN_FILE
from podium.core.adapters import pricing, registry
from podium.core.commands import COMMANDS, Command, Group
from podium.core.config.declared import declared_sections
from podium.core.config.settings_text import default_settings_text
from podium.core.instances import MAX_INSTANCES
from podium.core.missions.schema import mission_schema
from podium.core.missions.spec import AgentSpec, GateSpec, Mission, WorkspaceSpec
from podium.core.missions.state import states_folder
from podium.core.protocol.events import PROGRAM_EVENTS
from podium.core.resources import read_text, resource
from podium.core.system import app_dirs, fault_reports
from podium.core.workspace_files.example import EXAMPLE
from podium.core.workspace_files.paths import SUFFIX
from podium.core.workspace_files.schema import workspace_file_schema
from podium.missions import command_line
from podium.missions.actions.new import templates

_GENERATED: Final = "<!-- Made by packaging/docs_pages.py. -->\n"
_EXITS_BEGIN: Final = "exit codes: "
NOT_SERVED: Final = 3
"""As in ``app/startup/serve_session.py``, which can't be imported without Qt."""


def generated_pages() -> dict[str, str]:
    """The text of each page by its path below docs/."""
    with _plain_environment():
        pages = {
            "reference/mission-file.md": mission_page(),
            "reference/workspace-file.md": workspace_page(),
            "reference/agents.md": agents_page(),
            "reference/shortcuts.md": shortcuts_page(),
            "reference/settings.md": settings_page(),
            "reference/command-line.md": command_line_page(),
            "reference/exit-codes.md": exit_codes_page(),
            "reference/files.md": files_page(),
            "reference/events.md": events_page(),
            "reference/api.md": api_page(),
        }
        return {path: _GENERATED + text for path, text in pages.items()} | {
            "reference/openapi.json": openapi_text()
        }


@contextlib.contextmanager
def _plain_environment() -> Iterator[None]:
    """The environment of nobody in particular: the pages are the same on every machine."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("XDG_")]:
        del os.environ[name]
    # argparse wraps at COLUMNS, and newer ones of it colour the help.
    os.environ.update({"HOME": "/home/you", "COLUMNS": "82", "NO_COLOR": "1", "PYTHON_COLORS": "0"})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def mission_page() -> str:
    schema = mission_schema()
    properties = schema["properties"]
    named = ", ".join(code(name) for name in templates())
    return "\n".join(
        (
            "# The mission file",
            "",
            (
                "A mission file is TOML. `podium mission check FILE` reports all errors in it at once; "
                "`podium mission schema` prints the JSON Schema that this page is made from, for editors that complete "
                "and check TOML. [Run a mission](../guide/missions.md) explains how the parts work together."
            ),
            "",
            "## The mission",
            _keys(schema, Mission),
            "## `[workspace]`: where the agents work",
            _keys(properties["workspace"], WorkspaceSpec),
            "## `[[agents]]`: who works",
            (
                "One table for each agent. An agent needs an `adapter` or a `command`; it takes a `prompt` or a "
                "`prompt_file`, not both."
            ),
            _keys(properties["agents"]["items"], AgentSpec),
            "## `[[gates]]`: what is checked",
            "One table for each gate.",
            _keys(properties["gates"]["items"], GateSpec),
            "## An example",
            f"`podium mission new bugfix` writes this file. The templates are {named}.",
            "",
            fenced("toml", read_text("mission_templates", "bugfix.toml")),
        )
    )


def workspace_page() -> str:
    schema = workspace_file_schema()
    return "\n".join(
        (
            "# The workspace file",
            "",
            (
                f"A workspace file is TOML, and its name ends in `{SUFFIX}`. It lists instances that belong together. "
                "`podium open FILE` or a double click shows what it would add and run, and asks first; errors are "
                "listed all at once. [Open files and folders](../guide/opening.md) says more."
            ),
            "",
            "## The workspace",
            _keys(schema),
            "## `[[instances]]`: what is added",
            (
                f"One table for each instance, {MAX_INSTANCES} at most. Paths are relative to the file. A file can "
                "set no environment variables and does not let an instance control others."
            ),
            _keys(schema["properties"]["instances"]["items"]),
            "## An example",
            "",
            fenced("toml", EXAMPLE),
        )
    )


def _keys(schema: Mapping[str, Any], read_into: type[msgspec.Struct] | None = None) -> str:
    """A row for each key; with their usual values where ``read_into`` has them."""
    required = schema.get("required", ())
    usual = {field.name: field.default for field in msgspec.structs.fields(read_into)} if read_into else {}
    rows = [
        (
            code(name),
            _toml_type(value),
            *((_usual(usual.get(name)),) if read_into else ()),
            ("**Required.** " if name in required else "") + value["description"],
        )
        for name, value in schema["properties"].items()
    ]
    return table(("Key", "Value", *(("Usual value",) if read_into else ()), "Meaning"), rows)


def _usual(value: object) -> str:
    return code(json.dumps(value)) if value and isinstance(value, str | int | float) else "–"


def _toml_type(schema: Mapping[str, Any]) -> str:
    """As ``type_text``, with TOML's word for what JSON calls an object."""
    if "properties" in schema:
        return "table, see below"
    return "tables, see below" if "properties" in schema.get("items", {}) else type_text(schema)


def agents_page() -> str:
    adapters = registry.load_adapters(Path(os.devnull)).adapters.values()
    rows = [
        (
            code(adapter.name),
            adapter.title,
            adapter.tried or "–",
            "; ".join(adapter.untried) or "–",
            adapter.install or "–",
        )
        for adapter in adapters
    ]
    roles = sorted(entry.name.removesuffix(".md") for entry in resource("roles").iterdir())
    return "\n".join(
        (
            "# Agents' tools and roles",
            "",
            (
                "Podium starts an agent's tool by an adapter: a file with the tool's command line and output format. "
                'Write the adapter\'s name in the mission file, such as `adapter = "claude"`. A tool that has no '
                'adapter runs with `command = ["program", "argument"]`; its exit code decides. '
                "[Write an adapter](../extend/adapters.md) says how to add or change one."
            ),
            "",
            (
                "“Tried with” names the versions that Podium was run with. Where it is empty, the adapter was written "
                "from the tool's own description."
            ),
            "",
            table(("Adapter", "Tool", "Tried with", "Not tried", "How to install the tool"), rows),
            "## Roles",
            (
                'A role is an instruction that stands before the agent\'s prompt: `role = "builder"`. The shipped '
                f"roles are {', '.join(map(code, roles))}. A file `roles/NAME.md` in the "
                "[configuration folder](files.md) is a role of your own."
            ),
            "",
        )
    )


def shortcuts_page() -> str:
    parts = [
        "# Keyboard shortcuts",
        "",
        (
            "The same list, with a search field, opens in the window with `Ctrl+Shift+/`. Programs run a command by "
            "its id: `POST /api/commands/ID` ([control API](api.md)). Most commands are in the menus too."
        ),
        "",
        (
            "Keys of the group *Terminal* that scroll go to the program while it uses the full screen. "
            "`Ctrl+Shift+L` sends the next key to the program, even if it is a shortcut."
        ),
        "",
    ]
    for group in Group:
        rows = [_command(row) for row in COMMANDS if row.group is group]
        parts += [f"## {group.value}", table(("Keys", "Command", "What it does", "Id"), rows)]
    return "\n".join(parts)


def _command(row: Command) -> tuple[str, ...]:
    keys = "<br>".join(code(key) for key in row.keys) or "–"
    return keys, row.title, row.help, code(row.id.value)


def settings_page() -> str:
    parts = [
        "# Settings",
        "",
        (
            "*Open settings file* in the window's menu opens the file in your editor and writes it first if there is "
            "none. Podium reads it when it starts. Errors in it are reported with their key and what to write; the "
            "rest of the file counts."
        ),
        "",
    ]
    for section in declared_sections():
        rows = [(code(row.key), code(json.dumps(row.default)), row.prose) for row in section.rows]
        parts += [
            f"## `[{section.name}]`: {section.prose[0].lower()}{section.prose[1:]}",
            table(("Setting", "Usual value", "What it does"), rows),
        ]
    parts += ["## The whole file with its usual values", "", fenced("toml", default_settings_text())]
    return "\n".join(parts)


def command_line_page() -> str:
    parts = [
        "# Command line",
        "",
        "This is what each command says with `--help`. Exit codes have [a page of their own](exit-codes.md).",
        "",
    ]
    for parser, about in (
        (arguments.build_parser(), "The window, the demo, and the server without a window"),
        (command_line.build_parser(), "Missions"),
        (ctl.build_parser(), "Control a running Podium"),
    ):
        parts += [f"## {parser.prog}: {about[0].lower()}{about[1:]}", "", _help(parser)]
        for name, sub in subcommands(parser).items():
            if sub.add_help:  # Those without are rows for another parser here.
                parts += [f"### {parser.prog} {name}", "", _help(sub)]
    return "\n".join(parts)


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The parsers below ``parser``, by name."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _help(parser: argparse.ArgumentParser) -> str:
    # The exit codes stand below each of them.
    return fenced("text", parser.format_help().partition(_EXITS_BEGIN)[0])


def exit_codes_page() -> str:
    mission = command_line.build_parser().epilog or ""
    window = {
        0: "It ended in order; of `podium demo --until-done`: as expected.",
        1: "Something could not be saved or did not end in time; of `podium run` and `podium open`: there is no "
        "display; of `podium open` in an instance: it may not; of `podium demo --until-done`: it did not end as "
        "expected.",
        2: "Wrong usage.",
        NOT_SERVED: "Of `podium serve`: it can't serve, because another Podium does or no folder can hold its socket.",
        fault_reports.FAULT: "A fault in Podium. A report is in the [crash folder](files.md).",
        fault_reports.UNWRITTEN: "The output could not be written, because the disk is full for example.",
        fault_reports.INTERRUPTED: "Ctrl+C.",
    }
    parts = [
        "# Exit codes",
        "",
        "## podium, podium run, podium open, podium demo, podium serve",
        _codes(window),
    ]
    for program, text in (("podium mission", mission), ("podium ctl", ctl_exits.EXITS)):
        known, note = read_exits(text)
        parts += [
            f"## {program}",
            _codes({code: meaning[0].upper() + meaning[1:] for code, meaning in known.items()}),
        ]
        parts += [f"{note}\n"] if note else []
    parts += [
        f"Codes {fault_reports.FAULT} and {fault_reports.UNWRITTEN} mean the same for all of them.",
        "",
    ]
    return "\n".join(parts)


def _codes(meanings: Mapping[int, str]) -> str:
    return table(("Code", "Meaning"), [(str(number), text) for number, text in meanings.items()])


def read_exits(text: str) -> tuple[dict[int, str], str]:
    """The codes in a help text such as ``exit codes: 0 done, 1 refused. A note.``, and the note."""
    listed, _, note = " ".join(text.split()).partition(_EXITS_BEGIN)[2].rstrip(".").partition(". ")
    codes: dict[int, str] = {}
    for part in listed.split(", "):
        number, _, meaning = part.partition(" ")
        if number.isdigit():
            codes[int(number)] = meaning
        else:  # A comma inside the meaning of the last code.
            codes[max(codes)] += f", {part}"
    return codes, note and f"{note}."


def files_page() -> str:
    places: Sequence[tuple[Callable[[], Path], str]] = (
        (app_dirs.settings_path, "[The settings](settings.md)"),
        (registry.user_folder, "[Your own adapters](../extend/adapters.md)"),
        (pricing.prices_file, "Your own prices, for tools that report tokens and no cost"),
        (lambda: app_dirs.config_folder() / "roles", "Your own roles for agents, one `NAME.md` each"),
        (paths.state_path, "The open instances and how the window shows them"),
        (app_dirs.history_path, "The history: runs, costs, and the processes that run just now (SQLite)"),
        (paths.updates_path, "When it was last looked for a newer Podium, where the settings allow that"),
        (paths.screens_path, "The last screen and 1,000 lines of each instance; they may contain secrets"),
        (states_folder, "The state of missions that can be resumed"),
        (app_dirs.pictures_folder, "Pictures that were pasted: the last 50, for seven days at most"),
        (app_dirs.worktrees_folder, "The agents' worktrees, one folder for each run of a mission"),
        (app_dirs.agents_folder, "Worktrees of agents that you work with in a terminal"),
        (
            lambda: app_dirs.state_folder() / "kept",
            "Agents' work that git refused, kept as files; each is named in the log",
        ),
        (
            lambda: app_dirs.state_folder() / "trusted-missions.json",
            "What you agreed to, for each mission file",
        ),
        (paths.log_folder, "Logs, one file for the app and one for each instance (JSON lines)"),
        (app_dirs.crash_folder, "Reports of faults in Podium"),
    )
    rows = [(code(paths.with_tilde(str(place()))), about) for place, about in places]
    runtime = "$XDG_RUNTIME_DIR/podium"
    rows += [
        (code(f"{runtime}/{SOCKET_NAME}"), "The socket of the control API"),
        (code(f"{runtime}/{INSTANCES_PREFIX}PID/"), "A socket for each instance, for its own programs"),
        (
            code(f"{runtime}/{TOKEN_FILE}"),
            f"The token for TCP, while that is on; with `{READ_TOKEN_FILE}` one may only look",
        ),
    ]
    return "\n".join(
        (
            "# Where files lie",
            "",
            (
                "These are the usual places on Linux. `XDG_CONFIG_HOME`, `XDG_STATE_HOME` and `XDG_RUNTIME_DIR` move "
                "them. All files that may hold something private can be read by your account alone."
            ),
            "",
            table(("Place", "What it holds"), rows),
            (
                "Without `XDG_RUNTIME_DIR` the sockets are in `/run/user/UID/podium`, or else in "
                f"{code(paths.with_tilde(str(app_dirs.state_folder() / 'run')))}; where that path is too long for a "
                "socket, in a folder of yours below `/tmp`. `podium serve` prints the socket's path."
            ),
            "",
            (
                "To remove everything that Podium has written, end it, run `podium mission clean`, then delete "
                f"{code('~/.config/podium')} and {code('~/.local/state/podium')}. Branches of missions "
                "(`podium/…`) stay in your repositories."
            ),
            "",
        )
    )


def events_page() -> str:
    schemas, components = msgspec.json.schema_components(
        tuple(PROGRAM_EVENTS.values()), ref_template="#{name}"
    )
    parts = [
        "# Events that programs send",
        "",
        (
            "[Make a program report its state](../extend/programs.md) says how a program sends these. Names and keys "
            "are a public contract. Keys with a usual value may be left out."
        ),
        "",
    ]
    shown = []
    for name, reference in zip(PROGRAM_EVENTS, schemas, strict=True):
        schema = components[reference["$ref"].removeprefix("#")]
        parts += [f"## {name}", "", _event_text(schema)]
        shown.append(reference["$ref"].removeprefix("#"))
    for name, schema in components.items():
        if name not in shown:
            parts += [f"## {name}", "", _event_text(schema)]
    return "\n".join(parts)


def _event_text(schema: Mapping[str, Any]) -> str:
    about = prose(schema.get("description", ""))
    rows = [
        (
            code(key),
            type_text(value),
            code(json.dumps(value["default"])) if "default" in value else "required",
        )
        for key, value in schema.get("properties", {}).items()
    ]
    return (f"{cell(about)}\n\n" if about else "") + (
        table(("Key", "Value", "Usual value"), rows) if rows else ""
    )
