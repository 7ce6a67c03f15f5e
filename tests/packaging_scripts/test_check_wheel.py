"""Wheels in, verdicts out. The real ones are built by ``make wheel``, which takes minutes."""

import subprocess
import sys
import zipfile
from pathlib import Path

SCRIPTS = Path(__file__).parents[2] / "packaging"
MODULES = sorted(
    subprocess.run(
        [sys.executable, "-c", "import compile_terminal; print(*compile_terminal.modules())"],
        cwd=SCRIPTS,
        env={"PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
)
PLATFORM, PURE = "podium-1-cp311-cp311-linux_x86_64.whl", "podium-1-py3-none-any.whl"
SHARED = "podium_terminal__mypyc.cpython-311.so"


def wheel(folder: Path, name: str, *files: str) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        for file in [*(f"podium/terminal/{module}.py" for module in MODULES), *files]:
            archive.writestr(file, "")
    return path


def verdict(path: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, str(SCRIPTS / "check_wheel.py"), str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def compiled(*left_out: str) -> list[str]:
    return [f"podium/terminal/{module}.cpython-311.so" for module in MODULES if module not in left_out]


def test_a_platform_wheel_with_every_module_is_right(tmp_path: Path) -> None:
    status, said = verdict(wheel(tmp_path, PLATFORM, SHARED, *compiled()))
    assert status == 0
    assert f"compiled, {len(MODULES)} modules" in said


def test_a_platform_wheel_without_one_module_is_not(tmp_path: Path) -> None:
    status, said = verdict(wheel(tmp_path, PLATFORM, SHARED, *compiled("parsing/parser")))
    assert status == 1
    assert "lacks compiled parsing/parser" in said


def test_a_platform_wheel_without_anything_compiled_is_not(tmp_path: Path) -> None:
    assert verdict(wheel(tmp_path, PLATFORM))[0] == 1
    assert verdict(wheel(tmp_path, PLATFORM, *compiled()))[0] == 1, "the part they share is missing"


def test_a_pure_wheel_is_pure(tmp_path: Path) -> None:
    assert verdict(wheel(tmp_path, PURE))[0] == 0
    status, said = verdict(wheel(tmp_path, PURE, *compiled()))
    assert status == 1
    assert "tagged pure" in said


def test_what_is_no_wheel_is_said(tmp_path: Path) -> None:
    (tmp_path / PURE).write_text("not a zip")
    assert verdict(tmp_path / PURE)[0] == 1
    assert verdict(tmp_path / "missing.whl")[0] == 1
