"""A changelog and a tag in, the notes of a release out."""

from pathlib import Path

import pytest

from podium import __version__
from tests.packaging_scripts.conftest import Load

CHANGELOG = """# Changelog

## 1.1.0 (unreleased)
- not yet

## 1.0.0 (2026-01-02)
- one
- two

## 0.9.0

"""


def test_a_section_ends_where_the_next_begins(load: Load) -> None:
    assert load("changelog").section(CHANGELOG, "1.0.0") == "- one\n- two\n"


@pytest.mark.parametrize(
    ("version", "fault"),
    [("1.1.0", "unreleased"), ("0.9.0", "says nothing"), ("1.0", "no section"), ("9.9.9", "no section")],
)
def test_a_version_without_a_finished_section_is_a_fault(load: Load, version: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        load("changelog").section(CHANGELOG, version)


def test_the_tag_has_to_be_this_version(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changelog = load("changelog")
    file = tmp_path / "CHANGELOG.md"
    file.write_text(f"## {__version__} (2026-01-02)\n- all of it\n")
    monkeypatch.setattr(changelog, "CHANGELOG", file)
    assert changelog.main(["v0.0.0"]) == 1
    assert changelog.main([f"v{__version__}"]) == 0
    assert capsys.readouterr().out == "- all of it\n"
