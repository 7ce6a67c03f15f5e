"""No program that Podium starts without a terminal flashes up a console on Windows."""

import ast
import runpy
import sys
from pathlib import Path

import pytest

import podium
from podium.core.system import processes, reexec

_STARTS = {"run", "Popen", "check_output", "check_call", "call"}
_POSIX_ONLY = {
    "missions/program_tree.py": "says so itself",
    "worker/program/limits.py": "systemd's scopes",
    "workspace/environment.py": "a login shell",
}
_SOURCES = Path(podium.__file__).parent


def _starts_of(source: Path) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "subprocess"
        and node.func.attr in _STARTS
    ]


def test_every_start_of_a_program_says_that_it_needs_no_console() -> None:
    starts = [
        (source.relative_to(_SOURCES).as_posix(), call)
        for source in sorted(_SOURCES.rglob("*.py"))
        for call in _starts_of(source)
    ]
    without = {
        name for name, call in starts if "creationflags" not in {keyword.arg for keyword in call.keywords}
    }
    assert len(starts) > len(without)
    assert without == set(_POSIX_ONLY)


@pytest.mark.parametrize(("platform", "flags"), [("win32", 0x0800_0000), ("linux", 0), ("darwin", 0)])
def test_the_flag_is_one_of_windows_alone(monkeypatch: pytest.MonkeyPatch, platform: str, flags: int) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert runpy.run_path(processes.__file__)["NO_CONSOLE"] == flags


def test_the_frozen_program_of_windows_starts_its_console_form(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window, console = tmp_path / "podium.exe", tmp_path / "podium-console.exe"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(window))
    monkeypatch.setattr(reexec.sys, "platform", "win32")
    assert reexec.podium_command("worker") == (str(window), "worker")
    console.touch()
    assert reexec.podium_command("worker") == (str(console), "worker")
    monkeypatch.setattr(reexec.sys, "platform", "linux")
    assert reexec.podium_command("worker") == (str(window), "worker")
