"""A small frozen folder in, a bundle and the commands that sign it out. They are run in the release workflow."""

import plistlib
from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import SCRIPTS, Load

CODE, DATA = bytes.fromhex("cffaedfe") + b"code", b"data"


@pytest.fixture
def made(load: Load, tmp_path: Path) -> Path:
    """The bundle of a folder as PyInstaller makes it."""
    inside = tmp_path / "frozen" / "_internal"
    for name, content in {
        "../podium": CODE,
        "Python": CODE,
        "base_library.zip": DATA,
        "pyte-0.8.2.dist-info/METADATA": DATA,
        "podium_resources/tokens.toml": DATA,
        "python3.11/lib-dynload/math.so": CODE,
        "python3.11/notes.txt": DATA,
        "PySide6/QtCore.abi3.so": CODE,
        "PySide6/py.typed": DATA,
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore": CODE,
        "PySide6/Qt/lib/QtCore.framework/Versions/A/Resources/Info.plist": DATA,
    }.items():
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(content)
    (inside / "PySide6/Qt/lib/QtCore.framework/Versions/Current").symlink_to("A")
    (inside / "QtCore").symlink_to("PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore")
    for name in ("icon.icns", "notices.txt"):
        (tmp_path / name).write_bytes(DATA)
    bundle = load("macos/bundle").lay_out(
        tmp_path / "frozen",
        tmp_path / "icon.icns",
        tmp_path / "notices.txt",
        tmp_path / "stage",
        version="1.2.3",
    )
    return Path(bundle)


def test_every_file_is_found_where_the_program_looks(made: Path, tmp_path: Path) -> None:
    inside = tmp_path / "frozen" / "_internal"
    for path in inside.rglob("*"):
        if path.is_file():
            there = made / "Contents" / "Frameworks" / path.relative_to(inside)
            assert there.read_bytes() == path.read_bytes(), path.relative_to(inside)
    assert (made / "Contents" / "MacOS" / "podium").read_bytes() == CODE


def test_what_is_signed_as_code_is_code(load: Load, made: Path) -> None:
    """codesign refuses other files there, and takes a folder with a dot for a bundle."""
    frameworks = made / "Contents" / "Frameworks"
    for path in frameworks.rglob("*"):
        if path.is_symlink() or ".framework" in str(path):
            continue
        assert "." not in path.name if path.is_dir() else load("macos/bundle").is_mach_o(path), path.name


def test_nothing_points_outside_the_bundle(made: Path) -> None:
    links = [path for path in made.rglob("*") if path.is_symlink()]
    assert links
    for path in links:
        assert not path.readlink().is_absolute()
        assert path.resolve(strict=True).is_relative_to(made.resolve())


def test_it_is_signed_from_the_inside_out_with_the_hardened_runtime(load: Load, made: Path) -> None:
    commands: list[list[str]] = []
    load("macos/package").sign(made, "Developer ID", commands.append)
    signed = [Path(command[-1]) for command in commands if "--sign" in command]
    assert signed[-1] == made
    assert {"Python", "math.so", "QtCore.abi3.so", "QtCore", "QtCore.framework"} == {
        path.name for path in signed[:-1]
    }
    names = [path.name for path in signed]
    assert names.index("QtCore") < names.index("QtCore.framework")
    for command in commands[:-1]:
        assert command[command.index("--options") + 1] == "runtime"
        assert command[command.index("--sign") + 1] == "Developer ID"
    assert "--verify" in commands[-1]


def test_without_an_identity_it_is_signed_ad_hoc_and_without_an_account_not_notarised(
    load: Load, made: Path
) -> None:
    commands: list[list[str]] = []
    package = load("macos/package")
    package.sign(made, "", commands.append)
    assert all(command[command.index("--sign") + 1] == "-" for command in commands[:-1])
    assert all("--timestamp" not in command for command in commands)
    del commands[:]
    said = package.notarise(made, {"MACOS_IDENTITY": "Developer ID", "APPLE_ID": ""}, commands.append)
    assert commands == []
    assert said.startswith("not notarised, because APPLE_ID, APPLE_TEAM_ID, APPLE_PASSWORD is not set")


def test_with_an_account_the_image_is_notarised_and_stapled(load: Load, tmp_path: Path) -> None:
    commands: list[list[str]] = []
    account = {"MACOS_IDENTITY": "me", "APPLE_ID": "a", "APPLE_TEAM_ID": "t", "APPLE_PASSWORD": "p"}
    assert load("macos/package").notarise(tmp_path / "a.dmg", account, commands.append) == "notarised"
    assert [command[:2] for command in commands] == [
        ["codesign", "--sign"],
        ["xcrun", "notarytool"],
        ["xcrun", "stapler"],
    ]


def test_its_properties_are_complete(made: Path) -> None:
    told = plistlib.loads((made / "Contents" / "Info.plist").read_bytes())
    assert told["CFBundleShortVersionString"] == told["CFBundleVersion"] == "1.2.3"
    assert (made / "Contents" / "MacOS" / told["CFBundleExecutable"]).is_file()
    assert (made / "Contents" / "Resources" / told["CFBundleIconFile"]).is_file()
    [document] = told["CFBundleDocumentTypes"]
    assert document["CFBundleTypeExtensions"] == ["toml"]
    assert document["LSHandlerRank"] == "Alternate", "other programs stay the default for .toml"


def test_the_rights_of_the_hardened_runtime_can_be_read() -> None:
    told = plistlib.loads((SCRIPTS / "macos" / "entitlements.plist").read_bytes())
    assert told["com.apple.security.cs.disable-library-validation"] is True
