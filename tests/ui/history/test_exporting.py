"""Exports: all that is shown goes into a file, as a whole or not at all."""

import csv
import json
from pathlib import Path

import pytest

from podium.history import runs
from podium.history.database import Database
from podium.history.run_export import TableFormat
from podium.history.run_list import RunOrder
from podium.history.runs import RunFilter
from podium.ui.history.actions import chosen_format
from podium.ui.history.exporting import FILTERS, RunExport
from podium.workspace.kept_screens import run_now
from tests.history.records import a_run
from tests.ui.history.conftest import NOW, Asked

ALL = (RunFilter(), RunOrder.STARTED, False)


@pytest.fixture
def asked(database: Database) -> Asked:
    return Asked(database)


def export(
    asked: Asked, path: Path, format: TableFormat, wanted: tuple[RunFilter, RunOrder, bool] = ALL
) -> str:
    said: list[str] = []
    RunExport(asked, run_now, path, format, wanted, said.append).begin()
    (text,) = said
    return text


def test_more_runs_than_one_answer_has(database: Database, asked: Asked, tmp_path: Path) -> None:
    with database.writing():
        for number in range(1500):
            runs.begin(database, a_run(id=f"{number:04}", started_at=NOW - number))
    path = tmp_path / "runs.csv"
    assert export(asked, path, TableFormat.CSV) == "1,500 runs written to runs.csv"
    with path.open(newline="", encoding="utf-8") as file:
        assert [row["id"] for row in csv.DictReader(file)] == [f"{number:04}" for number in range(1500)]
    assert export(asked, path, TableFormat.JSON) == "1,500 runs written to runs.csv"
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 1500


def test_only_what_is_shown_in_the_order_shown(database: Database, asked: Asked, tmp_path: Path) -> None:
    for name, usd in (("atlas", 1.0), ("border", 2.0), ("atlas 2", 3.0)):
        runs.begin(database, a_run(id=name, name=name, cost_usd=usd))
    path = tmp_path / "runs.json"
    wanted = (RunFilter(text="atlas"), RunOrder.COST, True)
    assert export(asked, path, TableFormat.JSON, wanted) == "2 runs written to runs.json"
    assert [run["name"] for run in json.loads(path.read_text(encoding="utf-8"))] == ["atlas", "atlas 2"]


def test_nothing_but_names_of_columns(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    assert export(asked, path, TableFormat.CSV) == "0 runs written to runs.csv"
    assert path.read_text(encoding="utf-8").startswith("id,instance,name,")


def test_a_failure_leaves_the_old_file(asked: Asked, tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("old")
    asked.failure = OSError("the history is busy")
    assert export(asked, path, TableFormat.CSV) == "runs.csv was not written: the history is busy."
    assert path.read_text() == "old"
    assert list(tmp_path.glob(".runs*")) == []


def test_a_folder_that_is_not_there(asked: Asked, tmp_path: Path) -> None:
    text = export(asked, tmp_path / "gone" / "runs.csv", TableFormat.CSV)
    assert text == "runs.csv was not written: No such file or directory."


def test_a_typed_ending_says_the_format() -> None:
    assert chosen_format("/x/runs.JSON", FILTERS[TableFormat.CSV]) is TableFormat.JSON
    assert chosen_format("/x/runs.csv", FILTERS[TableFormat.JSON]) is TableFormat.CSV
    assert chosen_format("/x/runs", FILTERS[TableFormat.JSON]) is TableFormat.JSON
