"""``ctl start --agent``: from the options to the API's call."""

import argparse
from pathlib import Path
from typing import Any


def is_asked_for(given: argparse.Namespace) -> bool:
    return bool(given.agent or given.prompt or given.worktree or given.branch or given.setup or given.copy)


def start_error(given: argparse.Namespace) -> str:
    """The fault in an agent's description, for a person; "" without one."""
    if not given.agent:
        return "--prompt, --worktree, --branch, --setup and --copy go with --agent TOOL."
    if given.kind not in (None, "command") or given.mission or given.argv:
        return "--agent says what runs: leave --kind, --mission and the command out."
    if (given.branch or given.setup or given.copy) and not given.worktree:
        return "--branch, --setup and --copy go with --worktree."
    if given.folder is not None and not given.folder.is_dir():
        return f"the folder {given.folder} is not there. Check the path."
    return ""


def start_body(given: argparse.Namespace) -> dict[str, Any]:
    agent: dict[str, Any] = {"tool": given.agent}
    for name in ("prompt", "worktree", "branch", "setup", "copy"):
        if value := getattr(given, name):
            agent[name] = value
    return {"kind": "command", "folder": str((given.folder or Path()).absolute()), "agent": agent}
