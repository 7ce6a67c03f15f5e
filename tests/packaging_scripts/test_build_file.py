"""``build.json``: written by the packaging scripts, read by the program."""

from pathlib import Path

import pytest

from podium.app.version import PackageKind, read_build
from tests.packaging_scripts.conftest import Load


@pytest.mark.parametrize("feed", ["", "https://api.example.org/latest"], ids=["no-feed", "feed"])
def test_a_package_knows_its_kind_and_its_feed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: Load, feed: str
) -> None:
    build_file = load("build_file")
    monkeypatch.delenv(build_file.FEED_VARIABLE, raising=False)
    if feed:
        monkeypatch.setenv(build_file.FEED_VARIABLE, feed)
    build = read_build(lambda name: (build_file.write(tmp_path, "deb").parent / name).read_text())
    assert (build.kind, build.feed) == (PackageKind.DEB, feed)


def test_a_build_file_of_an_older_version_names_no_feed() -> None:
    assert read_build(lambda _: '{"kind": "wheel", "commit": "c0ffee"}').feed == ""
