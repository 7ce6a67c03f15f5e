"""Plays an agent: prints what a real one printed, at the recorded times scaled down, and ends as it ended.

    fake_agent.py SAMPLE [MODE] -- whatever the agent would get

``SAMPLE`` is the path of a recording without its ending (``.jsonl``, ``.stderr``, ``.meta.json``). Modes beside
``replay``: ``hang-first`` (not a line), ``hang-after`` (hangs after its first line), ``crash`` (dies half way).
FAKE_AGENT_SCALE is what times are multiplied with; FAKE_AGENT_REPORT a file to leave where the agent is told to
report, as ``OPTION=FILE``.
"""

import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path


def main() -> None:
    sample, mode = sys.argv[1], sys.argv[2]
    arguments = sys.argv[sys.argv.index("--") + 1 :]
    meta = json.loads(Path(sample + ".meta.json").read_text())
    scale = float(os.environ.get("FAKE_AGENT_SCALE", "0"))
    errors, output = Path(sample + ".stderr"), Path(sample + ".jsonl")
    lines = output.read_bytes().splitlines(keepends=True)
    if errors.exists():
        sys.stderr.buffer.write(errors.read_bytes())
        sys.stderr.buffer.flush()
    if mode == "hang-first":
        time.sleep(600)
    first = meta["first_stdout_s"] or 0.0
    gap = ((meta["last_stdout_s"] or 0.0) - first) / max(1, len(lines) - 1)
    time.sleep(first * scale)
    for number, line in enumerate(lines):
        if mode == "crash" and number == len(lines) // 2:
            sys.stdout.buffer.write(line[: len(line) // 2])
            sys.stdout.buffer.flush()
            os.kill(os.getpid(), signal.SIGSEGV)
        sys.stdout.buffer.write(line)
        sys.stdout.buffer.flush()
        if mode == "hang-after":
            time.sleep(600)
        time.sleep(gap * scale)
    _report(arguments)
    if meta["timed_out_by_us"]:
        time.sleep(600)
    if meta["exit_code"] < 0:
        os.kill(os.getpid(), -meta["exit_code"])
    sys.exit(meta["exit_code"])


def _report(arguments: list[str]) -> None:
    option, _, file = os.environ.get("FAKE_AGENT_REPORT", "").partition("=")
    if file and option in arguments:
        shutil.copyfile(file, arguments[arguments.index(option) + 1])


if __name__ == "__main__":
    main()
