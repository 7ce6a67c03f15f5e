"""Globs of paths in a repository."""

import pytest

from podium.repositories.globs import matches


@pytest.mark.parametrize(
    ("path", "pattern", "expected"),
    [
        ("src/a.py", "src/**", True),
        ("src/b/a.py", "src/*", True),  # A folder that is meant stands for all in it.
        ("src/a.py", "src", True),
        ("src/a.py", "src/", True),
        ("src/b/a.py", "src/*.py", False),
        ("src/b/a.py", "src/**/*.py", True),
        ("src/a.py", "src/**/*.py", True),
        ("a.py", "*.py", True),
        ("src/a.py", "*.py", False),
        ("srcs/a.py", "src", False),
        ("a[1].txt", "a[[]1].txt", True),
        ("b.txt", "[!a].txt", True),
        ("a.txt", "[!a].txt", False),
        ("[z-a]", "[z-a]", True),
        ("a\nb", "a?b", True),
    ],
)
def test_globs(path: str, pattern: str, expected: bool) -> None:
    assert matches(path, [pattern]) is expected
