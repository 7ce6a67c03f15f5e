"""The arguments of ``podium ctl``, and which function carries a command out."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

from podium.control.ctl import actions, values
from podium.control.ctl.client import Client
from podium.control.ctl.completion import SHELLS
from podium.control.ctl.exits import EXITS
from podium.core.instances import Kind, RestartWhen, ThemeName
from podium.core.runs import RunOutcome
from podium.workspace.views import InstanceState

_TYPED: Final = """\
TEXT is pasted when the program knows pastes (mode 2004), so that several lines stay one text; else it is typed, and
each new line is Return. A single character is a key in any case. --typed types all text as it is, for editors such as
vim that take a paste for something else. With --enter, Return follows as a key of its own once the program has read
the text and its screen was still for a moment; a new line at the end of TEXT means the same.

"""
_NEW: Final = """\
--text looks at new text alone: at what was drawn since something was last sent (ctl send, the API), or since the
program started. What stood there before does not count, nor what was sent. After more than 128 KiB of output all text
on the screen counts again, or with --new what comes from then on. --all looks at all text in any case.
wait --exit returns the program's exit code, or 128 and the number of the signal that ended it; --any returns 0. It
does so too when the program is run again after a crash: see config --restart.

"""


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="podium ctl",
        description="Drive a running Podium: its window, or podium serve.",
        epilog=EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--socket", type=Path, help="Podium's socket; else $PODIUM_SOCKET, else the usual place"
    )
    parser.add_argument(
        "--wait-for-server",
        type=values.seconds,
        default=0.0,
        metavar="SECONDS",
        help="wait so long for a Podium that is still starting",
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
        made.add_argument("--json", action="store_true", help="the API's own answer")
        if instance:
            made.add_argument("instance", metavar="ID", type=values.an_id, help="the instance")
        return made

    listed = add("instances", actions.instances, "List the instances.", instance=False)
    listed.add_argument("--ids", action="store_true", help="their ids alone, one a line")
    _start(add)
    _life(add)
    _terminal(add)
    _records(add)
    notify = add("notify", actions.notify, "Tell the person something; for agents' hooks.", instance=False)
    notify.add_argument("text", nargs="?", default="", metavar="TEXT")
    notify.add_argument("--state", choices=("working", "waiting", "done"), help="what the agent does now")
    notify.add_argument("--title", default="")
    notify.add_argument("--instance", metavar="ID", type=values.an_id, help="inside an instance: that one")
    completion = commands.add_parser("completion", help="Print a completion script.")
    completion.add_argument("shell", choices=SHELLS)
    return parser


_Add = Callable[..., argparse.ArgumentParser]


def _start(add: _Add) -> None:
    start = add(
        "start",
        actions.start,
        "Start an instance; with --kind, --mission or a command it is created if new.",
    )
    _new(start)
    start.add_argument("--model", help="for a mission's agents that name none")
    start.add_argument("--anew", action="store_true", help="begin a mission again that was interrupted")
    start.add_argument("--dry-run", action="store_true", help="only say what would run")
    resume = add(
        "resume",
        actions.resume,
        "Go on where it was, a mission in its round: nothing is done or paid twice.",
    )
    _new(resume)
    restart = add("restart", actions.restart, "End its program and start it again.")
    restart.add_argument("--anew", action="store_true", help="begin a mission again that was interrupted")
    _yes(restart)


def _new(command: argparse.ArgumentParser) -> None:
    command.add_argument("--kind", choices=[kind.value for kind in Kind], help="what to create")
    command.add_argument("--mission", type=Path, metavar="FILE", help="a mission file")
    command.add_argument("--folder", type=Path, help="where it runs; else here")
    command.add_argument("--name", help="its name for people")
    command.add_argument("--theme", choices=[theme.value for theme in ThemeName], help="its colours")
    command.add_argument(
        "--env",
        action="append",
        default=[],
        type=values.variable,
        metavar="NAME=VALUE",
        help="may be repeated",
    )
    _yes(command)
    command.add_argument("argv", nargs="*", metavar="COMMAND", help="after --: a program and its arguments")


def _yes(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--yes", action="store_true", help="agree to the commands a mission runs, without its question"
    )


def _life(add: _Add) -> None:
    stop = add("stop", actions.stop, "End its program, and wait until it has ended.")
    stop.add_argument("--no-wait", action="store_true", help="be back at once")
    add("finish-round", actions.finish_round, "End its mission after the round that runs now.")
    add("stop-now", actions.stop_now, "End its mission and the agents at once.")
    comment = add(
        "comment", actions.comment, "Say something to the agents of its mission, for their next turn."
    )
    comment.add_argument("text", nargs="*", metavar="TEXT", help="the comment")
    config = add("config", actions.config, "Change it, or what its running mission may do.")
    config.add_argument("--name", help="its name for people")
    config.add_argument("--theme", choices=[theme.value for theme in ThemeName], help="its colours")
    config.add_argument("--model", help="for its mission's agents that name none, from now on")
    config.add_argument(
        "--budget", type=values.dollars, metavar="DOLLARS", help="what its mission may spend in all"
    )
    config.add_argument(
        "--rounds", type=values.whole(1, 1000), metavar="N", help="how many rounds its mission may take"
    )
    config.add_argument(
        "--control",
        choices=("on", "off"),
        help="whether its own programs may do everything, or tell their own state alone",
    )
    config.add_argument(
        "--restart",
        choices=[when.value for when in RestartWhen],
        help="whether it is run again after a crash",
    )
    add("remove", actions.remove, "Remove an instance that does not run.")


def _terminal(add: _Add) -> None:
    screen = add("screen", actions.screen, "Print what its screen shows.")
    screen.add_argument("--scrollback", type=values.whole(0, 2000), metavar="N", help="and N lines above it")
    send = add("send", actions.send, "Send text to it, or press keys.", more=_TYPED)
    send.add_argument("text", nargs="*", metavar="TEXT", help="what to send")
    send.add_argument("--enter", action="store_true", help="press Return after it")
    send.add_argument("--typed", action="store_true", help="type the text, never paste it")
    send.add_argument("--keys", nargs="+", metavar="KEY", help="press keys: Ctrl+C, Up, F5")
    wait = add("wait", actions.wait, "Wait for something.", more=_NEW)
    what = wait.add_mutually_exclusive_group(required=True)
    what.add_argument("--text", metavar="REGEX", help="text on its screen")
    what.add_argument(
        "--state",
        choices=[state.value for state in InstanceState],
        metavar="STATE",
        help="a state: running, waiting, done, idle, exited, failed …",
    )
    what.add_argument(
        "--exit", action="store_true", help="the end of its program; its exit code is passed on"
    )
    what.add_argument("--quiet", type=values.seconds, metavar="SECONDS", help="that long without output")
    which = wait.add_mutually_exclusive_group()
    which.add_argument("--new", action="store_true", help="with --text: new text alone (see below)")
    which.add_argument("--all", action="store_true", help="with --text: also what stood there before")
    wait.add_argument("--any", action="store_true", help="with --exit: 0 whatever the program's exit code")
    wait.add_argument("--timeout", type=values.seconds, default=30.0, metavar="SECONDS", help="30 by default")
    attach = add("attach", actions.attach, "Show it on this terminal, full screen, until Ctrl+\\ is pressed.")
    attach.add_argument(
        "--detach-key",
        default=b"\x1c",
        type=values.detach_key,
        metavar="KEY",
        help="another key that ends it: Ctrl+Q",
    )


def _records(add: _Add) -> None:
    events = add("events", actions.events, "Follow what happens.", instance=False)
    events.add_argument("patterns", nargs="*", default=["*"], metavar="PATTERN", help="worker:*, round:*")
    history = add(
        "history",
        actions.history,
        "List the runs, the newest first; with a RUN, all about that one.",
        instance=False,
    )
    history.add_argument("run_id", nargs="?", metavar="RUN", help="a run's id")
    history.add_argument("--instance", help="of this instance")
    history.add_argument(
        "--outcome", choices=[outcome.value for outcome in RunOutcome], help="how they ended"
    )
    history.add_argument("--limit", type=values.whole(1, 500), default=20, help="20 by default")
    usage = add("usage", actions.usage, "Cost and tokens by day, instance and agent.", instance=False)
    usage.add_argument("--days", type=values.days, default=30.0, help="of the last days; 30 by default")
    layout = add("layout", actions.layout, "Show or change what the window shows.", instance=False)
    layout.add_argument("layout", nargs="?", choices=("tabs", "grid"))
    layout.add_argument("--focus", metavar="ID", type=values.an_id, help="the instance to go to")
    layout.add_argument("--page", type=values.whole(1, 1000), help="the grid's page")
    layout.add_argument("--zoom", choices=("on", "off"), help="show the pane alone")
    opened = add(
        "open",
        actions.open_paths,
        "Show the window and have it ask about mission files, workspace files or folders to open.",
        instance=False,
    )
    opened.add_argument("files", nargs="*", type=values.a_path, metavar="FILE", help="files and folders")
    picture = add("screenshot", actions.screenshot, "Save a picture of the window.", instance=False)
    picture.add_argument("file", type=Path, metavar="FILE.png")
