"""The settings of one run, from the command line, the environment or the control channel."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from podium.core.config.keyed_tables import Key
from podium.core.config.toml_checks import WrongValue
from podium.core.missions.keys import AGENT_KEYS, MISSION_KEYS
from podium.core.missions.spec import Mission
from podium.core.missions.state import RunSettings


def _check(keys: tuple[Key, ...], name: str) -> Callable[[Any], Any]:
    return next(key.check for key in keys if key.name == name)


# The mission file's own checks: what is out of bounds there is out of bounds here.
_CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "model": _check(AGENT_KEYS, "model"),
    "budgetUsd": _check(MISSION_KEYS, "budget_usd"),
    "maxRounds": _check(MISSION_KEYS, "max_rounds"),
}


class Wanted(msgspec.Struct, frozen=True):
    """The settings a request names; None for those it leaves alone. ``faults`` say what is wrong with the rest."""

    model: str | None = None
    budget_usd: float | None = None
    max_rounds: int | None = None
    faults: tuple[str, ...] = ()


def read_config(text: str) -> Wanted:
    """The settings in a ``config`` request: ``{"model": …, "budgetUsd": …, "maxRounds": …}``. Never raises."""
    try:
        given = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Wanted(faults=("it is not JSON",))
    if not isinstance(given, dict):
        return Wanted(faults=("it is not a JSON object",))
    values: dict[str, Any] = {}
    faults = []
    for name, value in given.items():
        if name not in _CHECKS:
            faults.append(f"there is no “{name[:40]}”; there are {', '.join(_CHECKS)}")
        elif value is None:
            faults.append(f"“{name}” is null; leave it out, or give it a value")
        else:
            try:
                values[name] = _CHECKS[name](value)
            except WrongValue as wrong:
                faults.append(f"“{name}”: {wrong}")
    return Wanted(values.get("model"), values.get("budgetUsd"), values.get("maxRounds"), tuple(faults[:5]))


def checked_model(model: str) -> str:
    """``model`` if it could stand in a mission file, or "". Raises ValueError with what is wrong."""
    if not model:
        return ""
    try:
        return str(_CHECKS["model"](model))
    except WrongValue as wrong:
        raise ValueError(f"This can’t be a model: {wrong.reason} {wrong.fix}") from None


def remember(settings: RunSettings, wanted: Wanted, file: Mission) -> None:
    """Keep what was asked for. ``file`` is the mission as its file has it."""
    if wanted.model is not None:
        settings.model = wanted.model
    if wanted.budget_usd is not None:
        settings.budget_usd, settings.budget_usd_in_file = wanted.budget_usd, file.budget_usd
    if wanted.max_rounds is not None:
        settings.max_rounds, settings.max_rounds_in_file = wanted.max_rounds, file.max_rounds


def applied(settings: RunSettings, file: Mission) -> Mission:
    """The mission of ``file`` with what is set for this run; a value that the file has changed is forgotten here."""
    if settings.budget_usd is not None and settings.budget_usd_in_file != file.budget_usd:
        settings.budget_usd = None
    if settings.max_rounds is not None and settings.max_rounds_in_file != file.max_rounds:
        settings.max_rounds = None
    return msgspec.structs.replace(
        file,
        budget_usd=file.budget_usd if settings.budget_usd is None else settings.budget_usd,
        max_rounds=settings.max_rounds or file.max_rounds,
    )
