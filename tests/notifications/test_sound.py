"""Notices in, a player run, or a beep."""

import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from pytestqt.qtbot import QtBot

from podium.attention.alerts import AlertKind
from podium.notifications.sound import Sound, sound_file
from tests.notifications.notices import notice

Player = tuple[str, ...]


class Room:
    """What is to be heard."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.beeps = 0
        self.now = 0.0
        self.sounds: list[Sound] = []

    def player(self, name: str, status: int = 0) -> Player:
        path = self.folder / name
        path.write_text(f'#!/bin/sh\necho "$@" >>"$0.played"\nexit {status}\n')
        path.chmod(0o755)
        return (str(path), "--quiet")

    def played(self, name: str) -> list[str]:
        path = self.folder / f"{name}.played"
        return path.read_text().splitlines() if path.exists() else []

    def beep(self) -> None:
        self.beeps += 1

    def sound(self, *players: Player) -> Sound:
        made = Sound(players, self.beep, lambda: self.now)
        self.sounds.append(made)
        return made


@pytest.fixture
def room(tmp_path: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    qtbot.waitUntil(lambda: all(sound._process is None for sound in made.sounds))


def test_a_question_is_heard_and_many_at_once_are_one(room: Room, qtbot: QtBot) -> None:
    sound = room.sound(room.player("play"))
    for number in range(20):
        sound.tell(notice(number=number))
    qtbot.waitUntil(lambda: room.played("play") != [])
    room.now = 10.0
    qtbot.waitUntil(lambda: sound._process is None)
    sound.tell(notice(number=30))
    qtbot.waitUntil(lambda: len(room.played("play")) == 2)
    assert room.played("play") == [f"--quiet {sound_file()}"] * 2
    assert room.beeps == 0


@pytest.mark.parametrize("kind", [AlertKind.DONE, AlertKind.FAILED, AlertKind.BELL])
def test_nothing_else_is_heard(room: Room, kind: AlertKind) -> None:
    sound = room.sound()
    sound.tell(notice(kind))
    assert room.beeps == 0


@pytest.mark.parametrize("first", ["missing", "failing"])
def test_a_player_that_does_not_play_is_left_for_the_next_and_not_tried_again(
    room: Room, qtbot: QtBot, first: str
) -> None:
    bad: Callable[[], Player] = (
        (lambda: ("/no/such/player",)) if first == "missing" else lambda: room.player("bad", 1)
    )
    sound = room.sound(bad(), room.player("good"))
    for room.now in (0.0, 10.0):
        sound.tell(notice())
        count = 1 if room.now == 0.0 else 2
        qtbot.waitUntil(lambda count=count: len(room.played("good")) == count)
        qtbot.waitUntil(lambda: sound._process is None)
    assert len(room.played("bad")) == (1 if first == "failing" else 0)


def test_without_any_player_there_is_a_beep(room: Room, qtbot: QtBot) -> None:
    sound = room.sound(("/no/such/player",), ("/nor/this",))
    sound.tell(notice())
    qtbot.waitUntil(lambda: room.beeps == 1)
    room.now = 10.0
    sound.tell(notice())
    assert room.beeps == 2


def test_a_player_that_hangs_is_ended(room: Room, qtbot: QtBot) -> None:
    path = room.folder / "hang"
    path.write_text('#!/bin/sh\necho x >>"$0.played"\nexec sleep 1000\n')
    path.chmod(0o755)
    sound = room.sound((str(path),), room.player("next"))
    sound.tell(notice())
    qtbot.waitUntil(lambda: room.played("hang") != [])
    process = sound._process
    assert process is not None
    with qtbot.waitSignal(process.finished):
        sound._late.timeout.emit()
    assert room.played("next") == []
    assert room.beeps == 0


def test_nothing_plays_after_the_end(room: Room, qtbot: QtBot) -> None:
    path = room.folder / "hang"
    path.write_text('#!/bin/sh\necho $$ >"$0.pid"\nexec sleep 1000\n')
    path.chmod(0o755)
    sound = room.sound((str(path),))
    sound.close()
    sound.tell(notice())
    pid = room.folder / "hang.pid"
    qtbot.waitUntil(lambda: pid.exists() and pid.read_text() != "")
    sound.close()
    assert not psutil.pid_exists(int(pid.read_text()))


def test_the_sound_is_short() -> None:
    with wave.open(sound_file()) as file:
        assert 0.2 < file.getnframes() / file.getframerate() < 1.0
        assert file.getnchannels() == 1
