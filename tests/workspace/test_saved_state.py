"""File in, state out; a bad file is kept and named."""

import os
import signal
from pathlib import Path

import pytest

from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.workspace import environment
from podium.workspace.arrangement import Layout
from podium.workspace.environment import needs_login_shell, program_environment, read_login_environment
from podium.workspace.saved_state import SavedState, load, save
from tests.worker.test_worker import wait_gone

STATE = SavedState(
    instances=(InstanceSpec("a", "A b", Kind.SHELL, ThemeName.AMBER, "/tmp"),),
    current="a",
    layout=Layout.GRID,
    geometry=b"\x00\xff",
    undisturbed_until=None,
)


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "workspace.json"
    save(path, STATE)
    loaded = load(path)
    assert (loaded.state, loaded.first_start, loaded.notice) == (STATE, False, "")
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["workspace.json"]


def test_no_file_is_a_first_start(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json").first_start


def test_a_file_that_cannot_be_read_is_set_aside_and_named(tmp_path: Path) -> None:
    deep = b'{"appearance": {"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}}"
    contents = (b"{", b'{"layout": "spiral"}', b'{"version": 99}', b"\xff\xfe", deep)
    for content, suffix in zip(contents, ("", "-2", "-3", "-4", "-5"), strict=True):
        path = tmp_path / "workspace.json"
        path.write_bytes(content)
        loaded = load(path)
        assert (loaded.state, loaded.replaceable) == (SavedState(), True)
        aside = tmp_path / f"workspace.json.unreadable{suffix}"
        assert str(aside) in loaded.notice
        assert aside.read_bytes() == content
        assert not path.exists()


def test_what_can_be_neither_read_nor_set_aside_is_not_to_be_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "workspace.json"
    folder.mkdir()
    assert not load(folder).replaceable
    path = tmp_path / "other.json"
    path.write_bytes(b"{")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError

    monkeypatch.setattr(Path, "rename", refuse)
    loaded = load(path)
    assert not loaded.replaceable
    assert "other.json" in loaded.notice


def test_programs_get_the_persons_environment_only() -> None:
    own = {"PATH": "/bin", "PODIUM_EVENTS_FD": "3", "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "2"}
    own |= {"TMUX": "/tmp/tmux,1,0", "COLUMNS": "80"}
    assert program_environment(own, ("QT_QPA_PLATFORM",)) == {"PATH": "/bin", "QT_SCALE_FACTOR": "2"}
    # Messages are UTF-8: one such value in them and nothing would start any more.
    assert program_environment({"A": "fine", "B": "\udcff"}) == {"A": "fine"}
    frozen = {"LD_LIBRARY_PATH": "/frozen", "LD_LIBRARY_PATH_ORIG": "/own", "_MEIPASS2": "x"}
    assert program_environment(frozen) == {"LD_LIBRARY_PATH": "/own"}


def test_the_login_shells_environment_is_read_past_its_chatter(tmp_path: Path) -> None:
    shell = tmp_path / "shell"
    shell.write_text(
        '#!/bin/sh\necho "welcome A=wrong"\nexport A=right MULTI="x\ny"\nshift 2\nexec /bin/sh "$@"\n'
    )
    shell.chmod(0o755)
    own = {"SHELL": str(shell), "PATH": "/usr/bin:/bin"}
    assert needs_login_shell(own)
    found = read_login_environment(own)
    assert (found["A"], found["MULTI"]) == ("right", "x\ny")


def test_a_daemon_that_holds_the_login_shells_output_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_LOGIN_SHELL_SECONDS", 2.0)
    pid = tmp_path / "pid"
    shell = tmp_path / "shell"
    shell.write_text(f'#!/bin/sh\nsleep 60 & echo $! > {pid}\nexport A=right\nshift 2\nexec /bin/sh "$@"\n')
    shell.chmod(0o755)
    found = read_login_environment({"SHELL": str(shell), "PATH": "/usr/bin:/bin"})
    daemon = int(pid.read_text())
    os.kill(daemon, 0)  # It is the person's, and lives on.
    os.kill(daemon, signal.SIGKILL)
    assert found["A"] == "right"


def test_a_login_shell_that_hangs_is_given_up_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_LOGIN_SHELL_SECONDS", 2.0)
    pid = tmp_path / "pid"
    shell = tmp_path / "shell"
    shell.write_text(f"#!/bin/sh\nsleep 60 & echo $! > {pid}; wait\n")
    shell.chmod(0o755)
    own = {"SHELL": str(shell), "PATH": "/usr/bin:/bin"}
    assert read_login_environment(own) == own
    wait_gone(int(pid.read_text()))


def test_a_login_shell_that_fails_leaves_things_as_they_are(tmp_path: Path) -> None:
    own = {"SHELL": str(tmp_path / "missing"), "PATH": "/bin"}
    assert read_login_environment(own) == own
    assert not needs_login_shell({**own, "TERM": "xterm"})


def test_what_there_is_to_tell_at_the_next_start_keeps_its_name_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "workspace.json"
    path.write_text('{"farewell": "It had to be killed."}')
    state = load(path).state
    assert state.shutdown_notice == "It had to be killed."
    save(path, state)
    assert b'"farewell":"It had to be killed."' in path.read_bytes()
