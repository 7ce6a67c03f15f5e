"""``podium ctl commands``, ``output`` and ``run``: what shells have run at their prompts, and running another line.

Every function returns an exit code, and raises NoPodium and Refused.
"""

import argparse
import json
import os
import sys
from typing import Any

from podium.control.ctl import tables
from podium.control.ctl.client import Client, instance_path
from podium.control.ctl.exits import ASKS, DONE, USAGE
from podium.core.protocol.marks import SHOWN_COMMAND
from podium.core.system.processes import INSTANCE_VARIABLE
from podium.core.visible_text import visible


def commands(client: Client, given: argparse.Namespace) -> int:
    instance = given.instance or os.environ.get(INSTANCE_VARIABLE)
    if not instance:
        return _wrong("outside of an instance, say which one: podium ctl commands ID.")
    answer = client.get(instance_path(instance, "/commands"), limit=given.limit, before=given.before)
    if given.json:
        return _json(answer)
    if answer["commands"]:
        print(tables.ran_commands(answer["commands"]))
    else:
        print("podium ctl: its shell has marked no commands.", file=sys.stderr)
    if answer["older"]:
        first = answer["commands"][0]["number"]
        print(f"podium ctl: there are older ones; see them with --before {first}.", file=sys.stderr)
    return DONE


def output(client: Client, given: argparse.Namespace) -> int:
    answer = _output(client, given.instance, given.number)
    if given.json:
        return _json(answer)
    if answer["text"]:
        print(answer["text"], end="" if answer["text"].endswith("\n") else "\n")
    if answer["leftOut"]:
        more = "podium ctl export has all that is kept."
        print(f"podium ctl: {answer['leftOut']:,} lines before these are left out; {more}", file=sys.stderr)
    return DONE


def run(client: Client, given: argparse.Namespace) -> int:
    line = " ".join(given.text)
    if bool(line) == (given.again is not None):
        return _wrong("say what to run: TEXT, or --again N for a command of the list.")
    if given.again is not None:
        line = _output(client, given.instance, given.again)["command"]
        if not line:
            return _wrong("that command line is not known any more; write it out.")
        if not given.yes and not _told_whole(line):
            print(f"podium ctl: it would run {visible(line)}\nAdd --yes to do that.", file=sys.stderr)
            return ASKS
    answer = client.post(instance_path(given.instance, "/run"), {"text": line})
    if given.json:
        return _json(answer)
    if given.again is not None:
        print(f"{given.instance}: runs {visible(line)}")
    return DONE


def _told_whole(line: str) -> bool:
    """Whether a list shows all of the line, so that whoever names its number knows what it is."""
    return len(line) <= SHOWN_COMMAND and line.isprintable()


def _output(client: Client, instance: str, number: str) -> Any:
    return client.get(instance_path(instance, f"/commands/{number}/output"))


def _json(answer: Any) -> int:
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return DONE


def _wrong(text: str) -> int:
    print(f"podium ctl: {text}", file=sys.stderr)
    return USAGE
