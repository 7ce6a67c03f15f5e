"""Parts, changelog and addresses in; the texts of the packages for Linux out."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import Load, Make

CHANGELOG = """# Changelog

## 1.1.0 (unreleased)
- A point of more words than fit into a line of Debian's changelog, which has seventy-eight
  columns and no more.

## 1.0.0 (2026-01-02)
- one
- `two` & *three*
"""
BUILT = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)


def test_debian_gets_the_changelog_in_its_own_form(load: Load) -> None:
    written = load("changelog").debian(CHANGELOG, "Some Body <some@body.net>", BUILT)
    assert written.splitlines() == [
        "podium (1.1.0) UNRELEASED; urgency=medium",
        "",
        "  * A point of more words than fit into a line of Debian's changelog, which",
        "    has seventy-eight columns and no more.",
        "",
        " -- Some Body <some@body.net>  Wed, 06 May 2026 07:08:09 +0000",
        "",
        "podium (1.0.0) unstable; urgency=medium",
        "",
        "  * one",
        "  * `two` & *three*",
        "",
        " -- Some Body <some@body.net>  Fri, 02 Jan 2026 12:00:00 +0000",
    ]


def metainfo(load: Load, home: str) -> ET.Element:
    script, changelog = load("linux_metainfo"), load("changelog")
    source = script.SOURCE.read_text(encoding="utf-8")
    return ET.fromstring(script.filled(source, home, changelog.releases(CHANGELOG), BUILT))


def test_software_centres_get_the_releases(load: Load) -> None:
    releases = metainfo(load, "https://github.com/some/body").findall("releases/release")
    assert [(each.get("version"), each.get("date"), each.get("type")) for each in releases] == [
        ("1.1.0", "2026-05-06", "development"),
        ("1.0.0", "2026-01-02", "stable"),
    ]
    assert [item.text for item in releases[1].iter("li")] == ["one", "two & three"]
    assert releases[1].findtext("url") == "https://github.com/some/body/releases/tag/v1.0.0"


def test_screenshots_have_addresses_where_the_repository_is_known(load: Load) -> None:
    script = load("linux_metainfo")
    home = script.home_page({"GITHUB_REPOSITORY": "some/body"})
    root = metainfo(load, home)
    addresses = [image.text or "" for image in root.iter("image")]
    assert len(addresses) == 3
    for address in addresses:
        name = re.fullmatch(r"https://raw\.githubusercontent\.com/some/body/v[\d.]+/(.+)", address)
        assert name is not None
        assert (Path(__file__).parents[2] / name[1]).is_file()
    assert root.findtext("url[@type='homepage']") == "https://github.com/some/body"


def test_a_package_built_at_home_names_no_address(load: Load) -> None:
    root = metainfo(load, load("linux_metainfo").home_page({}))
    assert not list(root.iter("url"))
    assert not list(root.iter("screenshots"))


@pytest.mark.parametrize("repository", ["body", "some/body/more", "some/<body>", "some/ body"])
def test_what_is_no_repository_is_refused(load: Load, repository: str) -> None:
    with pytest.raises(ValueError, match="OWNER/NAME"):
        load("linux_metainfo").home_page({"GITHUB_REPOSITORY": repository})


def copyright_of(load: Load, make_distribution: Make, tmp_path: Path, text: str, licence: str) -> str:
    runtime_set, carried = load("runtime_set"), load("carried")
    internal = tmp_path / "root" / "usr" / "lib" / "podium" / "_internal"
    (internal / "given").mkdir(parents=True)
    (internal / "given" / "_native.so").touch()
    (internal / "given" / "libicudata.so.73").touch()
    package = make_distribution("given", "Author: Some Author", texts=(("LICENSE", text),))
    icu = tmp_path / "ICU.txt"
    icu.write_text("Copyright (c) 2001,\n2002 Icu Makers\n")
    parts = [
        runtime_set.Part("given", "1.0", licence, "", package=package),
        runtime_set.Part("ICU", "73", "Unicode-3.0", "", text_files=(icu,)),
        runtime_set.Part("inside", "1.0", "ISC", "", text_files=(icu,)),
    ]
    owners = carried.Owners({}, {"given": ["given"]})
    written: str = load("debian_copyright").written(tmp_path / "root", parts, parts[:1], owners)
    return written


def test_each_part_has_a_block_with_its_files_holders_and_text(
    load: Load, make_distribution: Make, tmp_path: Path
) -> None:
    written = copyright_of(
        load, make_distribution, tmp_path, "Copyright (c) 2020 A Writer\n\nDo as you like.", "MIT"
    )
    blocks = written.split("\n\n")
    assert (
        "Files: usr/lib/podium/_internal/given/*\nCopyright: 2020 A Writer\nLicense: MIT\n"
        " Copyright (c) 2020 A Writer\n .\n Do as you like."
    ) in blocks
    assert blocks[2].startswith(
        "Files: usr/lib/podium/podium\nCopyright: 2001, 2002 Icu Makers\nLicense: ISC\n"
    ), "what has no files of its own is inside the program"
    assert blocks[-1].startswith("Files: usr/lib/podium/_internal/given/libicudata.so.73\n"), (
        "the last block that fits a file counts"
    )


def test_texts_that_debian_keeps_are_named_and_not_copied(
    load: Load, make_distribution: Make, tmp_path: Path
) -> None:
    apache = "  Apache License\n  Version 2.0, January 2004\n\n  1. Much.\n\n  END OF TERMS AND CONDITIONS"
    text = f"Head of it.\n\n{apache}\n\nMore."
    written = copyright_of(load, make_distribution, tmp_path, text, "Apache-2.0")
    assert "1. Much" not in written
    assert (
        " Head of it.\n .\n The text of Apache-2.0 is in /usr/share/common-licenses/Apache-2.0.\n .\n More."
        in written
    )
    assert "Copyright: Some Author\n" in written, "where the text names nobody, the metadata does"


def test_the_maintainer_is_who_debians_variables_name(load: Load) -> None:
    deb = load("deb")
    given = {"DEBFULLNAME": "Some Body", "DEBEMAIL": "some@body.net"}
    assert deb.maintainer(given) == "Some Body <some@body.net>"
    assert deb.maintainer({}) == "The Podium authors <podium@localhost>"


def test_every_override_of_lintian_says_why() -> None:
    file = Path(__file__).parents[2] / "packaging" / "linux" / "lintian-overrides"
    for block in file.read_text().strip().split("\n\n"):
        first, *_, last = block.splitlines()
        assert first.startswith("# "), block
        assert last.startswith("podium: "), block


def test_the_program_is_copied_without_what_a_package_must_not_hold(load: Load, tmp_path: Path) -> None:
    frozen = tmp_path / "podium" / "_internal"
    for name in (
        "libssl.so.3",
        "libpython3.11.so.1.0",
        "PySide6/libpyside6.so.6.11",
        "podium_resources/__pycache__/x.pyc",
    ):
        (frozen / name).parent.mkdir(parents=True, exist_ok=True)
        (frozen / name).touch()
    copy_program = load("linux_tree").copy_program
    for with_libraries, libraries in ((True, ["libssl.so.3"]), (False, [])):
        copied = tmp_path / f"copied-{with_libraries}"
        copy_program(frozen.parent, copied, with_libraries=with_libraries)
        left = sorted(path.name for path in copied.rglob("*") if path.is_file())
        assert left == ["libpyside6.so.6.11", "libpython3.11.so.1.0", *libraries]


@pytest.mark.parametrize(
    ("places", "kept"),
    [
        ("/home/builder/python/lib", ""),
        ("$ORIGIN/../shiboken6:/opt/python/lib:$ORIGIN/Qt/lib", "$ORIGIN/../shiboken6:$ORIGIN/Qt/lib"),
        ("lib:$ORIGIN", "$ORIGIN"),
        ("", ""),
    ],
    ids=["the builder's", "mixed", "relative", "none"],
)
def test_libraries_are_looked_for_beside_each_other_alone(load: Load, places: str, kept: str) -> None:
    assert load("linux_tree").own_places(places) == kept


CHECKER = """#!/bin/sh
echo "$0 $*" | sed 's,.*/,,' >>"$LOG"
[ "${0##*/}" != "$FAILS" ] || { echo "E: a fault"; exit 1; }
"""


@pytest.mark.parametrize("fails", ["", "lintian", "desktop-file-validate", "appstreamcli"])
def test_a_checker_that_finds_something_ends_the_packaging(
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    fails: str,
) -> None:
    script = load("check_linux")
    log = tmp_path / "log"
    for name in ("lintian", "desktop-file-validate", "appstreamcli", "dpkg-deb"):
        (tmp_path / name).write_text(CHECKER)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("LOG", str(log))
    monkeypatch.setenv("FAILS", fails)
    assert script.main(["podium.deb"]) == bool(fails)
    assert len(log.read_text().splitlines()) == 4
    assert (f"{fails} found:\nE: a fault" in capsys.readouterr().err) == bool(fails)
