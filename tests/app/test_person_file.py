"""A file that a person and Podium both write: what is changed in it is told, and no change of either is lost."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from podium.app.background import Background
from podium.app.state.person_file import PersonFile
from podium.app.state.settings_store import SettingsStore
from podium.core.config.loading import LoadedSettings
from podium.core.config.toml_checks import WrongValue


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    background = Background()
    yield background
    background.close()


@pytest.fixture
def owner(background: Background) -> Iterator[QObject]:
    """Has what is made, so that no thread of the background is the last that does."""
    owner = QObject()
    yield owner
    background.close()
    shiboken6.delete(owner)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


class Told:
    """Counts what is told."""

    def __init__(self) -> None:
        self.failures: list[str] = []
        self.loaded: list[LoadedSettings] = []

    def fail(self, reason: str) -> None:
        self.failures.append(reason)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def file(path: Path, background: Background, owner: QObject, qtbot: QtBot) -> PersonFile:
    file = PersonFile(path, background.own.run, owner)
    file.watch()
    qtbot.waitUntil(lambda: file._watcher is not None)
    return file


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_a_file_that_comes_into_a_folder_that_comes_is_told(
    qtbot: QtBot, file: PersonFile, path: Path
) -> None:
    with qtbot.waitSignal(file.changed):
        path.parent.mkdir()
        write(path, "a = 1\n")
    with qtbot.waitSignal(file.changed):
        write(path, "a = 2\n")
    with qtbot.waitSignal(file.changed):
        path.unlink()
    with qtbot.waitSignal(file.changed):
        write(path, "a = 3\n")


def test_a_file_that_is_put_in_its_place_is_told(qtbot: QtBot, file: PersonFile, path: Path) -> None:
    for number in range(3):  # Editors save like this, again and again.
        with qtbot.waitSignal(file.changed):
            new = path.with_name("new")
            write(new, f"a = {number}\n")
            new.replace(path)


def test_edits_are_made_one_after_the_other(qtbot: QtBot, file: PersonFile, path: Path, told: Told) -> None:
    for number in range(20):
        file.edit(lambda text, number=number: f"{text}{number}\n", told.fail)
    wanted = "".join(f"{number}\n" for number in range(20))
    qtbot.waitUntil(lambda: path.exists() and path.read_text() == wanted)
    assert told.failures == []
    assert path.stat().st_mode & 0o077 == 0


def test_an_edit_keeps_permissions_links_and_the_mark_of_utf8(
    qtbot: QtBot, file: PersonFile, path: Path, told: Told, tmp_path: Path
) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_bytes(b"\xef\xbb\xbf# mine\r\n")
    real.chmod(0o640)
    path.parent.mkdir()
    path.symlink_to(real)
    file.edit(lambda text: f"{text}a = 1\n", told.fail)
    qtbot.waitUntil(lambda: real.read_bytes() == b"\xef\xbb\xbf# mine\r\na = 1\n")
    assert path.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("content", "reason"), [(b"\xff", "not UTF-8"), (b"#" * ((1 << 20) + 1), "longer than 1 MiB")]
)
def test_what_can_not_be_edited_is_left_as_it_is(
    qtbot: QtBot, file: PersonFile, path: Path, told: Told, content: bytes, reason: str
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    file.edit(lambda text: text + "x", told.fail)
    qtbot.waitUntil(lambda: bool(told.failures))
    assert reason in told.failures[0]
    assert path.read_bytes() == content


def test_a_failed_edit_keeps_no_later_one_from_being_made(
    qtbot: QtBot, file: PersonFile, path: Path, told: Told
) -> None:
    def refuse(_text: str) -> str:
        raise ValueError("no")

    file.edit(refuse, told.fail)
    file.edit(lambda _text: "b\n", told.fail)
    qtbot.waitUntil(lambda: path.exists() and path.read_text() == "b\n")
    assert told.failures == ["no."]


@pytest.fixture
def store(path: Path, background: Background, owner: QObject, told: Told) -> SettingsStore:
    store = SettingsStore(path, background.own.run, owner)
    store.loaded.connect(told.loaded.append)
    return store


def started(qtbot: QtBot, store: SettingsStore, told: Told) -> None:
    store.start()
    qtbot.waitUntil(lambda: bool(told.loaded) and store._file._watcher is not None)


def test_what_a_person_writes_counts_at_once(
    qtbot: QtBot, store: SettingsStore, told: Told, path: Path
) -> None:
    write(path, "[links]\nask = false\n")
    started(qtbot, store, told)
    assert not store.current.settings.links.ask
    write(path, "[links]\nask = true\n[notify]\nsound = true\n")
    qtbot.waitUntil(lambda: store.current.settings.notify.sound)
    assert store.current.settings.links.ask


def test_a_fault_names_its_line_and_what_counted_before_stays(
    qtbot: QtBot, store: SettingsStore, told: Told, path: Path
) -> None:
    write(path, "[terminal]\nscrollback_lines = 500\n")
    started(qtbot, store, told)
    write(path, '# mine\n\n[terminal]\n# so many\nscrollback_lines = "huge"\nligatures = true\n')
    qtbot.waitUntil(lambda: bool(store.current.faults))
    (fault,) = store.current.faults
    assert fault.place == "line 5: terminal.scrollback_lines"
    assert store.current.settings.terminal.scrollback_lines == 500
    assert store.current.settings.terminal.ligatures
    write(path, "[terminal\n")
    qtbot.waitUntil(lambda: not store.current.readable)
    assert store.current.settings.terminal.ligatures
    write(path, "")
    qtbot.waitUntil(lambda: store.current.readable)
    assert store.current.settings.terminal.scrollback_lines == 10_000


def test_a_change_keeps_what_the_person_wrote(
    qtbot: QtBot, store: SettingsStore, told: Told, path: Path
) -> None:
    write(path, "# mine\n[links]\nask = true # always\n")
    started(qtbot, store, told)
    store.change("links.ask", False, told.fail)
    store.change("notify.quiet_hours", "22:00-07:00", told.fail)
    qtbot.waitUntil(lambda: bool(store.current.settings.notify.quiet_hours))
    assert (
        path.read_text() == '# mine\n[links]\nask = false # always\n\n[notify]\nquiet_hours = "22:00-07:00"\n'
    )
    store.reset("links.ask", told.fail)
    qtbot.waitUntil(lambda: store.current.settings.links.ask)
    assert "ask" not in path.read_text()
    assert told.failures == []


def test_a_change_of_a_broken_file_is_refused_and_nothing_is_lost(
    qtbot: QtBot, store: SettingsStore, told: Told, path: Path
) -> None:
    write(path, "[links\n")
    started(qtbot, store, told)
    store.change("links.ask", False, told.fail)
    qtbot.waitUntil(lambda: bool(told.failures))
    assert path.read_text() == "[links\n"


def test_a_value_that_can_not_be_is_refused_before_anything_is_written(
    store: SettingsStore, told: Told, path: Path
) -> None:
    for key, value in (
        ("links.ask", "no"),
        ("links.asks", True),
        ("nothing", 1),
        ("notify.away_minutes", 5000),
    ):
        with pytest.raises(WrongValue):
            store.change(key, value, told.fail)
    assert not path.exists()


def test_several_changes_are_made_together_or_not_at_all(
    qtbot: QtBot, store: SettingsStore, told: Told, path: Path
) -> None:
    started(qtbot, store, told)
    done: list[object] = []
    store.change_all(
        {"links.ask": False, "notify.sound": True},
        told.fail,
        lambda: done.append((store.current.settings.links.ask, store.current.settings.notify.sound)),
    )
    qtbot.waitUntil(lambda: bool(done))
    assert done == [(False, True)]
    with pytest.raises(WrongValue):
        store.change_all({"links.ask": None, "notify.sound": "loud"}, told.fail)
    assert not store.current.settings.links.ask
    assert told.failures == []


def test_a_reading_that_was_overtaken_does_not_count(path: Path, owner: QObject, told: Told) -> None:
    readings: list[Callable[[], None]] = []

    def run(work: Callable[[], Any], then: Callable[[Any], None], *_: object) -> None:
        found = work()
        readings.append(lambda: then(found))

    store = SettingsStore(path, run, owner)  # type: ignore[arg-type]
    write(path, "[links]\nask = true\n")
    store._load()
    write(path, "[links]\nask = false\n")
    store._load()
    older, newer = readings
    newer()
    older()
    assert not store.current.settings.links.ask
