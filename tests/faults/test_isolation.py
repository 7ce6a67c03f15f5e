"""What is the window's own and nobody else's business: row 26."""

import os
import sys
import time
from pathlib import Path

import pytest

from podium.core.system.processes import INSTANCE_VARIABLE, RUN_VARIABLE, WORKER_VARIABLE
from tests.conftest import Figure
from tests.faults.hosted import Host
from tests.worker.test_worker import read_pids

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")

SECRET = "s3cret-of-the-window"
LOOK = """
import os, sys, time
for number in sorted(map(int, os.listdir("/proc/self/fd"))):
    try:
        print("fd", number, os.readlink(f"/proc/self/fd/{number}"))
    except OSError:
        pass  # The one that the list was read through.
for name, value in os.environ.items():
    print("env", name, value)
print("argv", *sys.argv)
print("end", flush=True)
time.sleep(600)
"""


@pytest.mark.fault(26)
def test_programs_and_workers_get_no_secret_and_no_descriptor_of_the_window(
    tmp_path: Path, figure: Figure
) -> None:
    leak = tmp_path / "leak"
    leak.write_text(SECRET)
    opened = [os.open(leak, os.O_RDWR) for _ in range(3)]
    for descriptor in opened:
        os.set_inheritable(descriptor, True)
    environment = {
        "PODIUM_TOKEN": SECRET,
        "PODIUM_SOCKET": SECRET,
        "PODIUM_ANYTHING": SECRET,
        "EDITOR": "of the person's own",
    }
    seen, pid = tmp_path / "seen", tmp_path / "pid"
    look = tmp_path / "look.py"
    look.write_text(LOOK)
    with Host(environment=environment, inherited=opened) as host:
        assert str(leak) in open_files(host.pid)  # It is there to be leaked.
        host.run("a", "/bin/sh", "-c", f"{sys.executable} {look} > {seen} & echo $$ > {pid}; wait")
        [program] = read_pids(pid, 1)
        worker = host.wait_state("a", "running")["pid"]
        text = wait_text(seen)
        everything = [Path(f"/proc/{one}") for one in (worker, program)]
        assert all(SECRET.encode() not in (proc / "environ").read_bytes() for proc in everything)
        assert all(SECRET.encode() not in (proc / "cmdline").read_bytes() for proc in everything)
        assert str(leak) not in open_files(worker) + open_files(program)
    for descriptor in opened:
        os.close(descriptor)
    assert SECRET not in text
    lines = [line.split(" ", 2) for line in text.splitlines()]
    own = {name: value for kind, name, value in (line for line in lines if len(line) == 3) if kind == "env"}
    assert own["EDITOR"] == "of the person's own"
    descriptors = {
        int(number): target for kind, number, target in (x for x in lines if len(x) == 3) if kind == "fd"
    }
    pipes = {int(own["PODIUM_EVENTS_FD"]), int(own["PODIUM_CONTROL_FD"])}
    figure("descriptors", len(descriptors))
    assert set(descriptors) == {0, 1, 2, *pipes}
    assert all(descriptors[number].startswith("pipe:") for number in pipes)
    assert descriptors[2].startswith("/dev/pts/")
    ours = {name for name in own if name.startswith("PODIUM_")}
    assert ours == {"PODIUM_EVENTS_FD", "PODIUM_CONTROL_FD", INSTANCE_VARIABLE, RUN_VARIABLE, WORKER_VARIABLE}


def open_files(pid: int) -> list[str]:
    found = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(str(entry.readlink()))
        except OSError:
            continue
    return found


def wait_text(path: Path) -> str:

    deadline = time.monotonic() + 20
    while not path.exists() or not path.read_text().endswith("end\n"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return path.read_text()
