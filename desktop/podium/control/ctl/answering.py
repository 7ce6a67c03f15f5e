"""``podium ctl answer``: one agent's question, or the same question of several.

Every function returns an exit code, and raises NoPodium and Refused.
"""

import argparse
import json
import sys
from typing import Any

from podium.control.api.attention import Reply
from podium.control.ctl import tables
from podium.control.ctl.client import Client, instance_path
from podium.control.ctl.exits import DONE, REFUSED, USAGE


def answer(client: Client, given: argparse.Namespace) -> int:
    reply = Reply(given.answer)
    what = " ".join(given.what)
    if reply in (Reply.ALLOW, Reply.DENY) and what:
        return _wrong(
            f"{reply} takes no text; to say more, use: podium ctl answer {given.instance} text TEXT"
        )
    if reply in (Reply.OPTION, Reply.TEXT) and not what.strip():
        return _wrong(f"say which {reply}." if reply is Reply.OPTION else "say something: TEXT.")
    body: dict[str, Any] = {"answer": reply.value}
    if reply is Reply.TEXT:
        body["text"] = what
    elif reply is Reply.OPTION:
        body["option"] = int(what) if what.isascii() and what.isdigit() else what
    if given.question is not None:
        body["question"] = given.question
    if given.all_like:
        return _answer_all(client, given, {**body, "like": given.instance})
    answered = client.post(instance_path(given.instance, "/answer"), body)
    if given.json:
        _print_json(answered)
    return DONE


def _answer_all(client: Client, given: argparse.Namespace, body: dict[str, Any]) -> int:
    answered = client.post("/api/orchestrator/attention/answers", body)
    if given.json:
        _print_json(answered)
    else:
        print(tables.answers(answered))
    return DONE if all(one["taken"] for one in answered["answers"]) else REFUSED


def _print_json(answered: Any) -> None:
    print(json.dumps(answered, ensure_ascii=False, indent=2))


def _wrong(text: str) -> int:
    print(f"podium ctl: {text}", file=sys.stderr)
    return USAGE
