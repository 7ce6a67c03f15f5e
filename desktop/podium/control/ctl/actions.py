"""The commands of ``podium ctl``: each asks Podium and shows the answer.

Every function returns an exit code, and raises NoPodium and Refused.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any, Final

from podium.control.api.limits import START_SECONDS
from podium.control.ctl import agents, tables
from podium.control.ctl.client import Client, Refused, instance_path
from podium.control.ctl.exits import ASKS, DONE, NOT_NOW, REFUSED, UNKNOWN, USAGE
from podium.core.ids import InvalidInstanceId, instance_id
from podium.core.system.processes import INSTANCE_VARIABLE
from podium.core.workspace_files.paths import missing_error

_BEGIN_SECONDS: Final = 20.0
"""Seconds a start waits until its mission has begun, or asks something."""
_LONGEST_WAIT: Final = 3600.0
"""Seconds one request may wait; a longer wait is made of several."""
_START_PATIENCE: Final = START_SECONDS + 10.0
_SIGNALLED: Final = 128
_MOST_TEXT: Final = 32 * 1024
"""Characters of one text. Its bytes may be half as many more: a request has room for that, quoted."""


def _show(given: argparse.Namespace, answer: Any, text: str = "") -> int:
    if given.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    elif text:
        print(text)
    return DONE


def _wrong(text: str) -> int:
    print(f"podium ctl: {text}", file=sys.stderr)
    return USAGE


def instances(client: Client, given: argparse.Namespace) -> int:
    answer = client.get("/api/orchestrator/instances")
    if given.ids:
        print("".join(f"{one['id']}\n" for one in answer["instances"]), end="")
        return DONE
    return _show(given, answer, tables.instances(answer, tables.columns()))


# A life


def start(client: Client, given: argparse.Namespace) -> int:
    wrong = agents.start_error(given) if agents.is_asked_for(given) else _new_wrong(given)
    if wrong:
        return _wrong(wrong)
    body = _new(given)
    if given.agent:
        body |= agents.start_body(given)
    if given.model:
        body["model"] = given.model
    if given.anew:
        body["anew"] = True
    if given.dry_run:
        answer = client.post(instance_path(given.instance, "/start"), {**body, "dryRun": True})
        _show(given, answer, tables.plan(answer))
        return REFUSED if answer["check"] and not answer["check"]["ok"] else DONE
    answer = client.post(instance_path(given.instance, "/start"), body, _START_PATIENCE)
    return _started(client, given, answer)


def resume(client: Client, given: argparse.Namespace) -> int:
    wrong = _new_wrong(given)
    if wrong:
        return _wrong(wrong)
    answer = client.post(instance_path(given.instance, "/resume"), _new(given), _START_PATIENCE)
    return _started(client, given, answer)


def restart(client: Client, given: argparse.Namespace) -> int:
    body = {name: True for name in ("anew", "yes") if getattr(given, name)}
    answer = client.post(instance_path(given.instance, "/restart"), body, _START_PATIENCE)
    return _started(client, given, answer, begun=False)


def _new_wrong(given: argparse.Namespace) -> str:
    """The fault in an instance's description, for a person; "" without one."""
    kind = _kind(given)
    if kind is None and (given.folder is not None or given.env):
        return "--folder and --env say what to create: give --kind, --mission or a command too."
    if kind == "shell" and given.argv:
        return "a shell runs no command: leave --kind shell out to run this one, or leave the command out."
    if kind == "mission" and given.argv:
        return "a mission runs no command: leave the command out."
    if given.mission is not None and kind != "mission":
        return f"--mission goes with --kind mission, not with --kind {kind}."
    if kind == "mission" and given.mission is None:
        return "a mission needs its file: --mission FILE."
    if kind == "command" and not (given.argv and given.argv[0]):
        return "a command is missing: write it after --, as in: podium ctl start ID -- make test"
    if given.mission is not None and not given.mission.is_file():
        there = "is no file" if given.mission.exists() else "is not there"
        return f"the mission file {given.mission} {there}. Check the path."
    if given.folder is not None and not given.folder.is_dir():
        there = "is no folder" if given.folder.exists() else "is not there"
        return f"the folder {given.folder} {there}. Check the path."
    return ""


def _kind(given: argparse.Namespace) -> str | None:
    kind: str | None = given.kind or ("mission" if given.mission else "command" if given.argv else None)
    return kind


def _new(given: argparse.Namespace) -> dict[str, Any]:
    body: dict[str, Any] = {}
    kind = _kind(given)
    if kind is not None:
        body["kind"] = kind
        body["folder"] = str((given.folder or Path()).absolute())
    if given.argv:
        body["command"] = given.argv
    if given.mission:
        body["mission"] = str(given.mission.absolute())
    for name in ("name", "theme"):
        if getattr(given, name):
            body[name] = getattr(given, name)
    if given.env:
        body["env"] = dict(given.env)
    if given.yes:
        body["yes"] = True
    return body


def _started(client: Client, given: argparse.Namespace, answer: Any, *, begun: bool = True) -> int:
    """Show how a start came out. A mission may ask something before it begins; then it is not said to run. ``begun``:
    Podium has waited for all else.
    """
    if answer["kind"] == "mission" or not begun:
        path = instance_path(given.instance, "/wait")
        try:
            client.post(path, {"begun": True, "timeout": _BEGIN_SECONDS}, _BEGIN_SECONDS + 10)
        except Refused as error:
            if error.code != "timeout":
                raise
        answer = client.get(instance_path(given.instance, "/status"))
    _show(given, answer, f"{answer['id']}: {answer['word']}")
    if answer["state"] == "waiting":
        id = answer["id"]
        print(
            f"podium ctl: It asks: {answer['question'] or 'something; see its screen.'}\n"
            f"Look: podium ctl screen {id}. Answer: podium ctl send {id} y --enter. "
            "To agree beforehand, start it with --yes.",
            file=sys.stderr,
        )
        return ASKS
    if answer["state"] == "failed" or (answer["state"] == "exited" and answer["kind"] == "mission"):
        print(
            f"podium ctl: {answer['reason'] or 'It ended at once.'} See: podium ctl screen {answer['id']}",
            file=sys.stderr,
        )
        return REFUSED
    return DONE


def stop(client: Client, given: argparse.Namespace) -> int:
    answer = client.post(instance_path(given.instance, "/stop"))
    return _ended(client, given, answer, wait=not given.no_wait)


def finish_round(client: Client, given: argparse.Namespace) -> int:
    return _show(given, _control(client, given, "finish-round"))


def stop_now(client: Client, given: argparse.Namespace) -> int:
    answer = _control(client, given, "stop-now")
    return _ended(client, given, answer, wait=True)


def comment(client: Client, given: argparse.Namespace) -> int:
    text = " ".join(given.text).strip()
    if not text:
        return _wrong("say something: TEXT.")
    return _show(given, _control(client, given, "comment", text=text))


def _control(client: Client, given: argparse.Namespace, command: str, **more: str) -> Any:
    return client.post(instance_path(given.instance, "/control"), {"command": command, **more})


def _ended(client: Client, given: argparse.Namespace, answer: Any, *, wait: bool) -> int:
    if wait:
        client.post(instance_path(given.instance, "/wait"), {"exit": True, "timeout": 20})
        answer = client.get(instance_path(given.instance, "/status"))
    return _show(given, answer, f"{answer['id']}: {answer['word']}")


def config(client: Client, given: argparse.Namespace) -> int:
    body: dict[str, Any] = {
        name: value
        for name, value in (
            ("name", given.name),
            ("theme", given.theme),
            ("model", given.model),
            ("budget", given.budget),
            ("turns", given.rounds),
            ("control", None if given.control is None else given.control == "on"),
            ("alerts", given.alerts),
            ("policy", None if given.restart is None else {"restart": given.restart}),
        )
        if value is not None
    }
    if not body:
        return _wrong("say what to change; podium ctl config --help lists what there is.")
    answer = client.post(instance_path(given.instance, "/config"), body)
    return _show(given, answer, f"{answer['id']}: {answer['name']}, {answer['theme']}, {answer['word']}")


def remove(client: Client, given: argparse.Namespace) -> int:
    return _show(given, client.delete(instance_path(given.instance, "")))


# A terminal


def screen(client: Client, given: argparse.Namespace) -> int:
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


def find(client: Client, given: argparse.Namespace) -> int:
    if len(given.what) > 2:
        return _wrong("give an ID and one TEXT; put quotes around a TEXT of several words.")
    *instance, text = given.what or [""]
    if not text:
        return _wrong("say what to find: TEXT.")
    try:
        path = instance_path(instance_id(instance[0]), "/find") if instance else "/api/find"
    except InvalidInstanceId as error:
        return _wrong(str(error))
    query: dict[str, Any] = {"text": text}
    query.update({name: "true" for name in ("regex", "case", "word") if getattr(given, name)})
    if given.limit:
        query["limit"] = given.limit
    answer = client.get(path, **query)
    parts = [answer] if instance else answer["instances"]
    if given.json or answer["matches"]:
        _show(given, answer, tables.found(parts, names=not instance))
    for part in parts:
        if part["reason"]:
            print(f"podium ctl: {part['id']} was not searched: {part['reason']}", file=sys.stderr)
    return DONE if answer["matches"] else REFUSED


def send(client: Client, given: argparse.Namespace) -> int:
    path = instance_path(given.instance, "/input")
    text = " ".join(given.text)
    submit = given.enter or text.endswith("\n")
    if not (text or submit or given.keys):
        return _wrong("say what to send: TEXT, --enter or --keys.")
    if len(text) > _MOST_TEXT or len(text.encode(errors="replace")) > 3 * _MOST_TEXT // 2:
        return _wrong(
            f"the text is too long: at most {_MOST_TEXT:,} characters, {3 * _MOST_TEXT // 2:,} bytes. Send it in "
            "pieces, or write it to a file and name that."
        )
    answer: Any = None
    if given.typed and text:
        answer = client.post(path, {"text": text.removesuffix("\n") if submit else text})
        text = ""
    if text or submit:
        answer = client.post(path, {"text": text, "paste": True, "submit": submit})
    if given.keys:
        answer = client.post(path, {"keys": given.keys})
    return _show(given, answer)


def wait(client: Client, given: argparse.Namespace) -> int:
    if (given.new or given.all) and given.text is None:
        return _wrong("--new and --all go with --text.")
    if given.any and not given.exit:
        return _wrong("--any goes with --exit.")
    body: dict[str, Any] = {
        name: value
        for name in ("text", "state", "attention", "quiet")
        if (value := getattr(given, name)) is not None
    }
    if given.exit:
        body["exit"] = True
    if given.new or given.all:
        body["new"] = given.new
    answer = _waited(client, given, body)
    _show(given, answer, answer["text"])
    return _program_exit(given, answer) if given.exit and not given.any else DONE


def _waited(client: Client, given: argparse.Namespace, body: dict[str, Any]) -> Any:
    path = instance_path(given.instance, "/wait")
    deadline = time.monotonic() + given.timeout
    while True:
        left = round(max(0.0, deadline - time.monotonic()), 3)
        patience = min(left, _LONGEST_WAIT)
        try:
            return client.post(path, {**body, "timeout": patience}, patience + 10)
        except Refused as error:
            if error.code != "timeout" or left <= _LONGEST_WAIT:
                raise


def _program_exit(given: argparse.Namespace, answer: Any) -> int:
    if answer["text"] == "restarting":
        print(
            f"podium ctl: {given.instance} is run again by itself; podium ctl stop {given.instance} ends that.",
            file=sys.stderr,
        )
    if answer["exitCode"] is not None:
        return int(answer["exitCode"])
    if answer["exitSignal"] is not None:
        return _SIGNALLED + int(answer["exitSignal"])
    if answer["text"] in ("failed", "restarting"):
        print(
            f"podium ctl: {given.instance} failed. See: podium ctl screen {given.instance}", file=sys.stderr
        )
        return REFUSED
    print(f"podium ctl: {given.instance} does not run. Start it first.", file=sys.stderr)
    return NOT_NOW


def attach(client: Client, given: argparse.Namespace) -> int:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _wrong("attach needs a terminal.")
    if sys.platform == "win32":
        return _wrong("attach is not built for Windows yet. podium ctl screen and send do the same in steps.")
    from podium.control.ctl.streams import attach as attach_to

    how = attach_to(client, given.instance, given.detach_key)
    print(f"[{how} from {given.instance}]" if how == "detached" else f"[{given.instance} is gone]")
    return DONE if how == "detached" else UNKNOWN


# Records


def events(client: Client, given: argparse.Namespace) -> int:
    import asyncio

    from podium.control.ctl.streams import follow_events

    def show(happened: Any) -> None:
        print(json.dumps(happened, ensure_ascii=False) if given.json else tables.event(happened), flush=True)

    asyncio.run(follow_events(client.path, given.patterns, show))
    return DONE


def history(client: Client, given: argparse.Namespace) -> int:
    from urllib.parse import quote

    if given.run_id:
        answer = client.get(f"/api/history/{quote(given.run_id, safe='')}")
        return _show(given, answer, tables.details(answer))
    answer = client.get("/api/history", instance=given.instance, outcome=given.outcome, limit=given.limit)
    return _show(given, answer, tables.history(answer))


def usage(client: Client, given: argparse.Namespace) -> int:
    import math
    from datetime import date, timedelta

    last = given.day or date.today()
    first = last - timedelta(days=max(1, math.ceil(given.days)) - 1)
    since, until = (time.mktime(day.timetuple()) for day in (first, last + timedelta(days=1)))
    answer = client.get("/api/usage", since=max(0.0, since), until=until)
    return _show(given, answer, tables.usage(answer))


def layout(client: Client, given: argparse.Namespace) -> int:
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


def open_paths(client: Client, given: argparse.Namespace) -> int:
    if wrong := missing_error(given.files):
        return _wrong(wrong)
    return _show(given, client.open_paths(given.files))


def screenshot(client: Client, given: argparse.Namespace) -> int:
    picture = client.ask("GET", "/api/window/screenshot")
    try:
        given.file.write_bytes(picture)
    except OSError as error:
        print(f"podium ctl: {given.file} can't be written: {error.strerror}.", file=sys.stderr)
        return REFUSED
    return _show(given, {"file": str(given.file), "bytes": len(picture)}, str(given.file))


def notify(client: Client, given: argparse.Namespace) -> int:
    instance = given.instance or os.environ.get(INSTANCE_VARIABLE)
    if not instance:
        return _wrong("outside of an instance, say which one: --instance ID.")
    if not given.text and not given.state:
        return _wrong("say something: TEXT, --state, or both.")
    body: dict[str, Any] = {"text": given.text, "title": given.title}
    if given.state:
        body["state"] = given.state
    return _show(given, client.post(instance_path(instance, "/notify"), body))
