"""What a tool runs at its events: nothing outside an instance, a message inside, and never a word or a failure."""

import json
import os
import shlex
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from podium.control.api.limits import MAX_BODY
from podium.core.system.reexec import podium_command
from podium.hooks.client import short
from podium.hooks.command import hook_command, is_ours, version_of

EVENT = {"hook_event_name": "Stop", "session_id": "abc"}


class Served:
    """A socket that takes one request and answers as a Podium does."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "s"
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(self.path))
        self._listening.listen()
        self._listening.settimeout(30)
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        connected, _ = self._listening.accept()
        with connected:
            data = b""
            while b"\r\n\r\n" not in data:
                data += connected.recv(65536)
            head, body = data.split(b"\r\n\r\n", 1)
            size = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            while len(body) < size:
                body += connected.recv(65536)
            self.heard += [head, body]
            connected.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    def request(self) -> tuple[bytes, Any]:
        self._thread.join(30)
        head, body = self.heard
        return head, json.loads(body)


def run(line: str, stdin: str, shell: str = "/bin/sh", **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.defpath, "HOME": "/", **variables}
    return subprocess.run(
        [shell, "-c", line],
        input=stdin,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def inside(path: Path | str, **variables: str) -> dict[str, str]:
    return {
        "PODIUM_INSTANCE": "api-tests",
        "PODIUM_SOCKET": str(path),
        "PODIUM_HOOK": shlex.join(podium_command("hook")),
        **variables,
    }


def said_nothing(ran: subprocess.CompletedProcess[str]) -> bool:
    return (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash", "/usr/bin/zsh", "/usr/bin/fish"])
def test_in_any_shell_the_event_reaches_podium(shell: str, tmp_path: Path) -> None:
    if not os.access(shell, os.X_OK):
        pytest.skip(f"{shell} is not there")
    served = Served(tmp_path)
    assert said_nothing(run(hook_command("claude"), json.dumps(EVENT), shell, **inside(served.path)))
    head, body = served.request()
    assert head.startswith(b"POST /api/orchestrator/api-tests/hook HTTP/1.1\r\nHost: localhost\r\n")
    assert body == {"tool": "claude", "event": EVENT}


def test_outside_an_instance_nothing_is_run(tmp_path: Path) -> None:
    touched = tmp_path / "touched"
    ran = run(hook_command("claude"), "{}", PODIUM_HOOK=f"touch {touched}")
    assert said_nothing(ran)
    assert not touched.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PODIUM_AGENT", "builder"),
        ("CLAUDE_CODE_SESSION_ATTENDED", "0"),
        ("CLAUDE_CODE_ENTRYPOINT", "sdk-cli"),
    ],
)
def test_an_agent_that_works_without_a_person_says_nothing(name: str, value: str, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        listening.settimeout(0.0)
        said = run(hook_command("claude"), json.dumps(EVENT), **inside(tmp_path / "s", **{name: value}))
        assert said_nothing(said)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_where_podium_has_moved_the_one_on_the_path_is_asked(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "podium"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/told\ncat >> {tmp_path}/told\necho noise\n')
    program.chmod(0o755)
    variables = inside(
        "/nowhere", PODIUM_HOOK=f"{tmp_path}/gone/podium hook", PATH=f"{tmp_path}/bin:{os.defpath}"
    )
    assert said_nothing(run(hook_command("codex"), "{}", **variables))
    assert (tmp_path / "told").read_text() == "hook codex\n{}"


@pytest.mark.parametrize("stdin", ["", "no JSON", "[]", '{"a": "\\ud800"}', "[" * 100_000, "\x00"])
def test_whatever_a_tool_says_the_hook_succeeds(stdin: str, tmp_path: Path) -> None:
    assert said_nothing(run(hook_command("claude"), stdin, **inside(tmp_path / "nobody")))


@pytest.mark.parametrize("path", ["", "/nowhere/s", "/dev/null", "x" * 300])
def test_whoever_does_not_answer_the_hook_succeeds(path: str) -> None:
    assert said_nothing(run(hook_command("claude"), json.dumps(EVENT), **inside(path)))


def test_nobody_waits_long_for_a_podium_that_hangs(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(tmp_path / "s"))
        hung.listen()
        ran = run(hook_command("claude"), json.dumps(EVENT), **inside(tmp_path / "s"))
    assert said_nothing(ran)


def test_a_tool_that_never_ends_what_it_tells_is_not_waited_for(tmp_path: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ran = subprocess.run(
            ["/bin/sh", "-c", hook_command("claude")], stdin=ours, timeout=60, capture_output=True, check=False,
            env={"PATH": os.defpath, **inside(tmp_path / "s")},
        )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_a_podium_in_a_folder_with_blanks_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "my 'own' $HOME; folder"
    folder.mkdir()
    python = folder / "python"
    python.symlink_to(sys.executable)
    served = Served(tmp_path)
    code = f"import sys; sys.path[:0] = {sys.path!r}; from podium.__main__ import main; main()"
    line = shlex.join([str(python), "-c", code, "hook"])
    assert said_nothing(
        run(hook_command("claude"), json.dumps(EVENT), **inside(served.path, PODIUM_HOOK=line))
    )
    assert served.request()[1]["event"] == EVENT


def test_only_the_standard_library_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys; from podium.__main__ import main; main(['hook', 'claude']);"
        "print(sorted({n.split('.')[0] for n in sys.modules} - set(sys.stdlib_module_names)),"
        "sorted(n for n in sys.modules if n.startswith('podium.')))"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-c", code], input="{}", capture_output=True, text=True, check=True,
        env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )  # fmt: skip
    outside, ours = ran.stdout.strip().split("] [")
    assert outside in ("['__main__', 'podium'", "['podium'")
    assert ours == "'podium.__main__', 'podium.hooks', 'podium.hooks.client']"


def test_most_of_what_a_tool_tells_is_nobodys_business() -> None:
    told = {
        "tool_response": {"stdout": "x" * 100_000, "deep": {"deeper": {"deepest": "secret"}}},
        **{f"k{number}": number for number in range(1000)},
        "list": list(range(1000)),
    }
    cut = short(told)
    assert len(cut) == 40
    assert cut["tool_response"] == {"stdout": "x" * 512, "deep": {"deeper": {}}}
    assert len(json.dumps(cut)) < 2000


def test_what_a_tool_is_given_is_never_too_long_for_podium(tmp_path: Path) -> None:
    """A tool of many arguments asks too, in whatever script."""
    event = {
        "hook_event_name": "PermissionRequest",
        "transcript_path": "/long" * 100,
        "tool_input": {str(number): "漢" * 1000 for number in range(40)},
    }
    served = Served(tmp_path)
    assert said_nothing(run(hook_command("claude"), json.dumps(event), **inside(served.path)))
    told = served.request()[1]["event"]
    assert len(served.heard[1]) <= MAX_BODY
    assert (told["hook_event_name"], told["transcript_path"]) == ("PermissionRequest", "/long" * 100)
    assert set(told["tool_input"]["39"]) == {"漢"}


def test_our_command_is_known_again() -> None:
    assert is_ours(hook_command("claude"))
    assert version_of(hook_command("claude")) == 1
    for other in (
        None,
        7,
        "",
        "podium hook claude",
        "echo $PODIUM_INSTANCE",
        "podium ctl notify --state done",
    ):
        assert not is_ours(other)
    assert version_of("sh -c 'podium hook $PODIUM_HOOK'") == 0
