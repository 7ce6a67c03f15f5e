"""An SVG in, icon files out."""

import struct
from pathlib import Path

import pytest

from tests.packaging_scripts.conftest import SCRIPTS, Load

SVG = SCRIPTS.parent / "resources" / "podium_resources" / "icons" / "podium.svg"
PNG = b"\x89PNG\r\n\x1a\n"


def side(picture: bytes) -> int:
    """The width a PNG says it has."""
    return int(struct.unpack(">I", picture[16:20])[0])


def test_a_windows_icon_has_a_picture_of_each_size(load: Load, tmp_path: Path) -> None:
    icons, target = load("icons"), tmp_path / "made.ico"
    assert icons.main([str(SVG), str(target)]) == 0
    data = target.read_bytes()
    kind, count = struct.unpack("<HH", data[2:6])
    assert (kind, count) == (1, len(icons.ICO_SIZES))
    for number, size in enumerate(icons.ICO_SIZES):
        entry = data[6 + 16 * number :][:16]
        length, offset = struct.unpack("<II", entry[8:])
        picture = data[offset : offset + length]
        assert picture.startswith(PNG)
        assert side(picture) == size
        assert entry[0] == size % 256


def test_a_macos_icon_has_a_picture_of_each_kind(load: Load, tmp_path: Path) -> None:
    icons, target = load("icons"), tmp_path / "made.icns"
    assert icons.main([str(SVG), str(target)]) == 0
    data = target.read_bytes()
    assert data[:8] == b"icns" + struct.pack(">I", len(data))
    found, rest = {}, data[8:]
    while rest:
        length = struct.unpack(">I", rest[4:8])[0]
        found[rest[:4]] = side(rest[8:length])
        rest = rest[length:]
    assert found == icons.ICNS_SIZES


@pytest.mark.qt_log_ignore("Cannot read file")
def test_what_is_no_svg_is_said(load: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.svg").write_text("")
    assert load("icons").main([str(tmp_path / "broken.svg"), str(tmp_path / "made.ico")]) == 1
    assert "is no SVG" in capsys.readouterr().err
