"""The command line of everything that opens the window."""

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from podium.core.instances import ThemeName

DESCRIPTION = "Run several long-lived orchestrators side by side, each in its own worker and terminal."


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """What was asked for on the command line."""

    pool: bool = True
    version: bool = False
    verbose: bool = False


@dataclass(frozen=True, slots=True)
class RunOptions(WindowOptions):
    """``podium run``: one instance with a command."""

    command: tuple[str, ...] = ()
    name: str = ""
    theme: ThemeName | None = None
    folder: Path = Path()


@dataclass(frozen=True, slots=True)
class DemoOptions(WindowOptions):
    """``podium demo``: four instances on projects of its own."""

    until_done: bool = False
    summary: Path | None = None
    screenshot: Path | None = None


def parse(arguments: Sequence[str]) -> WindowOptions | RunOptions | DemoOptions:
    """Read the command line. Exits with status 2 and a usage line on bad input."""
    parser = argparse.ArgumentParser(prog="podium", description=DESCRIPTION)
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    parser.add_argument("--verbose", action="store_true", help="with --version: also what it runs on")
    _add_no_pool(parser)
    subparsers = parser.add_subparsers(dest="subcommand", metavar="COMMAND")
    run = subparsers.add_parser(
        "run",
        help="open the window with an instance that runs a command",
        usage="podium run [--name NAME] [--theme THEME] [--folder FOLDER] [--no-pool] -- COMMAND…",
    )
    run.add_argument("--name", default="", help="the instance's name; else the program's")
    run.add_argument("--theme", choices=[theme.value for theme in ThemeName], help="its colours")
    run.add_argument("--folder", type=Path, default=Path(), help="where it runs; else here")
    run.add_argument("command", nargs="+", metavar="COMMAND", help="the program and its arguments")
    _add_no_pool(run)
    demo = subparsers.add_parser("demo", help="watch four simulated instances; no account, no cost")
    demo.add_argument(
        "--until-done", action="store_true", help="end when the missions have ended; 0 if all went well"
    )
    demo.add_argument(
        "--summary", type=Path, metavar="FILE.json", help="with --until-done: write how it ended"
    )
    demo.add_argument(
        "--screenshot", type=Path, metavar="FOLDER", help="with --until-done: save two pictures"
    )
    _add_no_pool(demo)
    # Carried out before Qt is loaded (see __main__); a row here for the help and the list of choices only.
    subparsers.add_parser("mission", help="run or check a mission in this terminal", add_help=False)
    given = parser.parse_args(list(arguments))
    pool = not given.no_pool
    if given.subcommand == "run":
        return RunOptions(
            pool,
            command=tuple(given.command),
            name=given.name or Path(given.command[0]).name or shlex.join(given.command),
            theme=ThemeName(given.theme) if given.theme else None,
            folder=given.folder,
        )
    if given.subcommand == "demo":
        if (given.summary or given.screenshot) and not given.until_done:
            demo.error("--summary and --screenshot go with --until-done")
        return DemoOptions(
            pool, until_done=given.until_done, summary=given.summary, screenshot=given.screenshot
        )
    if given.subcommand == "mission":
        parser.error("“mission” comes first: podium mission run FILE, podium mission check FILE")
    return WindowOptions(pool, given.version, given.verbose)


def _add_no_pool(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS keeps a subcommand's default from undoing what stood before it.
    parser.add_argument(
        "--no-pool",
        action="store_true",
        default=False if parser.prog == "podium" else argparse.SUPPRESS,
        help="run sessions inside the window's process: less isolated, for trouble with workers",
    )
