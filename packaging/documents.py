"""Writes what a package says about the command line: man pages, and completions for bash, zsh and fish.

python packaging/documents.py SHARE    below SHARE, such as /usr/share; all made from the parsers themselves
"""

import argparse
import gzip
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import shtab
from argparse_manpage.manpage import Manpage

from podium import __version__
from podium.app.startup.arguments import build_parser
from podium.control.ctl.parser import build_parser as ctl_parser
from podium.control.ctl.values import a_path
from podium.missions.command_line import build_parser as mission_parser

COMPLETIONS: Final = {
    "bash": "bash-completion/completions/podium",
    "zsh": "zsh/vendor-completions/_podium",
    "fish": "fish/vendor_completions.d/podium.fish",
}
SUMMARIES: Final = {
    "podium": "run teams of AI agents, builds and shells side by side",
    "podium-mission": "run a team of agents in rounds until the gates pass",
    "podium-ctl": "drive a running Podium from a terminal or script",
}
FILES: Final = r"""
.SH FILES
.TP
.I ~/.config/podium/settings.toml
Your settings.
.TP
.I ~/.local/state/podium
What was open, the history, the kept screens and the log. Readable by you alone.
.TP
.I $XDG_RUNTIME_DIR/podium
The sockets of the control API.
.SH SEE ALSO
"""


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Each man page's parser, by the page's name."""
    return {"podium": build_parser(), "podium-mission": mission_parser(), "podium-ctl": ctl_parser()}


def man_page(name: str, parser: argparse.ArgumentParser) -> str:
    """The page's troff source."""
    page = Manpage(
        parser,
        {
            "project_name": "podium",
            "version": __version__,
            "description": SUMMARIES[name],
            "manual_section": "1",
            "manual_title": "Podium",
            "prog": parser.prog,
        },
    )
    text = str(page).replace(f".TH {parser.prog.upper()} ", f".TH {name.upper()} ", 1)
    text = text.replace(f"\n{parser.prog} \\- ", f"\n{name} \\- ", 1)  # A page is found by its NAME.
    others = [f".BR {other} (1)" for other in SUMMARIES if other != name]
    return text + FILES + " ,\n".join(others) + "\n"


def whole_parser() -> argparse.ArgumentParser:
    """One parser with all subcommands of all levels, for completions alone."""
    whole = build_parser()
    for action in _subparsers(whole):
        # argparse has no way to hang a parser that exists below another one.
        action._name_parser_map["mission"] = mission_parser()
        action._name_parser_map["ctl"] = ctl_parser()
    _complete_paths(whole)
    return whole


def _complete_paths(parser: argparse.ArgumentParser) -> None:
    """Mark what takes a path, in all subcommands: shells then offer files for it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                _complete_paths(below)
        elif action.type in (Path, a_path) or action.metavar == "FILE":
            action.complete = shtab.FILE  # type: ignore[attr-defined]


def _subparsers(
    parser: argparse.ArgumentParser,
) -> Iterator["argparse._SubParsersAction[argparse.ArgumentParser]"]:
    return (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))


def write(share: Path) -> None:
    """Write all of it below ``share``."""
    os.environ["COLUMNS"] = "100"  # argparse wraps by the builder's terminal.
    for name, parser in parsers().items():
        _write(
            share / "man" / "man1" / f"{name}.1.gz",
            gzip.compress(man_page(name, parser).encode(), 9, mtime=0),
        )
    for shell, place in COMPLETIONS.items():
        _write(share / place, shtab.complete(whole_parser(), shell).encode())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("documents: name the folder to write below, such as /usr/share")
    write(Path(sys.argv[1]))
