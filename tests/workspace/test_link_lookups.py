"""Candidates in, links out; a disk that hangs holds nobody up."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from podium.core.background import LaneFull
from podium.core.ids import InstanceId
from podium.core.links.targets import (
    Answer,
    Candidate,
    CommitCandidate,
    CommitLink,
    FileCandidate,
    FileLink,
    Reading,
    WebLink,
)
from podium.core.protocol.backend import WorkerState
from podium.core.protocol.reports import ErrorReport, FoldersReport
from podium.core.protocol.requests import FoldersWanted
from podium.workspace.links.lookups import MOST_JOBS, MOST_REMEMBERED, REMEMBERED, LinkLookups, absolute_path
from podium.workspace.links.output_folders import FolderQueries
from tests.workspace.doubles import FakeBackend

A = InstanceId("a")


class Folders:
    """A workspace that knows a folder for each line."""

    def __init__(self, *folders: Path) -> None:
        self.folders = [str(folder) for folder in folders]

    def find_folders(
        self, instance: InstanceId, lines: Sequence[int], receive: Callable[[tuple[str, ...]], None]
    ) -> None:
        receive(tuple(self.folders[min(line, len(self.folders) - 1)] for line in lines))


class Lane:
    """Jobs that are done when the test says so."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Callable[[], Any], Callable[[Any], None], Callable[[Exception], None]]] = []
        self.done = 0

    def __call__(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        assert failed is not None
        self.jobs.append((work, then, failed))

    def work(self) -> None:
        jobs, self.jobs = self.jobs, []
        for work, then, _ in jobs:
            self.done += 1
            then(work())


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def file(*paths: str, line: int = 0) -> FileCandidate:
    return FileCandidate(tuple(Reading(0, 1, path, line) for path in paths))


def look_up(
    lookups: LinkLookups, lane: Lane, *candidates: Candidate, line: int = 0
) -> list[list[Answer | None]]:
    got: list[list[Answer | None]] = []
    lookups.look_up(A, [(line, candidate) for candidate in candidates], got.append)
    lane.work()
    return got


@pytest.fixture
def lane() -> Lane:
    return Lane()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "x.py").write_text("")
    return tmp_path


def test_the_first_reading_that_exists_is_the_link(qapp: QObject, lane: Lane, folder: Path) -> None:
    lookups = LinkLookups(Folders(folder), lane, qapp)
    [answers] = look_up(
        lookups,
        lane,
        file("a/src/x.py", "src/x.py", line=3),
        file("src/"),
        file("src", line=3),
        file("no.py", "../no.py"),
        file(str(folder / "src" / "x.py")),
        file("src/../src/./x.py"),
        WebLink("https://x.io"),
    )
    path = str(folder / "src" / "x.py")
    assert answers == [
        Answer(FileLink(path, 3), 1),
        Answer(FileLink(str(folder / "src"), is_folder=True)),
        None,
        None,
        Answer(FileLink(path)),
        Answer(FileLink(path)),
        None,
    ]


def test_each_line_has_its_own_folder(qapp: QObject, lane: Lane, folder: Path) -> None:
    lookups = LinkLookups(Folders(folder, folder / "src"), lane, qapp)
    got: list[list[Answer | None]] = []
    lookups.look_up(A, [(0, file("x.py")), (1, file("x.py"))], got.append)
    lane.work()
    assert got == [[None, Answer(FileLink(str(folder / "src" / "x.py")))]]


def test_only_ones_own_tilde_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/kim")
    assert absolute_path("/srv", "~/x") == "/home/kim/x"
    assert absolute_path("/srv", "~root/x") == "/srv/~root/x"
    assert absolute_path("/srv/a", "../../../../x") == "/x"
    assert absolute_path("/srv", "/abs") == "/abs"


def test_no_machine_is_looked_for_because_of_a_name(qapp: QObject, lane: Lane, folder: Path) -> None:
    lookups = LinkLookups(Folders(folder, Path("/afs/x.org/kim")), lane, qapp)
    got: list[list[Answer | None]] = []
    for path in ("/net/evil.org/a.py", "/afs/evil.org/a.py", "src/../../../../../../net/x/a.py"):
        lookups.look_up(A, [(0, file(path))], got.append)
    assert lane.jobs == []
    assert got == [[None]] * 3
    lookups.look_up(A, [(1, file("a.py"))], got.append)
    assert len(lane.jobs) == 1, "it is where the program is anyway"


def test_pipes_and_devices_are_no_links(qapp: QObject, lane: Lane, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert look_up(LinkLookups(Folders(tmp_path), lane, qapp), lane, file("pipe.py"), file("/dev/null")) == [
        [None, None]
    ]


def test_commits_of_the_folders_repository(qapp: QObject, lane: Lane, tmp_path: Path) -> None:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q")
    (tmp_path / "x").write_text("")
    git("add", "x")
    git("-c", "user.name=k", "-c", "user.email=k@x", "commit", "-qm", "x")
    commit, blob = git("rev-parse", "HEAD"), git("rev-parse", "HEAD:x")
    lookups = LinkLookups(Folders(tmp_path, tmp_path.parent), lane, qapp)
    wanted = (CommitCandidate(commit[:7]), CommitCandidate(blob[:10]), CommitCandidate("0123456"))
    assert look_up(lookups, lane, *wanted) == [[Answer(CommitLink(commit, str(tmp_path))), None, None]]
    assert look_up(lookups, lane, CommitCandidate(commit), line=1) == [[None]]


def test_what_was_looked_up_holds_for_a_moment(qapp: QObject, lane: Lane, folder: Path) -> None:
    clock = Clock()
    lookups = LinkLookups(Folders(folder), lane, qapp, clock)
    assert look_up(lookups, lane, file("new.py")) == [[None]]
    (folder / "new.py").write_text("")
    assert look_up(lookups, lane, file("new.py")) == [[None]]
    assert lane.done == 1
    clock.now += REMEMBERED
    assert look_up(lookups, lane, file("new.py")) == [[Answer(FileLink(str(folder / "new.py")))]]
    for start in range(0, 2 * MOST_REMEMBERED, 500):
        look_up(lookups, lane, *(file(f"f{number}") for number in range(start, start + 500)))
    assert len(lookups._known) == MOST_REMEMBERED


def test_a_disk_that_hangs_holds_up_only_what_lies_on_it(
    qtbot: QtBot, qapp: QObject, lane: Lane, folder: Path
) -> None:
    lookups = LinkLookups(Folders(folder), lane, qapp)
    got: list[list[Answer | None]] = []
    lookups.look_up(A, [(0, file("/mnt/dead/a.py")), (0, file("src/x.py"))], got.append)
    assert len(lane.jobs) == 2
    hanging = [job for job in lane.jobs if "/mnt/dead/a.py" in repr(job[0].__closure__[0].cell_contents)]  # type: ignore[attr-defined]
    lane.jobs = [job for job in lane.jobs if job not in hanging]
    lane.work()
    qtbot.waitUntil(lambda: bool(got))
    assert got == [[None, Answer(FileLink(str(folder / "src" / "x.py")))]]
    assert look_up(lookups, lane, file("/mnt/dead/b.py"), file("src/x.py")) == [
        [None, Answer(FileLink(str(folder / "src" / "x.py")))]
    ], "nothing more is asked of it meanwhile"
    [(_, then, _)] = hanging
    then({})  # At last.
    lookups.look_up(A, [(0, file("/mnt/dead/b.py"))], got.append)
    assert len(lane.jobs) == 1


def test_jobs_that_hang_are_few_and_a_full_lane_answers(qapp: QObject, lane: Lane, folder: Path) -> None:
    lookups = LinkLookups(Folders(folder), lane, qapp)
    got: list[list[Answer | None]] = []
    for number in range(3 * MOST_JOBS):
        lookups.look_up(A, [(0, file(f"/mnt/dead{number}/a.py"))], got.append)
    assert len(lane.jobs) == MOST_JOBS
    assert got == [[None]] * (2 * MOST_JOBS)
    for _, _, failed in lane.jobs:
        failed(LaneFull("full"))
    assert got == [[None]] * (3 * MOST_JOBS)


def ask(backend: FakeBackend, lines: Sequence[int], usual: str = "/home") -> list[tuple[str, ...]]:
    got: list[tuple[str, ...]] = []
    queries = FolderQueries(backend.hub, QApplication.instance())
    queries.ask(A, lines, usual, got.append)
    return got


def test_a_session_tells_the_folder_of_each_line(qapp: QObject) -> None:
    backend = FakeBackend()
    backend.become(A, WorkerState.RUNNING)
    got = ask(backend, [1, 5, 9])
    [wanted] = backend.requests(A, FoldersWanted)
    assert wanted.lines == (1, 5, 9)
    assert got == []
    backend.report(A, FoldersReport(wanted.request, ("/srv", "", "relative")))
    assert got == [("/srv", "/home", "/home")]


def test_a_session_that_does_not_say_is_not_waited_for(qtbot: QtBot, qapp: QObject) -> None:
    assert ask(FakeBackend(), [1, 2]) == [("/home", "/home")]
    backend = FakeBackend()
    backend.become(A, WorkerState.RUNNING)
    got = ask(backend, [1])
    qtbot.waitUntil(lambda: bool(got))
    [wanted] = backend.requests(A, FoldersWanted)
    backend.report(A, FoldersReport(wanted.request, ("/late",)))
    assert got == [("/home",)]
    for reply in (FoldersReport, ErrorReport):
        got = ask(backend, [1, 2])
        wanted = backend.requests(A, FoldersWanted)[-1]
        if reply is FoldersReport:
            backend.report(A, FoldersReport(wanted.request, ("/one",)))
        else:
            backend.report(A, ErrorReport("no", wanted.request))
        assert got == [("/home", "/home")]
