"""Every call of the API has one operation, in the module of its subject."""

import inspect
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.application.service import GetHealth, OpenApi
from podium.control.api.errors import ApiError
from podium.control.api.exporting import ReadLines
from podium.control.api.records import ListHistory
from podium.control.api.routes import ROUTES
from podium.control.operations.application.settings import SettingsOperations
from podium.control.operations.dispatch import Dispatcher
from podium.control.operations.records import RecordOperations
from podium.control.operations.table import OperationTable
from podium.history.writer import HistoryThread
from tests.control.bench import Bench
from tests.control.settings_host import FileSettings

IN_THE_SERVER = {OpenApi}
"""What is answered without the main thread."""


@pytest.fixture
def dispatcher(qtbot: QtBot, tmp_path: Path) -> Dispatcher:
    history = HistoryThread(tmp_path / "history.db", lambda _: None)
    records = RecordOperations(history, lambda work: work())
    settings = SettingsOperations(FileSettings(tmp_path / "settings.toml"))
    return Dispatcher(Bench().context, "epoch", (records, settings))


def test_every_call_of_a_route_has_an_operation_and_every_operation_a_route(dispatcher: Dispatcher) -> None:
    assert dispatcher.table.calls == {route.call for route in ROUTES} - IN_THE_SERVER | {ReadLines}


def test_an_operation_is_in_the_module_of_its_calls_subject(dispatcher: Dispatcher) -> None:
    for call in dispatcher.table.calls:
        module = inspect.getmodule(dispatcher.table.operation(call))
        assert module is not None
        assert module.__name__ == call.__module__.replace(".api.", ".operations."), call


def test_a_route_is_in_the_module_of_its_call() -> None:
    for route in ROUTES:
        subject = inspect.getmodule(route.call)
        assert subject is not None
        assert route in subject.ROUTES, route.path


def test_a_call_has_no_second_operation() -> None:
    table = OperationTable()
    table.add(GetHealth, lambda _call: "well")
    with pytest.raises(ValueError, match="GetHealth"):
        table.add(GetHealth, lambda _call: "better")
    assert table.operation(GetHealth)(GetHealth()) == "well"


def test_what_this_podium_does_not_keep_is_refused(qtbot: QtBot) -> None:
    with pytest.raises(ApiError) as refused:
        Bench().operations.carry_out(ListHistory())
    assert (refused.value.status, refused.value.code) == (409, "not-here")
