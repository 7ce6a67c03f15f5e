"""The files that Podium opens: each system's package names both types, with icons and a command that Podium has."""

import configparser
import plistlib
import shlex
from pathlib import Path
from xml.etree import ElementTree

import pytest

from podium.app.startup.arguments import OpenOptions, parse
from podium.core.workspace_files.paths import MISSION_NAME, MISSION_SUFFIX, SUFFIX
from tests.packaging_scripts.conftest import SCRIPTS, Load

LINUX = SCRIPTS / "linux"
NAMES = {MISSION_NAME, f"*{MISSION_SUFFIX}", f"*{SUFFIX}"}
_MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"


def types() -> list[ElementTree.Element]:
    return ElementTree.parse(LINUX / "podium.xml").getroot().findall(f"{_MIME}mime-type")


def attributes(element: ElementTree.Element, tag: str, name: str) -> list[str]:
    return [found.get(name, "") for found in element.findall(f"{_MIME}{tag}")]


def desktop_entry() -> configparser.SectionProxy:
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(LINUX / "podium.desktop", encoding="utf-8")
    return entry["Desktop Entry"]


def test_linux_knows_each_name_that_podium_knows() -> None:
    assert {name for one in types() for name in attributes(one, "glob", "pattern")} == NAMES


def test_the_menu_entry_opens_each_type() -> None:
    wanted = {one.get("type") for one in types()}
    assert {name for name in desktop_entry()["MimeType"].split(";") if name} == wanted
    metainfo = ElementTree.parse(LINUX / "io.github.podium.Podium.metainfo.xml").getroot()
    assert {found.text for found in metainfo.findall("provides/mediatype")} == wanted


def test_the_menu_entry_is_a_command_that_podium_has(tmp_path: Path) -> None:
    program, *arguments = shlex.split(desktop_entry()["Exec"])
    assert program == "podium"
    assert arguments[-1] == "%F", "several files are one start"
    assert parse(arguments[:-1]) == OpenOptions()
    assert parse([*arguments[:-1], str(tmp_path)]) == OpenOptions(paths=(tmp_path,))


@pytest.mark.usefixtures("qapp")
def test_each_type_has_its_icon_in_all_sizes(load: Load, tmp_path: Path) -> None:
    tree = load("linux_tree")
    tree._icons(tmp_path)
    for one in types():
        [icon] = attributes(one, "generic-icon", "name")
        assert (tmp_path / "scalable" / "mimetypes" / f"{icon}.svg").is_file()
        drawn = [tmp_path / f"{size}x{size}" / "mimetypes" / f"{icon}.png" for size in tree.SIZES]
        assert [path for path in drawn if not path.read_bytes().startswith(b"\x89PNG")] == []


def test_windows_offers_podium_for_these_names_alone() -> None:
    script = (SCRIPTS / "windows" / "podium.nsi").read_text(encoding="utf-8")
    line = next(line for line in script.splitlines() if "AppliesTo" in line)
    assert {f"*{part}" if part.startswith(".") else part for part in line.split('"')[5::2]} == NAMES
    assert """'"$INSTDIR\\podium.exe" open "%1"'""" in script


def test_macos_offers_podium_for_what_follows_the_last_dot() -> None:
    told = plistlib.loads((SCRIPTS / "macos" / "Info.plist").read_bytes())
    [document] = told["CFBundleDocumentTypes"]
    assert document["CFBundleTypeName"] == "Podium mission or workspace"
    assert {f".{extension}" for extension in document["CFBundleTypeExtensions"]} == {
        Path(name).suffix for name in NAMES
    }
