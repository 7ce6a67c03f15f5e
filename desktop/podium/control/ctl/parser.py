"""The arguments of ``podium ctl``, and which function carries a command out."""

import argparse
from collections.abc import Callable
from pathlib import Path

from podium.attention.signals import AttentionState
from podium.control.api.attention import Reply
from podium.control.ctl import (
    actions,
    answering,
    exporting,
    help_texts,
    hooks,
    ran_commands,
    settings,
    values,
    workspaces,
)
from podium.control.ctl.client import Client
from podium.control.ctl.completion import SHELLS
from podium.control.ctl.exits import EXITS
from podium.core.exporting.document import ExportFormat
from podium.core.instances import AlertLevel, Kind, RestartWhen, ThemeName
from podium.core.protocol.command_reports import MAX_RAN
from podium.core.protocol.finding import MAX_FOUND_LINES
from podium.core.runs import RunOutcome
from podium.workspace.views import InstanceState


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="podium ctl",
        description="Control a running Podium: its window, or podium serve.",
        epilog=EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--socket", type=Path, help="Podium's socket (default: $PODIUM_SOCKET, or else the usual place)"
    )
    parser.add_argument(
        "--wait-for-server",
        type=values.seconds,
        default=0.0,
        metavar="SECONDS",
        help="wait at most this long for a Podium that is still starting",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(
        name: str,
        run: Callable[[Client, argparse.Namespace], int],
        text: str,
        *,
        instance: bool = True,
        more: str = "",
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(
            name,
            help=text,
            description=text,
            epilog=more + EXITS,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(run=run)
        made.add_argument("--json", action="store_true", help="print the API's answer as JSON")
        if instance:
            made.add_argument(
                "instance", metavar="ID", type=values.an_id, help="its id (1–64 letters, digits, _ . -)"
            )
        return made

    listed = add("instances", actions.instances, "List the instances.", instance=False)
    listed.add_argument("--ids", action="store_true", help="print their ids only, one per line")
    _start(add)
    _life(add)
    _terminal(add)
    _answers(add)
    _records(add)
    notify = add(
        "notify",
        actions.notify,
        "Report an instance's state, or show a message; for agents' hooks.",
        instance=False,
    )
    notify.add_argument("text", nargs="?", default="", metavar="TEXT")
    notify.add_argument("--state", choices=("working", "waiting", "done"), help="what the agent does now")
    notify.add_argument("--title", default="")
    notify.add_argument(
        "--instance", metavar="ID", type=values.an_id, help="the instance (default: the one this runs in)"
    )
    _hooks(add)
    _workspace(add)
    settings.add_to(add)
    completion = commands.add_parser("completion", help="Print a completion script.")
    completion.add_argument("shell", choices=SHELLS)
    return parser


_Add = Callable[..., argparse.ArgumentParser]


def _hooks(add: _Add) -> None:
    command = add(
        "hooks",
        hooks.run,
        "Have agents' tools report their state to Podium: hooks in their own settings.",
        instance=False,
        more=help_texts.HOOKS,
    )
    command.add_argument("what", choices=("install", "status", "remove"))
    command.add_argument("tool", nargs="?", choices=hooks.TOOLS, metavar="TOOL", help=", ".join(hooks.TOOLS))
    command.add_argument(
        "--project",
        type=Path,
        metavar="FOLDER",
        help="those of this project (default: the user's own settings)",
    )
    command.add_argument("--yes", action="store_true", help="make the change without being asked")


def _workspace(add: _Add) -> None:
    command = add(
        "workspace",
        workspaces.run,
        "Write the instances to a workspace file, or add those of one.",
        instance=False,
    )
    command.add_argument("action", choices=("save", "add"))
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--name", default="", help="save: the workspace's name (default: the file's)")
    command.add_argument("--force", action="store_true", help="save: replace a file that is there")
    command.add_argument("--yes", action="store_true", help="add: without it, only say what would be added")
    command.add_argument("--no-start", action="store_true", help="add: start none of them")


def _start(add: _Add) -> None:
    start = add(
        "start",
        actions.start,
        "Start an instance; --kind, --mission, --agent or a command creates it if there is none of that id.",
    )
    _new(start)
    _agent(start)
    start.add_argument("--model", help="the model of a mission's agents that name none")
    start.add_argument(
        "--anew", action="store_true", help="begin an interrupted mission again from the start"
    )
    start.add_argument("--dry-run", action="store_true", help="only say what would run")
    resume = add(
        "resume",
        actions.resume,
        "Resume an instance; a mission continues in the round where it stopped and repeats or pays for nothing twice.",
    )
    _new(resume)
    restart = add("restart", actions.restart, "End an instance's program and start it again.")
    restart.add_argument(
        "--anew", action="store_true", help="begin an interrupted mission again from the start"
    )
    _yes(restart)


def _new(command: argparse.ArgumentParser) -> None:
    command.add_argument("--kind", choices=[kind.value for kind in Kind], help="what to create")
    command.add_argument("--mission", type=Path, metavar="FILE", help="a mission file")
    command.add_argument("--folder", type=Path, help="where it runs (default: the current folder)")
    command.add_argument("--name", help="its name in the window")
    command.add_argument("--theme", choices=[theme.value for theme in ThemeName], help="its colours")
    command.add_argument(
        "--env",
        action="append",
        default=[],
        type=values.variable,
        metavar="NAME=VALUE",
        help="a variable for its program; may be repeated",
    )
    _yes(command)
    command.add_argument("argv", nargs="*", metavar="COMMAND", help="after --: a program and its arguments")


def _agent(start: argparse.ArgumentParser) -> None:
    start.add_argument("--agent", metavar="TOOL", help="an agent's tool to work with, such as claude")
    start.add_argument("--prompt", metavar="TEXT", help="its first prompt, typed as soon as it is ready")
    start.add_argument(
        "--worktree",
        action="store_true",
        help="in a new worktree of the folder's repository, on a new branch",
    )
    start.add_argument("--branch", help="that branch (default: podium/ and the instance's name)")
    start.add_argument("--setup", metavar="COMMAND", help="a shell command to run first in the worktree")
    start.add_argument(
        "--copy",
        action="append",
        default=[],
        metavar="GLOB",
        help="files git ignores that the worktree needs too, such as .env; may be repeated",
    )


def _yes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--yes",
        action="store_true",
        help="agree to all that the mission or the repository runs, without being asked",
    )


def _life(add: _Add) -> None:
    stop = add("stop", actions.stop, "End an instance's program, and wait until it has ended.")
    stop.add_argument("--no-wait", action="store_true", help="return immediately")
    add("finish-round", actions.finish_round, "End a mission after the current round.")
    add("stop-now", actions.stop_now, "End a mission and its agents at once.")
    comment = add(
        "comment", actions.comment, "Send a comment to a mission's agents; each reads it in its next turn."
    )
    comment.add_argument("text", nargs="*", metavar="TEXT", help="the comment")
    config = add(
        "config", actions.config, "Change an instance's settings, or the limits of its running mission."
    )
    config.add_argument("--name", help="its name in the window")
    config.add_argument("--theme", choices=[theme.value for theme in ThemeName], help="its colours")
    config.add_argument("--model", help="the model of its mission's agents that name none, from now on")
    config.add_argument(
        "--budget", type=values.dollars, metavar="DOLLARS", help="what its mission may spend in all"
    )
    config.add_argument(
        "--rounds", type=values.whole(1, 1000), metavar="N", help="how many rounds its mission may take"
    )
    config.add_argument(
        "--control",
        choices=("on", "off"),
        help="on: its programs may use the whole control API; off: they may only report their own state",
    )
    alerts = "how it may call for you: important even while you are not to be disturbed, muted not at all"
    config.add_argument("--alerts", choices=[level.value for level in AlertLevel], help=alerts)
    config.add_argument(
        "--restart",
        choices=[when.value for when in RestartWhen],
        help="whether it is run again after a crash",
    )
    add("remove", actions.remove, "Remove an instance that does not run.")


def _terminal(add: _Add) -> None:
    screen = add("screen", actions.screen, "Print what an instance's screen shows.")
    screen.add_argument(
        "--scrollback", type=values.whole(0, 2000), metavar="N", help="also N lines above the screen"
    )
    export = add(
        "export",
        exporting.export,
        "Write all lines of a terminal: scrollback and screen, wrapped lines whole.",
        instance=False,
        more=help_texts.EXPORTED,
    )
    export.add_argument(
        "instance",
        nargs="?",
        metavar="ID",
        type=values.an_id,
        help="the instance (default: the one this runs in)",
    )
    export.add_argument(
        "--format",
        choices=[format.value for format in ExportFormat],
        help="default: by the end of FILE's name, or else text",
    )
    export.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write FILE instead of standard output"
    )
    export.add_argument("--light", action="store_true", help="the colours of the light theme")
    send = add("send", actions.send, "Send text or keys to an instance.", more=help_texts.TYPED)
    send.add_argument("text", nargs="*", metavar="TEXT", help="what to send")
    send.add_argument("--enter", action="store_true", help="press Return after it")
    send.add_argument("--typed", action="store_true", help="type the text, never paste it")
    send.add_argument("--keys", nargs="+", metavar="KEY", help="press keys: Ctrl+C, Up, F5")
    wait = add(
        "wait",
        actions.wait,
        "Wait for text, a state, silence, or the end of an instance's program.",
        more=help_texts.NEW,
    )
    what = wait.add_mutually_exclusive_group(required=True)
    what.add_argument("--text", metavar="REGEX", help="until its screen shows text that matches this")
    what.add_argument(
        "--state",
        choices=[state.value for state in InstanceState],
        metavar="STATE",
        help="until it is running, waiting, done, idle, exited, failed …",
    )
    what.add_argument(
        "--attention",
        choices=[state.value for state in AttentionState],
        metavar="STATE",
        help="until it needs this: busy, waiting, quiet, done, failed or none",
    )
    what.add_argument(
        "--exit", action="store_true", help="until its program ends; its exit code is passed on"
    )
    what.add_argument(
        "--quiet", type=values.seconds, metavar="SECONDS", help="until it has written nothing for this long"
    )
    which = wait.add_mutually_exclusive_group()
    which.add_argument("--new", action="store_true", help="with --text: look at new text only (see below)")
    which.add_argument("--all", action="store_true", help="with --text: look at all text on the screen")
    wait.add_argument(
        "--any", action="store_true", help="with --exit: exit with 0 whatever the program's exit code"
    )
    wait.add_argument("--timeout", type=values.seconds, default=30.0, metavar="SECONDS", help="default: 30")
    find = add(
        "find",
        actions.find,
        "Print lines with TEXT, of one instance or of all, the newest last.",
        instance=False,
        more=help_texts.FOUND,
    )
    find.add_argument(
        "what", nargs="*", metavar="[ID] TEXT", help="an instance, if it is not all, and a text"
    )
    find.add_argument("--regex", action="store_true", help="TEXT is a regular expression")
    find.add_argument("--case", action="store_true", help="tell capital letters from small ones")
    find.add_argument("--word", action="store_true", help="find whole words only")
    find.add_argument(
        "--limit",
        type=values.whole(1, MAX_FOUND_LINES),
        metavar="N",
        help=f"at most the newest N lines of an instance (default: {MAX_FOUND_LINES:,}; of all: 200 each)",
    )
    listed = add(
        "commands",
        ran_commands.commands,
        "List the commands that an instance's shell has run, the newest last.",
        instance=False,
        more=help_texts.RAN,
    )
    listed.add_argument(
        "instance",
        nargs="?",
        metavar="ID",
        type=values.an_id,
        help="the instance (default: the one this runs in)",
    )
    listed.add_argument(
        "--limit", type=values.whole(1, MAX_RAN), default=100, metavar="N", help="at most N (default: 100)"
    )
    listed.add_argument(
        "--before", type=values.whole(1, 2**53), metavar="NUMBER", help="only commands older than this one"
    )
    output = add(
        "output", ran_commands.output, "Print what a command of that list has printed.", more=help_texts.RAN
    )
    output.add_argument(
        "number",
        nargs="?",
        default="last",
        metavar="NUMBER",
        type=values.command_number,
        help="its number, or last for the newest one (default)",
    )
    run = add("run", ran_commands.run, "Run a command line at a shell's prompt.", more=help_texts.RUN)
    run.add_argument("text", nargs="*", metavar="TEXT", help="the command line, after --")
    run.add_argument(
        "--again", metavar="NUMBER", type=values.command_number, help="run this command of the list again"
    )
    run.add_argument(
        "--yes", action="store_true", help="run it again although the list shows only a part of it"
    )
    attach = add(
        "attach", actions.attach, "Show an instance on this terminal, full screen, until Ctrl+\\ is pressed."
    )
    attach.add_argument(
        "--detach-key",
        default=b"\x1c",
        type=values.detach_key,
        metavar="KEY",
        help="end with this key instead, such as Ctrl+Q",
    )


def _answers(add: _Add) -> None:
    answer = add(
        "answer",
        answering.answer,
        "Answer what an agent's tool asks on its screen, or give it a text at its prompt.",
        more=help_texts.ANSWERED,
    )
    answer.add_argument("answer", choices=[reply.value for reply in Reply])
    answer.add_argument("what", nargs="*", metavar="TEXT", help="with text and option: which")
    answer.add_argument(
        "--all-like", action="store_true", help="answer all instances that ask the same as this one"
    )
    answer.add_argument(
        "--question", metavar="TEXT", help="answer no other question than this one (see instances --json)"
    )


def _records(add: _Add) -> None:
    events = add("events", actions.events, "Print events as they happen.", instance=False)
    events.add_argument(
        "patterns",
        nargs="*",
        default=["*"],
        metavar="PATTERN",
        help="names of events to print, such as worker:* or round:* (default: all)",
    )
    history = add(
        "history",
        actions.history,
        "List the runs, newest first, or show one RUN in full.",
        instance=False,
    )
    history.add_argument("run_id", nargs="?", metavar="RUN", help="a run's id")
    history.add_argument("--instance", help="only runs of this instance")
    history.add_argument(
        "--outcome", choices=[outcome.value for outcome in RunOutcome], help="only runs that ended so"
    )
    history.add_argument(
        "--limit", type=values.whole(1, 500), default=20, help="at most so many runs (default: 20)"
    )
    usage = add(
        "usage",
        actions.usage,
        "Show by instance what was used today: runs, cost, tokens, and how long it waited for you.",
        instance=False,
    )
    usage_days = usage.add_mutually_exclusive_group()
    usage_days.add_argument("--day", type=values.a_day, help="on this day instead: 2026-01-31 or yesterday")
    usage_days.add_argument(
        "--days", type=values.days, default=1.0, help="on the last DAYS days instead, today included"
    )
    layout = add("layout", actions.layout, "Show or change what the window shows.", instance=False)
    layout.add_argument("layout", nargs="?", choices=("tabs", "grid"))
    layout.add_argument("--focus", metavar="ID", type=values.an_id, help="the instance to go to")
    layout.add_argument("--page", type=values.whole(1, 1000), help="show this page of the grid")
    layout.add_argument("--zoom", choices=("on", "off"), help="show the current pane alone")
    opened = add(
        "open",
        actions.open_paths,
        "Open mission files, workspace files or folders in the window; it asks before anything runs.",
        instance=False,
    )
    opened.add_argument("files", nargs="*", type=values.a_path, metavar="FILE", help="files and folders")
    picture = add("screenshot", actions.screenshot, "Save a picture of the window.", instance=False)
    picture.add_argument("file", type=Path, metavar="FILE.png")
