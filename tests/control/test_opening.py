"""Paths in over the API, the window that is to open them out."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from podium.control.api.routes import ROUTES
from podium.control.api.scope import FULL, READ_ONLY, Scope
from podium.control.api.window import OpenPaths
from podium.core.ids import InstanceId
from tests.control.bench import Bench
from tests.control.test_commands import Window


class OpeningWindow(Window):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[tuple[tuple[Path, ...], str]] = []

    def open_paths(self, paths: Sequence[Path], activation: str) -> None:
        self.opened.append((tuple(paths), activation))


def call(bench: Bench, *paths: str, activation: str = "") -> Any:
    (outcome,) = bench.call(OpenPaths(paths=paths, activation=activation))
    return outcome


def test_the_window_opens_them(qtbot: QtBot) -> None:
    window = OpeningWindow()
    bench = Bench(window)
    assert call(bench, "/a.toml", "/b", activation="t").ok
    assert call(bench).ok
    assert window.opened == [((Path("/a.toml"), Path("/b")), "t"), ((), "")]


@pytest.mark.parametrize("path", ["a.toml", "", "/a\0b"])
def test_only_absolute_paths_are_taken(qtbot: QtBot, path: str) -> None:
    window = OpeningWindow()
    outcome = call(Bench(window), "/a", path)
    assert (outcome.status, window.opened) == (422, [])


def test_without_a_window_or_at_its_end_nothing_opens(qtbot: QtBot) -> None:
    assert call(Bench(), "/a").code == "no-window"
    window = OpeningWindow()
    bench = Bench(window)
    bench.workspace.shutdown(lambda: None)
    assert (call(bench, "/a").code, window.opened) == ("closing", [])


def test_neither_an_instance_nor_a_reader_may_open_dialogs() -> None:
    [route] = [route for route in ROUTES if route.call is OpenPaths]
    scope: Callable[[Scope], bool] = lambda scope: scope.allows(route.access, None)  # noqa: E731
    assert [scope(FULL), scope(READ_ONLY), scope(Scope(instance=InstanceId("a")))] == [True, False, False]
