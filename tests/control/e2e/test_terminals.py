"""Screens, input, waits, the raw terminal and ``attach``."""

import os
import pty
import select
import sys
from pathlib import Path

import psutil
import pytest

from podium.terminal import Emulator
from tests.control.running import PATIENCE, Running, done

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


def test_screens_with_looks_scrollback_sizes_keys_and_signals(either: Running) -> None:
    either.start("one", "/bin/sh", "-c", "seq 100; printf '\\033[1;31mred\\033[m 漢\\n'; exec sh")
    either.wait_for("one", text=r"\$ $")
    screen = either.get("/api/orchestrator/one/screen?attributes=true")
    assert screen["rows"] == 24
    assert screen["lines"][-2] == "red 漢"
    red, _ = screen["runs"][-2][:2]
    assert (red["text"], red["foreground"], red["style"]) == ("red", 1, 1)
    above = either.get("/api/orchestrator/one/scrollback?from=10&to=13")
    assert (above["from"], above["to"], above["lines"]) == (10, 13, ["11", "12", "13"])
    newest = either.get("/api/orchestrator/one/scrollback")
    assert newest["to"] == screen["firstLine"]
    assert newest["lines"][0] == "1"
    assert either.status("GET", "/api/orchestrator/one/scrollback?from=5&to=4") == 422

    either.post("/api/orchestrator/one/resize", columns=100, lines=30)
    either.post("/api/orchestrator/one/input", text="stty size; cat\n")
    either.wait_for("one", text="^30 100$")
    assert either.get("/api/orchestrator/one/screen")["columns"] == 100
    either.post("/api/orchestrator/one/input", keys=["A", "b", "Left", "Return"])
    # The terminal's echo, not an answer: it may be there before the Return is.
    either.wait_for("one", text=r"Ab\^\[\[D", new=False)
    either.post("/api/orchestrator/one/input", keys=["Ctrl+C"])
    either.wait_for(
        "one", text=r"\^C\n\$ $", new=False
    )  # The terminal throws away what is typed before that.
    loop = "sh -c \"trap 'echo caught' USR1; echo set; while :; do sleep 0.1; done\"\n"
    either.post("/api/orchestrator/one/input", text=loop)
    either.wait_for("one", text="^set$")
    either.post("/api/orchestrator/one/signal", signal="USR1")
    either.wait_for("one", text="^caught$")
    for body, status in (
        ({"signal": "SIGNOTHING"}, 422),
        ({"signal": 4711}, 422),
        ({"signal": 0}, 422),
    ):
        assert either.status("POST", "/api/orchestrator/one/signal", **body) == status
    assert either.status("POST", "/api/orchestrator/one/input", keys=["Ctrl+Nothing"]) == 422
    assert either.status("POST", "/api/orchestrator/one/input") == 422
    assert either.status("POST", "/api/orchestrator/one/wait", text="(", timeout=5) == 422
    assert either.status("POST", "/api/orchestrator/one/wait", state="happy") == 422
    assert either.status("POST", "/api/orchestrator/one/wait", text="x", exit=True) == 422
    either.post("/api/orchestrator/one/input", keys=["Ctrl+C"])
    either.wait_for("one", text=r"\^C\n\$ $", new=False)
    either.wait_for("one", quiet=0.3)
    either.post("/api/orchestrator/one/input", text="exit 7\n")
    ended = either.wait_for("one", exit=True)
    assert ended["exitCode"] == 7
    assert either.status("POST", "/api/orchestrator/one/input", text="x") == 409
    assert either.screen("one").endswith("exit 7")


def test_a_wait_goes_on_in_the_next_worker(podium: Running) -> None:
    podium.start("one", "/bin/sh", "-c", "sleep 1; echo here $$; exec cat")
    waiting = podium.wire()
    body = b'{"text": "here", "timeout": 25}'
    waiting.socket.sendall(
        waiting.head(
            "POST",
            "/api/orchestrator/one/wait",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        )
        + body
    )
    psutil.Process(podium.get("/api/orchestrator/one/status")["poolStatus"]["pid"]).kill()
    assert done(waiting.answer())["text"] == "here"


def test_the_raw_terminal_shows_the_same_screen(either: Running) -> None:
    either.start("one", "/bin/sh", "-c", "printf '\\033[7mfirst\\033[m\\n'; exec cat")
    either.wait_for("one", text="first")
    wire = either.wire()
    assert wire.handshake("/ws/terminal/one").status == 101
    copy = Emulator(80, 24)
    wire.send_frame(b"typed here\r", 2)
    wire.send_frame(b"and here\r", 1)
    while copy.text_between().count("and here") < 2:
        copy.feed(wire.binary())
    assert copy.text_between().rstrip("\n") == either.screen("one")
    assert copy.cell(0, 0).reverse
    either.post("/api/orchestrator/one/stop")
    either.wait_for("one", exit=True)
    either.wire().ask("DELETE", "/api/orchestrator/one")
    assert wire.close_code() == 1001


def test_a_flood_through_the_raw_terminal_ends_at_the_right_screen(either: Running) -> None:
    either.start("one", "/bin/sh", "-c", "read x; seq 300000; echo over; exec cat")
    wire = either.wire()
    assert wire.handshake("/ws/terminal/one").status == 101
    wire.send_frame(b"go\r", 2)
    copy = Emulator(80, 24)
    while "over" not in copy.text_between():
        copy.feed(wire.binary())
    assert copy.text_between().rstrip("\n") == either.screen("one")


def test_attach_shows_the_instance_takes_keys_and_lets_go(podium: Running) -> None:
    podium.start("one", "/bin/sh", "-c", "echo welcome; stty size; exec cat")
    podium.wait_for("one", text="welcome")
    pid, master = pty.fork()
    if pid == 0:
        os.environ.update(podium.environment)
        os.execvp(sys.executable, [sys.executable, "-m", "podium", "ctl", "attach", "one"])
    shown = b""

    def see(text: bytes) -> None:
        nonlocal shown
        while text not in shown:
            assert select.select([master], [], [], PATIENCE)[0], shown
            shown += os.read(master, 65536)

    see(b"welcome")
    os.write(master, b"from afar\r")
    podium.wait_for("one", text="from afar")
    shown = b""
    see(b"from afar")
    os.write(master, b"\x1c")
    see(b"detached")
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    os.close(master)
    assert podium.get("/api/orchestrator/one/screen")["columns"] == 80


def test_a_terminal_is_exported_as_what_it_shows(podium: Running, tmp_path: Path) -> None:
    podium.start("one", "/bin/sh", "-c", "seq 5000; printf '\\033[1;31mred\\033[m\\n'; exec sh")
    podium.wait_for("one", text=r"\$ $")
    text = podium.ctl("export", "one")
    assert text.splitlines()[:3] == ["1", "2", "3"]
    assert text.splitlines()[4999:] == ["5000", "red", "$"]
    page, output = tmp_path / "one.html", tmp_path / "one.ansi"
    assert podium.ctl("export", "one", "-o", str(page)).strip() == str(page)
    assert ';font-weight:bold">red</span>' in page.read_text()
    podium.ctl("export", "one", "-o", str(output))
    screen = podium.get("/api/orchestrator/one/screen")
    again = Emulator(screen["columns"], screen["rows"], 10_000)
    again.feed(output.read_bytes())
    assert [line.rstrip() for line in again.display] == screen["lines"]
    assert again.scrollback_length == screen["firstLine"]
