"""The version of Podium and of what it runs on, for ``podium --version`` and crash reports."""

import importlib.util
import platform

from podium import __version__
from podium.app.paths import state_path


def version_text(verbose: bool) -> str:
    """``podium 0.1.0``, and with ``verbose`` a line for each thing it runs on."""
    lines = [f"podium {__version__}"]
    if verbose:
        from importlib.metadata import version

        lines.append(f"Python {platform.python_version()} on {platform.platform()}")
        lines += [f"{name} {version(name)}" for name in ("PySide6-Essentials", "pyte", "msgspec", "wcwidth")]
        lines.append(f"Terminal engine: {engine_form()}")
        lines.append(f"State is kept in {state_path()}")
    return "\n".join(lines)


def engine_form() -> str:
    """Whether the terminal engine runs ``compiled`` (mypyc) or ``interpreted``; the source is the same."""
    found = importlib.util.find_spec("podium.terminal.screen.state")
    return "interpreted" if found is None or (found.origin or "").endswith(".py") else "compiled"
