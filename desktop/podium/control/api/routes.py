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
    service,
    terminals,
    window,
    workers,
    workspaces,
)
from podium.control.api.route import Route

ROUTES: Final[tuple[Route, ...]] = (
    *service.ROUTES,
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
