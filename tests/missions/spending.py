"""Agents that cost something, and what is known of it afterwards."""

from collections.abc import Callable
from pathlib import Path

from tests.missions.mission_process import MissionProcess

from podium.core.protocol.events import OrchestratorStopped
from podium.core.system.app_dirs import config_folder, settings_path

Start = Callable[[str], MissionProcess]
HEAD = "name = 'Try'\nmax_rounds = 1\n"


def told(folder: Path) -> list[float]:
    return [float(line.split()[0]) for line in (folder / "told").read_text().splitlines()]


def agent(name: str, script: str, more: str = "") -> str:
    return f"[[agents]]\nid = '{name}'\ncommand = ['sh', '-c', '''{script}''']\n{more}\n"


def costs(usd: float, more: str = "") -> str:
    return f'echo \'{{"event":"agent:complete","data":{{"costUsd":{usd}{more}}}}}\' > /dev/fd/$PODIUM_EVENTS_FD\n'


def stopped(run: MissionProcess) -> OrchestratorStopped:
    end = run.events[-1]
    assert isinstance(end, OrchestratorStopped)
    return end


def set_day_budget(usd: float) -> None:
    config_folder().mkdir(parents=True, exist_ok=True)
    settings_path().write_text(f"[missions]\nday_budget_usd = {usd}\n")
