"""The settings over the API: read, changed all or none, and closed to whoever may not do everything."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.application.settings import ChangeSettings, GetSettings
from podium.control.api.errors import ApiError
from podium.control.api.routes import ROUTES
from podium.control.api.scope import FULL, READ_ONLY, Scope
from podium.control.operations.application.settings import SettingsOperations
from podium.control.operations.dispatch import Dispatcher
from podium.core.config.declared import declared_sections
from podium.core.ids import InstanceId
from tests.control.bench import Bench
from tests.control.settings_host import FileSettings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def bench(qtbot: QtBot, path: Path) -> Bench:
    bench = Bench()
    bench.operations = Dispatcher(bench.context, "epoch", [SettingsOperations(FileSettings(path))])
    return bench


def test_all_declared_settings_are_told(bench: Bench, path: Path) -> None:
    path.write_text('[logs]\nlevel = "debug"\n[terminal]\nscrollback_lines = "huge"\n')
    (answer,) = bench.call(GetSettings())
    assert [one.key for one in answer.settings] == [
        f"{section.name}.{row.key}" for section in declared_sections() for row in section.rows
    ]
    found = {one.key: one for one in answer.settings}
    assert (found["logs.level"].value, found["logs.level"].default) == ("debug", "info")
    assert found["logs.level"].choices == ("debug", "info", "warning", "error")
    lines = found["terminal.scrollback_lines"]
    assert (lines.value, lines.least, lines.greatest) == (10_000, 0, 1_000_000)
    assert "not a number" in lines.fault
    assert found["keys.newline_tools"].value == found["keys.newline_tools"].default
    assert answer.file == str(path)
    assert answer.faults[0].startswith("line 4: terminal.scrollback_lines: ")
    msgspec.json.encode(answer)


def test_one_can_be_asked_for(bench: Bench) -> None:
    (answer,) = bench.call(GetSettings(setting="links.ask"))
    (setting,) = answer.settings
    assert (setting.key, setting.value, setting.fault) == ("links.ask", True, "")
    (refused,) = bench.call(GetSettings(setting="links.asks"))
    assert (refused.status, refused.code, refused.hint) == (404, "unknown-setting", "Write “links.ask”.")


def test_a_change_is_answered_with_what_counts_then(bench: Bench, path: Path) -> None:
    path.write_text("# mine\n[links]\nask = true # always\n")
    (answer,) = bench.call(ChangeSettings(values={"links.ask": False, "keys.newline_tools": ["aider"]}))
    assert {one.key: one.value for one in answer.settings} == {
        "links.ask": False,
        "keys.newline_tools": ["aider"],
    }
    assert path.read_text().startswith("# mine\n[links]\nask = false # always\n")
    (answer,) = bench.call(ChangeSettings(values={"links.ask": None}))
    assert answer.settings[0].value is True
    assert "ask" not in path.read_text()


@pytest.mark.parametrize(
    ("values", "status", "word"),
    [
        ({"links.ask": False, "logs.level": "loud"}, 422, "logs.level"),
        ({"links.ask": False, "terminal.scrollback_lines": -1}, 422, "out of range"),
        ({"links.ask": False, "links.no": 1}, 404, "links.no"),
        ({"links.ask": False, "control.instances_may": "all"}, 403, "control.instances_may"),
        ({"control.instances_may": None}, 403, "control API"),
        ({"control.enabled": False}, 403, "control.enabled"),
    ],
)
def test_what_can_not_be_changes_nothing(
    bench: Bench, path: Path, values: dict[str, Any], status: int, word: str
) -> None:
    path.write_text("# mine\n")
    (refused,) = bench.call(ChangeSettings(values=values))
    assert isinstance(refused, ApiError)
    assert refused.status == status
    assert word in refused.message
    assert path.read_text() == "# mine\n"


def test_every_setting_of_the_api_itself_is_closed(bench: Bench) -> None:
    (control,) = [section for section in declared_sections() if section.name == "control"]
    for row in control.rows:
        (refused,) = bench.call(ChangeSettings(values={f"control.{row.key}": row.default}))  # type: ignore[dict-item]
        assert (refused.status, refused.code) == (403, "not-over-api")


def test_a_file_with_a_slip_is_not_written(bench: Bench, path: Path) -> None:
    path.write_text("[links\n")
    (refused,) = bench.call(ChangeSettings(values={"links.ask": False}))
    assert (refused.status, refused.code) == (409, "not-written")
    assert path.read_text() == "[links\n"


@pytest.mark.parametrize("call", [GetSettings, ChangeSettings])
def test_neither_an_instance_nor_who_may_only_look_gets_at_them(call: type) -> None:
    [route] = [route for route in ROUTES if route.call is call]
    inside = InstanceId("a")
    assert FULL.allows(route.access, None)
    assert not READ_ONLY.allows(route.access, None)
    assert not Scope(instance=inside).allows(route.access, None)
    assert not Scope(instance=inside).allows(route.access, inside)
