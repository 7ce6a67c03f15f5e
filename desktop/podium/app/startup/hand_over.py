"""Hands what a command line asks for to the Podium window that is open already. Free of Qt: the second process ends at
once.
"""

from typing import TYPE_CHECKING, Final

from podium.app.paths import settings_path
from podium.app.startup.arguments import DemoOptions, OpenOptions, RunOptions, WindowOptions
from podium.app.state.outcome import NotTaken, Outcome
from podium.control.http_server.runtime_folder import find_folder
from podium.core.commands import CommandId
from podium.core.config.loading import load_settings
from podium.core.system.app_dirs import state_folder

if TYPE_CHECKING:
    from podium.control.ctl.client import Client

_PATIENCE: Final = 5.0
"""Seconds that the other window may take to answer."""


def offer(options: WindowOptions) -> Outcome:
    """Have the window that is open do what ``options`` ask for. Raises NotTaken."""
    # Only here: a window that is opened without another one needs no client.
    from podium.control.ctl.client import Client, NoPodium, Refused, StrangeAnswer

    try:
        _ask(Client(find_folder().socket), options)
    except NoPodium as error:
        return Outcome.NEVER if error.silent else Outcome.NOT_YET
    except StrangeAnswer:
        return Outcome.NEVER
    except Refused as error:
        if error.status == 403 or error.code == "not-now":
            raise NotTaken(str(error)) from error
        return Outcome.NOT_YET if error.code == "closing" else Outcome.NEVER
    return Outcome.TAKEN


def offer_again(options: WindowOptions) -> Outcome:
    """The same, when another window is open for sure: it may not serve yet, unless the settings say that none does.
    Raises NotTaken.
    """
    outcome = offer(options)
    if outcome is Outcome.NOT_YET and not load_settings(settings_path()).settings.control.enabled:
        return Outcome.NEVER
    return outcome


def _ask(client: "Client", options: WindowOptions) -> None:
    from podium.control.ctl.client import activation_token

    state = str(state_folder())
    if isinstance(options, RunOptions):
        body = {
            "name": options.name,
            "command": options.command,
            "agent": options.agent,
            "prompt": options.prompt,
            "theme": options.theme,
            "folder": str(options.folder.absolute()),
            "activation": activation_token(),
            "state": state,
        }
        client.post("/api/window/run", body, _PATIENCE)
        return
    client.open_paths(options.paths if isinstance(options, OpenOptions) else (), _PATIENCE, state)
    if isinstance(options, DemoOptions):
        client.post(f"/api/commands/{CommandId.WATCH_DEMO}", patience=_PATIENCE)
