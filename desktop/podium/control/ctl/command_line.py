"""``podium ctl``: its arguments, and what each command asks and shows."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from podium.control.ctl import tables
from podium.control.ctl.client import (
    Client,
    NoPodium,
    Refused,
    instance_path,
    main_socket,
    own_socket,
)
from podium.control.ctl.completion import SHELLS, script
from podium.core.processes import INSTANCE_VARIABLE

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
NO_PODIUM: Final = 3
UNKNOWN: Final = 4
TIMEOUT: Final = 5
NOT_NOW: Final = 6
_EXITS: Final = """\
exit codes: 0 done, 1 Podium refused it or failed, 2 wrong usage, 3 there is no Podium to talk to,
4 no such instance or run, 5 it did not come in time, 6 not possible now (it runs already, or does not run).
"""
_STATUSES: Final = {404: UNKNOWN, 408: TIMEOUT, 409: NOT_NOW}


def main(arguments: list[str]) -> int:
    """Run ``podium ctl ARGUMENTS`` and return its exit code."""
    parser = build_parser()
    given = _parsed(parser, arguments)
    if given.command == "completion":
        print(script(given.shell, parser), end="")
        return DONE
    path = given.socket or _usual_socket(given.command)
    client = Client(path)
    run: Callable[[Client, argparse.Namespace], int] = given.run
    try:
        return run(client, given)
    except NoPodium as error:
        print(f"podium ctl: {error}", file=sys.stderr)
        return NO_PODIUM
    except Refused as error:
        print(f"podium ctl: {error}", file=sys.stderr)
        return _STATUSES.get(error.status, REFUSED)
    except BrokenPipeError:
        # Who reads has enough; what Python would still flush at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return 130


def _parsed(parser: argparse.ArgumentParser, arguments: list[str]) -> argparse.Namespace:
    """argparse gives words after an option to nobody: here they are the text of *send*, what follows -- a command."""
    head, tail = arguments, []
    if "--" in arguments:
        at = arguments.index("--")
        head, tail = arguments[:at], arguments[at + 1 :]
    given, rest = parser.parse_known_args(head)
    words = {"send": "text", "start": "argv"}.get(given.command)
    strange = [word for word in rest if word.startswith("-")]
    if strange or (rest and words is None) or (tail and words is None):
        parser.error(f"unrecognized arguments: {' '.join(strange or rest or tail)}")
    if words is not None:
        setattr(given, words, [*getattr(given, words), *rest, *tail])
    return given


def _usual_socket(command: str) -> Path:
    """An agent's hook speaks for its own instance; everything else goes to the whole Podium."""
    own = own_socket()
    if own is not None and (command == "notify" or not main_socket().exists()):
        return own
    return main_socket()


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="podium ctl",
        description="Drive a running Podium: its window, or podium serve.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--socket", type=Path, help="Podium's socket; else the usual place")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(
        name: str, run: Callable[[Client, argparse.Namespace], int], text: str, *, instance: bool = True
    ) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, epilog=_EXITS)
        made.set_defaults(run=run)
        made.add_argument("--json", action="store_true", help="the API's own answer")
        if instance:
            made.add_argument("instance", metavar="ID", help="the instance")
        return made

    listed = add("instances", _instances, "List the instances.", instance=False)
    listed.add_argument("--ids", action="store_true", help="their ids alone, one a line")
    start = add(
        "start", _start, "Start an instance; with --kind, --mission or a command it is created if new."
    )
    start.add_argument("--kind", choices=("shell", "command", "mission"), help="what to create")
    start.add_argument("--mission", type=Path, metavar="FILE", help="a mission file")
    start.add_argument("--folder", type=Path, help="where it runs; else here")
    start.add_argument("--name", help="its name for people")
    start.add_argument("--theme", help="indigo, emerald, amber or rose")
    start.add_argument("--env", action="append", default=[], metavar="NAME=VALUE", help="may be repeated")
    start.add_argument("--model", help="for a mission's agents that name none")
    start.add_argument("--dry-run", action="store_true", help="only say what would run")
    start.add_argument("argv", nargs="*", metavar="COMMAND", help="after --: a program and its arguments")
    stop = add("stop", _stop, "End its program, and wait until it has ended.")
    stop.add_argument("--no-wait", action="store_true", help="be back at once")
    add("restart", _restart, "End its program and start it again.")
    add("remove", _remove, "Remove an instance that does not run.")
    screen = add("screen", _screen, "Print what its screen shows.")
    screen.add_argument("--scrollback", type=int, metavar="N", help="and N lines above it")
    send = add("send", _send, "Type text into it.")
    send.add_argument("text", nargs="*", metavar="TEXT", help="what to type")
    send.add_argument("--enter", action="store_true", help="press Return after it")
    send.add_argument("--keys", nargs="+", metavar="KEY", help="press keys: Ctrl+C, Up, F5")
    wait = add("wait", _wait, "Wait for something.")
    what = wait.add_mutually_exclusive_group(required=True)
    what.add_argument("--text", metavar="REGEX", help="text on its screen")
    what.add_argument("--state", help="a state: running, waiting, done, idle, exited, failed …")
    what.add_argument("--exit", action="store_true", help="the end of its program")
    what.add_argument("--quiet", type=float, metavar="SECONDS", help="that long without output")
    wait.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="30 by default")
    attach = add("attach", _attach, "Show it on this terminal, full screen, until Ctrl+\\ is pressed.")
    attach.add_argument("--detach-key", default="Ctrl+\\", metavar="KEY", help="another key that ends it")
    events = add("events", _events, "Follow what happens.", instance=False)
    events.add_argument("patterns", nargs="*", default=["*"], metavar="PATTERN", help="worker:*, round:*")
    history = add(
        "history",
        _history,
        "List the runs, the newest first; with a RUN, all about that one.",
        instance=False,
    )
    history.add_argument("run_id", nargs="?", metavar="RUN", help="a run's id")
    history.add_argument("--instance", help="of this instance")
    history.add_argument("--outcome", help="done, failed, stopped, crashed, interrupted or running")
    history.add_argument("--limit", type=int, default=20, help="20 by default")
    usage = add("usage", _usage, "Cost and tokens by day, instance and agent.", instance=False)
    usage.add_argument("--days", type=float, default=30.0, help="of the last days; 30 by default")
    layout = add("layout", _layout, "Show or change what the window shows.", instance=False)
    layout.add_argument("layout", nargs="?", choices=("tabs", "grid"))
    layout.add_argument("--focus", metavar="ID", help="the instance to go to")
    layout.add_argument("--page", type=int, help="the grid's page")
    layout.add_argument("--zoom", choices=("on", "off"), help="show the pane alone")
    picture = add("screenshot", _screenshot, "Save a picture of the window.", instance=False)
    picture.add_argument("file", type=Path, metavar="FILE.png")
    notify = add("notify", _notify, "Tell the person something; for agents' hooks.", instance=False)
    notify.add_argument("text", nargs="?", default="", metavar="TEXT")
    notify.add_argument("--state", choices=("working", "waiting", "done"), help="what the agent does now")
    notify.add_argument("--title", default="")
    notify.add_argument("--instance", metavar="ID", help="inside an instance: that one")
    completion = commands.add_parser("completion", help="Print a completion script.")
    completion.add_argument("shell", choices=SHELLS)
    return parser


def _show(given: argparse.Namespace, answer: Any, text: str = "") -> int:
    if given.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    elif text:
        print(text)
    return DONE


def _instances(client: Client, given: argparse.Namespace) -> int:
    answer = client.get("/api/orchestrator/instances")
    if given.ids:
        print("".join(f"{one['id']}\n" for one in answer["instances"]), end="")
        return DONE
    return _show(given, answer, tables.instances(answer))


def _start(client: Client, given: argparse.Namespace) -> int:
    body: dict[str, Any] = {}
    kind = given.kind or ("mission" if given.mission else "command" if given.argv else None)
    if kind is not None:
        body["kind"] = kind
        body["folder"] = str((given.folder or Path()).absolute())
    if given.argv:
        body["command"] = given.argv
    if given.mission:
        body["mission"] = str(given.mission.absolute())
    for name in ("name", "theme", "model"):
        if getattr(given, name):
            body[name] = getattr(given, name)
    if given.env:
        if not all("=" in pair for pair in given.env):
            print("podium ctl: write --env as NAME=VALUE.", file=sys.stderr)
            return USAGE
        body["env"] = dict(pair.split("=", 1) for pair in given.env)
    if given.dry_run:
        answer = client.post(instance_path(given.instance, "/start"), {**body, "dryRun": True})
        _show(given, answer, tables.plan(answer))
        return REFUSED if answer["check"] and not answer["check"]["ok"] else DONE
    answer = client.post(instance_path(given.instance, "/start"), body)
    return _show(given, answer, f"{answer['id']}: {answer['word']}")


def _stop(client: Client, given: argparse.Namespace) -> int:
    answer = client.post(instance_path(given.instance, "/stop"))
    if not given.no_wait:
        client.post(instance_path(given.instance, "/wait"), {"exit": True, "timeout": 20})
        answer = client.get(instance_path(given.instance, "/status"))
    return _show(given, answer, f"{answer['id']}: {answer['word']}")


def _restart(client: Client, given: argparse.Namespace) -> int:
    answer = client.post(instance_path(given.instance, "/restart"))
    return _show(given, answer, f"{answer['id']}: {answer['word']}")


def _remove(client: Client, given: argparse.Namespace) -> int:
    return _show(given, client.delete(instance_path(given.instance, "")))


def _screen(client: Client, given: argparse.Namespace) -> int:
    answer = client.get(instance_path(given.instance, "/screen"))
    lines = list(answer["lines"])
    if given.scrollback:
        first = max(0, answer["firstLine"] - given.scrollback)
        query = {"from": first, "to": answer["firstLine"]}
        above = client.get(instance_path(given.instance, "/scrollback"), **query)
        lines = [*above["lines"], *lines]
        answer["scrollback"] = above
    while lines and not lines[-1]:
        lines.pop()
    return _show(given, answer, "\n".join(lines))


def _send(client: Client, given: argparse.Namespace) -> int:
    path = instance_path(given.instance, "/input")
    text = " ".join(given.text) + ("\n" if given.enter else "")
    if not text and not given.keys:
        print("podium ctl: say what to type: TEXT, --enter or --keys.", file=sys.stderr)
        return USAGE
    answer: Any = None
    if text:
        answer = client.post(path, {"text": text})
    if given.keys:
        answer = client.post(path, {"keys": given.keys})
    return _show(given, answer)


def _wait(client: Client, given: argparse.Namespace) -> int:
    body: dict[str, Any] = {"timeout": given.timeout}
    for name in ("text", "state", "quiet"):
        if getattr(given, name) is not None:
            body[name] = getattr(given, name)
    if given.exit:
        body["exit"] = True
    answer = client.post(instance_path(given.instance, "/wait"), body, given.timeout + 10)
    return _show(given, answer, answer["text"])


def _attach(client: Client, given: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print("podium ctl: attach needs a terminal.", file=sys.stderr)
        return USAGE
    key = control_byte(given.detach_key)
    if key is None:
        print("podium ctl: the detach key is Ctrl and one of A to Z, [, \\, ], ^, _.", file=sys.stderr)
        return USAGE
    from podium.control.ctl.streams import attach

    how = attach(client, given.instance, key)
    print(f"[{how} from {given.instance}]" if how == "detached" else f"[{given.instance} is gone]")
    return DONE if how == "detached" else UNKNOWN


def control_byte(notation: str) -> bytes | None:
    """``Ctrl+\\`` → the byte that a terminal sends for it; None for what is no such key."""
    prefix, _, key = notation.partition("+")
    if prefix.lower() != "ctrl" or len(key) != 1 or not "@" <= key.upper() <= "_":
        return None
    return bytes([ord(key.upper()) & 31])


def _events(client: Client, given: argparse.Namespace) -> int:
    import asyncio

    from podium.control.ctl.streams import follow_events

    def show(happened: Any) -> None:
        print(json.dumps(happened, ensure_ascii=False) if given.json else tables.event(happened), flush=True)

    asyncio.run(follow_events(client.path, given.patterns, show))
    return DONE


def _history(client: Client, given: argparse.Namespace) -> int:
    if given.run_id:
        answer = client.get(f"/api/history/{given.run_id}")
        return _show(given, answer, tables.details(answer))
    answer = client.get("/api/history", instance=given.instance, outcome=given.outcome, limit=given.limit)
    return _show(given, answer, tables.history(answer))


def _usage(client: Client, given: argparse.Namespace) -> int:
    import time

    answer = client.get("/api/usage", since=time.time() - given.days * 86_400)
    return _show(given, answer, tables.usage(answer))


def _layout(client: Client, given: argparse.Namespace) -> int:
    body = {
        name: value
        for name, value in (
            ("layout", given.layout),
            ("focus", given.focus),
            ("page", given.page),
            ("zoomed", None if given.zoom is None else given.zoom == "on"),
        )
        if value is not None
    }
    answer = client.post("/api/window", body) if body else client.get("/api/window")
    return _show(given, answer, tables.details(answer))


def _screenshot(client: Client, given: argparse.Namespace) -> int:
    picture = client.ask("GET", "/api/window/screenshot")
    try:
        given.file.write_bytes(picture)
    except OSError as error:
        print(f"podium ctl: {given.file} can't be written: {error.strerror}.", file=sys.stderr)
        return REFUSED
    return _show(given, {"file": str(given.file), "bytes": len(picture)}, str(given.file))


def _notify(client: Client, given: argparse.Namespace) -> int:
    instance = given.instance or os.environ.get(INSTANCE_VARIABLE)
    if not instance:
        print("podium ctl: outside of an instance, say which one: --instance ID.", file=sys.stderr)
        return USAGE
    if not given.text and not given.state:
        print("podium ctl: say something: TEXT, --state, or both.", file=sys.stderr)
        return USAGE
    body: dict[str, Any] = {"text": given.text, "title": given.title}
    if given.state:
        body["state"] = given.state
    return _show(given, client.post(instance_path(instance, "/notify"), body))
