"""When a screen is kept: output and time in, files out. The clock is ours, the disk is real unless it must not be."""

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from podium.core.protocol.saved_screen import KeptScreen, encode, read
from podium.core.system.private_files import write_private
from podium.terminal import Emulator
from podium.terminal.output.snapshot import Conversion, Snapshot
from podium.worker.saving import screen_saver, screen_write
from podium.worker.saving.screen_saver import LONGEST, QUIET, SHORTEST, ScreenSaver


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Kept:
    """A saver, its terminal, and a list of what was written instead of a disk."""

    def __init__(self, path: Path) -> None:
        self.time = Time()
        self.emulator = Emulator(20, 4, 2000)
        self.path = path
        self.saver = ScreenSaver(self.emulator, str(path), self.time, lambda: 1_700_000_000.0)

    def print(self, text: str) -> None:
        self.emulator.feed(text.encode())
        self.saver.changed()
        self.saver.step()

    def settle(self) -> None:
        """As the loop does: as long as there is work to do at once, then until the disk is done."""
        while self.saver.busy:
            self.saver.step()
        write = self.saver._write
        if write is not None:
            write.wait(None)
            self.time.now += 0.2
            self.saver.step()

    def pass_time(self, seconds: float) -> None:
        end = self.time.now + seconds
        while True:
            deadline = self.saver.next_deadline()
            if deadline is None or deadline > end:
                break
            self.time.now = max(self.time.now, deadline)
            self.saver.step()
            self.settle()
        self.time.now = max(self.time.now, end)

    def text(self) -> str | None:
        screen, _ = read(self.path)
        if screen is None:
            return None
        return "\n".join("".join(run.text for run in line.runs) for line in screen.lines)


class SlowConversion:
    """Every call takes ``seconds``."""

    def __init__(self, time: Time, seconds: float, real: Conversion) -> None:
        self._time = time
        self._seconds = seconds
        self._real = real
        self.lines = real.lines
        self.attributes = real.attributes
        self.left_out = 0

    @property
    def done(self) -> bool:
        return self._real.done

    def convert(self, count: int) -> None:
        self._time.now += self._seconds
        self._real.convert(count)


def slow_down(kept: "Kept", monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Each step of a conversion takes that long by the saver's clock."""
    snapshot = kept.emulator.snapshot

    class SlowSnapshot:
        def __init__(self, real: Snapshot) -> None:
            self._real = real
            self.columns, self.first, self.line_epoch = real.columns, real.first, real.line_epoch
            self.picture = real.picture

        def conversion(self, *arguments: Any) -> SlowConversion:
            return SlowConversion(kept.time, seconds, self._real.conversion(*arguments))

    monkeypatch.setattr(kept.emulator, "snapshot", lambda scrollback: SlowSnapshot(snapshot(scrollback)))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "a.screen")


def test_output_is_kept_when_it_pauses(kept: Kept) -> None:
    assert kept.saver.next_deadline() is None
    kept.print("one")
    kept.pass_time(QUIET - 0.1)
    assert kept.text() is None
    kept.print(" two")
    kept.pass_time(QUIET - 0.1)
    assert kept.text() is None
    kept.pass_time(0.2)
    assert kept.text() == "one two"
    assert kept.saver.next_deadline() is None


def test_output_without_a_pause_is_kept_now_and_then(kept: Kept) -> None:
    seen = []
    for second in range(35):
        kept.print(f"{second}\r\n")
        kept.pass_time(1.0)
        if kept.text() not in (None, *seen):
            seen.append(kept.text())
    assert len(seen) == 3
    assert LONGEST == 10.0


def test_output_that_often_pauses_is_not_kept_all_the_time(kept: Kept) -> None:
    writes = []
    before = None
    for number in range(20):
        kept.print(f"{number}\r\n")
        kept.pass_time(QUIET + 0.1)
        if kept.text() != before:
            before = kept.text()
            writes.append(kept.time.now)
    assert 5 < len(writes) < 20
    assert all(later - sooner >= SHORTEST - 0.5 for sooner, later in pairwise(writes))


def test_a_dear_screen_is_kept_less_often(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    slow_down(kept, monkeypatch, 0.5)
    kept.print("one\r\n" * 3)
    kept.pass_time(QUIET + 5)
    assert kept.text() == "one\none\none"
    kept.print("two")
    kept.pass_time(30)
    assert kept.text() == "one\none\none"
    kept.pass_time(90)
    assert kept.text() == "one\none\none\ntwo"


def test_a_conversion_goes_in_slices_and_keeps_one_moment(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_down(kept, monkeypatch, 0.0006)
    kept.print("".join(f"{n}\r\n" for n in range(100)))
    kept.time.now += QUIET
    kept.saver.step()
    steps = 0
    while kept.saver.busy:
        kept.saver.step()
        kept.emulator.feed(b"later\r\n")
        steps += 1
    kept.settle()
    assert steps > 5
    assert kept.text() == "\n".join(map(str, range(100)))


def test_the_end_keeps_what_no_pause_has_kept_and_waits_for_the_disk(kept: Kept) -> None:
    kept.print("one")
    kept.saver.close()
    assert kept.text() == "one"


def test_the_end_in_the_middle_of_a_conversion_keeps_the_newest(kept: Kept) -> None:
    kept.print("one\r\n" * 300)
    kept.time.now += QUIET
    kept.saver.step()
    assert kept.saver.busy
    kept.print("two")
    kept.saver.close()
    assert (kept.text() or "").endswith("one\ntwo")


def test_nothing_is_written_when_nothing_changed(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.print("one")
    kept.pass_time(QUIET + 1)
    kept.path.unlink()
    kept.saver.prepare_exit()
    kept.saver.close()
    assert kept.text() is None


def failing(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A disk that is full as long as the list is not empty."""
    full = ["No space left on device"]
    write = screen_write.write_private

    def write_private(path: Path, data: bytes, *, durable: bool) -> None:
        if full:
            raise OSError(28, full[0])
        write(path, data, durable=durable)

    monkeypatch.setattr(screen_write, "write_private", write_private)
    return full


def test_a_full_disk_is_told_once_and_tried_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    full = failing(monkeypatch)
    kept.print("one")
    kept.pass_time(QUIET + 1)
    assert "No space left on device" in kept.saver.take_failure()
    kept.pass_time(200)
    assert kept.saver.take_failure() == ""
    full.clear()
    kept.pass_time(120)
    assert kept.text() == "one"
    assert kept.saver.next_deadline() is None


def test_the_last_one_asked_for_is_the_one_that_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    order: list[bytes] = []

    def write_private(_path: Path, data: bytes, *, durable: bool) -> None:
        if not order:
            gate.wait(20)
        order.append(data)

    monkeypatch.setattr(screen_write, "write_private", write_private)
    first, second = KeptScreen(80, ()), KeptScreen(81, ())
    one = screen_write.ScreenWrite(str(tmp_path / "a"), first, durable=False)
    two = screen_write.ScreenWrite(str(tmp_path / "a"), second, durable=True, before=one)
    gate.set()
    two.wait(20)
    assert order == [encode(first), encode(second)]


def test_a_disk_that_hangs_does_not_keep_a_session_from_its_end(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(screen_write, "write_private", lambda *_, **__: gate.wait(60))
    monkeypatch.setattr(screen_saver, "FINAL_PATIENCE", 0.1)
    kept.print("one")
    kept.time.now += QUIET
    kept.saver.step()
    while kept.saver.busy:
        kept.saver.step()
    kept.print("two")
    kept.saver.prepare_exit()
    kept.saver.close()
    gate.set()


def test_a_file_switched_off_in_the_middle_of_a_write_does_not_stay(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    write = screen_write.write_private

    def write_private(path: Path, data: bytes, *, durable: bool) -> None:
        gate.wait(20)
        write(path, data, durable=durable)

    monkeypatch.setattr(screen_write, "write_private", write_private)
    kept.print("secret")
    kept.time.now += QUIET
    kept.saver.step()
    while kept.saver.busy:
        kept.saver.step()
    writing = kept.saver._write
    assert writing is not None
    kept.saver.set_path("")
    gate.set()
    writing.wait(20)
    assert kept.text() is None


@pytest.mark.parametrize(
    ("saved_at", "said"), [(1_700_000_000.0, "── before 1"), (1_600_000_000.0, " Sep 2020, ")]
)
def test_the_line_under_old_text_says_until_when_it_was(kept: Kept, saved_at: float, said: str) -> None:
    old = Kept(kept.path)
    old.print("old")
    old.saver.close()
    screen, _ = read(kept.path)
    assert screen is not None
    write_private(kept.path, encode(KeptScreen(20, screen.lines, saved_at=saved_at)), durable=False)
    kept.emulator.resize(60, 4)
    kept.saver.restore()
    shown = [line.rstrip() for line in kept.emulator.display]
    assert shown[0] == "old"
    assert said in shown[1]
    assert all(cell.dim for cell in kept.emulator.line(1)[:10])
    assert kept.saver.next_deadline() is None


class Disk:
    """Instead of a disk: what was written, and whether it had to be there after a power cut."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.writes: list[tuple[Path, bool]] = []
        write = screen_write.write_private

        def write_private(path: Path, data: bytes, *, durable: bool) -> None:
            self.writes.append((path, durable))
            write(path, data, durable=durable)

        monkeypatch.setattr(screen_write, "write_private", write_private)


def test_only_the_end_waits_until_the_disk_has_it_for_good(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    kept.print("one")
    kept.pass_time(QUIET + 1)
    kept.print("two")
    kept.saver.close()
    assert disk.writes == [(kept.path, False), (kept.path, True)]


def test_what_is_urgent_waits_for_no_pause_and_what_follows_does(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(monkeypatch)
    kept.print("one")
    kept.pass_time(QUIET + 1)
    kept.print("two")
    kept.saver.save_soon()
    kept.saver.step()
    kept.settle()
    assert kept.text() == "onetwo"
    kept.print("three")
    kept.saver.step()
    kept.settle()
    assert kept.text() == "onetwo"
    kept.pass_time(QUIET + SHORTEST)
    assert kept.text() == "onetwothree"
    assert len(disk.writes) == 3


def test_a_new_file_gets_the_screen_at_once_and_the_old_one_goes(kept: Kept, tmp_path: Path) -> None:
    kept.print("one")
    kept.pass_time(QUIET + 1)
    old, kept.path = kept.path, tmp_path / "b.screen"
    kept.saver.set_path(str(kept.path))
    kept.saver.step()
    kept.settle()
    assert kept.text() == "one"
    wait_until(lambda: not old.exists())


def test_the_same_file_again_changes_nothing(kept: Kept) -> None:
    kept.print("one")
    kept.pass_time(QUIET + 1)
    kept.saver.set_path(str(kept.path))
    assert kept.text() == "one"
    assert kept.saver.next_deadline() is None


def test_a_screen_that_was_never_drawn_on_goes_into_no_file(tmp_path: Path) -> None:
    made = Kept(tmp_path / "a.screen")
    made.saver.set_path(str(tmp_path / "b.screen"))
    made.pass_time(QUIET + LONGEST)
    assert not list(tmp_path.iterdir())


def test_a_full_disk_of_another_file_is_told_again(
    kept: Kept, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch)
    kept.print("one")
    kept.pass_time(QUIET + 1)
    assert kept.saver.take_failure()
    kept.saver.set_path(str(tmp_path / "b.screen"))
    kept.pass_time(QUIET + 1)
    assert kept.saver.take_failure()


def test_the_end_of_a_program_is_kept_at_once_and_its_folder_is_not_asked_for_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def shell_folder(pid: int) -> str:
        asked.append(pid)
        return "/home/ada"

    monkeypatch.setattr(screen_saver, "shell_folder", shell_folder)
    kept.saver.program_started(4711)
    kept.print("one")
    kept.pass_time(QUIET + 1)
    kept.print("two")
    kept.saver.program_ended()
    kept.saver.step()
    kept.settle()
    screen, _ = read(kept.path)
    assert screen is not None
    assert (kept.text(), screen.folder, asked) == ("onetwo", "/home/ada", [4711])
    kept.saver.program_started(None)
    kept.print("three")
    kept.pass_time(QUIET + SHORTEST)
    screen, _ = read(kept.path)
    assert screen is not None
    assert screen.folder == ""


def test_a_full_screen_program_that_is_ended_leaves_its_picture_until_the_next_begins(kept: Kept) -> None:
    kept.print("$ vim\r\n\x1b[?1049hpicture")
    kept.saver.prepare_exit()
    kept.print("\x1b[?1049l")
    kept.saver.program_ended()
    kept.saver.step()
    kept.settle()
    assert (kept.text() or "").startswith("$ vim\n")
    assert (kept.text() or "").strip().endswith("picture")
    kept.saver.program_started(None)
    kept.print("next")
    kept.pass_time(QUIET + SHORTEST)
    assert kept.text() == "$ vim\nnext"
