"""The file that older lines are archived in: blocks in, the same blocks out, in little space, and no file after all."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.core.finding.query import SearchQuery
from podium.core.protocol.finding import FindLines
from podium.core.protocol.reports import ErrorReport, ExitedReport, FoundLinesReport, LinesReport, Report
from podium.core.protocol.requests import LinesWanted, Resize
from podium.terminal import Emulator
from podium.worker.saving import line_file
from podium.worker.saving.line_archive import LineArchive
from podium.worker.saving.line_file import LineFile
from tests.worker.harness import WorkerHarness


@pytest.fixture
def file(tmp_path: Path) -> Iterator[LineFile]:
    made = LineFile(tmp_path / "deep" / "lines", spared=0)
    yield made
    made.close()


def size_of(file: LineFile) -> int:
    assert file._file is not None
    return os.fstat(file._file.fileno()).st_size


def test_nothing_is_made_before_it_is_wanted_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    file = LineFile(tmp_path / "lines", spared=0)
    assert not (tmp_path / "lines").exists()
    assert file.get(file.put(b"block")) == b"block"
    assert list((tmp_path / "lines").iterdir()) == []
    if sys.platform != "win32":
        assert (tmp_path / "lines").stat().st_mode & 0o777 == 0o700
        assert file._file is not None
        assert os.fstat(file._file.fileno()).st_mode & 0o777 == 0o600
    file.close()


def test_blocks_come_back_and_the_space_of_dropped_ones_is_used_again(file: LineFile) -> None:
    chance = random.Random(1)
    kept: dict[int, bytes] = {}
    for number in range(5000):
        block = chance.randbytes(chance.randrange(1, 900))
        key = file.put(block)
        assert key not in kept
        kept[key] = block
        while len(kept) > 50:
            # As in a scrollback mostly the oldest, and sometimes any.
            gone = next(iter(kept)) if number % 5 else chance.choice(list(kept))
            del kept[gone]
            file.drop(gone)
    assert all(file.get(key) == block for key, block in kept.items())
    assert size_of(file) < 3 * 50 * 900
    for key in list(kept):
        file.drop(key)
    assert size_of(file) == 0
    assert [file.get(key) for key in kept] == [b""] * len(kept)


@pytest.mark.fault("H8")
def test_no_more_than_its_share_of_the_disk_is_taken(tmp_path: Path) -> None:
    file = LineFile(tmp_path, most=1000, spared=0)
    first = file.put(b"a" * 600)
    assert file.put(b"b" * 600) == -1
    assert "of the disk" in file.fault
    file.drop(first)
    assert file.get(file.put(b"b" * 600)) == b"b" * 600
    file.close()


@pytest.mark.fault("H8")
def test_the_last_space_of_a_disk_is_left_alone(tmp_path: Path) -> None:
    file = LineFile(tmp_path, spared=1 << 62)
    assert file.put(b"block") == -1
    assert file.fault == "The disk is nearly full"
    file.close()


def log(count: int) -> bytes:
    return b"".join(b"%06d some words of a log\r\n" % number for number in range(count))


class Full:
    """A file on a disk that takes ``room`` bytes."""

    def __init__(self, file: object, room: int) -> None:
        self._file = file
        self._room = room
        self._at = 0

    def seek(self, place: int) -> None:
        self._at = place
        self._file.seek(place)  # type: ignore[attr-defined]

    def write(self, data: memoryview) -> int:
        if self._at + len(data) > self._room:
            raise OSError(28, "No space left on device")
        return self._file.write(data)  # type: ignore[attr-defined, no-any-return]

    def __getattr__(self, name: str) -> object:
        return getattr(self._file, name)


def session_like(folder: Path) -> tuple[Emulator, LineArchive, list[Report]]:
    reports: list[Report] = []
    archive = LineArchive(str(folder), reports.append)
    made = Emulator(40, 5, 100_000, store=archive.store)
    made.terminal.scrollback.memory_lines = 500
    return made, archive, reports


def lines_are_true(made: Emulator) -> None:
    """Each line that is kept is the one with its number."""
    for first in range(made.oldest_line, made.first_line, 4000):
        start, lines, _ = made.lines_between(first, 4000)
        for number, line in enumerate(lines[: made.first_line - start]):
            assert line.runs[0].text == f"{start + number:06} some words of a log"


def feed(made: Emulator, count: int) -> None:
    data = log(count)
    for at in range(0, len(data), 60_000):
        made.feed(data[at : at + 60_000])


@pytest.mark.fault("H8")
def test_on_a_full_disk_the_oldest_lines_go_and_the_person_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, archive, reports = session_like(tmp_path)
    made_file = line_file.LineFile._open

    def opened(self: LineFile) -> None:
        if self._file is None:
            made_file(self)
            self._file = Full(self._file, 40_000)  # type: ignore[assignment]

    monkeypatch.setattr(line_file.LineFile, "_open", opened)
    feed(made, 30_000)
    assert made.lines_lost > 1000
    assert 5000 < made.scrollback_length < 30_000
    assert made.first_line + made.cursor.y == 30_000
    lines_are_true(made)
    archive.check(made.lines_lost)
    archive.check(made.lines_lost + 9)
    [told] = reports
    assert isinstance(told, ErrorReport)
    assert "No space left on device" in told.message
    archive.close()


@pytest.mark.fault("H8")
def test_where_no_file_can_be_made_the_newest_lines_stay_in_memory(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    made, archive, reports = session_like(tmp_path / "taken")
    feed(made, 5000)
    assert 400 < made.scrollback_length < 1500
    lines_are_true(made)
    made.resize(20, 3)
    made.resize(40, 200)
    archive.check(made.lines_lost)
    assert len(reports) == 1
    archive.close()


@pytest.mark.fault("H8")
@pytest.mark.parametrize("damage", ["cut", "scramble", "swap"])
def test_damaged_blocks_are_lost_with_what_is_older_and_nothing_else(tmp_path: Path, damage: str) -> None:
    made, archive, reports = session_like(tmp_path)
    feed(made, 20_000)
    store = archive.store
    assert isinstance(store, LineFile)
    assert store._file is not None
    middle = store._end // 2
    if damage == "cut":
        store._file.truncate(middle)
    else:
        store._file.seek(middle)
        piece = store._file.read(2000)
        store._file.seek(middle)
        store._file.write(piece[::-1] if damage == "scramble" else bytes(2000))
    before = made.scrollback_length
    start, lines, _ = made.lines_between(made.oldest_line, 4000)
    assert len(lines) <= 4000
    assert start >= made.oldest_line
    walk = made.walk()
    while not walk.done:
        block = walk.next_block()
        if block is not None:
            for line in block.lines():
                if line.number < made.first_line and line.text:
                    assert line.text == f"{line.number:06} some words of a log"
    assert 500 < made.scrollback_length < before
    lines_are_true(made)
    for size in ((10, 3), (60, 50), (40, 5)):
        made.resize(*size)
    assert made.text_between((made.oldest_line, 0), (made.first_line - 1, 39)).count("words") > 500
    archive.check(made.lines_lost)
    assert len(reports) == 1
    archive.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kill is another thing there")
def test_a_killed_process_leaves_no_file(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys\n"
        "from podium.worker.saving.line_file import LineFile\n"
        "file = LineFile(pathlib.Path(sys.argv[1]), spared=0)\n"
        "assert file.get(file.put(b'secret' * 9999)) == b'secret' * 9999\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert ended.returncode == -9
    assert list(tmp_path.iterdir()) == []


@pytest.mark.fault("H8")
@pytest.mark.skipif(sys.platform == "win32", reason="kill is another thing there")
def test_a_worker_serves_its_archived_lines_and_leaves_no_file_when_it_is_killed(tmp_path: Path) -> None:
    with WorkerHarness(80, 5, scrollback=50_000, archive=str(tmp_path)) as worker:
        worker.shell("seq 1 40000")
        worker.wait_for(ExitedReport)
        worker.send(LinesWanted(1, 0, 3))
        lines = worker.wait_for(LinesReport)
        assert (lines.first, [line.runs[0].text for line in lines.lines]) == (0, ["1", "2", "3"])
        worker.send(Resize(40, 9), LinesWanted(2, 29_998, 2), FindLines(3, SearchQuery("2345", word=True), 9))
        lines = worker.wait_for(LinesReport, lambda report: report.request == 2)
        assert [line.runs[0].text for line in lines.lines] == ["29999", "30000"]
        [found] = worker.wait_for(FoundLinesReport).lines
        assert found.number == 2344
        assert list(tmp_path.iterdir()) == []
        assert str(tmp_path) in "".join(map(os.readlink, Path(f"/proc/{worker.process.pid}/fd").iterdir()))
        worker.process.kill()
        worker.process.wait()
        assert list(tmp_path.iterdir()) == []
