"""A history page on a database of its own, in a window without a screen."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from podium.core.background import RunInBackground
from podium.core.ids import InstanceId
from podium.history.database import Database, open_database
from podium.history.run_list import ListedRun
from podium.ui.history.page import HistoryPage
from podium.ui.main_window import MainWindow
from podium.ui.pages.page import PageId
from podium.workspace.kept_screens import run_now
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import MakeWindow

NOW = 1_790_000_000.0


class Asked:
    """Answers at once, or, while ``held``, when it is told to."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.held = False
        self.failure: Exception | None = None
        self.waiting: list[Callable[[], None]] = []
        self.count = 0

    def __call__(
        self,
        work: Callable[[Database], Any],
        then: Callable[[Any], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self.count += 1
        if self.failure is not None:
            failed(self.failure)
            return
        found = work(self.database)
        if self.held:
            self.waiting.append(lambda: then(found))
        else:
            then(found)

    def release(self) -> None:
        waiting, self.waiting = self.waiting, []
        for answer in waiting:
            answer()


class OpenPage:
    """The page in its window."""

    def __init__(self, window: MainWindow, page: HistoryPage, asked: Asked) -> None:
        self.window = window
        self.page = page
        self.asked = asked

    def ids(self) -> list[str]:
        rows = (self.page.model.row(number) for number in range(self.page.model.rowCount()))
        return [row.run.id for row in rows if isinstance(row, ListedRun)]

    def texts(self) -> list[str]:
        return [self.page.model.index(number).data() for number in range(self.page.model.rowCount())]


OpenHistory = Callable[..., OpenPage]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path / "history.db")
    yield opened.database
    opened.database.close()


@pytest.fixture
def screens(tmp_path: Path) -> Path:
    folder = tmp_path / "screens"
    folder.mkdir()
    return folder


@pytest.fixture
def open_history(
    make_window: MakeWindow, workspace: FakeWorkspace, database: Database, screens: Path
) -> Iterator[OpenHistory]:
    """``open_history(width, height, keep=…)`` shows the page at NOW."""

    opened: list[HistoryPage] = []

    def open(
        width: int = 1440, height: int = 900, *, keep: bool = True, run: RunInBackground = run_now
    ) -> OpenPage:
        asked = Asked(database)
        made: list[HistoryPage] = []

        def kept_path(instance: InstanceId) -> str:
            return str(screens / f"{instance}.screen") if keep else ""

        def make(window: MainWindow) -> HistoryPage:
            page = HistoryPage(
                window.themes, workspace.as_workspace, window, asked, run, kept_path, wall=lambda: NOW
            )
            made.append(page)
            return page

        window = make_window(width, height, pages={PageId.HISTORY: make})
        window.pages.show(PageId.HISTORY)
        opened.append(made[0])
        return OpenPage(window, made[0], asked)

    yield open
    for page in opened:
        page.leave()  # Its timers would ask a database that is closed.
