"""The generated pages, made once."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

PACKAGING = Path(__file__).parents[2] / "packaging"


@pytest.fixture(scope="session")
def docs_pages() -> ModuleType:
    """The script, with its neighbours, as MkDocs loads it."""
    sys.path.insert(0, str(PACKAGING))
    try:
        import docs_pages
    finally:
        sys.path.remove(str(PACKAGING))
    return docs_pages


@pytest.fixture(scope="session")
def page(docs_pages: ModuleType) -> Callable[[str], str]:
    """The text of a generated page by its name: ``settings``."""
    pages: dict[str, str] = docs_pages.generated_pages()
    return lambda name: pages[f"reference/{name}.md"]
