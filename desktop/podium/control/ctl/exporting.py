"""``podium ctl export``: a terminal's lines into a file or onto standard output."""

import argparse
import json
import os
import sys
from urllib.parse import urlencode

from podium.control.ctl.client import BrokenOff, Client, instance_path
from podium.control.ctl.exits import DONE, REFUSED, USAGE
from podium.core.exporting.document import ExportFormat
from podium.core.system.processes import INSTANCE_VARIABLE
from podium.core.system.whole_file import WholeFile
from podium.core.themes import ColorScheme


def export(client: Client, given: argparse.Namespace) -> int:
    """Returns an exit code. Raises NoPodium and Refused."""
    instance = given.instance or os.environ.get(INSTANCE_VARIABLE)
    if not instance:
        return _wrong("outside of an instance, say which one: podium ctl export ID.", USAGE)
    if given.json and given.output is None:
        return _wrong("--json goes with --output.", USAGE)
    format = given.format
    if format is None and given.output is not None:
        format = ExportFormat.of_name(given.output.name)
    format = ExportFormat(format or ExportFormat.TEXT)
    scheme = ColorScheme.LIGHT if given.light else ColorScheme.DARK
    query = {"format": format.value, "scheme": scheme.value}
    target = instance_path(instance, f"/export?{urlencode(query)}")
    broken = (
        "the export broke off: its session ended, or the width of its terminal changed meanwhile. Try again"
    )
    if given.output is None:
        try:
            client.copy(target, sys.stdout.buffer.write)
        except BrokenOff:
            return _wrong(f"{broken}.", REFUSED)
        return DONE
    try:
        with WholeFile(given.output) as file:
            size = client.copy(target, file.write)
            file.finish()
    except BrokenOff:
        return _wrong(f"{broken}; {given.output} is as it was.", REFUSED)
    except OSError as error:
        return _wrong(f"{given.output} can't be written: {error.strerror or error}.", REFUSED)
    print(json.dumps({"file": str(given.output), "bytes": size}) if given.json else given.output)
    return DONE


def _wrong(text: str, status: int) -> int:
    print(f"podium ctl: {text}", file=sys.stderr)
    return status
