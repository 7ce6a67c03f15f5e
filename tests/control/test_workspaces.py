"""A workspace file over the API: the instances as its text, and a file's instances added."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.routes import ROUTES
from podium.control.api.scope import READ_ONLY, Scope
from podium.control.api.workspaces import AddWorkspace, WriteWorkspace
from podium.core.ids import InstanceId
from podium.core.instances import MAX_INSTANCES
from tests.control.bench import Bench

FILE = '[[instances]]\nname = "a"\n[[instances]]\nname = "b"\ncommand = "make watch"\nstart = false\n'


def at_once(
    work: Callable[[], Any], then: Callable[[Any], None], failed: Callable[[Exception], None]
) -> None:
    try:
        made = work()
    except Exception as error:
        failed(error)
    else:
        then(made)


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(background=at_once)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "shop.podium.toml"
    path.write_text(FILE)
    return str(path)


def test_without_yes_nothing_is_added_and_all_is_said(bench: Bench, file: str) -> None:
    (answer,) = bench.call(AddWorkspace(file=file))
    assert (answer.name, answer.added) == ("shop", False)
    assert [(one.id, one.name, one.command, one.start) for one in answer.instances] == [
        ("", "a", (), True),
        ("", "b", ("make", "watch"), False),
    ]
    assert bench.workspace.ids() == ()


@pytest.mark.parametrize(("start", "running"), [(True, ("a",)), (False, ())])
def test_with_yes_they_are_added_and_started_as_the_file_says(
    bench: Bench, file: str, start: bool, running: tuple[str, ...]
) -> None:
    (answer,) = bench.call(AddWorkspace(file=file, yes=True, start=start))
    assert [one.id for one in answer.instances] == list(bench.workspace.ids()) == ["a", "b"]
    assert tuple(id for id in bench.workspace.ids() if bench.workspace.view(id).busy) == running
    (again,) = bench.call(AddWorkspace(file=file, yes=True))
    assert again.instances == ()


def test_a_faulty_file_adds_nothing_and_says_all(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "x.podium.toml"
    path.write_text('nam = "x"\n[[instances]]\nname = 3\n')
    (refusal,) = bench.call(AddWorkspace(file=str(path), yes=True))
    assert (refusal.status, refusal.code) == (422, "bad-file")
    assert "nam" in refusal.message
    assert "instances[0].name" in refusal.message
    assert bench.workspace.ids() == ()


def test_more_than_there_is_room_for_are_refused_as_a_whole(bench: Bench, file: str) -> None:
    for number in range(MAX_INSTANCES - 1):
        bench.create(f"i{number}")
    (refusal,) = bench.call(AddWorkspace(file=file, yes=True))
    assert (refusal.status, refusal.code) == (409, "too-many")
    assert len(bench.workspace.ids()) == MAX_INSTANCES - 1


@pytest.mark.parametrize("path", ["x.toml", "", "/a\0b"])
def test_only_absolute_paths_are_taken(bench: Bench, path: str) -> None:
    for call in (AddWorkspace(file=path, yes=True), WriteWorkspace(file=path)):
        (refusal,) = bench.call(call)
        assert refusal.status == 422


def test_the_instances_are_a_text(bench: Bench) -> None:
    (refusal,) = bench.call(WriteWorkspace(file="/x.podium.toml"))
    assert refusal.status == 409
    bench.create("a")
    (answer,) = bench.call(WriteWorkspace(file="/x.podium.toml", name="Shop"))
    assert 'name = "Shop"' in answer.text
    assert 'name = "a"' in answer.text


def test_who_may_only_report_or_read_adds_nothing() -> None:
    [route] = [route for route in ROUTES if route.call is AddWorkspace]
    assert not READ_ONLY.allows(route.access, None)
    assert not Scope(instance=InstanceId("a")).allows(route.access, None)
