"""``podium ctl`` as the author of a script uses it, against a real ``podium serve`` with real programs."""

import contextlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path

import psutil
import pytest

from podium.control.ctl.client import Client
from podium.control.ctl.command_line import main
from tests.control.running import PATIENCE, Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
COMPOSER = Path(__file__).parent.parent / "worker" / "composer.py"


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[[], Running]]:
    running: list[Running] = []

    def start() -> Running:
        running.append(Running(home=tmp_path))
        return running[-1]

    yield start
    for one in running:
        one.close()


@pytest.fixture
def alone(run: Callable[[], Running]) -> Running:
    """A Podium for one test: the test ends it, or is about where it serves."""
    return run()


@pytest.fixture
def podium(shared_podium: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """One for all tests, without instances. Its ``ctl`` runs in this process; ``ctl`` below is the real command."""
    monkeypatch.setattr(shared_podium, "ctl", partial(ctl_here, shared_podium))
    yield shared_podium
    for info in shared_podium.get("/api/orchestrator/instances")["instances"]:
        shared_podium.post(f"/api/orchestrator/{info['id']}/stop")
        shared_podium.wait_for(info["id"], exit=True)
        assert shared_podium.status("DELETE", f"/api/orchestrator/{info['id']}") == 200


def ctl_here(podium: Running, *arguments: str, status: int = 0) -> str:
    """What it said on stdout."""
    said, told = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said), redirect_stderr(told):
        patch.setenv("XDG_RUNTIME_DIR", podium.environment["XDG_RUNTIME_DIR"])
        try:
            given = main(list(arguments))
        except SystemExit as end:
            given = int(end.code or 0)
    assert given == status, (given, said.getvalue(), told.getvalue())
    return said.getvalue()


def mission(folder: Path, script: str, max_rounds: int = 1, gate: str = "true") -> str:
    """A mission of one agent; the path of its file."""
    file = folder / "mission.toml"
    file.write_text(
        f"name = 'Try'\nmax_rounds = {max_rounds}\n"
        f"[[agents]]\nid = 'one'\ncommand = ['/bin/sh', '-c', '''{script}''']\n"
        f"[[gates]]\nname = 'tests'\ncommand = '{gate}'\n"
    )
    return str(file)


def ctl(podium: Running, *arguments: str, status: int = 0, **environment: str) -> tuple[str, str]:
    """What it said on stdout and stderr."""
    ran = subprocess.run(
        [sys.executable, "-m", "podium", "ctl", *arguments],
        env={**podium.environment, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE * 2,
    )
    assert ran.returncode == status, (ran.returncode, ran.stdout, ran.stderr)
    assert "Traceback" not in ran.stderr
    return ran.stdout, ran.stderr


WAITS = 'echo "$PODIUM_ROUND" >> begun; while [ ! -e "go-$PODIUM_ROUND" ]; do sleep 0.05; done'


def rounds_begun(folder: Path) -> list[str]:
    """What WAITS wrote down so far."""
    record = folder / "begun"
    return record.read_text().split() if record.exists() else []


# Sending


@pytest.mark.fault("E5")
def test_a_script_sends_a_prompt_and_waits_for_its_answer(podium: Running, tmp_path: Path) -> None:
    record = tmp_path / "record"
    podium.ctl("start", "a", "--", sys.executable, str(COMPOSER), str(record), str(tmp_path / "gate"))
    podium.ctl("wait", "a", "--text", "ready")
    long = "word " * 18 + "x"
    for text in (long, "one\ntwo\nthree"):
        podium.ctl("send", "a", text, "--enter")
        podium.ctl("wait", "a", "--text", rf"answered {len(text)}: {text.split()[-1]}")
    assert record.read_text().count("\n") == 2
    # The same again: the old answer is on the screen, and is not taken for the new one.
    podium.ctl("send", "a", f"{long}\n")
    assert podium.ctl("wait", "a", "--text", "answered 91", "--timeout", "0.5", status=5) == ""
    podium.ctl("wait", "a", "--text", "answered 91", "--all")
    (tmp_path / "gate").touch()
    podium.ctl("wait", "a", "--text", "answered 91")
    assert len(record.read_text().splitlines()) == 3


@pytest.mark.fault("E5")
def test_a_shell_s_echo_is_no_answer(podium: Running) -> None:
    podium.ctl("start", "s", "--kind", "shell")
    podium.ctl("wait", "s", "--text", r"[$#] $")
    podium.ctl("send", "s", "sleep 1; echo finished", "--enter")
    began = time.monotonic()
    assert podium.ctl("wait", "s", "--text", "finished").strip() == "finished"
    assert time.monotonic() - began > 0.3
    podium.ctl("send", "s", "--typed", "echo a\necho b")
    podium.ctl("send", "s", "--enter")
    podium.ctl("wait", "s", "--text", "^b$")
    podium.ctl("send", "s", "--new", status=2)
    podium.ctl("wait", "s", "--quiet", "1", "--new", status=2)


# The life of a mission


@pytest.mark.fault("E6")
def test_an_interrupted_mission_is_resumed_and_not_begun_again(
    run: Callable[[], Running], tmp_path: Path
) -> None:
    podium = run()
    file = mission(tmp_path, WAITS, max_rounds=3, gate="test -e go-3")
    assert podium.ctl("start", "m", "--mission", file, "--folder", str(tmp_path), "--yes") == "m: Running\n"
    (tmp_path / "go-1").touch()
    podium.wait(lambda: rounds_begun(tmp_path) == ["1", "2"], "round 2")
    # Server, worker and mission end at once, as when the machine loses its power.
    tree = psutil.Process(podium.process.pid).children(recursive=True)
    for process in (psutil.Process(podium.process.pid), *tree):
        with contextlib.suppress(psutil.NoSuchProcess):  # It ended by itself meanwhile.
            process.kill()
    podium.process.wait()

    podium = run()
    assert podium.ctl("instances", "--ids") == ""
    said = ctl(podium, "start", "m", "--mission", file, "--folder", str(tmp_path), status=6)[1]
    assert "was interrupted in round 2" in said
    assert f"podium ctl resume m --mission {file}" in said
    assert "--anew" in said
    assert podium.ctl("instances", "--ids") == ""
    assert "Running" in podium.ctl("resume", "m", "--mission", file, "--folder", str(tmp_path))
    (tmp_path / "go-2").touch()
    podium.wait(lambda: rounds_begun(tmp_path) == ["1", "2", "2", "3"], "round 3")
    (tmp_path / "go-3").touch()
    podium.ctl("wait", "m", "--exit")
    assert "nothing" not in podium.ctl("screen", "m")
    said = ctl(podium, "resume", "m", status=6)[1]
    assert "No run of" in said
    assert podium.ctl("start", "m") == "m: Running\n"  # What is done may begin again.
    podium.ctl("wait", "m", "--exit")


@pytest.mark.fault("E6")
@pytest.mark.parametrize("way", ["resume", "command", "anew", "restart"])
def test_what_was_stopped_goes_on_or_begins_again_as_it_is_asked(
    podium: Running, tmp_path: Path, way: str
) -> None:
    file = mission(tmp_path, WAITS, max_rounds=2, gate="test -e go-2")
    podium.ctl("start", "m", "--mission", file, "--yes")
    (tmp_path / "go-1").touch()
    podium.wait(lambda: rounds_begun(tmp_path) == ["1", "2"], "round 2")
    assert podium.ctl("stop-now", "m") == "m: Stopped\n"
    podium.ctl("start", "m", status=6)
    podium.ctl("restart", "m", status=6)
    match way:
        case "resume":
            podium.ctl("resume", "m")
        case "command":
            podium.post("/api/commands/resume-instance", instance="m")
        case "anew":
            podium.ctl("start", "m", "--anew")
        case "restart":
            podium.ctl("restart", "m", "--anew")
    first = "2" if way in ("resume", "command") else "1"
    podium.wait(lambda: rounds_begun(tmp_path)[:3] == ["1", "2", first], "another turn")
    (tmp_path / "go-2").touch()
    assert podium.ctl("wait", "m", "--exit", "--any") == "done\n"


@pytest.mark.fault("E6")
def test_a_mission_that_asks_is_waiting_and_says_what_for(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, "touch ran")
    told, said = ctl(podium, "start", "m", "--mission", file, status=7)
    assert told == "m: Waiting\n"
    assert "Run it?" in said
    assert "podium ctl send m y --enter" in said
    info = podium.get("/api/orchestrator/m/status")
    assert info["state"] == "waiting"
    assert "Run it?" in info["question"]
    assert info["waitingSeconds"] >= 0
    podium.ctl("send", "m", "what", "--enter")
    podium.ctl("wait", "m", "--state", "waiting")  # It asks again.
    podium.ctl("send", "m", "y", "--enter")
    podium.ctl("wait", "m", "--exit")
    assert (tmp_path / "ran").exists()
    assert podium.get("/api/orchestrator/m/status")["question"] == ""


@pytest.mark.fault("E6")
def test_yes_agrees_beforehand(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, "touch ran")
    podium.ctl("start", "m", "--mission", file, "--yes")
    podium.ctl("wait", "m", "--exit")
    assert (tmp_path / "ran").exists()


@pytest.mark.fault("E6")
def test_no_is_an_answer_too(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, "touch ran")
    podium.ctl("start", "m", "--mission", file, status=7)
    podium.ctl("send", "m", "n", "--enter")
    assert podium.ctl("wait", "m", "--exit", status=130)
    assert not (tmp_path / "ran").exists()


@pytest.mark.fault("E6")
def test_a_running_mission_is_spoken_to(podium: Running, tmp_path: Path) -> None:
    file = mission(tmp_path, f'{WAITS}; echo "$PODIUM_FEEDBACK" >> heard', max_rounds=5, gate="false")
    podium.ctl("start", "m", "--mission", file, "--yes")
    podium.wait((tmp_path / "begun").exists, "round 1")
    podium.ctl("comment", "m", "Mind", "the", "gap")
    podium.ctl("comment", "m", status=2)
    assert "Night shift, rose" in podium.ctl(
        "config", "m", "--rounds", "9", "--name", "Night shift", "--theme", "rose"
    )
    podium.ctl("config", "m", status=2)
    (tmp_path / "go-1").touch()
    podium.wait(lambda: rounds_begun(tmp_path) == ["1", "2"], "round 2")
    assert podium.get("/api/orchestrator/m/status")["maxRounds"] == 9
    podium.ctl("finish-round", "m")
    podium.ctl("wait", "m", "--state", "finishing")
    (tmp_path / "go-2").touch()
    podium.ctl("wait", "m", "--exit", "--any")
    assert "Mind the gap" in (tmp_path / "heard").read_text()
    assert rounds_begun(tmp_path) == ["1", "2"]
    podium.ctl("finish-round", "m", status=6)
    podium.ctl("comment", "m", "late", status=6)


# Outcomes


@pytest.mark.fault("E6")
@pytest.mark.parametrize(("script", "status"), [("exit 0", 0), ("exit 7", 7), ("kill -15 $$", 128 + 15)])
def test_the_end_of_a_program_is_passed_on(podium: Running, script: str, status: int) -> None:
    podium.start("one", "/bin/sh", "-c", f"read x; {script}", policy={"restart": "never"})
    podium.ctl("send", "one", "--enter")
    podium.ctl("wait", "one", "--exit", status=status)
    podium.ctl("wait", "one", "--exit", "--any")
    podium.ctl("wait", "one", "--state", "idle", "--any", status=2)


# What a first try gets wrong


@pytest.mark.fault("E6")
def test_a_misspelt_first_start_leaves_nothing_in_the_way(podium: Running, tmp_path: Path) -> None:
    said = ctl(podium, "start", "one", "--", "nosuchprogram", status=1)[1]
    assert "nosuchprogram" in said
    assert podium.ctl("instances", "--ids") == ""
    podium.ctl("start", "one", "--", "/bin/cat")
    podium.ctl("stop", "one")
    podium.ctl("start", "one", "--name", "The one", "--theme", "rose")
    info = podium.get("/api/orchestrator/one/status")
    assert (info["name"], info["theme"], info["command"]) == ("The one", "rose", ["/bin/cat"])


@pytest.mark.fault("E6")
@pytest.mark.parametrize(
    ("arguments", "status", "word"),
    [
        (["start", "x", "--mission", "nosuch.toml"], 2, "nosuch.toml is not there"),
        (["start", "x", "--mission", "bad.toml"], 1, "nam"),
        (["start", "x", "--mission", "."], 2, "is no file"),
        (["start", "x", "--kind", "shell", "--", "ls"], 2, "runs no command"),
        (["start", "x", "--kind", "mission", "--", "ls"], 2, "runs no command"),
        (["start", "x", "--kind", "mission"], 2, "--mission FILE"),
        (["start", "x", "--kind", "command"], 2, "after --"),
        (["start", "x", "--kind", "shell", "--mission", "bad.toml"], 2, "--kind shell"),
        (["start", "x", "--theme", "pink", "--", "ls"], 2, "indigo"),
        (["start", "x", "--folder", "nosuch", "--", "ls"], 2, "nosuch is not there"),
        (["start", "x", "--env", "A", "--", "ls"], 2, "NAME=VALUE"),
        (["start", "x", "--env", "A=b"], 2, "say what to create"),
        (["resume", "x", "--folder", "."], 2, "say what to create"),
        (["start", "x", "--env", "=b", "--", "ls"], 2, "NAME=VALUE"),
        (["start", "x/y", "--", "ls"], 2, "can't be an id"),
        (["start", "x"], 4, "podium ctl instances"),
        (["start", "x", "--model", "m", "--", "ls"], 1, "for missions"),
        (["resume", "x"], 4, "podium ctl instances"),
        (["stop", "x"], 4, "podium ctl instances"),
        (["finish-round", "x"], 4, "podium ctl instances"),
        (["stop-now", "x"], 4, "podium ctl instances"),
        (["comment", "x", "hello"], 4, "podium ctl instances"),
        (["config", "x", "--name", "y"], 4, "podium ctl instances"),
        (["screen", "x"], 4, "podium ctl instances"),
        (["send", "x", "y"], 4, "podium ctl instances"),
        (["wait", "x", "--exit"], 4, "podium ctl instances"),
        (["remove", "x"], 4, "podium ctl instances"),
        (["restart", "x"], 4, "podium ctl instances"),
        (["screen", "x", "--scrollback", "-1"], 2, "whole number"),
        (["wait", "x", "--state", "sleeping"], 2, "running"),
        (["wait", "x", "--quiet", "nan"], 2, "number of seconds"),
        (["wait", "x", "--exit", "--timeout", "-1"], 2, "number of seconds"),
        (["config", "x", "--budget", "0"], 2, "above 0"),
        (["config", "x", "--rounds", "0"], 2, "whole number"),
        (["history", "--outcome", "nice"], 2, "crashed"),
        (["history", "--limit", "0"], 2, "whole number"),
        (["history", "no/such run"], 4, "run"),
        (["usage", "--days", "inf"], 2, "number of days"),
        (["layout", "--page", "0"], 2, "whole number"),
        (["send", "x"], 2, "TEXT"),
        (["attach", "x", "--detach-key", "Q"], 2, "Ctrl"),
        (["wait", "x"], 2, "--text"),
    ],
)
def test_every_wrong_value_is_said_in_plain_words(
    shared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    status: int,
    word: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(shared))
    (tmp_path / "bad.toml").write_text("nam = 'x'\n")
    try:
        given = main(arguments)
    except SystemExit as end:
        given = int(end.code or 0)
    said = capsys.readouterr()
    assert (given, said.out) == (status, "")
    assert word in said.err
    assert "/api/" not in said.err
    assert (main(["instances", "--ids"]), capsys.readouterr().out) == (0, "")


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    """The runtime folder of a Podium that nothing is left in."""
    with tempfile.TemporaryDirectory(prefix="podium-run-") as folder, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", folder)
        running = Running(home=Path(folder))
        yield Path(folder)
        running.close()


@pytest.mark.fault("E6")
def test_who_goes_in_the_middle_is_said(alone: Running) -> None:
    alone.start("one", "/bin/cat")
    waiting = subprocess.Popen(
        [sys.executable, "-m", "podium", "ctl", "wait", "one", "--text", "never"],
        env=alone.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    client = psutil.Process(waiting.pid)
    alone.wait(lambda: client.net_connections("unix"), "the client")
    following = subprocess.Popen(
        [sys.executable, "-m", "podium", "ctl", "events", "--json"],
        env=alone.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert following.stdout is not None
    begun = threading.Thread(target=following.stdout.readline, daemon=True)
    begun.start()

    def heard() -> bool:
        alone.post("/api/orchestrator/one/notify", text="hello")
        return not begun.is_alive()

    alone.wait(heard, "an event")
    alone.process.send_signal(signal.SIGKILL)
    _, told = following.communicate(timeout=PATIENCE)
    assert (following.returncode, "ended" in told) == (3, True)
    _, said = waiting.communicate(timeout=PATIENCE)
    assert waiting.returncode == 3
    assert "ended before it answered" in said
    said = ctl(alone, "instances", status=3)[1]
    assert "podium serve" in said


@pytest.mark.fault("E6")
def test_nobody_who_reads_is_no_error(podium: Running) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m podium ctl history --json; echo $? >&2"],
        env=podium.environment,
        stdout=_closed_pipe(),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.stderr == "0\n"


def _closed_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


# A server that is still starting


@pytest.mark.fault("E6")
def test_the_start_of_a_server_is_awaited(tmp_path: Path, runtime_folder: Path) -> None:
    reading, writing = os.pipe()
    environment = {**os.environ, "HOME": str(tmp_path)}
    client = [sys.executable, "-m", "podium", "ctl", "--wait-for-server", str(PATIENCE), "instances", "--ids"]
    early = subprocess.Popen(client, env=environment, stderr=subprocess.PIPE, text=True)
    server = subprocess.Popen(
        [sys.executable, "-m", "podium", "serve", "--ready-fd", str(writing)],
        env=environment,
        pass_fds=(writing,),
        stdout=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as ready:
            assert ready.read() == f"{runtime_folder}/podium/podium.sock\n"  # To its end: it is closed then.
        assert early.communicate(timeout=PATIENCE)[1] == ""
        assert early.returncode == 0
        start = [sys.executable, "-m", "podium", "ctl", "start", "one", "--", "/bin/ls", "/proc/self/fd"]
        assert subprocess.run(start, env=environment, check=False).returncode == 0
    finally:
        server.terminate()
        server.wait(PATIENCE)


@pytest.mark.fault("E6")
def test_a_server_that_never_comes_is_said(tmp_path: Path, alone: Running) -> None:
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o700)
    said = ctl(alone, "--wait-for-server", "0.2", "instances", status=3, XDG_RUNTIME_DIR=str(empty))[1]
    assert str(empty) in said


@pytest.mark.fault("E6")
def test_who_can_not_serve_is_never_ready(alone: Running) -> None:
    reading, writing = os.pipe()
    second = subprocess.run(
        [sys.executable, "-m", "podium", "serve", "--ready-fd", str(writing)],
        env=alone.environment,
        pass_fds=(writing,),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    with os.fdopen(reading) as ready:
        assert ready.read() == ""
    assert second.returncode == 3
    for wrong in ("77", "x", "-1"):
        refused = subprocess.run(
            [sys.executable, "-m", "podium", "serve", f"--ready-fd={wrong}"],
            env=alone.environment,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
        assert refused.returncode == 2
        assert "descriptor" in refused.stderr


# Which Podium


@pytest.mark.fault("E7")
def test_where_the_place_is_given_no_other_podium_is_spoken_to(
    alone: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone.start("mine", "/bin/cat")
    with tempfile.TemporaryDirectory(prefix="podium-run-") as folder:
        elsewhere = Path(folder) / "other"
        elsewhere.mkdir(mode=0o700)
        # A place where nobody serves yet: nobody is spoken to.
        for given in ({"XDG_RUNTIME_DIR": str(elsewhere)}, {"XDG_RUNTIME_DIR": "", "HOME": str(elsewhere)}):
            said = ctl(alone, "instances", status=3, **given)[1]
            assert str(elsewhere) in said
        said = ctl(alone, "instances", status=3, PODIUM_SOCKET=str(elsewhere / "one.sock"))[1]
        assert "PODIUM_SOCKET" in said
        ctl(alone, "--socket", str(elsewhere / "none"), "instances", status=3)
        # With a second Podium there, each is spoken to by its own clients.
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(elsewhere))
        second = Running(home=tmp_path)
        try:
            second.start("other", "/bin/cat")
            assert ctl(alone, "instances", "--ids")[0] == "mine\n"
            assert ctl(second, "instances", "--ids")[0] == "other\n"
            assert ctl(alone, "--socket", str(second.socket), "instances", "--ids")[0] == "other\n"
            own = alone.socket.parent / f"instances-{alone.process.pid}" / "mine.sock"
            inside = {"PODIUM_SOCKET": str(own), "PODIUM_INSTANCE": "mine"}
            said = ctl(second, "instances", status=1, **inside)[1]
            assert "podium ctl config" in said
        finally:
            second.close()


@pytest.mark.fault("E7")
def test_a_place_too_deep_for_a_socket_is_found_by_its_own_clients_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served = []
    try:
        for name in ("a", "b"):
            deep = tmp_path / (name * 100)
            deep.mkdir(mode=0o700)
            ready, writing = os.pipe()
            environment = {**os.environ, "XDG_RUNTIME_DIR": str(deep)}
            command = [sys.executable, "-m", "podium", "serve", "--ready-fd", str(writing)]
            server = subprocess.Popen(
                command, env=environment, pass_fds=(writing,), stdout=subprocess.DEVNULL
            )
            os.close(writing)
            with os.fdopen(ready) as told:
                socket = Path(told.read().strip())
            served.append((server, socket, environment))
            client = [sys.executable, "-m", "podium", "ctl", "start", name, "--", "/bin/cat"]
            subprocess.run(client, env=environment, check=True, stdout=subprocess.DEVNULL)
        for name, (_, _, environment) in zip("ab", served, strict=True):
            client = [sys.executable, "-m", "podium", "ctl", "instances", "--ids"]
            listed = subprocess.run(
                client, env=environment, check=True, capture_output=True, text=True
            ).stdout
            assert listed == f"{name}\n"
    finally:
        for server, socket, _ in served:
            server.terminate()
            server.wait(PATIENCE)
            shutil.rmtree(socket.parent, ignore_errors=True)


# Who answers, and what is asked


@pytest.mark.fault("E6")
def test_a_program_that_is_run_again_has_ended_all_the_same(podium: Running) -> None:
    podium.ctl("start", "one", "--", "/bin/sh", "-c", "read line; kill -TERM $$; sleep 60")
    podium.ctl("send", "one", "--enter")
    assert ctl(podium, "wait", "one", "--exit", status=128 + signal.SIGTERM)[0] == "restarting\n"
    podium.ctl("stop", "one")


@pytest.mark.fault("E6")
def test_a_restart_tells_what_a_start_tells(podium: Running, tmp_path: Path) -> None:
    podium.ctl("start", "m", "--mission", mission(tmp_path, "true"), status=7)
    assert "It asks" in ctl(podium, "restart", "m", status=7)[1]
    podium.ctl("stop", "m")
    assert podium.ctl("restart", "m", "--yes") == "m: Running\n"
    podium.ctl("start", "s", "--kind", "shell")
    assert podium.ctl("restart", "s") == "s: Running\n"


@pytest.mark.fault("E6")
def test_what_is_no_text_or_too_much_is_said(podium: Running) -> None:
    podium.ctl("start", "one", "--", "/bin/cat")
    assert "not UTF-8" in ctl(podium, "send", "one", os.fsdecode(b"\xff"), status=1)[1]
    assert "32,768" in ctl(podium, "send", "one", "x" * 40_000, status=2)[1]
    podium.ctl("send", "one", "ä" * 20_000)


@pytest.mark.fault("E6")
@pytest.mark.parametrize("body", [b"{}", b"hello", b"null", b'{"instances": [{}]}', b"[1]"])
def test_somebody_else_who_answers_is_no_fault_of_podium(
    body: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        path = f"{folder}/sock"
        listening.bind(path)
        listening.listen()

        def answer() -> None:
            for _ in range(2):
                with listening.accept()[0] as connected, connected.makefile("rb") as asked:
                    length = 0
                    while (line := asked.readline()) != b"\r\n":
                        if line.lower().startswith(b"content-length:"):
                            length = int(line.split(b":")[1])
                    asked.read(length)
                    connected.sendall(head + body)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        assert main(["--socket", path, "instances"]) == 1
        assert main(["--socket", path, "start", "one"]) == 1
        thread.join(PATIENCE)
    assert capsys.readouterr().err.count("another version") == 2


@pytest.mark.fault("E2")
def test_a_client_waits_for_its_turn_when_many_connect_at_once() -> None:
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        path = f"{folder}/sock"
        listening.bind(path)
        listening.listen(1)
        ahead = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        for one in ahead:  # The queue is full after these.
            one.connect(path)

        def serve() -> None:
            time.sleep(0.3)  # Long enough for the client to meet the full queue; too short only proves less.
            for _ in range(3):
                with listening.accept()[0] as connected:
                    if connected.recv(65536):
                        connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        for one in ahead:
            one.shutdown(socket.SHUT_WR)
        assert Client(Path(path)).get("/") == {}
        thread.join(PATIENCE)
        for one in ahead:
            one.close()
