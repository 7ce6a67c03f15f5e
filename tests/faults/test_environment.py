"""What programs find in their environment, started from a terminal, from a tool or from an icon: row F3."""

import os
import shutil
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from podium.core.ids import InstanceId
from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.missions.file import load_mission
from podium.core.protocol.requests import RawInput
from podium.core.system.launcher_variables import ALL
from podium.core.system.process_table import process_entry
from podium.missions.turns.environment import mission_environment
from podium.workspace import environment
from podium.workspace.environment import login_environment, needs_login_shell, program_environment
from podium.workspace.launch import start_request
from podium.workspace.views import InstanceState
from podium.workspace.workspace import Workspace
from tests.pool.conftest import PATIENCE, hub_over

A = InstanceId("a")
FROM_A_TOOL = {
    "CLAUDECODE": "1",
    "CLAUDE_CODE_ENTRYPOINT": "cli",
    "GIT_DIR": "/elsewhere/.git",
    "GIT_INDEX_FILE": "/elsewhere/.git/index",
    "GIT_EDITOR": "true",
    "VIRTUAL_ENV": "/elsewhere/venv",
    "QT_QPA_PLATFORM": "offscreen",
    "QT_PLUGIN_PATH": "/elsewhere/plugins",
    "PYSIDE6_OPTION_PYTHON_ENUM": "0x3",
    "MAKEFLAGS": "-j --jobserver-auth=3,4",
    "MAKELEVEL": "1",
    "npm_config_prefix": "/elsewhere",
    "TMUX": "/tmp/tmux-0/default,1,0",
    "TERM_PROGRAM": "vscode",
    "VSCODE_GIT_IPC_HANDLE": "/run/vscode.sock",
    "GIT_ASKPASS": "/elsewhere/askpass.sh",
    "INVOCATION_ID": "00",
    "NOTIFY_SOCKET": "/run/notify",
    "XDG_ACTIVATION_TOKEN": "x",
    "SHLVL": "7",
    "PODIUM_CONTROL_FD": "9",
}
OF_THE_PERSON = {
    "HOME": "/home/p",
    "LANG": "en_GB.UTF-8",
    "ANTHROPIC_API_KEY": "key",
    "CLAUDE_CODE_USE_BEDROCK": "1",
    "CODEX_HOME": "/home/p/.codex",
    "GIT_AUTHOR_NAME": "P",
    "GIT_SSH_COMMAND": "ssh -i key",
    "EDITOR": "vim",
    "QT_IM_MODULE": "fcitx",
    "QT_SCALE_FACTOR": "1.5",
    "NO_COLOR": "1",
    "PYTHONPATH": "/home/p/lib",
}


@pytest.mark.fault("F3")
def test_nothing_of_a_launcher_and_all_of_the_person() -> None:
    own = {**FROM_A_TOOL, **OF_THE_PERSON, "PATH": "/elsewhere/venv/bin:/usr/bin:/bin"}
    assert program_environment(own) == {**OF_THE_PERSON, "PATH": "/usr/bin:/bin"}
    # The editor of a person is theirs, and so is one who asks for passwords outside of an editor's terminal.
    kept = {"GIT_EDITOR": "vim", "GIT_ASKPASS": "/usr/bin/ksshaskpass"}
    assert program_environment(kept) == kept


@pytest.mark.fault("F3")
def test_every_row_says_why_and_takes_what_it_names() -> None:
    for row in ALL:
        assert row.reason.endswith(".")
        for name in row.names:
            assert program_environment({name.replace("*", "X"): "1"}) == {}, name


@pytest.mark.fault("F3")
def test_agents_of_a_mission_in_a_plain_terminal_are_nobodys_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "m.toml"
    file.write_text('name = "m"\n[[agents]]\nid = "a"\ncommand = ["true"]\n', encoding="utf-8")
    for name, value in FROM_A_TOOL.items():
        monkeypatch.setenv(name, value)
    found = mission_environment(load_mission(file), 1, tmp_path)
    assert not {"CLAUDECODE", "CLAUDE_CODE_ENTRYPOINT", "GIT_DIR", "GIT_INDEX_FILE"} & found.keys()
    # In a terminal the virtual environment is the one in which the person wants the gates to run.
    assert found["VIRTUAL_ENV"] == FROM_A_TOOL["VIRTUAL_ENV"]


@pytest.fixture
def workspace(qtbot: QtBot) -> Iterator[Workspace]:
    made = Workspace(hub_over()[0], {})
    yield made
    over: list[bool] = []
    made.shutdown(lambda: over.append(True))
    qtbot.waitUntil(lambda: bool(over), timeout=PATIENCE)
    made.deleteLater()


def run_in(workspace: Workspace, qtbot: QtBot, spec: InstanceSpec, done: Path) -> str:
    workspace.create(spec)
    qtbot.waitUntil(done.exists, timeout=PATIENCE)
    qtbot.waitUntil(lambda: bool(done.read_text()), timeout=PATIENCE)
    return done.read_text()


@pytest.mark.fault("F3")
def test_a_real_program_of_a_podium_that_a_tool_started(
    workspace: Workspace, qtbot: QtBot, tmp_path: Path
) -> None:
    own = {**FROM_A_TOOL, **OF_THE_PERSON, "PATH": os.environ["PATH"]}
    # What PySide sets for itself is among the variables by the time that programs start.
    script = (
        "import os, sys; os.environ.update(eval(sys.argv[1])); import PySide6.QtCore;"
        "from podium.workspace.environment import program_environment as e; print(repr(e(os.environ)))"
    )
    cleaned = subprocess.run(
        [sys.executable, "-c", script, repr(own)], stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    workspace.set_environment(eval(cleaned))
    out = tmp_path / "out"
    command = ("/bin/sh", "-c", f'/usr/bin/env > "{out}.part"; mv "{out}.part" "{out}"; sleep 60')
    text = run_in(workspace, qtbot, InstanceSpec(A, "a", Kind.COMMAND, ThemeName.ROSE, "/", command), out)
    found = dict(line.partition("=")[::2] for line in text.splitlines())
    ours = {"PODIUM_EVENTS_FD", "PODIUM_CONTROL_FD", "PODIUM_INSTANCE", "PODIUM_WORKER", "PODIUM_RUN"}
    assert not (FROM_A_TOOL.keys() - ours - {"TERM_PROGRAM", "SHLVL"}) & found.keys()
    assert (found["TERM_PROGRAM"], found["TERM"]) == ("Podium", "xterm-256color")
    assert not [name for name in found if name.startswith(("PYSIDE", "QT_QPA", "SHIBOKEN"))]
    assert OF_THE_PERSON.items() <= found.items()


PROFILES = {
    "bash": {".bash_profile": "export PATH=/of/profile:$PATH\n", ".bashrc": ""},
    "sh": {".profile": "export PATH=/of/profile:$PATH\n"},
    "dash": {".profile": "export PATH=/of/profile:$PATH\n"},
    "zsh": {".zprofile": "export PATH=/of/profile:$PATH\n", ".zshrc": ""},
    "fish": {".config/fish/config.fish": "status is-login; and set -gx PATH /of/profile $PATH\n"},
}


def home_of(shell: str, folder: Path) -> Mapping[str, str]:
    """The environment of a desktop's session for somebody whose start-up files set PATH. Skips without the shell."""
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    for name, text in PROFILES[shell].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return {"HOME": str(folder), "SHELL": program, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


@pytest.mark.fault("F3")
@pytest.mark.parametrize("shell", PROFILES)
def test_from_an_icon_the_path_is_that_of_a_login_shell(shell: str, tmp_path: Path) -> None:
    own = {**home_of(shell, tmp_path), "GIT_DIR": "/elsewhere", "PYSIDE6_OPTION_PYTHON_ENUM": "1"}
    assert needs_login_shell(own)
    found = login_environment(own)
    assert "/of/profile" in found["PATH"].split(":")
    assert (
        not {"GIT_DIR", "PYSIDE6_OPTION_PYTHON_ENUM", "PODIUM_READS_ENVIRONMENT", "SHLVL", "PWD"}
        & found.keys()
    )


@pytest.mark.fault("F3")
@pytest.mark.parametrize("shell", PROFILES)
def test_a_login_shell_is_one(shell: str, workspace: Workspace, qtbot: QtBot, tmp_path: Path) -> None:
    own = home_of(shell, tmp_path)
    workspace.set_environment(own)
    workspace.create(InstanceSpec(A, "a", Kind.SHELL, ThemeName.ROSE, str(tmp_path)))
    qtbot.waitUntil(lambda: workspace.state(A) is InstanceState.RUNNING, timeout=PATIENCE)
    out = tmp_path / "out"

    # Typed again until it is there: a shell throws away what came before its prompt.
    def typed() -> bool:
        if not out.exists():
            workspace.send(A, RawInput(b'echo "$PATH" > out\r'))
            qtbot.wait(200)
        return out.exists() and bool(out.read_text())

    qtbot.waitUntil(typed, timeout=PATIENCE)
    assert "/of/profile" in out.read_text()


@pytest.mark.fault("F3")
@pytest.mark.parametrize(
    "profile",
    [
        "exec cat\n",
        "exec /usr/bin/env fish\n",
        "read answer\n",
        "echo noise; printf '\\0noise\\0'; echo more >&2\n",
        "alias env=false; env() { false; }; printf() { false; }; unset -f printf\n",
        "exit 3\n",
        "(trap '' TERM; exec -a an-agent sleep 20) &\n",
    ],
    ids=["exec", "another shell", "asks", "noise", "aliases", "exits", "agent"],
)
def test_what_an_interactive_start_up_file_does_harms_nothing(profile: str, tmp_path: Path) -> None:
    own = home_of("bash", tmp_path)
    (tmp_path / ".bash_profile").write_text(
        "export PATH=/of/profile:$PATH; case $- in *i*) . ~/.bashrc;; esac\n"
    )
    (tmp_path / ".bashrc").write_text(profile)
    assert login_environment(own)["PATH"].startswith("/of/profile")


@pytest.mark.fault("F3")
def test_a_start_up_file_that_never_stops_printing_fills_no_memory(tmp_path: Path) -> None:
    own = home_of("bash", tmp_path)
    (tmp_path / ".bash_profile").write_text("case $- in *i*) yes;; esac; export PATH=/of/profile:$PATH\n")
    tracemalloc.start()
    try:
        assert login_environment(own)["PATH"].startswith("/of/profile")
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.fault("F3")
def test_whatever_a_person_exports_arrives_as_it_is(tmp_path: Path) -> None:
    own = home_of("bash", tmp_path)
    (tmp_path / ".bash_profile").write_text(
        "hi() { echo hi; }; export -f hi\n"
        "export LINES_OF_TEXT=$'one\\ntwo=2\\n' NOT_TEXT=$'\\xff' EMPTY= 'BLANKS= a  b '\n"
        'for n in {1..8}; do printf -v value %100000s ""; export BIG_$n="$value"; done\n'
    )
    found = login_environment(own)
    assert (found["LINES_OF_TEXT"], found["EMPTY"], found["BLANKS"]) == ("one\ntwo=2\n", "", " a  b ")
    assert "echo hi" in found["BASH_FUNC_hi%%"]
    assert [len(found[f"BIG_{number}"]) for number in range(1, 9)] == [100_000] * 8
    assert "NOT_TEXT" not in found


@pytest.mark.fault("F3")
@pytest.mark.parametrize(
    "hangs",
    [
        "setsid -w sh -c 'echo $$ >> ~/pids; sleep 60'",
        "while :; do sh -c 'echo $$ >> ~/pids; sleep 60'; done",
        "trap '' TERM HUP; for n in 1 2 3 4 5 6 7 8; do setsid -w sh -c 'echo $$ >> ~/pids; sleep 60' & done; wait",
        "while :; do setsid -w sh -c 'echo $$ >> ~/pids; sleep 0.01'; done",
    ],
    ids=["in another session", "again when killed", "many", "one after the other"],
)
def test_a_start_up_file_that_hangs_is_given_up_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hangs: str
) -> None:
    monkeypatch.setattr(environment, "_LOGIN_SHELL_SECONDS", 2.0)
    own = home_of("bash", tmp_path)
    (tmp_path / ".bash_profile").write_text(f"echo $$ >> ~/pids; {hangs}\n")
    assert login_environment(own) == own
    pids = [int(line) for line in (tmp_path / "pids").read_text().split()]
    assert len(pids) >= 2
    assert not [pid for pid in pids if (entry := process_entry(pid)) is not None and not entry.zombie]


@pytest.mark.fault("F3")
@pytest.mark.parametrize("shell", ["/usr/sbin/nologin", "/bin/false", "/no/such/shell"])
def test_who_has_no_shell_gets_what_the_desktop_gave(shell: str) -> None:
    own = {"HOME": "/", "SHELL": shell, "PATH": "/usr/bin:/bin"}
    assert login_environment(own) == own


@pytest.mark.fault("F3")
@pytest.mark.parametrize(
    ("term", "expected"),
    [(None, True), ("dumb", True), ("linux", True), ("xterm", False), ("tmux-256color", False)],
)
def test_when_the_login_shell_is_asked(term: str | None, expected: bool) -> None:
    assert needs_login_shell({} if term is None else {"TERM": term}) is expected


@pytest.mark.fault("F3")
def test_a_shell_that_takes_no_option_is_started_as_it_is() -> None:
    spec = InstanceSpec(A, "a", Kind.SHELL, ThemeName.ROSE, "/")
    assert start_request(spec, {"SHELL": "/usr/bin/elvish"}).argv == ("/usr/bin/elvish",)
    assert start_request(spec, {"SHELL": "/usr/bin/zsh"}).argv == ("/usr/bin/zsh", "-l")


@pytest.mark.fault("F3")
@pytest.mark.parametrize("given", [{}, {"LC_CTYPE": "C.UTF-8"}, {"LANG": "C.UTF-8"}])
def test_a_locale_that_python_made_up_is_nobodys(given: dict[str, str]) -> None:
    script = (
        "import os; from podium.workspace.environment import added_by_python, program_environment as e;"
        "print(repr(e(os.environ, added_by_python())))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], env=given, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    assert eval(found) == given
