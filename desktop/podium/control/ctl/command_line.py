"""``podium ctl``: from its arguments to its exit code."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from podium.control.ctl.client import Client, NoPodium, Refused, StrangeAnswer
from podium.control.ctl.completion import script
from podium.control.ctl.exits import DONE, INTERRUPTED, NO_PODIUM, OF_STATUS, REFUSED
from podium.control.ctl.parser import build_parser
from podium.control.ctl.values import control_byte
from podium.core.standard_streams import print_anywhere

__all__ = ["build_parser", "control_byte", "main"]

_WORDS = {
    "send": "text",
    "comment": "text",
    "start": "argv",
    "resume": "argv",
    "find": "what",
    "run": "text",
    "settings": "words",
}
"""Commands that take words, with or without --."""


def main(arguments: list[str]) -> int:
    """Run ``podium ctl ARGUMENTS`` and return its exit code."""
    print_anywhere("backslashreplace")  # What is printed as JSON stays JSON.
    parser = build_parser()
    given = _parsed(parser, arguments)
    if given.command == "completion":
        print(script(given.shell, parser), end="")
        return DONE
    run: Callable[[Client, argparse.Namespace], int] = given.run
    client = Client(given.socket)
    try:
        if given.wait_for_server:
            client.wait_until_served(given.wait_for_server)
        status = run(client, given)
        sys.stdout.flush()
        return status
    except NoPodium as error:
        print(f"podium ctl: {error}", file=sys.stderr)
        return NO_PODIUM
    except Refused as error:
        print(f"podium ctl: {error}", file=sys.stderr)
        return OF_STATUS.get(error.status, REFUSED)
    except StrangeAnswer as error:
        print(
            f"podium ctl: {client.path} gives answers that make no sense here ({error}): it belongs to another "
            "program, or to a Podium of another version. Name another with --socket.",
            file=sys.stderr,
        )
        return REFUSED
    except BrokenPipeError:
        # The reader has closed the pipe; what Python would still flush at its end goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED


def _parsed(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """Words that argparse leaves over after an option: the text of *send*, or the command that follows --."""
    head, tail = list(arguments), []
    if "--" in arguments:
        at = head.index("--")
        head, tail = head[:at], head[at + 1 :]
    given, rest = parser.parse_known_args(head)
    words = _WORDS.get(given.command)
    strange = [word for word in rest if word.startswith("-")]
    if strange or (rest and words is None) or (tail and words is None):
        parser.error(f"unrecognized arguments: {' '.join(strange or rest or tail)}")
    if words is not None:
        setattr(given, words, [*getattr(given, words), *rest, *tail])
    return given
