"""The tree's own rules: folders with few modules, files that are read in one go, or a reason at their top."""

import ast
from pathlib import Path

import pytest

DESKTOP = Path(__file__).parents[1] / "desktop" / "podium"
MAX_MODULES = 20
MAX_LINES = 450
REASON = f"Longer than {MAX_LINES} lines because "

FOLDERS = sorted({path.parent for path in DESKTOP.rglob("*.py")})


def crowded(folder: Path) -> bool:
    return sum(path.name != "__init__.py" for path in folder.glob("*.py")) > MAX_MODULES


def too_long(path: Path) -> bool:
    """A file over the limit whose module docstring gives no reason."""
    source = path.read_text(encoding="utf-8")
    if source.count("\n") <= MAX_LINES:
        return False
    return not any(
        line.startswith(REASON) for line in (ast.get_docstring(ast.parse(source)) or "").split("\n")
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(DESKTOP.parent)))
def test_a_folder_has_few_modules_and_none_is_long_without_a_reason(folder: Path) -> None:
    assert not crowded(folder), f"more than {MAX_MODULES} modules"
    assert [path.name for path in folder.glob("*.py") if too_long(path)] == []


def test_a_long_file_is_noticed_unless_it_says_why(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    body = "x = 1\n" * (MAX_LINES + 1)
    long.write_text(body)
    assert too_long(long)
    long.write_text(f'"""Many rows.\n\n{REASON}it is one table.\n"""\n{body}')
    assert not too_long(long)


def test_a_crowded_folder_is_noticed(tmp_path: Path) -> None:
    for number in range(MAX_MODULES):
        (tmp_path / f"module_{number}.py").touch()
    (tmp_path / "__init__.py").touch()
    assert not crowded(tmp_path)
    (tmp_path / "another.py").touch()
    assert crowded(tmp_path)
