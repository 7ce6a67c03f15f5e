"""The command line of everything that opens the window."""

import argparse
import os
import shlex
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from podium.control.ctl.values import a_path
from podium.control.http_server.addresses import ListenAddress, listen_address
from podium.core.instances import ThemeName
from podium.core.names import clean_prompt
from podium.core.workspace_files.example import EXAMPLE
from podium.core.workspace_files.paths import MAX_OPENED, SUFFIX

DESCRIPTION = "Run several long-lived programs side by side, each in its own worker process and terminal."


@dataclass(frozen=True, slots=True)
class WindowOptions:
    """The options of the command line."""

    pool: bool = True
    version: bool = False
    verbose: bool = False
    listen: ListenAddress | None = None
    """Serve the control API there too; None leaves it to the settings."""


@dataclass(frozen=True, slots=True)
class RunOptions(WindowOptions):
    """``podium run``: one instance with a command, or with an agent's tool."""

    command: tuple[str, ...] = ()
    name: str = ""
    theme: ThemeName | None = None
    folder: Path = Path()
    agent: str = ""
    """The adapter of an agent's tool that is run in place of a command."""
    prompt: str = ""
    """Its first prompt."""


@dataclass(frozen=True, slots=True)
class OpenOptions(WindowOptions):
    """``podium open``: files and folders, for the window that is open already if there is one."""

    paths: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class ServeOptions(WindowOptions):
    """``podium serve``: no window, only the control API."""

    ready_fd: int | None = None
    """The descriptor on which to report where it serves."""


@dataclass(frozen=True, slots=True)
class DemoOptions(WindowOptions):
    """``podium demo``: four instances on projects of its own."""

    until_done: bool = False
    summary: Path | None = None
    screenshot: Path | None = None

    @property
    def apart(self) -> bool:
        """Its window is for this demo alone: it restores and remembers nothing, whatever other window is open."""
        return self.until_done


def build_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; ``mission`` and ``ctl`` have their own, and stand here with a line."""
    parser = argparse.ArgumentParser(prog="podium", description=DESCRIPTION)
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    parser.add_argument(
        "--verbose", action="store_true", help="with --version: also the system, libraries and engine in use"
    )
    _add_common(parser)
    subparsers = parser.add_subparsers(dest="subcommand", metavar="COMMAND")
    run = subparsers.add_parser(
        "run",
        help="open the window with an instance that runs a command or an agent's tool",
        usage="podium run [--name NAME] [--theme THEME] [--folder FOLDER]\n"
        "                  [--no-pool] [--listen ADDRESS:PORT] -- COMMAND…\n"
        "       podium run … --agent TOOL [--prompt TEXT]",
    )
    run.add_argument("--name", default="", help="the instance's name (default: the program's)")
    run.add_argument("--theme", choices=[theme.value for theme in ThemeName], help="its colours")
    run.add_argument(
        "--folder", type=Path, default=Path(), help="where it runs (default: the current folder)"
    )
    run.add_argument(
        "--agent", default="", metavar="TOOL", help="an agent's tool to work with, such as claude"
    )
    run.add_argument("--prompt", default="", metavar="TEXT", help="its first prompt, typed once it is ready")
    run.add_argument("command", nargs="*", metavar="COMMAND", help="the program and its arguments")
    _add_common(run)
    demo = subparsers.add_parser("demo", help="watch four simulated instances; no account, no cost")
    demo.add_argument(
        "--until-done", action="store_true", help="exit when the missions have ended, with 0 if all went well"
    )
    demo.add_argument(
        "--summary", type=Path, metavar="FILE.json", help="with --until-done: write how it ended to this file"
    )
    demo.add_argument(
        "--screenshot", type=Path, metavar="FOLDER", help="with --until-done: save two screenshots there"
    )
    _add_common(demo)
    opened = subparsers.add_parser(
        "open",
        help="open mission files, workspace files or folders; nothing runs before you answer",
        description="Open mission files, workspace files or folders; nothing runs before you answer.",
        epilog="The question is in the window that is open already, or else in a new one.\n"
        "Without a FILE the window is shown.\n\n"
        f"a workspace file, such as shop{SUFFIX}:\n\n{textwrap.indent(EXAMPLE, '    ')}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    opened.add_argument("paths", nargs="*", type=a_path, metavar="FILE", help="a path or a file: URL")
    _add_common(opened)
    serve = subparsers.add_parser("serve", help="serve the control API without a window")
    serve.add_argument(
        "--ready-fd",
        type=_descriptor,
        metavar="N",
        help="when it serves, write the socket's path and a new line to descriptor N, and close it",
    )
    _add_common(serve)
    # Carried out before Qt is loaded (see __main__); a row here for the help and the list of choices only.
    subparsers.add_parser("mission", help="run or check a mission in this terminal", add_help=False)
    subparsers.add_parser("ctl", help="control a running Podium from a terminal or script", add_help=False)
    return parser


def parse(arguments: Sequence[str]) -> WindowOptions | RunOptions | OpenOptions | DemoOptions | ServeOptions:
    """Read the command line. Exits with status 2 and a usage line on bad input."""
    parser = build_parser()
    given = parser.parse_args(
        ["open", *arguments] if arguments and _is_file(arguments[0]) else list(arguments)
    )
    pool = not given.no_pool
    listen: ListenAddress | None = given.listen
    if given.subcommand == "serve":
        return ServeOptions(pool, listen=listen, ready_fd=given.ready_fd)
    if given.subcommand == "run":
        _check_run(parser, given)
        return RunOptions(
            pool,
            listen=listen,
            command=tuple(given.command),
            name=given.name or given.agent or Path(given.command[0]).name or shlex.join(given.command),
            theme=ThemeName(given.theme) if given.theme else None,
            folder=given.folder,
            agent=given.agent,
            prompt=clean_prompt(given.prompt),
        )
    if given.subcommand == "open":
        if len(given.paths) > MAX_OPENED:
            parser.error(f"{MAX_OPENED} files are the most that are opened together")
        return OpenOptions(pool, listen=listen, paths=tuple(given.paths))
    if given.subcommand == "demo":
        if (given.summary or given.screenshot) and not given.until_done:
            parser.error("--summary and --screenshot go with --until-done")
        return DemoOptions(
            pool,
            listen=listen,
            until_done=given.until_done,
            summary=given.summary,
            screenshot=given.screenshot,
        )
    if given.subcommand == "mission":
        parser.error("“mission” comes first: podium mission run FILE, podium mission check FILE")
    if given.subcommand == "ctl":
        parser.error("“ctl” comes first: podium ctl instances")
    return WindowOptions(pool, given.version, given.verbose, listen)


def _check_run(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    if given.agent and given.command:
        parser.error("--agent says what runs: leave the command out")
    if given.prompt and not given.agent:
        parser.error("--prompt goes with --agent TOOL")
    if not given.agent and not given.command:
        parser.error("a command is missing: write it after --, or name an agent's tool with --agent")


def _is_file(argument: str) -> bool:
    """Whether the first argument is a file and no command, as a desktop may hand it over."""
    return not argument.startswith("-") and (
        argument.casefold().startswith("file:") or os.sep in argument or argument.endswith(".toml")
    )


def _descriptor(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 10:
        number = int(text)
        try:
            os.set_inheritable(number, False)  # Programs must not keep it open after Podium has closed it.
        except OSError:
            pass
        else:
            return number
    raise argparse.ArgumentTypeError(f"“{text}” is no open descriptor; open one as in: --ready-fd 3 3>FILE")


def _address(text: str) -> ListenAddress:
    try:
        return listen_address(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--listen",
        type=_address,
        metavar="ADDRESS:PORT",
        default=None if parser.prog == "podium" else argparse.SUPPRESS,
        help="serve the control API over TCP too: 127.0.0.1:8765, or 127.0.0.1:0 for any free port",
    )
    # SUPPRESS keeps a subcommand's default from undoing what stood before it.
    parser.add_argument(
        "--no-pool",
        action="store_true",
        default=False if parser.prog == "podium" else argparse.SUPPRESS,
        help="run sessions inside the window's process: less isolated, for troubleshooting workers",
    )
