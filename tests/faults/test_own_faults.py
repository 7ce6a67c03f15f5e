"""Faults of Podium's own, and ids that tools make up: no traceback reaches a person, nothing is mistold. Row B3."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from podium.core.system.app_dirs import crash_folder
from podium.missions.session_ids import usable_session

CODEX = """#!{python}
import json, os, sys
with open("calls", "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
def say(**line):
    print(json.dumps(line), flush=True)
say(type="thread.started", thread_id={session!r})
say(type="turn.started")
for number in range({lines}):
    say(type="item.completed", item={{"id": "item_1", "type": "agent_message", "text": "Did it. " * 40}})
say(type="turn.completed", usage={{"input_tokens": 1, "cached_input_tokens": 0, "output_tokens": 1}})
open("finished", "a").close()
"""
MISSION = "name = 'Try'\nmax_rounds = {rounds}\n[workspace]\nisolation = 'shared'\n"
TOOL = "[[agents]]\nid = 'one'\nadapter = 'codex'\nprompt = 'Go'\n"
REPORT = "What happened is written in"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tools").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "tools"), prepend=os.pathsep)
    return tmp_path


def put_codex(folder: Path, session: str = "thread-1", lines: int = 1) -> None:
    path = folder / "tools" / "codex"
    path.write_text(CODEX.format(python=sys.executable, session=session, lines=lines))
    path.chmod(0o755)


def run_mission(folder: Path, text: str, fault: str = "") -> tuple[int, str]:
    """Exit code and log of a mission; ``fault`` is run in its process before."""
    (folder / "m.toml").write_text(text)
    run = "sys.exit(main(['mission', 'run', '--yes', 'm.toml']))"
    script = f"import sys\n{fault}\nfrom podium.__main__ import main\n{run}"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode()


def unwrapped(log: str) -> str:
    return " ".join(log.split())


def assert_reported(log: str, error: str) -> None:
    """A plain sentence, and the traceback in a file that only its owner reads."""
    assert "Traceback" not in log
    assert "never retrieved" not in log
    assert error in unwrapped(log)
    assert REPORT in unwrapped(log)
    (report,) = crash_folder().glob("mission-*.txt")
    assert "Traceback" in report.read_text()
    assert error in report.read_text()
    assert report.stat().st_mode & 0o777 == 0o600


READERS = {
    "output": "from podium.missions.streams.reader import AgentReader as A; A.feed = lambda *_: {}['boom']",
    "the end": "from podium.missions.streams.reader import AgentReader as A; A.end = lambda *_, **__: {}['boom']",
}


@pytest.mark.fault("B3")
@pytest.mark.parametrize("fault", READERS.values(), ids=READERS.keys())
def test_a_fault_in_a_reader_fails_the_turn_and_not_the_program(folder: Path, fault: str) -> None:
    """More than a pipe holds is printed after the fault: a program that nobody reads would end by SIGPIPE."""
    put_codex(folder, lines=1000)
    code, log = run_mission(folder, MISSION.format(rounds=1) + TOOL, fault)
    assert (folder / "finished").exists()
    assert code not in (70, -13)
    assert "signal" not in log
    assert "could not be read" in unwrapped(log)
    assert_reported(log, "KeyError: 'boom'")


@pytest.mark.fault("B3")
def test_a_fault_in_the_reader_of_events_fails_the_turn(folder: Path) -> None:
    line = json.dumps({"event": "agent:complete", "data": {"costUsd": 1}})
    script = f"for n in $(seq 3000); do echo '{line}' >&$PODIUM_EVENTS_FD || exit 9; done"
    agent = f'[[agents]]\nid = "one"\ncommand = ["sh", "-c", """{script}"""]\n'
    fault = (
        "from podium.missions.turns.agent_reports import AgentReports as A; A._take = lambda *_: {}['boom']"
    )
    code, log = run_mission(folder, MISSION.format(rounds=1) + agent, fault)
    assert code != 70
    assert "exited with" not in log
    assert_reported(log, "KeyError: 'boom'")


@pytest.mark.fault("B3")
def test_an_event_that_is_a_bomb_is_passed_over(folder: Path) -> None:
    bomb = '{"event": "agent:complete", "data": {"a": ' + "[" * 20000 + "]" * 20000 + "}}\n"
    (folder / "bomb").write_text(bomb)
    (folder / "fine").write_text('{"event": "agent:complete", "data": {"summary": "Fine"}}\n')
    script = "cat bomb fine >&$PODIUM_EVENTS_FD"
    agent = f"[[agents]]\nid = \"one\"\ncommand = [\"sh\", \"-c\", '''{script}''']\n"
    code, log = run_mission(folder, MISSION.format(rounds=1) + agent)
    assert code == 0, log
    assert "Fine" in log
    assert "Traceback" not in log


@pytest.mark.fault("B3")
def test_a_fault_in_the_mission_is_a_sentence_and_a_report(folder: Path) -> None:
    put_codex(folder)
    fault = (
        "from podium.missions.rounds import round_run\n"
        "def broken(*_): raise ZeroDivisionError('boom')\n"
        "round_run.Turn = broken"
    )
    code, log = run_mission(folder, MISSION.format(rounds=1) + TOOL, fault)
    assert code == 70
    assert "fault in Podium itself" in unwrapped(log)
    assert_reported(log, "ZeroDivisionError: boom")


@pytest.mark.fault("B3")
def test_a_daemon_that_holds_the_output_makes_no_noise(folder: Path) -> None:
    agent = (
        "[[agents]]\nid = 'one'\ncommand = ['sh', '-c', 'env -i setsid sleep 40 & sleep 0.2; echo done']\n"
    )
    code, log = run_mission(folder, MISSION.format(rounds=1) + agent)
    assert code == 0
    assert "never retrieved" not in log
    assert "Traceback" not in log


IDS = (
    "-x",
    "--dangerously-skip-permissions",
    "a\nb",
    "a\x1b[2Jb",
    "\u202eabc",
    " lead",
    "",
    "x" * 201,
    "a\0b",
)


@pytest.mark.fault("B3")
@pytest.mark.parametrize("id", IDS[:5])
def test_a_session_id_that_is_none_starts_a_fresh_session(folder: Path, id: str) -> None:
    put_codex(folder, session=id)
    code, log = run_mission(
        folder, MISSION.format(rounds=3) + TOOL + "[[gates]]\nname='g'\ncommand='false'\n"
    )
    calls = [json.loads(line) for line in (folder / "calls").read_text().splitlines()]
    assert len(calls) == 3
    assert all("resume" not in call and id not in call for call in calls)
    assert code == 1
    assert "can’t be used" in unwrapped(log)
    assert "can't be a session" not in log


@pytest.mark.fault("B3")
def test_a_session_id_told_by_an_event_is_checked_too(folder: Path) -> None:
    script = (
        'echo "got:$PODIUM_SESSION:$1"; '
        'echo \'{"event": "agent:complete", "data": {"session": "-rf"}}\' >&$PODIUM_EVENTS_FD'
    )
    agent = f"[[agents]]\nid = 'one'\ncommand = ['sh', '-c', '''{script}''', 'sh', '{{session}}']\n"
    gate = "[[gates]]\nname='g'\ncommand='false'\n"
    code, log = run_mission(folder, MISSION.format(rounds=2) + agent + gate)
    assert code == 1
    assert log.count("got::") == 2
    assert "can’t be used" in unwrapped(log)


@pytest.mark.fault("B3")
def test_which_ids_are_sessions() -> None:
    assert not any(map(usable_session, IDS))
    for id in ("0199a213-81c0-7800-8aa1-bbab2a035a53", "ses_5f1", "T-0c", "my session", "größe"):
        assert usable_session(id)


ENTRIES = ("mission", "ctl", "worker", "demo-agent", "demo-show", "serve")


@pytest.mark.fault("B3")
@pytest.mark.parametrize("name", ENTRIES)
def test_no_entry_shows_a_traceback(name: str) -> None:
    script = (
        "import sys, podium.__main__ as m\n"
        "def broken(_): raise LookupError('boom')\n"
        f"m.ENTRIES[{name!r}] = m._window = broken\n"
        f"sys.exit(m.main([{name!r}]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "Traceback" not in done.stderr
    assert "fault in Podium itself: LookupError: boom." in done.stderr
    (report,) = crash_folder().glob(f"{name}-*.txt")
    assert "LookupError: boom" in report.read_text()


@pytest.mark.fault("B3")
def test_a_thread_and_an_interrupt_show_none_either() -> None:
    thread = "import threading; t = threading.Thread(target=lambda: 1/0); t.start(); t.join()"
    for body, code, said in (
        (thread + "; return 5", 5, "ZeroDivisionError"),
        ("raise KeyboardInterrupt", 130, ""),
        ("raise BrokenPipeError", 0, ""),
    ):
        script = (
            "import sys, podium.__main__ as m\n"
            f"def entry(_): {body}\n"
            "m.ENTRIES['ctl'] = entry\nsys.exit(m.main(['ctl']))"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert "Traceback" not in done.stderr
        assert said in done.stderr


@pytest.mark.fault("B3")
@pytest.mark.parametrize("arguments", [("mission", "schema"), ("--version",), ("mission", "new")])
def test_an_output_that_takes_nothing_is_told(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "podium", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 74
    assert done.stderr.endswith(b"the output could not be written: No space left on device.\n")
    reader = subprocess.run(
        f"{sys.executable} -P -m podium {' '.join(arguments)} | true",
        shell=True,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert reader.stderr == b""
