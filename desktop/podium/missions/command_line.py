"""``podium mission …``: what was asked for, and who does it. Each action is imported only when asked for."""

import argparse
import gc
import json
from collections.abc import Callable
from functools import partial
from typing import Final

from podium.core.standard_streams import print_anywhere

_EXITS: Final = """\
exit codes: 0 done (all required gates pass, or all is over and there are
none), 1 gates still failing at the end or no agent finished its work, 2 error
in the mission file or the command line, 3 done, but work was kept back or an
agent failed (it is named), 70 fault in Podium, 130 stopped: podium mission
resume FILE continues.
"""


def main(argv: list[str]) -> int:
    """Run ``podium mission ARGV`` and return its exit code."""
    print_anywhere()
    gc.disable()  # Until all is loaded: nothing of it is garbage, and looking for some is a tenth of the start.
    arguments = build_parser(lists_templates=argv[:1] == ["new"]).parse_args(argv)
    action = _action(arguments)
    gc.freeze()
    gc.enable()
    return action()


def _action(arguments: argparse.Namespace) -> Callable[[], int]:
    match arguments.action:
        case "check":
            from podium.missions.actions.check import check

            return partial(check, arguments.file)
        case "new":
            from podium.missions.actions.new import new

            return partial(new, arguments.template, arguments.file)
        case "clean":
            from podium.missions.actions.clean import clean

            return partial(clean, arguments.file, arguments.yes, arguments.list)
        case "schema":
            return _print_schema
        case "resume":
            from podium.missions.actions.run import resume

            return partial(resume, arguments.file, arguments.yes, arguments.model)
        case _:
            from podium.missions.actions.run import run

            return partial(run, arguments.file, arguments.yes, arguments.model)


def _print_schema() -> int:
    from podium.core.missions.schema import mission_schema
    from podium.missions.rounds.exits import DONE

    print(json.dumps(mission_schema(), indent=2, ensure_ascii=False))
    return DONE


def build_parser(lists_templates: bool = True) -> argparse.ArgumentParser:
    from podium.core.missions.state import MODEL_VARIABLE
    from podium.missions.actions.new import DEFAULT_FILE, templates

    parser = argparse.ArgumentParser(
        prog="podium mission",
        description="Run a team of agents in rounds until the gates pass.",
        epilog=_EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(
        dest="action", required=True, metavar="new | check | run | resume | clean | schema"
    )

    def add(name: str, text: str, epilog: str = "") -> argparse.ArgumentParser:
        return actions.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )

    known = templates() if lists_templates else {}  # Reading them takes longer than all the rest in here.
    listed = "\n".join(f"  {name:<16} {about}" for name, about in known.items())
    action = add(
        "new", "write a mission file from a template, or list the templates", f"templates:\n{listed}"
    )
    action.add_argument(
        "template", metavar="TEMPLATE", nargs="?", default="", help="its name (default: list the templates)"
    )
    action.add_argument(
        "file", metavar="FILE", nargs="?", help=f"where to write it (default: {DEFAULT_FILE})"
    )
    action = add("check", "report all errors in a mission file, and show what you would agree to")
    _file(action)
    for name, text in (
        ("run", "run a mission"),
        ("resume", "continue an interrupted mission in the round where it stopped"),
    ):
        action = add(name, text)
        _file(action)
        action.add_argument(
            "--yes", action="store_true", help="agree to all that the mission may do, without being asked"
        )
        action.add_argument(
            "--model",
            metavar="MODEL",
            help=f"the model of agents that name none (default: {'' if name == 'run' else 'the one it had, or '}"
            f"${MODEL_VARIABLE})",
        )
    action = add(
        "clean", "remove worktrees that no run needs any more; unsaved work is committed first, branches stay"
    )
    action.add_argument(
        "file", metavar="FILE", nargs="?", help="first give up this mission's interrupted run"
    )
    action.add_argument("--list", action="store_true", help="only list what would be removed or committed")
    action.add_argument("--yes", action="store_true", help="remove without asking")
    add("schema", "print the mission file's JSON Schema, for editors")
    return parser


def _file(action: argparse.ArgumentParser) -> None:
    action.add_argument("file", metavar="FILE", help="the mission file (TOML)")
