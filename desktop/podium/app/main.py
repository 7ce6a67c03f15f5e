"""argv → window: builds the parts, connects them, runs the event loop."""

import gc
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Final

from podium.app.startup.arguments import (
    DemoOptions,
    OpenOptions,
    RunOptions,
    ServeOptions,
    WindowOptions,
    parse,
)
from podium.app.startup.display import go_offscreen, has_display
from podium.app.version import version_text
from podium.core.workspace_files.paths import missing_error

WITHOUT_QT: Final = (
    "podium.control.http_server.addresses",
    "podium.control.http_server.runtime_folder",
    "podium.app.logs.crash_report",
    "podium.app.logs.log_entries",
    "podium.core.commands",
    "podium.core.config.settings",
    "podium.core.themes",
    "podium.ipc.framing",
    "podium.supervision.program_supervisor",
    "podium.supervision.worker_supervisor",
    "podium.ui.panes.bar_content",
    "podium.workspace.environment",
    "podium.workspace.history_journal",
    "podium.workspace.instances.instance_view",
    "podium.workspace.kept_picture",
    "podium.workspace.launch",
    "socket",
)
"""Modules without Qt that the window needs, with all that they import."""


def main(arguments: Sequence[str]) -> int:
    """Open the window and return the exit status."""
    options = parse(arguments)
    if options.version:
        print(version_text(options.verbose))
        return 0
    if isinstance(options, ServeOptions):
        from podium.app.startup.serve_session import serve

        return serve(options)
    if not (isinstance(options, DemoOptions) and options.apart):
        status = _hand_over(options)
        if status is not None:
            return status
    added: tuple[str, ...] = ()
    if not has_display():
        added = go_offscreen()
        if not isinstance(options, DemoOptions) or not options.until_done:
            if isinstance(options, RunOptions | OpenOptions):
                print("podium: there is no display to open a window on.", file=sys.stderr)
                return 1
            options = _demo_without_display(options)
    # Qt is loaded from here on only: --version and bad arguments answer at once. Nothing of it is garbage, and
    # looking for some would take as long as drawing the window; run_window turns the collector on again.
    gc.disable()
    # PySide reads the source of whatever is loaded after it to see if it is one of its users, so the others come first.
    for module in WITHOUT_QT:
        import_module(module)
    from podium.app.startup.window_session import run_window

    return run_window(options, added)


def _hand_over(options: WindowOptions) -> int | None:
    """The exit status when the window that is open does it, or refuses to; None when this process opens one."""
    from podium.app.startup.hand_over import offer
    from podium.app.state.outcome import NotTaken, Outcome

    if isinstance(options, OpenOptions) and (wrong := missing_error(options.paths)):
        print(f"podium: {wrong}", file=sys.stderr)
        return 2
    try:
        if offer(options) is not Outcome.TAKEN:
            return None
    except NotTaken as error:
        print(f"podium: {error}", file=sys.stderr)
        return 1
    if options.listen is not None or not options.pool:
        note = "Podium was open already; --listen and --no-pool count only when it starts."
        print(f"podium: {note}", file=sys.stderr)
    return 0


def _demo_without_display(options: WindowOptions) -> DemoOptions:
    """The same window offscreen until the demo is done: all that can be seen without a display."""
    folder = Path(tempfile.mkdtemp(prefix="podium-demo-pictures-"))
    print(
        "There is no display, so Podium runs its demo offscreen; this takes about half a minute.", flush=True
    )
    return DemoOptions(options.pool, until_done=True, summary=folder / "summary.json", screenshot=folder)
