"""Podium's settings: what counts, and changes of it, written to the file."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec

from podium.control.api.application.settings import (
    ChangeSettings,
    GetSettings,
    SettingInfo,
    SettingsAnswer,
)
from podium.control.api.errors import ApiError
from podium.control.bridge.futures import settle
from podium.control.operations.table import OperationTable
from podium.core.config.declared import SettingRow, declared_sections, find_row
from podium.core.config.loading import LoadedSettings
from podium.core.config.toml_checks import WrongValue

_OWN: Final = "control."
"""Whoever may control Podium for a while must not be able to keep that right, or to give it to others."""


class SettingsHost(Protocol):
    """The settings in use, and the file they stand in."""

    @property
    def path(self) -> Path: ...

    @property
    def current(self) -> LoadedSettings: ...

    def change_all(
        self,
        values: Mapping[str, object | None],
        failed: Callable[[str], None],
        done: Callable[[], None],
    ) -> None:
        """Write all these values, by ``section.key``, or none; None has the usual one count again. Raises WrongValue
        at once; ``failed`` gets what else goes wrong, ``done`` is called when they count.
        """


class SettingsOperations:
    def __init__(self, settings: SettingsHost) -> None:
        self._settings = settings

    def register(self, table: OperationTable) -> None:
        table.add(GetSettings, self._get)
        table.add(ChangeSettings, self._change)

    def _get(self, call: GetSettings) -> SettingsAnswer:
        if call.setting is None:
            return self._answer(
                {f"{one.name}.{row.key}": row for one in declared_sections() for row in one.rows}
            )
        return self._answer({call.setting: _row(call.setting)})

    def _change(self, call: ChangeSettings) -> Future[Any]:
        rows = {key: _row(key) for key in call.values}
        for key in rows:
            if key.startswith(_OWN):
                raise ApiError(
                    403,
                    "not-over-api",
                    f"{key} says who may use the control API, and can't be changed over it.",
                    f"Change it in the window, or in {self._settings.path}.",
                )
        for key, value in call.values.items():
            if value is not None:
                _check(key, rows[key], value)
        future: Future[Any] = Future()
        self._settings.change_all(
            call.values,
            lambda reason: settle(
                future,
                ApiError(
                    409, "not-written", f"The settings file was not changed: {reason}", "Put it right first."
                ),
            ),
            lambda: settle(future, self._answer(rows)),
        )
        return future

    def _answer(self, rows: Mapping[str, SettingRow]) -> SettingsAnswer:
        loaded = self._settings.current
        return SettingsAnswer(
            file=str(self._settings.path),
            settings=tuple(_info(key, row, loaded) for key, row in rows.items()),
            faults=tuple(
                f"{fault.place}: {fault.reason} {fault.fix}".lstrip(": ") for fault in loaded.faults
            ),
        )


def _row(key: str) -> SettingRow:
    try:
        return find_row(key)[1]
    except WrongValue as wrong:
        raise ApiError(404, "unknown-setting", wrong.reason, wrong.fix) from None


def _check(key: str, row: SettingRow, value: object) -> None:
    try:
        row.check(value)
    except WrongValue as wrong:
        raise ApiError(422, "bad-value", f"{key}: {wrong.reason}", wrong.fix) from None


def _info(key: str, row: SettingRow, loaded: LoadedSettings) -> SettingInfo:
    section, _, name = key.partition(".")
    value = msgspec.to_builtins(getattr(getattr(loaded.settings, section), name))
    low, high = row.bounds or (None, None)
    fault = next((one for one in loaded.faults if one.key == key), None)
    return SettingInfo(
        key=key,
        title=row.title,
        prose=row.prose,
        value=_as_listed(value),
        default=_as_listed(row.default),
        choices=row.choices,
        least=low,
        greatest=high,
        next_start=row.next_start,
        fault=f"{fault.reason} {fault.fix}" if fault is not None else "",
    )


def _as_listed(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
