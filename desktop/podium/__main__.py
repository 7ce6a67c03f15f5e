"""argv → the right entry point. Each is imported only when asked for: a worker must never load Qt."""

import gc
import sys
from collections.abc import Callable, Sequence

Entry = Callable[[Sequence[str]], int]


def _worker(arguments: Sequence[str]) -> int:
    # Nothing of what is loaded is garbage, and looking for some takes its time; calm_collector turns it on again.
    gc.disable()
    from podium.worker.main import main

    return main(arguments)


def _pattern_search(arguments: Sequence[str]) -> int:
    from podium.worker.pattern_process import main

    return main(arguments)


def _mission(arguments: Sequence[str]) -> int:
    from podium.missions.command_line import main

    return main(list(arguments))


def _demo_agent(arguments: Sequence[str]) -> int:
    from podium.demo.command_line import agent_main

    return agent_main(list(arguments))


def _demo_show(arguments: Sequence[str]) -> int:
    from podium.demo.command_line import show_main

    return show_main(list(arguments))


def _window(arguments: Sequence[str]) -> int:
    from podium.app import main

    return main(arguments)


def _ctl(arguments: Sequence[str]) -> int:
    from podium.control.ctl.command_line import main

    return main(list(arguments))


ENTRIES: dict[str, Entry] = {
    "worker": _worker,
    "pattern-search": _pattern_search,
    "mission": _mission,
    "ctl": _ctl,
    "demo-agent": _demo_agent,
    "demo-show": _demo_show,
}
"""Subcommands that need no window; everything else is for ``app``."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``podium ARGUMENTS`` and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    entry = ENTRIES.get(given[0]) if given else None
    return entry(given[1:]) if entry else _window(given)


if __name__ == "__main__":
    sys.exit(main())
