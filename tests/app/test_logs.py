"""What happens in, lines of a log out: private, rotated, bounded, and never a word of what a person types."""

import json
import os
import stat
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from podium.app.logs.log_entries import LogEntry, Logs
from podium.app.logs.log_files import MAX_BYTES, LogFiles, app_log, instance_log, last_lines, prune
from podium.core.config.settings import LogLevel
from podium.core.ids import InstanceId
from podium.core.protocol.backend import WorkerState, WorkerStatus
from podium.core.protocol.reports import ExitedReport

A = InstanceId("a")
Open = Callable[..., tuple[Logs, LogFiles]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


@pytest.fixture
def open_logs(folder: Path) -> Iterator[Open]:
    opened: list[LogFiles] = []

    def open_them(**options: object) -> tuple[Logs, LogFiles]:
        files = LogFiles(folder, **options)
        opened.append(files)
        logs = Logs()
        logs.attach(files.write)
        return logs, files

    yield open_them
    for files in opened:
        files.close()


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_an_entry_is_a_line_with_time_level_event_text_and_fields(folder: Path, open_logs: Open) -> None:
    logs, files = open_logs()
    logs.app.started(version="0.1.0", pool=True)
    logs.app.exception("ValueError: no", "Traceback\n  line")
    assert files.close()
    started, exception = lines(app_log(folder))
    assert (started["level"], started["event"]) == ("info", "app:started")
    assert started["fields"] == {"version": "0.1.0", "pool": True}
    assert started["pid"] == os.getpid()
    assert started["time"].endswith("Z")
    written = datetime.fromisoformat(started["time"])
    assert abs((datetime.now(UTC) - written).total_seconds()) < 60
    assert (exception["level"], exception["text"]) == ("error", "ValueError: no")
    assert exception["fields"] == {"traceback": "Traceback\n  line"}


def test_an_instance_has_a_file_of_its_own_and_its_workers_words_stand_there_only(
    folder: Path, open_logs: Open
) -> None:
    logs, files = open_logs()
    log = logs.instance(A)
    log.worker_changed(
        WorkerStatus(A, WorkerState.BACKOFF, 2, restart_count=1, reason="It was ended by SIGKILL.")
    )
    log.worker_printed(("Traceback", "KeyError: 3"))
    log.tree_killed(77)
    log.program_started("claude", 3, 42)
    log.program_exited(ExitedReport(signal=9))
    assert files.close()
    own = lines(instance_log(folder, "a"))
    assert [line["event"] for line in own] == [
        "worker:state",
        "worker:log",
        "worker:log",
        "worker:killed",
        "program:started",
        "program:exited",
    ]
    assert all(line["instance"] == "a" for line in own)
    assert own[0]["fields"] == {"state": "backoff", "generation": 2, "restarts": 1, "pid": 0}
    assert (own[0]["level"], own[0]["text"]) == ("warning", "It was ended by SIGKILL.")
    assert own[5]["fields"] == {"signal": 9}
    assert lines(app_log(folder)) == [line for line in own if line["event"] != "worker:log"]


def test_nobody_else_can_read_them(folder: Path, open_logs: Open) -> None:
    folder.mkdir(mode=0o755)
    app_log(folder).touch(mode=0o644)
    mask = os.umask(0)
    try:
        logs, files = open_logs()
        logs.instance(A).tree_killed(1)
        assert files.close()
    finally:
        os.umask(mask)
    for place in (folder, folder / "instances"):
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    for file in (app_log(folder), instance_log(folder, "a")):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_log_never_grows_beyond_five_files_of_a_mebibyte(folder: Path, open_logs: Open) -> None:
    logs, files = open_logs(capacity=100_000)
    for number in range(600):
        logs.app.exception(str(number), "x" * 15_000)
    assert files.close(60)
    kept = sorted(path.name for path in folder.glob("podium.log*"))
    assert kept == ["podium.log", *(f"podium.log.{number}" for number in range(1, 5))]
    assert all(path.stat().st_size <= MAX_BYTES for path in folder.glob("podium.log*"))
    assert lines(app_log(folder))[-1]["text"] == "599"
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.glob("podium.log*"))


def test_texts_are_cut_and_what_can_not_be_written_is_replaced(folder: Path, open_logs: Open) -> None:
    logs, files = open_logs()
    logs.app.refused("x" * 100_000)
    logs.app.refused("half \ud800 a pair\nnext")
    assert files.close()
    long, odd = lines(app_log(folder))
    assert len(long["text"]) == 2000
    assert odd["text"] == "half ? a pair\nnext"


def test_a_flood_is_dropped_and_counted_and_whoever_logs_never_waits(
    folder: Path, open_logs: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    real = os.open

    def slow_disk(path: str, *arguments: int, **more: int) -> int:
        held.wait(20)
        return real(path, *arguments, **more)

    logs, files = open_logs(capacity=10)
    monkeypatch.setattr("podium.app.logs.log_files.os.open", slow_disk)
    for number in range(1000):
        logs.app.refused(str(number))  # It would hang here.
    dropped = files.dropped
    assert 980 <= dropped <= 990
    held.set()
    wait_until(lambda: app_log(folder).exists() and '"9"' in app_log(folder).read_text())
    logs.app.refused("after")
    assert files.close()
    told = [line for line in lines(app_log(folder)) if line["event"] == "log:dropped"]
    assert sum(line["fields"]["entries"] for line in told) == dropped
    assert lines(app_log(folder))[-1]["text"] == "after"


def test_a_worker_that_floods_its_stderr_gets_a_hundred_lines_a_second(folder: Path) -> None:
    from podium.app.logs.log_entries import InstanceLog

    now = [0.0]
    entries: list[LogEntry] = []
    log = InstanceLog(entries.append, A, lambda: now[0])
    for _ in range(50):
        log.worker_printed(tuple(f"line {number}" for number in range(30)))
    assert len(entries) == 100
    now[0] = 1.5
    log.worker_printed(("again",))
    assert entries[100].fields == {"left_out": 1400}
    assert entries[101].text == "again"
    assert len(entries) == 102


def test_the_level_decides_what_is_written(folder: Path, open_logs: Open) -> None:
    logs, files = open_logs(level=LogLevel.WARNING)
    logs.app.started()
    logs.app.refused("no")
    files.level = LogLevel.ERROR
    logs.app.refused("no more")
    logs.app.exception("bad", "")
    assert files.close()
    assert [line["text"] for line in lines(app_log(folder))] == ["no", "bad"]


def test_what_was_logged_before_there_were_files_is_not_lost(folder: Path) -> None:
    logs = Logs()
    for number in range(1500):
        logs.app.refused(str(number))
    files = LogFiles(folder)
    logs.attach(files.write)
    assert files.close()
    assert [line["text"] for line in lines(app_log(folder))] == [str(number) for number in range(500, 1500)]


def test_two_windows_write_to_one_log_and_one_of_them_turns_it_over(folder: Path, open_logs: Open) -> None:
    mine, my_files = open_logs()
    theirs, _ = open_logs()
    theirs.app.refused("theirs")
    mine.app.refused("mine")
    wait_until(lambda: app_log(folder).exists() and app_log(folder).read_text().count("\n") == 2)
    app_log(folder).rename(app_log(folder).with_suffix(".log.1"))  # What the other window does.
    mine.app.refused("after")
    assert my_files.close()
    assert [line["text"] for line in lines(app_log(folder))] == ["after"]


def test_few_files_are_open_however_many_instances_log(folder: Path, open_logs: Open) -> None:
    logs, files = open_logs()
    logs.app.refused("first")
    wait_until(lambda: bool(last_lines(folder, 1)))
    before = descriptors()
    for _ in range(2):
        for number in range(100):
            logs.instance(InstanceId(f"i{number}")).tree_killed(1)
    logs.app.refused("last")
    wait_until(lambda: '"last"' in last_lines(folder, 1)[0])
    assert descriptors() <= before + 8
    assert files.close()
    assert descriptors() < before
    assert all(len(lines(instance_log(folder, f"i{number}"))) == 2 for number in range(100))


def test_old_logs_and_those_beyond_the_number_are_removed(folder: Path, open_logs: Open) -> None:
    place = folder / "instances"
    place.mkdir(parents=True)
    now = time.time()
    for number in range(12):
        path = place / f"i{number}.log"
        path.touch()
        os.utime(path, (now - number * 60, now - number * 60))
    os.utime(place / "i3.log", (now - 31 * 24 * 3600,) * 2)
    (place / "other.txt").touch()
    logs, files = open_logs(keep=5)
    logs.app.refused("x")
    assert files.close()
    assert {path.name for path in place.iterdir()} == {
        "i0.log",
        "i1.log",
        "i2.log",
        "i4.log",
        "i5.log",
        "other.txt",
    }
    prune(place, 0, 0.0)
    assert [path.name for path in place.iterdir()] == ["other.txt"]


def test_a_folder_that_can_not_be_made_is_told_and_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    files = LogFiles(tmp_path / "file" / "logs")
    logs = Logs()
    logs.attach(files.write)
    logs.app.refused("x")
    assert files.close()
    assert "Not a directory" in files.trouble


def test_a_folder_that_was_removed_is_made_again(folder: Path, open_logs: Open) -> None:
    logs, files = open_logs()
    logs.app.refused("one")
    wait_until(lambda: app_log(folder).exists() and bool(app_log(folder).read_text()))
    app_log(folder).unlink()
    (folder / "instances").rmdir()
    folder.rmdir()
    for number in range(3):
        logs.app.refused(str(number))
    assert files.close()
    assert lines(app_log(folder))[-1]["text"] == "2"


def test_the_last_lines_come_from_the_file_before_too(folder: Path) -> None:
    folder.mkdir()
    assert last_lines(folder, 50) == ()
    (folder / "podium.log.1").write_text("".join(f"{number}\n" for number in range(100)))
    app_log(folder).write_text("100\n101\n")
    assert last_lines(folder, 4) == ("98", "99", "100", "101")
    app_log(folder).write_text("x" * 300_000 + "\nlast\n")
    assert last_lines(folder, 1) == ("last",)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
