"""A small frozen folder in, an installer out; and what its script keeps in step. It is run in the release workflow."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import SCRIPTS, Load

SCRIPT = (SCRIPTS / "windows" / "podium.nsi").read_text(encoding="utf-8")
SVG = SCRIPTS.parent / "resources" / "podium_resources" / "icons" / "podium.svg"

needs_makensis = pytest.mark.skipif(
    sys.platform != "linux" and shutil.which("makensis") is None,
    reason="packaging/setup.sh brings it on Linux",
)


@needs_makensis
def test_the_script_compiles_without_a_warning(load: Load, tmp_path: Path) -> None:
    frozen, notices, icon = tmp_path / "podium", tmp_path / "notices.txt", tmp_path / "podium.ico"
    (frozen / "_internal").mkdir(parents=True)
    (frozen / "podium.exe").write_bytes(b"MZ")
    (frozen / "_internal" / "library.dll").write_bytes(b"MZ")
    notices.write_text("notices")
    assert load("icons").main([str(SVG), str(icon)]) == 0
    target = tmp_path / "podium-setup.exe"
    load("windows/installer").build(frozen, notices, icon, target, version="1.2.3", fast=True)
    assert target.read_bytes().startswith(b"MZ")
    assert "1.2.3".encode("utf-16-le") in target.read_bytes(), "its properties name the version"


def test_no_administrator_is_needed() -> None:
    assert "RequestExecutionLevel user" in SCRIPT
    assert not re.search(r"\bHKLM\b|\bHKCR\b|\$PROGRAMFILES", SCRIPT)


def test_what_is_put_beside_the_program_is_removed_again(load: Load) -> None:
    names = {
        *load("windows/installer").TEXTS.values(),
        "THIRD-PARTY-NOTICES.txt",
        "podium.exe",
        "podium-console.exe",
        "uninstall.exe",
    }
    assert {name for name in names if rf'Delete "$INSTDIR\{name}"' not in SCRIPT} == set()


def test_every_key_that_is_written_is_removed_again() -> None:
    defined = dict(re.findall(r'!define (\w+) "(.*)"', SCRIPT))

    def whole(key: str) -> str:
        while "${" in key:
            key = re.sub(r"\$\{(\w+)\}", lambda found: defined[found[1]], key)
        return key

    removed = [whole(key) for key in re.findall(r'DeleteRegKey HKCU "(.*?)"', SCRIPT)]
    values = [tuple(map(whole, pair)) for pair in re.findall(r'DeleteRegValue HKCU "(.*?)" "(.*?)"', SCRIPT)]
    written = [tuple(map(whole, pair)) for pair in re.findall(r'WriteReg\w+ HKCU "(.*?)" "(.*?)"', SCRIPT)]
    assert written
    left = [
        (key, name)
        for key, name in written
        if not any(key == gone or key.startswith(f"{gone}\\") for gone in removed)
        and (key, name) not in values
    ]
    assert left == []
