"""The stamp beside the compiled engine: what it stands for."""

import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import TimeoutExpired
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[2] / "packaging"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import compile_terminal

    monkeypatch.setattr(compile_terminal, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(compile_terminal, "clean", lambda: None)
    monkeypatch.setattr(compile_terminal, "can_compile", lambda: True)
    monkeypatch.setattr(compile_terminal, "digest", lambda: "first")
    monkeypatch.setattr(sys, "argv", ["compile_terminal.py"])
    return compile_terminal


def edited_while(script: ModuleType, monkeypatch: pytest.MonkeyPatch, end: Callable[[], list[Path]]) -> None:
    """The source is edited while it is compiled, which ends as ``end`` says."""

    def build(_: Path) -> list[Path]:
        monkeypatch.setattr(script, "digest", lambda: "second")
        return end()

    monkeypatch.setattr(script, "build", build)
    assert script.main() == 0


def test_what_is_edited_meanwhile_is_not_taken_for_compiled(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    edited_while(script, monkeypatch, list)
    assert script.STAMP.read_text() == "first"


def test_what_is_edited_meanwhile_is_not_taken_for_what_failed(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> list[Path]:
        raise TimeoutExpired("setup.py", 400)

    edited_while(script, monkeypatch, fail)
    assert script.STAMP.read_text() == "failed first"


def test_what_failed_is_not_tried_again(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    script.STAMP.write_text("failed first")
    monkeypatch.setattr(script, "build", lambda _: pytest.fail("tried again"))
    assert script.main() == 0


def test_a_compiler_that_is_on_no_path_is_tried_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import compile_terminal

    monkeypatch.setattr(compile_terminal.shutil, "which", lambda _: None)
    monkeypatch.setattr(compile_terminal.importlib.util, "find_spec", lambda _: object())
    monkeypatch.setattr(Path, "exists", lambda _: True)
    monkeypatch.delenv("PODIUM_COMPILE", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    assert not compile_terminal.can_compile()
    monkeypatch.setattr(sys, "platform", "win32")
    assert compile_terminal.can_compile()
