"""``podium ctl settings``: the settings listed, read, changed and reset."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from typing import Any, Final

from podium.control.ctl import help_texts
from podium.control.ctl.client import Client
from podium.control.ctl.exits import DONE, REFUSED, USAGE
from podium.control.ctl.tables import table
from podium.core.visible_text import visible

_PATH: Final = "/api/settings"
_YES_NO: Final = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


def add_to(add: Callable[..., argparse.ArgumentParser]) -> None:
    command = add(
        "settings",
        run,
        "List, read, change or reset Podium's settings.",
        instance=False,
        more=help_texts.SETTINGS,
    )
    command.add_argument("action", choices=("list", "get", "set", "reset"))
    command.add_argument(
        "words", nargs="*", metavar="KEY [VALUE …]", help="a setting, such as links.ask; set: its value"
    )
    command.add_argument("--changed", action="store_true", help="list: only those that are not as usual")


def run(client: Client, given: argparse.Namespace) -> int:
    key, *values = given.words or [""]
    if given.action == "list":
        return _list(client, given) if not given.words else _wrong("list takes no KEY.")
    if not key:
        return _wrong(f"say which setting: podium ctl settings {given.action} KEY.")
    if values and given.action != "set":
        return _wrong(f"{given.action} takes one KEY.")
    match given.action:
        case "get":
            return _get(client, given, key)
        case "reset":
            return _change(client, given, key, None)
    usual = client.get(_PATH, setting=key)["settings"][0]["default"]
    try:
        value = _value(usual, values)
    except ValueError as error:
        return _wrong(f"{key}: {error}")
    return _change(client, given, key, value)


def _list(client: Client, given: argparse.Namespace) -> int:
    answer = client.get(_PATH)
    shown = [one for one in answer["settings"] if not given.changed or one["value"] != one["default"]]
    if given.json:
        _print_json({**answer, "settings": shown})
        return DONE
    rows = [
        (
            one["key"],
            _text(one["value"]),
            _text(one["default"]) if one["value"] != one["default"] else "",
        )
        for one in shown
    ]
    print(table(("KEY", "VALUE", "USUAL"), rows))
    for fault in answer["faults"]:
        print(f"podium ctl: {answer['file']}, {visible(fault)}", file=sys.stderr)
    return DONE


def _get(client: Client, given: argparse.Namespace, key: str) -> int:
    answer = client.get(_PATH, setting=key)
    (setting,) = answer["settings"]
    if given.json:
        _print_json(answer)
    else:
        value = setting["value"]
        print(visible(value) if isinstance(value, str) else _text(value))
    if setting["fault"]:
        print(f"podium ctl: {key}: {visible(setting['fault'])}", file=sys.stderr)
    return DONE


def _change(client: Client, given: argparse.Namespace, key: str, value: object) -> int:
    answer = client.patch(_PATH, {"values": {key: value}})
    (setting,) = answer["settings"]
    if given.json:
        _print_json(answer)
    if setting["nextStart"]:
        print(f"podium ctl: {key} counts when Podium starts again.", file=sys.stderr)
    return DONE if not setting["fault"] else REFUSED


def _value(usual: object, words: list[str]) -> object:
    """What the words mean for a setting whose usual value is this one. Raises ValueError with what to write."""
    if isinstance(usual, list):
        return words
    if len(words) != 1:
        raise ValueError("give one value; put quotes around a text with spaces.")
    (word,) = words
    if isinstance(usual, bool):
        if word.lower() not in _YES_NO:
            raise ValueError("write true or false.")
        return _YES_NO[word.lower()]
    if isinstance(usual, int | float):
        try:
            return int(word)
        except ValueError:
            pass
        try:
            return float(word)
        except ValueError:
            raise ValueError("write a number.") from None
    return word


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _print_json(answer: Mapping[str, Any]) -> None:
    print(json.dumps(answer, ensure_ascii=False, indent=2))


def _wrong(text: str) -> int:
    print(f"podium ctl: {text}", file=sys.stderr)
    return USAGE
