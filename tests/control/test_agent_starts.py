"""Starts of agents' tools over the API and ``ctl`` in; the tool in its worktree with its first prompt out."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.control.running import Running

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
TOOL = Path(__file__).with_name("fake_tool.py")
PROMPT = "Mend the test\nand say why"


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the tool writes what it was told; it stands for Gemini CLI on PATH."""
    bin = tmp_path / "bin"
    bin.mkdir()
    program = bin / "gemini"
    program.write_text(
        f'#!/bin/sh\nexec -a gemini {sys.executable} {TOOL} "$@"\n'.replace("/bin/sh", "/bin/bash")
    )
    program.chmod(0o755)
    path = tmp_path / "told"
    monkeypatch.setenv("PATH", f"{bin}:{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_TOOL_LOG", str(path))
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.invalid"]
    for arguments in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "Begin"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True, capture_output=True)
    (folder / ".env").write_text("KEY=1\n")
    return folder


@pytest.fixture
def podium(tmp_path: Path, log: Path) -> Iterator[Running]:
    running = Running(home=tmp_path)
    yield running
    running.close()


def told(log: Path) -> list[tuple[list[str], str, str]]:
    return [ast.literal_eval(line) for line in log.read_text().splitlines()] if log.exists() else []


def answer_trust(podium: Running, id: str) -> None:
    podium.wait_for(id, text="Do you trust")
    assert "told" not in podium.screen(id)
    podium.post(f"/api/orchestrator/{id}/input", text="1")


def test_the_first_prompt_waits_for_the_question_about_trust_and_is_submitted_once(
    podium: Running, log: Path, project: Path
) -> None:
    podium.post(
        "/api/orchestrator/a/start",
        kind="command",
        folder=str(project),
        agent={"tool": "gemini", "prompt": PROMPT},
    )
    answer_trust(podium, "a")
    podium.wait(lambda: told(log), "the prompt")
    assert told(log) == [([], str(project), PROMPT)]
    podium.wait_for("a", text="Done.")
    podium.post("/api/orchestrator/a/stop")
    podium.wait_for("a", exit=True)
    podium.post("/api/orchestrator/a/start")
    answer_trust(podium, "a")
    podium.wait_for("a", text="Type your message")
    assert len(told(log)) == 1


def test_ctl_starts_it_in_a_worktree_after_its_setup(podium: Running, log: Path, project: Path) -> None:
    podium.ctl(
        "start",
        "fix",
        *("--agent", "gemini", "--prompt", "Hi", "--folder", str(project), "--worktree"),
        *("--copy", ".env", "--setup", "cat .env; touch ready"),
    )
    info = podium.get("/api/orchestrator/fix/status")
    folder = Path(info["folder"])
    assert folder.name == "shop"
    assert folder != project
    assert (folder / ".env").read_text() == "KEY=1\n"
    branch = subprocess.run(["git", "branch", "--show-current"], cwd=folder, capture_output=True, text=True)
    assert branch.stdout == "podium/fix\n"
    answer_trust(podium, "fix")
    podium.wait(lambda: told(log), "the prompt")
    assert told(log) == [([], str(folder), "Hi")]
    assert (folder / "ready").exists()
    (folder / "ready").unlink()
    podium.ctl("stop", "fix")
    podium.ctl("start", "fix")
    podium.wait_for("fix", text="Do you trust")
    assert not (folder / "ready").exists()


def test_a_setup_that_fails_is_shown_and_run_again(podium: Running, log: Path, project: Path) -> None:
    agent = {"tool": "gemini", "worktree": True, "setup": "echo no luck; exit 3"}
    info = podium.post(
        "/api/orchestrator/a/start",
        kind="command",
        folder=str(project),
        agent=agent,
        policy={"restart": "never"},
    )
    podium.wait(lambda: podium.get("/api/orchestrator/a/status")["exitCode"] == 1, "the end")
    assert "no luck" in podium.screen("a")
    assert "The setup failed. Restart runs it again." in podium.screen("a")
    assert Path(info["folder"]).is_dir()


WRONG: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = (
    ({"tool": "nothing"}, {}),
    ({"tool": "gemini", "setup": "x"}, {}),
    ({"tool": "gemini", "branch": "x"}, {}),
    ({"tool": "gemini", "worktree": True}, {"folder": "/"}),
    ({"tool": "gemini", "worktree": True, "branch": "main"}, {}),
    ({"tool": "gemini", "prompt": "x" * 32_769}, {}),
    ({"tool": "gemini"}, {"command": ["ls"]}),
    ({"tool": "gemini"}, {"kind": "shell"}),
    ({"tool": "gemini", "more": 1}, {}),
)


def test_what_can_not_be_is_refused_and_leaves_nothing(podium: Running, project: Path) -> None:
    for agent, more in WRONG:
        body = {"kind": "command", "folder": str(project), "agent": agent, **more}
        assert podium.status("POST", "/api/orchestrator/a/start", **body) == 422, (agent, more)
    subprocess.run(["git", "config", "filter.x.smudge", "cat"], cwd=project, check=True)
    agent = {"tool": "gemini", "worktree": True}
    body = {"kind": "command", "folder": str(project), "agent": agent}
    assert podium.status("POST", "/api/orchestrator/a/start", **body) == 422
    assert podium.get("/api/orchestrator/instances")["instances"] == []
    branches = subprocess.run(["git", "branch"], cwd=project, capture_output=True, text=True)
    assert branches.stdout.split() == ["*", "main"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--prompt", "x"),
        ("--worktree",),
        ("--agent", "gemini", "--", "ls"),
        ("--agent", "gemini", "--kind", "shell"),
        ("--agent", "gemini", "--setup", "x"),
    ],
)
def test_ctl_says_what_does_not_go_together(arguments: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "podium", "ctl", "start", "a", *arguments], capture_output=True, text=True
    )
    assert ran.returncode == 2
    assert ran.stderr.startswith("podium ctl: ")
