"""All routes. Each subject declares its own, beside the calls they make."""

from typing import Final

from podium.control.api import (
    attention,
    commands,
    exporting,
    finding,
    instances,
    missions,
    ran_commands,
    records,
    terminals,
    window,
    workers,
    workspaces,
)
from podium.control.api.application import service, settings
from podium.control.api.route import Route

ROUTES: Final[tuple[Route, ...]] = (
    *service.ROUTES,
    *settings.ROUTES,
    *instances.ROUTES,
    *attention.ROUTES,
    *workers.ROUTES,
    *terminals.ROUTES,
    *exporting.ROUTES,
    *finding.ROUTES,
    *ran_commands.ROUTES,
    *records.ROUTES,
    *missions.ROUTES,
    *commands.ROUTES,
    *window.ROUTES,
    *workspaces.ROUTES,
)

EVENTS_PATH: Final = "/ws"
TERMINAL_PATH: Final = "/ws/terminal/"
