"""A first try that is wrong, and a Podium that goes: plain words, nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from podium.control.ctl.command_line import main
from tests.control.ctl.helpers import ctl, mission
from tests.control.running import PATIENCE, Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


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
        (["usage", "--day", "soon"], 2, "2026-01-31"),
        (["usage", "--day", "1969-12-31"], 2, "2026-01-31"),
        (["usage", "--day", "9999-12-31"], 2, "2026-01-31"),
        (["usage", "--day", "today", "--days", "2"], 2, "not allowed"),
        (["layout", "--page", "0"], 2, "whole number"),
        (["send", "x"], 2, "TEXT"),
        (["find"], 2, "TEXT"),
        (["find", "x", "--regex", "y"], 4, "podium ctl instances"),
        (["find", "x", "--case", "--", "--word"], 4, "podium ctl instances"),
        (["find", "x", "y", "z"], 2, "quotes"),
        (["attach", "x", "--detach-key", "Q"], 2, "Ctrl"),
        (["wait", "x"], 2, "--text"),
        (["config", "x", "--alerts", "loud"], 2, "important"),
        (["config", "x", "--restart", "now"], 2, "on-crash"),
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
    assert "<" not in said.err, "names of Python's own"
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


@pytest.mark.fault("E6")
def test_a_locale_without_a_character_and_no_output_at_all_are_no_error(podium: Running) -> None:
    podium.ctl("start", "one", "--name", "größe-漢", "--", "/bin/cat")
    listed = f"{sys.executable} -m podium ctl instances"
    for line, shown in ((listed, r"gr\xf6\xdfe-\u6f22"), (f"{listed} >&-; echo $?", "0\n")):
        done = subprocess.run(
            ["/bin/sh", "-c", line],
            env={**podium.environment, "PYTHONIOENCODING": "ascii"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stderr, shown in done.stdout) == ("", True)


def _closed_pipe() -> int:
    reading, writing = os.pipe()
    os.close(reading)
    return writing


@pytest.mark.fault("E6")
def test_a_program_that_is_run_again_has_ended_all_the_same(podium: Running) -> None:
    # Again and again: the wait may begin when it runs already once more.
    podium.ctl("start", "one", "--", "/bin/sh", "-c", "sleep 1; kill -TERM $$; sleep 60")
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
    for command in ("send", "find"):
        assert "not UTF-8" in ctl(podium, command, "one", os.fsdecode(b"\xff"), status=1)[1]
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
