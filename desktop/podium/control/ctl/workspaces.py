"""``podium ctl workspace``: the instances written to a file, and a file's instances added."""

import argparse
import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from podium.control.ctl.client import Client
from podium.control.ctl.exits import ASKS, DONE, REFUSED
from podium.core.visible_text import visible


def run(client: Client, given: argparse.Namespace) -> int:
    return _save(client, given) if given.action == "save" else _add(client, given)


def _save(client: Client, given: argparse.Namespace) -> int:
    file: Path = given.file.absolute()
    answer = client.get("/api/workspace", file=str(file), name=given.name)
    try:
        with file.open("w" if given.force else "x", encoding="utf-8") as writer:
            writer.write(answer["text"])
    except FileExistsError:
        return _refused(f"{given.file} is there already; --force replaces it.")
    except OSError as error:
        return _refused(f"{given.file} can't be written: {error.strerror}.")
    if given.json:
        print(json.dumps({"file": str(file), "leftOut": answer["leftOut"]}, ensure_ascii=False, indent=2))
        return DONE
    print(given.file)
    for sentence in answer["leftOut"]:
        print(visible(sentence), file=sys.stderr)
    return DONE


def _add(client: Client, given: argparse.Namespace) -> int:
    body = {"file": str(given.file.absolute()), "start": not given.no_start, "yes": given.yes}
    answer = client.post("/api/workspace", body)
    if given.json:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for instance in answer["instances"]:
            print(_line(instance))
    if answer["instances"] and not answer["added"]:
        print("podium ctl: nothing is added yet; --yes adds these.", file=sys.stderr)
        return ASKS
    return DONE


def _line(instance: Mapping[str, Any]) -> str:
    runs = {"shell": "login shell", "mission": instance["mission"]}.get(
        instance["kind"], shlex.join(instance["command"])
    )
    variables = [f"{name}={value}" for name, value in instance["environment"].items()]
    return "\t".join(
        visible(text) for text in (instance["id"] or instance["name"], runs, instance["folder"], *variables)
    )


def _refused(reason: str) -> int:
    print(f"podium ctl: {reason}", file=sys.stderr)
    return REFUSED
