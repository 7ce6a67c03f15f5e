"""Writes ``build.json``, by which a package knows its kind, commit and release feed; see ``podium/app/version.py``."""

import json
import os
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from places import ROOT

NAME: Final = "build.json"
FEED_VARIABLE: Final = "PODIUM_RELEASE_FEED"
"""The address at which the package looks for newer ones; without it, it knows none."""


def write(folder: Path, kind: str) -> Path:
    """Write it into ``folder``, which is the resources package or will be copied there."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME
    build = {"kind": kind, "commit": commit(), "feed": os.environ.get(FEED_VARIABLE, "")}
    file.write_text(json.dumps(build) + "\n")
    return file


def commit() -> str:
    """The checkout's commit, marked when files differ from it; empty outside of a checkout."""
    return _git("describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")


def date() -> datetime:
    """When what is built was made, in UTC: SOURCE_DATE_EPOCH, else the commit's date, else now."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct") or time.time()
    return datetime.fromtimestamp(int(float(seconds)), UTC)


def _git(*arguments: str) -> str:
    """What git says about the checkout; empty outside of one."""
    if not (ROOT / ".git").exists():
        return ""
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
