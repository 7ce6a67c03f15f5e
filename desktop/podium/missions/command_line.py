"""``podium mission run FILE`` and ``podium mission check FILE``."""

import argparse
import asyncio
import io
import os
import sys
import traceback
from pathlib import Path
from typing import Final

from podium.core.events import OrchestratorStopped
from podium.core.mission_file import Mission, MissionFileError, load_mission
from podium.core.program_channels import ControlReader, EventWriter
from podium.core.toml_file import Fault
from podium.missions import paint as look
from podium.missions.log import MissionLog, terminal_columns
from podium.missions.paint import Paint, wants_colours
from podium.missions.runner import BAD_FILE, CRASHED, DONE, STOPPED, MissionRun
from podium.missions.sink import Sink
from podium.missions.stopping import Listener, StopSignal
from podium.missions.text import count, wrap

_STDOUT: Final = 1
_STDERR: Final = 2

_EXITS: Final = """\
exit codes: 0 done (all gates pass, or all rounds are over and there are no gates),
1 gates still failing after the last round, 2 fault in the mission file, 70 fault in Podium,
130 stopped.
"""


def main(argv: list[str]) -> int:
    """Run ``podium mission ARGV`` and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # A locale without ✓ must not end the program.
            stream.reconfigure(errors="replace")
    arguments = _parser().parse_args(argv)
    file = Path(arguments.file)
    try:
        mission = load_mission(file)
    except MissionFileError as error:
        _print_faults(arguments.file, error.faults)
        return BAD_FILE
    if arguments.action == "check":
        _print_summary(mission, arguments.file)
        return DONE
    try:
        return asyncio.run(_run(mission, arguments.file))
    except KeyboardInterrupt:  # Before the signal handlers were in place.
        return STOPPED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="podium mission",
        description="Run a team of agents in rounds until the gates pass.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="run | check")
    for name, text in (("run", "run a mission"), ("check", "look for faults in a mission file")):
        action = actions.add_parser(name, help=text, description=text.capitalize() + ".")
        action.add_argument("file", metavar="FILE", help="the mission file (TOML)")
    return parser


async def _run(mission: Mission, file: str) -> int:
    stop = StopSignal()
    events = EventWriter.from_environment()
    loop = asyncio.get_running_loop()
    listener = Listener(stop, ControlReader.from_environment(), events)

    def on_gone() -> None:
        loop.call_soon_threadsafe(stop.stop_now, "because the terminal has gone")

    sink = Sink(_STDOUT, on_gone)
    paint = Paint(wants_colours(os.isatty(_STDOUT)))
    log = MissionLog(sink.write, paint, lambda: terminal_columns(_STDOUT))
    try:
        return await MissionRun(mission, log, sink, events, stop).run(file)
    except Exception as error:
        events.write(OrchestratorStopped("failed", exit_code=CRASHED, reason=f"a fault in Podium: {error!r}"))
        sink.write(
            f"podium mission: a fault in Podium itself has ended the mission.\n{traceback.format_exc()}"
        )
        return CRASHED
    finally:
        sink.close()
        listener.close()
        events.close()


def _print_summary(mission: Mission, file: str) -> None:
    paint = Paint(wants_colours(os.isatty(_STDOUT)))
    facts = (
        count(len(mission.agents), "agent"),
        count(len(mission.gates), "gate"),
        f"{count(mission.max_rounds, 'round')} at most",
    )
    print(f"{paint('✓', look.GREEN)} {file} is a valid mission: {', '.join(facts)}.")


def _print_faults(file: str, faults: tuple[Fault, ...]) -> None:
    paint = Paint(wants_colours(os.isatty(_STDERR)))
    columns = terminal_columns(_STDERR) - 5
    lines = [f"{paint('✗', look.RED)} {count(len(faults), 'fault')} in {file}"]
    for fault in faults:
        lines.append("")
        lines.append(f"  {paint(fault.key or fault.file, look.BOLD)}")
        lines += [f"    {line}" for line in wrap(fault.reason, columns)]
        lines += [f"    {paint(line, look.DIM)}" for line in wrap(fault.fix, columns)]
    print("\n".join(lines), file=sys.stderr)
