"""The scripts of ``packaging/`` as modules, and made-up distributions for them."""

import importlib
from collections.abc import Callable
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[2] / "packaging"

Load = Callable[[str], ModuleType]
Make = Callable[..., Distribution]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch) -> Load:
    """``load("windows/installer")`` imports that script."""

    def load(script: str) -> ModuleType:
        path = SCRIPTS / script
        for folder in {SCRIPTS, path.parent}:
            monkeypatch.syspath_prepend(str(folder))
        return importlib.import_module(path.name)

    return load


@pytest.fixture
def make_distribution(tmp_path: Path) -> Make:
    """Writes a distribution's metadata: its lines, what it requires, its files with licence texts."""

    def make(name: str, *lines: str, texts: tuple[tuple[str, str], ...] = ()) -> Distribution:
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(
            "\n".join(["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *lines])
        )
        for file, text in texts:
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_text(text)
        record = [f"{folder.name}/{file},," for file in ("METADATA", *(file for file, _ in texts))]
        (folder / "RECORD").write_text("\n".join(record))
        return PathDistribution(folder)

    return make
