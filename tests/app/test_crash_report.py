"""A real end of a real process in, what the next start finds out. Each in a process of its own."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from podium.app.logs.crash_report import MAX_REPORT_BYTES, found_reports, mark_seen

_PROGRAM = """
import os, sys, threading
from pathlib import Path
from podium.app.logs.crash_report import CrashWatch
with CrashWatch(Path(sys.argv[1])) as watch:
    watch.listener = lambda summary, text: print("heard:", summary, flush=True)
    exec(sys.argv[2])
"""
_WAIT = "print('up', flush=True); sys.stdin.readline()"
_SLOT = """
from PySide6.QtCore import QCoreApplication, QTimer
application = QCoreApplication([])
QTimer.singleShot(0, lambda: {}['lost'])
QTimer.singleShot(10, application.quit)
application.exec()
"""


def run(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _PROGRAM, str(folder), body]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def living(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [
        sys.executable,
        "-c",
        _PROGRAM,
        str(tmp_path),
        f"os.write(watch._file.fileno(), b'x'); {_WAIT}",
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()


def test_a_clean_end_leaves_nothing(tmp_path: Path) -> None:
    assert run(tmp_path / "crash", "print('fine')").stdout == "fine\n"
    assert list((tmp_path / "crash").iterdir()) == []


def test_an_abort_leaves_the_stacks_of_all_threads(tmp_path: Path) -> None:
    folder = tmp_path / "crash"
    done = run(
        folder,
        "threading.Thread(target=threading.Event().wait, name='other', daemon=True).start(); os.abort()",
    )
    assert done.returncode == -signal.SIGABRT
    [report] = found_reports(folder)
    assert "Fatal Python error: Aborted" in report.text
    assert "Current thread" in report.text
    assert report.text.count("hread 0x") == 2
    assert report.pid > 1
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(report.path.stat().st_mode) == 0o600
    mark_seen([report])
    assert found_reports(folder) == ()
    assert len(list(folder.glob("*.seen"))) == 1


def test_an_end_by_sigkill_leaves_an_empty_file_that_the_next_start_takes_away(tmp_path: Path) -> None:
    run(tmp_path, "os.kill(os.getpid(), 9)")
    assert len(list(tmp_path.iterdir())) == 1
    assert found_reports(tmp_path) == ()
    assert list(tmp_path.iterdir()) == []


def test_the_report_of_a_window_that_lives_is_not_offered_whatever_its_pid(
    tmp_path: Path, living: subprocess.Popen[str]
) -> None:
    assert found_reports(tmp_path) == ()
    [path] = tmp_path.iterdir()
    renamed = path.rename(path.with_name("20260101-000000-4000000.txt"))
    assert found_reports(tmp_path) == ()
    living.kill()
    living.wait()
    assert [report.path for report in found_reports(tmp_path)] == [renamed]


def test_a_report_is_offered_when_its_pid_is_anothers_by_now(tmp_path: Path) -> None:
    path = tmp_path / f"20260101-120000-{os.getppid()}.txt"
    path.write_text("Fatal Python error: Segmentation fault")
    [report] = found_reports(tmp_path)
    assert (report.path, report.time.isoformat()) == (path, "2026-01-01T12:00:00")


@pytest.mark.parametrize(
    "body",
    [
        _SLOT,
        "thread = threading.Thread(target=lambda: {}['lost']); thread.start(); thread.join()",
        "class Bad:\n    def __del__(self): {}['lost']\nBad()",
        "raise KeyError('lost')",
    ],
    ids=["slot", "thread", "finaliser", "main"],
)
def test_an_exception_nothing_caught_is_passed_on_printed_and_written_down(tmp_path: Path, body: str) -> None:
    done = run(tmp_path, body)
    assert done.stdout == "heard: KeyError: 'lost'\n"
    assert "KeyError: 'lost'" in done.stderr
    [report] = found_reports(tmp_path)
    assert "Traceback" in report.text
    assert "KeyError: 'lost'" in report.text


def test_a_slot_that_fails_for_ever_writes_a_bounded_report(tmp_path: Path) -> None:
    done = run(tmp_path, "for _ in range(5000): sys.excepthook(KeyError, KeyError('x'), None)")
    assert done.stdout.count("KeyError") == 50
    assert done.stdout.count("heard:") == 51
    [report] = found_reports(tmp_path)
    assert report.text.count("KeyError") == 50


def test_the_ten_newest_are_kept_and_a_giant_one_is_cut(tmp_path: Path) -> None:
    for number in range(14):
        (tmp_path / f"20260101-1200{number:02}-4000000.txt").write_text("x" * (MAX_REPORT_BYTES + 5))
    (tmp_path / "notes-of-mine.txt").write_text("mine")
    reports = found_reports(tmp_path)
    assert [report.time.second for report in reports] == list(range(13, 3, -1))
    assert all(len(report.text) == MAX_REPORT_BYTES for report in reports)
    assert len(list(tmp_path.iterdir())) == 11


def test_where_no_file_can_be_made_exceptions_are_still_heard(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = run(tmp_path / "file", "print(bool(watch.trouble)); raise ValueError('no')")
    assert done.stdout == "True\nheard: ValueError: no\n"
    assert found_reports(tmp_path / "file") == ()


def test_everything_is_put_back_at_the_end(tmp_path: Path) -> None:
    program = (
        "import faulthandler, sys, threading\n"
        "from pathlib import Path\n"
        "from podium.app.logs.crash_report import CrashWatch\n"
        "hooks = lambda: (sys.excepthook, threading.excepthook, sys.unraisablehook, faulthandler.is_enabled())\n"
        "before = hooks()\n"
        "with CrashWatch(Path(sys.argv[1])): print(hooks() == before)\n"
        "print(hooks() == before)\n"
    )
    for options in ([], ["-X", "faulthandler"]):
        command = [sys.executable, *options, "-c", program, str(tmp_path)]
        assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "False\nTrue\n"
