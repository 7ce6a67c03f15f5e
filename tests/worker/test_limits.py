"""A start with limits in, what runs and what is said out. systemd-run is a stand-in, and the real one where it is."""

import os
import shutil
from pathlib import Path

import pytest

from podium.core.instances import InstanceSpec, Kind, ThemeName
from podium.core.protocol.reports import ErrorReport, StatusReport
from podium.core.protocol.requests import Start
from podium.worker.program import limits
from podium.worker.program.limits import Limited, limited
from podium.workspace.launch import start_request

from .harness import WorkerHarness

_RUN = """#!/bin/sh
echo "$*" >>"$0.calls"
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
"""
_REFUSES = "#!/bin/sh\necho 'Failed to connect to bus: No medium found' >&2\nexit 1\n"
_NOTICE = "Memory and CPU limits are not available here: {}. It runs without them."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A PATH with a few programs, and no systemd-run unless a test puts one there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "echo", "true", "sleep", "tty"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def put(folder: Path, script: str) -> None:
    program = folder / "systemd-run"
    program.write_text(script)
    program.chmod(0o755)


def calls(folder: Path) -> list[str]:
    path = folder / "systemd-run.calls"
    return path.read_text().splitlines() if path.exists() else []


def start(folder: Path, script: str, memory: int = 64, cpu: int = 150) -> Start:
    return Start(("sh", "-c", script), "/", {"PATH": str(folder)}, memory_max_mib=memory, cpu_percent=cpu)


def test_the_command_is_put_into_a_scope(folder: Path) -> None:
    put(folder, _RUN)
    environment = {"PATH": str(folder)}
    scope = (f"{folder}/systemd-run", "--user", "--scope", "--quiet", "--collect")
    assert limited(("/bin/make", "a b"), 64, 150, environment) == Limited(
        (*scope, "-p", "MemoryMax=64M", "-p", "CPUQuota=150%", "--", "/bin/make", "a b")
    )
    assert limited(("/bin/make",), 0, 20, environment).argv[5:] == ("-p", "CPUQuota=20%", "--", "/bin/make")
    assert limited(("/bin/make",), 0, -1, environment) == Limited(("/bin/make",))


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (None, "systemd-run is not installed"),
        (_REFUSES, "Failed to connect to bus: No medium found"),
        ("#!/bin/sh\nexit 7\n", "systemd-run ended with 7"),
        ("#!/bin/sh\nexec sleep 60\n", "systemd does not answer"),
    ],
)
def test_where_there_is_no_scope_it_runs_without_limits_and_says_why(
    folder: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, why: str
) -> None:
    monkeypatch.setattr(limits, "_TRIAL_SECONDS", 0.5)
    if script is not None:
        put(folder, script)
    found = limited(("/bin/make",), 64, 0, {"PATH": str(folder)})
    assert found == Limited(("/bin/make",), _NOTICE.format(why))


def test_other_platforms_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    assert limited(("make",), 64, 0, {}).notice == _NOTICE.format("only Linux with systemd has them")


def test_a_limited_program_has_its_terminal_its_pid_and_its_channels(folder: Path) -> None:
    put(folder, _RUN)
    with WorkerHarness() as worker:
        worker.send(start(folder, 'tty; echo "pid $$"; echo hello >&$PODIUM_EVENTS_FD; sleep 60'))
        status = worker.wait_for(StatusReport)
        worker.wait_screen("/dev/pts/", f"pid {status.program_pid}")
        assert "makes no sense" in worker.wait_for(ErrorReport).message  # Its “hello” came through.
    assert len(calls(folder)) == 2
    assert calls(folder)[0].endswith("-- true")
    assert calls(folder)[1].startswith(
        "--user --scope --quiet --collect -p MemoryMax=64M -p CPUQuota=150% -- /"
    )


def test_without_limits_nobody_asks_for_a_scope(folder: Path) -> None:
    put(folder, _RUN)
    with WorkerHarness() as worker:
        worker.send(start(folder, "echo out", 0, 0))
        assert worker.exit().code == 0
    assert calls(folder) == []


def test_a_refusal_is_told_once_and_stands_on_the_terminal_each_time(folder: Path) -> None:
    put(folder, _REFUSES)
    with WorkerHarness(columns=120) as worker:
        for _ in range(2):
            worker.send(start(folder, "echo out"))
            assert worker.exit().code == 0
        notice = _NOTICE.format("Failed to connect to bus: No medium found")
        assert worker.screen().splitlines() == [notice, "out", notice, "out"]
        assert [report.message for report in worker.reports if isinstance(report, ErrorReport)] == [notice]


def test_a_missing_program_is_still_our_own_word(folder: Path) -> None:
    put(folder, _RUN)
    with WorkerHarness() as worker:
        worker.send(Start(("gone",), "/", {"PATH": str(folder)}, memory_max_mib=64))
        assert "The command “gone” was not found on PATH." in worker.exit().reason
    assert calls(folder) == []


def test_the_limits_of_an_instance_go_with_its_start() -> None:
    spec = InstanceSpec(
        "a", "a", Kind.COMMAND, ThemeName.ROSE, "/", ("make",), memory_max_mib=512, cpu_percent=50
    )
    request = start_request(spec, {})
    assert (request.memory_max_mib, request.cpu_percent) == (512, 50)


def test_a_real_scope_holds_a_program_that_wants_more() -> None:
    missing = limited(("true",), 64, 0, os.environ).notice
    if missing:
        pytest.skip(missing)
    hog = "x=x; while :; do x=$x$x; done"
    with WorkerHarness() as worker:
        worker.send(
            Start(("sh", "-c", f"sh -c '{hog}'; echo ended $?"), "/", dict(os.environ), memory_max_mib=32)
        )
        ended = worker.exit()
        assert ended.signal == 9 or "ended 137" in worker.screen()


@pytest.mark.fault("F1")
@pytest.mark.parametrize(
    ("program", "own", "found"),
    [
        ("0::/user.slice/run-r1f.scope", "0::/user.slice/session-2.scope", "user.slice/run-r1f.scope"),
        ("1:cpu:/x\n0::/user.slice/run-p7-i9.scope", "0::/", "user.slice/run-p7-i9.scope"),
        ("0::/user.slice/session-2.scope", "0::/user.slice/run-r1f.scope", None),
        ("0::/user.slice/run-r1f.scope", "0::/user.slice/run-r1f.scope", None),
        ("0::/", "0::/user.slice", None),
        ("4:memory:/run-r1f.scope", "0::/user.slice", None),
        (None, "0::/user.slice", None),
    ],
)
def test_only_a_control_group_of_its_own_is_killed(
    tmp_path: Path, program: str | None, own: str, found: str | None
) -> None:
    proc, root = tmp_path / "proc", tmp_path / "cgroup"
    for name, text in (("7", program), ("self", own)):
        (proc / name).mkdir(parents=True)
        if text is not None:
            (proc / name / "cgroup").write_text(f"{text}\n")
    for group in (
        "user.slice/run-r1f.scope",
        "user.slice/run-p7-i9.scope",
        "user.slice/session-2.scope",
        ".",
    ):
        (root / group).mkdir(parents=True, exist_ok=True)
        (root / group / "cgroup.kill").touch()
    scope = limits.own_scope(7, root, proc)
    assert scope == (root / found if found is not None else None)
    if scope is not None:
        limits.kill_scope(scope)
        assert (scope / "cgroup.kill").read_text() == "1"
