"""``podium demo-agent PROJECT AGENT`` and ``podium demo-show``: the programs the demo runs."""

import argparse
import os
import sys
from pathlib import Path

from podium.core.protocol.program_channels import EventWriter
from podium.core.standard_streams import print_anywhere
from podium.demo.agent import ScriptedAgent, demo_speed, idle_turn
from podium.demo.script import load_script

_USAGE_ERROR = 2


def agent_main(argv: list[str]) -> int:
    """Play one turn of a scripted agent in the current folder; ``PODIUM_ROUND`` says which."""
    print_anywhere()
    parser = argparse.ArgumentParser(prog="podium demo-agent", description="One turn of a scripted agent.")
    parser.add_argument("project", metavar="PROJECT", help="harbor or lantern")
    parser.add_argument("agent", metavar="AGENT", help="the agent's id in the project's mission")
    arguments = parser.parse_args(argv)
    try:
        script = load_script(arguments.project)
    except FileNotFoundError:
        print(f"podium demo-agent: there is no demo project “{arguments.project}”.", file=sys.stderr)
        return _USAGE_ERROR
    given = os.environ.get("PODIUM_ROUND", "1")
    number = int(given) if given.isascii() and given.isdigit() else 1
    turn = script.turn(arguments.agent, number) or idle_turn(arguments.agent, number)
    return ScriptedAgent(turn, Path.cwd(), EventWriter.from_environment(), demo_speed()).play()


def show_main(argv: list[str]) -> int:
    """Run the full-screen program until it is quit."""
    from podium.demo.show import Show, terminal_is_there

    parser = argparse.ArgumentParser(
        prog="podium demo-show", description="Colours in motion. Press q to quit."
    )
    parser.parse_args(argv)
    if not terminal_is_there():
        print("podium demo-show: this needs a terminal; run it in one.", file=sys.stderr)
        return _USAGE_ERROR
    return Show().run()
