"""Hooks where paths and settings are odd: links, names that are no UTF-8, several tools at once, escape sequences."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from podium.core.adapters.hooks import HookEvent, Hooks, HooksFormat
from podium.hooks.changes import Standing, carry_out, installing, removing, standing
from podium.hooks.places import Place
from podium.hooks.records import Record, Records
from podium.hooks.settings_files import HooksError

HOOKS = Hooks(
    format=HooksFormat.GROUPS,
    user="~/.tool/settings.json",
    events=(HookEvent(name="Start"), HookEvent(name="Stop")),
)
_KEEP = """\
import sys
from pathlib import Path
from podium.hooks.records import Record, Records

print(flush=True)
sys.stdin.readline()
for number in range(10):
    Records(Path(sys.argv[1])).keep(Path(sys.argv[2]) / str(number), Record("", []))
"""


@pytest.fixture
def records(tmp_path: Path) -> Records:
    return Records(tmp_path / "state" / "hooks.json")


def put_in(path: Path, records: Records) -> None:
    change = installing("tool", HOOKS, Place(path), records)
    assert change is not None
    carry_out(change, records)
    assert standing("tool", HOOKS, Place(path)) is Standing.INSTALLED


def take_out(path: Path, records: Records) -> None:
    change = removing(HOOKS, Place(path), records)
    assert change is not None
    carry_out(change, records)


def test_a_link_to_a_file_that_was_not_there_stays_one(tmp_path: Path, records: Records) -> None:
    link, target = tmp_path / "settings.json", tmp_path / "dotfiles.json"
    link.symlink_to(target.name)
    put_in(link, records)
    assert target.exists()
    take_out(link, records)
    assert link.is_symlink()
    assert not target.exists()


def test_what_was_put_in_over_a_link_is_taken_out_by_another_way(tmp_path: Path, records: Records) -> None:
    project, link = tmp_path / "project", tmp_path / "link"
    project.mkdir()
    link.symlink_to(project)
    put_in(project / ".tool" / "settings.json", records)
    take_out(link / ".tool" / "settings.json", records)
    assert list(project.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_a_name_that_is_no_text_leaves_no_trace(tmp_path: Path, records: Records) -> None:
    project = tmp_path / os.fsdecode(b"p\xff")
    project.mkdir()
    put_in(project / ".tool" / "settings.json", records)
    take_out(project / ".tool" / "settings.json", records)
    assert list(project.iterdir()) == []


def test_no_record_is_lost_where_several_tools_get_hooks_at_once(tmp_path: Path, records: Records) -> None:
    places = [tmp_path / str(number) for number in range(4)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _KEEP, str(tmp_path / "state" / "hooks.json"), str(place)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for place in places
    ]
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()  # It has loaded what it needs.
    for process in running:
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert all(records.of(place / str(number)) for place in places for number in range(10))


def test_a_record_file_of_anything_is_none(tmp_path: Path, records: Records) -> None:
    path = tmp_path / "state" / "hooks.json"
    path.parent.mkdir()
    for content in (b"\xff", b"[1]", b"[" * 100_000, b'{"a": 1}'):
        path.write_bytes(content)
        assert records.of(tmp_path) is None
    records.keep(tmp_path, Record("", []))
    assert records.of(tmp_path) == Record("", [])


def test_no_number_in_the_settings_is_too_long(tmp_path: Path, records: Records) -> None:
    path = tmp_path / "settings.json"
    text = f'{{"big": {"1" * 5000}}}'
    path.write_text(text)
    put_in(path, records)
    take_out(path, records)
    assert path.read_text() == text


@pytest.mark.parametrize("text", ['{"a": \x1b[31mred}', '{"\\ud800" 1}', '{"\\u001b[2J" 1}'])
def test_what_is_said_of_settings_is_safe_to_print(text: str, tmp_path: Path, records: Records) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    with pytest.raises(HooksError) as refused:
        installing("tool", HOOKS, Place(path), records)
    said = str(refused.value)
    assert said.encode()
    assert "\x1b" not in said
    assert path.read_text() == text
