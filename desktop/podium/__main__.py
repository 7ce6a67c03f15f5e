"""argv → the right entry point. Each is imported only when asked for: a worker must never load Qt."""

import contextlib
import gc
import signal
import sys
from collections.abc import Callable, Iterator, Sequence

Entry = Callable[[Sequence[str]], int]


def _worker(arguments: Sequence[str]) -> int:
    # Nothing of what is loaded is garbage, and looking for some takes its time; tune_gc turns it on again.
    gc.disable()
    from podium.worker.main import main

    return main(arguments)


def _pattern_search(arguments: Sequence[str]) -> int:
    from podium.worker.observers.pattern_process import main

    return main(arguments)


def _mission(arguments: Sequence[str]) -> int:
    from podium.core.system.subreaper import become_subreaper
    from podium.missions.command_line import main
    from podium.missions.rounds.survivors import end_descendants

    become_subreaper()
    try:
        return main(list(arguments))
    finally:
        end_descendants()


def _mission_reaper(arguments: Sequence[str]) -> int:
    if sys.platform == "win32":
        return 2  # Nothing there starts it.
    from podium.missions.reaper import main

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
    "mission-reaper": _mission_reaper,
    "ctl": _ctl,
    "demo-agent": _demo_agent,
    "demo-show": _demo_show,
}
"""Subcommands that need no window; everything else is for ``app``."""


@contextlib.contextmanager
def _silent_interrupts() -> Iterator[None]:
    """Ctrl+C ends the process without a word, until somebody is there to catch it."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``podium ARGUMENTS`` and return its exit status. What goes wrong in Podium becomes a report in a file."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["hook"]:
        # An agent's tool waits for it: nothing else is loaded.
        from podium.hooks.client import main as pass_on

        return pass_on(given[1:])
    with _silent_interrupts():
        from podium.core.system.fault_reports import guarded

    entry = ENTRIES.get(given[0]) if given else None
    if entry is None:
        served = given[:1] == ["serve"]
        # The window has a report of its own open, and shows what goes wrong in it.
        return guarded("serve" if served else "window", lambda: _window(given), hooks=served)
    return guarded(given[0], lambda: entry(given[1:]))


if __name__ == "__main__":
    sys.exit(main())
