"""One source of truth: the version stands in ``podium/__init__.py``."""

from importlib.metadata import version

from podium import __version__


def test_the_metadata_takes_its_version_from_the_package() -> None:
    assert version("podium") == __version__
