"""``podium ctl hooks``: hooks put into the settings of agents' tools, and taken out. No Podium need run for it."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from podium.control.ctl.client import Client
from podium.control.ctl.exits import ASKS, DONE, REFUSED, USAGE
from podium.core.adapters.hooks import HooksFormat
from podium.core.adapters.model import Adapter
from podium.core.adapters.registry import load_adapters
from podium.core.system.processes import NO_CONSOLE
from podium.core.visible_text import visible
from podium.hooks.changes import Change, Standing, carry_out, installing, removing, standing
from podium.hooks.places import Place, project_place, user_place
from podium.hooks.records import Records
from podium.hooks.settings_files import HooksError

TOOLS: Final = ("claude", "codex", "gemini", "opencode", "copilot")
_VERSION_SECONDS: Final = 10.0
_WORDS: Final = {
    Standing.NONE: "not installed",
    Standing.INSTALLED: "installed",
    Standing.OLDER: "of an older version: install them again",
    Standing.NEWER: "of a newer Podium",
    Standing.CHANGED: "changed by hand: install them again to put them right",
}


def run(_client: Client, given: argparse.Namespace) -> int:
    if given.what == "status":
        return _status(given)
    if given.tool is None:
        print(f"podium ctl: name the tool: {', '.join(TOOLS)}.", file=sys.stderr)
        return USAGE
    return (_install if given.what == "install" else _remove)(given)


def _install(given: argparse.Namespace) -> int:
    """Put them in, once the person agrees to the change."""
    adapter, place = _asked_for(given)
    if adapter is None or place is None:
        return REFUSED
    try:
        change = installing(adapter.name, adapter.hooks, place, Records())
        if change is None:
            return _told(given, f"{adapter.title} has them already, in {place.path}.", changed=False)
        if (refused := _agreed(given, change)) is not None:
            return refused
        carry_out(change, Records())
    except HooksError as error:
        return _failed(str(error))
    note = f" {adapter.hooks.note}" if adapter.hooks.note else ""
    words = f"{adapter.title} tells Podium what it does, from its next start on.{note}"
    return _told(given, words, changed=True)


def _remove(given: argparse.Namespace) -> int:
    """Take them out, once the person agrees to the change."""
    adapter, place = _asked_for(given)
    if adapter is None or place is None:
        return REFUSED
    try:
        change = removing(adapter.hooks, place, Records())
        if change is None:
            return _told(given, f"There are no hooks of Podium's in {place.path}.", changed=False)
        if (refused := _agreed(given, change)) is not None:
            return refused
        carry_out(change, Records())
    except HooksError as error:
        return _failed(str(error))
    return _told(given, f"{adapter.title}'s hooks are out again.", changed=True)


def _status(given: argparse.Namespace) -> int:
    """How it stands with each tool, or with the one that is named."""
    adapters = load_adapters().adapters
    named = [given.tool] if given.tool else list(TOOLS)
    chosen = [adapters[name] for name in named if name in adapters]
    with ThreadPoolExecutor(max_workers=len(TOOLS)) as pool:
        rows = list(pool.map(lambda adapter: _row(adapter, given.project or Path()), chosen))
    if given.json:
        print(json.dumps({"tools": rows}, ensure_ascii=False, indent=2))
        return DONE
    for row in rows:
        print(
            f"{row['title']}: {row['version'] or 'installed, version unknown' if row['program'] else 'not found'}"
        )
        for scope in ("user", "project"):
            if row[scope] is not None:
                print(f"  {scope:8} {row[scope]['words']}  ({row[scope]['file']})")
        if row["otherwise"]:
            print(f"  without  {row['otherwise']}")
    return DONE


def _asked_for(given: argparse.Namespace) -> tuple[Adapter | None, Place | None]:
    """The tool and the file; None for one after it was said what is wrong."""
    adapter = load_adapters().adapters.get(given.tool)
    if adapter is None or adapter.hooks.format is HooksFormat.NONE:
        _failed(f"No hooks are known for {given.tool}. Its screen is read in any case.")
        return None, None
    if given.project is None:
        return adapter, user_place(adapter.hooks, os.environ)
    if not given.project.is_dir():
        _failed(f"the folder {visible(str(given.project))} is not there. Check the path.")
        return adapter, None
    place = project_place(adapter.hooks, given.project)
    if place is None:
        _failed(f"{adapter.title} has no hooks of a project's own: leave --project out.")
    return adapter, place


def _agreed(given: argparse.Namespace, change: Change) -> int | None:
    """None when the person agrees; otherwise the exit code."""
    if given.yes:
        return None
    print(change.diff(), file=sys.stderr if given.json else sys.stdout, flush=True)
    if not sys.stdin.isatty():
        print("podium ctl: Nothing was changed. To make this change, add --yes.", file=sys.stderr)
        return ASKS
    print("Make this change? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() in ("y", "yes"):
        return None
    print("podium ctl: Nothing was changed.", file=sys.stderr)
    return REFUSED


def _told(given: argparse.Namespace, words: str, *, changed: bool) -> int:
    print(json.dumps({"changed": changed, "text": words}, ensure_ascii=False) if given.json else words)
    return DONE


def _failed(words: str) -> int:
    print(f"podium ctl: {words}", file=sys.stderr)
    return REFUSED


def _row(adapter: Adapter, folder: Path) -> dict[str, Any]:
    program = shutil.which(adapter.program)
    hooks = adapter.hooks
    known = hooks.format is not HooksFormat.NONE
    return {
        "tool": adapter.name,
        "title": adapter.title,
        "program": program,
        "version": _version(program) if program else "",
        "user": _scope(adapter, user_place(hooks, os.environ)) if known else None,
        "project": _scope(adapter, project_place(hooks, folder)) if known else None,
        "otherwise": hooks.otherwise,
    }


def _scope(adapter: Adapter, place: Place | None) -> dict[str, str] | None:
    if place is None:
        return None
    try:
        there = standing(adapter.name, adapter.hooks, place)
    except HooksError as error:
        return {"state": "unreadable", "words": str(error), "file": visible(str(place.path))}
    return {"state": there.value, "words": _WORDS[there], "file": visible(str(place.path))}


def _version(program: str) -> str:
    """What the tool says of its version; "" when it says nothing in time."""
    try:
        ran = subprocess.run(
            [program, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_VERSION_SECONDS,
            check=False,
            creationflags=NO_CONSOLE,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    first = ran.stdout.decode(errors="replace").strip().split("\n")[0]
    return visible(first[:80])
