"""The demo as a person starts it: a subprocess in, a summary and two pictures out."""

import json
import os
import subprocess
from pathlib import Path

import psutil
import pytest
from PySide6.QtGui import QImage

from podium.core.system.reexec import podium_command
from podium.core.themes import ColorScheme, ThemeName, load_theme

pytestmark = pytest.mark.e2e


def run_podium(
    *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        podium_command(*arguments),
        env={**os.environ, "PODIUM_DEMO_SPEED": "8", **(environment or {})},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def left_over(marker: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PODIUM_TEST_MARK") == marker and process.status() != "zombie":
                found.append(process)
        except psutil.Error:
            continue
    return found


def has_color(image: QImage, color: str) -> bool:
    wanted = int(color[1:], 16)
    return any(
        image.pixel(x, y) & 0xFFFFFF == wanted
        for y in range(0, image.height(), 1)
        for x in (*range(60, 90), *range(760, 790))
        if x < image.width()
    )


@pytest.mark.parametrize("mode", [(), ("--no-pool",)])
def test_the_demo_runs_to_its_end(mode: tuple[str, ...], tmp_path: Path) -> None:
    summary, pictures, mark = tmp_path / "out" / "summary.json", tmp_path / "pictures", str(tmp_path)
    result = run_podium(
        "demo",
        *mode,
        "--until-done",
        "--summary",
        str(summary),
        "--screenshot",
        str(pictures),
        environment={"PODIUM_TEST_MARK": mark, "TMPDIR": str(tmp_path)},
    )
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    data = json.loads(summary.read_text())
    assert data["isolated"] is (not mode)
    harbor, shell, lantern, aurora = data["instances"]
    assert [one["theme"] for one in data["instances"]] == [theme.value for theme in ThemeName]
    for mission in (harbor, lantern):
        assert (mission["state"], mission["exitCode"]) == ("done", 0)
        assert mission["cost"] > 0
        assert mission["costSimulated"] is True
        assert "all gates pass" in mission["screen"]
    assert (harbor["rounds"], harbor["agents"]) == (3, 3)
    assert (lantern["rounds"], lantern["agents"]) == (2, 2)
    assert (shell["state"], aurora["state"]) == ("running", "running")
    assert "Aurora" in aurora["screen"]
    assert "$" in shell["screen"] or "#" in shell["screen"]
    assert list(tmp_path.glob("podium-demo-*")) == [], "the demo's projects go with it"
    grid, tabs = QImage(str(pictures / "grid.png")), QImage(str(pictures / "tabs.png"))
    assert grid.width() >= 1200
    assert tabs.size() == grid.size()
    for theme in ThemeName:
        assert has_color(grid, load_theme(theme).variant(ColorScheme.DARK).background) or has_color(
            grid, load_theme(theme).variant(ColorScheme.LIGHT).background
        ), theme
    assert left_over(mark) == []


def test_without_a_display_podium_runs_the_demo_and_says_where_the_pictures_are(tmp_path: Path) -> None:
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "", "TMPDIR": str(tmp_path)}
    result = run_podium(environment=hidden)
    assert result.returncode == 0, result.stderr
    assert "There is no display" in result.stdout
    assert "harbor" in result.stdout
    pictures = next(tmp_path.glob("podium-demo-pictures-*"))
    assert str(pictures / "grid.png") in result.stdout
    assert (pictures / "tabs.png").stat().st_size > 10_000


def test_run_needs_a_display_and_bad_arguments_say_what_is_meant() -> None:
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    refused = run_podium("run", "--", "true", environment=hidden)
    assert (refused.returncode, "no display" in refused.stderr) == (1, True)
    assert run_podium("demo", "--summary", "x").returncode == 2
    assert run_podium("run", "--theme", "pink", "--", "true").returncode == 2
    assert run_podium("fly").returncode == 2


def test_version() -> None:
    assert run_podium("--version").stdout.startswith("podium 0.")
    assert "pyte" in run_podium("--version", "--verbose").stdout


def test_a_demo_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    empty = tmp_path / "bin"
    empty.mkdir()
    result = run_podium("demo", "--until-done", environment={"PATH": str(empty)})
    assert result.returncode == 1
    assert "git" in result.stderr
