"""ARCHITECTURE.md names what is there: files, and the functions of its four flows."""

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PODIUM = ROOT / "desktop" / "podium"
TEXT = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


@cache
def members() -> dict[str, set[str]]:
    """What each class of Podium's defines or assigns, by the class's name."""
    found: dict[str, set[str]] = {}
    for path in PODIUM.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).update(_names(node))
    return found


def _names(node: ast.ClassDef) -> set[str]:
    names = set()
    for inside in ast.walk(node):
        match inside:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return names


def test_its_functions_exist() -> None:
    named = re.findall(r"`([A-Z]\w+)\.(\w+)(?:\([^`]*\))?`", TEXT)
    assert len(named) > 30
    missing = [f"{owner}.{name}" for owner, name in named if name not in members().get(owner, set())]
    assert missing == []


def test_its_files_exist() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]*(?:\.py)?)`", TEXT))
    rooms = [path for path in PODIUM.rglob("*") if path.is_dir() and path.name != "__pycache__"]
    missing = [name for name in named if not any((base / name).exists() for base in (ROOT, PODIUM, *rooms))]
    assert missing == []
